package files

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"flag"
	"testing"

	"hark/desk"
	"hark/recorder/keys"
)

var update = flag.Bool("update", false, "write testdata/vectors.json anew")

// vectors is testdata/vectors.json: what docs/file-format.md says, in bytes.
type vectors struct {
	Key    string `json:"key"`    // of the file
	Subkey string `json:"subkey"` // for files, what chunks are sealed under
	ID     string `json:"id"`
	Small  vector `json:"small"`
	Large  vector `json:"large"` // content: bytes 0, 1, … 250, 0, 1, …
}

type vector struct {
	Size    int      `json:"size"`
	Content string   `json:"content,omitempty"`
	Nonces  []string `json:"nonces"`
	Sealed  string   `json:"sealed,omitempty"`
	SHA256  string   `json:"sha256"` // of the sealed file
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i % 251)
	}
	return b
}

// sealPlainly seals a file as the page says, with none of the store's code.
func sealPlainly(t *testing.T, sub, id, content []byte, nonces []string) []byte {
	t.Helper()
	block, err := aes.NewCipher(sub)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	out := append([]byte{1}, id...)
	for i, nonce := range nonces {
		n := min(len(content), 65536)
		ad := append([]byte("file 1|"), id...)
		ad = binary.BigEndian.AppendUint64(ad, uint64(i))
		if ad = append(ad, 0); i == len(nonces)-1 {
			ad[len(ad)-1] = 1
		}
		out = append(out, unhex(t, nonce)...)
		out = gcm.Seal(out, unhex(t, nonce), content[:n], ad)
		content = content[n:]
	}
	return out
}

// oneKey gives out the vector's key.
type oneKey struct{ aead cipher.AEAD }

func (oneKey) Ensure(context.Context, []keys.Pair) error         { return nil }
func (oneKey) Destroy(context.Context, ...keys.Pair) error       { return nil }
func (k oneKey) Cipher(keys.Pair, keys.Use) (cipher.AEAD, error) { return k.aead, nil }

func TestVectors(t *testing.T) {
	const name = "testdata/vectors.json"
	v := vectors{
		Key: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", ID: "f1e00000000000000000000000000001",
		Small: vector{Size: 12, Content: hex.EncodeToString([]byte("Grüße, Ana\n")), Nonces: []string{"d0d1d2d3d4d5d6d7d8d9dadb"}},
		Large: vector{Size: 65546, Nonces: []string{"a0a1a2a3a4a5a6a7a8a9aaab", "b0b1b2b3b4b5b6b7b8b9babb"}},
	}
	v.Small.Size = len(unhex(t, v.Small.Content))
	sub, err := hkdf.Expand(sha256.New, unhex(t, v.Key), "hark file 1", 32)
	if err != nil {
		t.Fatal(err)
	}
	v.Subkey = hex.EncodeToString(sub)
	small := sealPlainly(t, sub, unhex(t, v.ID), unhex(t, v.Small.Content), v.Small.Nonces)
	large := sealPlainly(t, sub, unhex(t, v.ID), pattern(v.Large.Size), v.Large.Nonces)
	v.Small.Sealed = hex.EncodeToString(small)
	v.Small.SHA256, v.Large.SHA256 = sum(small), sum(large)
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		write(t, name, append(raw, '\n'))
	}
	if !bytes.Equal(read(t, name), append(raw, '\n')) {
		t.Errorf("the page's layout gives other bytes than %s", name)
	}
	for what, sealed := range map[string][]byte{string(pattern(v.Large.Size)): large, string(unhex(t, v.Small.Content)): small} {
		opensAs(t, sub, desk.ID(unhex(t, v.ID)), sealed, []byte(what))
	}
}

// opensAs holds the store to files that other code has written.
func opensAs(t *testing.T, sub []byte, id desk.ID, sealed, want []byte) {
	t.Helper()
	block, err := aes.NewCipher(sub)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		t.Fatal(err)
	}
	p := &place{dir: t.TempDir()}
	s := p.openWith(t, Options{Dir: p.dir, Keys: oneKey{aead}})
	write(t, p.path(id), sealed)
	if got, err := content(t, s, id); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the store reads %d of %d bytes of it: %v", len(got), len(want), err)
	}
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
