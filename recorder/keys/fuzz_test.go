package keys

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"

	"hark/desk"
)

func FuzzBackendFile(f *testing.F) {
	f.Add([]byte(`{"format":1,"desk":"0011223344556677","backend":"keyring","epoch":1,"fingerprint":"8899aabbccddeeff"}`))
	f.Add([]byte(`{"format":1,"desk":"0011223344556677","backend":"passphrase","epoch":2,"fingerprint":"8899aabbccddeeff","earlier":["0000000000000000"]}`))
	f.Add([]byte(`{"format":1,"epoch":4294967295}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := parseRemembered(raw)
		if err != nil {
			return
		}
		again, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := parseRemembered(again); err != nil || s.entry(s.Epoch) != r.entry(r.Epoch) {
			t.Fatalf("%+v does not survive: %+v, %v", r, s, err)
		}
		if _, err := r.check(newKey()); !errors.Is(err, ErrWrongKey) {
			t.Fatalf("a random key passes for %+v: %v", r, err)
		}
	})
}

func FuzzSealedKeyFile(f *testing.F) {
	good, err := sealKey([]byte("correct horse"), "kek", newKey())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"format":1,"kdf":"argon2id","time":4294967295,"memory_kib":4294967295,"threads":255,"salt":"","sealed":""}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		k, err := parseSealedKey(raw)
		if err != nil {
			return
		}
		if k.Memory > argonMemoryMax || k.Time > argonTimeMax || k.Threads == 0 || k.Time == 0 {
			t.Fatalf("an impossible effort passes: %+v", k)
		}
		if k.Memory > 1<<10 || k.Time > 2 { // slow by design: try cheap ones only
			return
		}
		if _, err := k.open([]byte("guess"), "kek"); !errors.Is(err, ErrWrongKey) {
			t.Fatalf("a guess opens it: %v", err)
		}
	})
}

func FuzzWrappedKey(f *testing.F) {
	k := deskKey{raw: bytes.Repeat([]byte{7}, keySize), desk: "0011223344556677", epoch: 1}
	wrap, err := k.wrapper()
	if err != nil {
		f.Fatal(err)
	}
	v := &Vault{key: k, wrap: wrap}
	p, q := Pair{desk.ID{1}, desk.ClassTranscript}, Pair{desk.ID{2}, desk.ClassTranscript}
	secret := bytes.Repeat([]byte{9}, keySize)
	good := wrap.Seal(nil, nil, secret, aboutKey(p, 1))
	f.Add(good, int64(1))
	f.Add(good[:40], int64(1))
	f.Add([]byte{}, int64(0))
	f.Fuzz(func(t *testing.T, sealed []byte, epoch int64) {
		key, err := v.unwrap(p, epoch, sealed)
		if err == nil && (epoch != 1 || !bytes.Equal(key, secret)) {
			t.Fatalf("%x opens as %x", sealed, key)
		}
		if err != nil && epoch == 1 && bytes.Equal(sealed, good) {
			t.Fatal("what it wrapped does not open:", err)
		}
		if _, err := v.unwrap(q, epoch, sealed); err == nil {
			t.Fatal("it passes for another stream's")
		}
	})
}

func FuzzOutsideKey(f *testing.F) {
	f.Add([]byte(base64.StdEncoding.EncodeToString(newKey()) + "\n"))
	f.Add([]byte("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"))
	f.Add([]byte("0123456789abcdef0123456789abcdef"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if key, err := parseOutside(text); err == nil && (len(key) != keySize || len(text) < 2*keySize*2/3) {
			t.Fatalf("%q gives a key of %d bytes", text, len(key))
		}
	})
}
