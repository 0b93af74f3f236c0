package compose_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"hark/channels/email/compose"
	"hark/desk"
)

// key writes a private key to a file and returns the file and the DNS record
// that tells others the public one.
func key(t *testing.T, kind string) (file, record string) {
	t.Helper()
	block := &pem.Block{Type: "PRIVATE KEY"}
	var err error
	switch kind {
	case "ed25519":
		public, private, made := ed25519.GenerateKey(rand.Reader)
		if made != nil {
			t.Fatal(made)
		}
		block.Bytes, err = x509.MarshalPKCS8PrivateKey(private)
		record = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	default:
		private, made := rsa.GenerateKey(rand.Reader, 2048)
		if made != nil {
			t.Fatal(made)
		}
		block.Bytes, err = x509.MarshalPKCS8PrivateKey(private)
		if kind == "rsa, PKCS #1" {
			block.Type, block.Bytes = "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(private)
		}
		public, made := x509.MarshalPKIXPublicKey(&private.PublicKey)
		if made != nil {
			t.Fatal(made)
		}
		record = "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(public)
	}
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, record
}

func TestSignaturesVerify(t *testing.T) {
	for _, kind := range []string{"ed25519", "rsa", "rsa, PKCS #1"} {
		file, record := key(t, kind)
		signer, err := compose.LoadSigner("shop.example", "desk", file)
		if err != nil {
			t.Fatal(err)
		}
		verify := func(b []byte) error {
			t.Helper()
			got, err := dkim.VerifyWithOptions(bytes.NewReader(b), &dkim.VerifyOptions{
				LookupTXT: func(string) ([]string, error) { return []string{record}, nil },
			})
			if err != nil || len(got) != 1 || got[0].Domain != "shop.example" {
				t.Fatalf("%s: %v, %v", kind, got, err)
			}
			return got[0].Err
		}
		for name, c := range cases() {
			c.o.Sign = signer
			b, err := compose.Compose(c.o, c.m)
			if err != nil {
				t.Fatal(err)
			}
			if err := verify(b); err != nil {
				t.Errorf("%s, %s: %v", kind, name, err)
			}
			for was, becomes := range map[string]string{
				"Subject: ": "Subject: Not ", "\r\n\r\n": "\r\n\r\nx", "\r\nFrom: ": "\r\nFrom: <evil@example.org>\r\nFrom: ",
			} {
				if verify([]byte(strings.Replace(string(b), was, becomes, 1))) == nil {
					t.Errorf("%s, %s: it verifies although %q was changed", kind, name, was)
				}
			}
		}
	}
}

func TestKeysOfNoUseAreRefused(t *testing.T) {
	for name, pem := range map[string]string{"empty": "", "garbage": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if _, err := compose.NewSigner("shop.example", "desk", []byte(pem)); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := compose.LoadSigner("shop.example", "desk", filepath.Join(t.TempDir(), "none")); desk.CodeOf(err) != desk.Unavailable {
		t.Errorf("a file that is not there: %v", err)
	}
}
