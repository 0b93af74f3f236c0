package compose

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"

	"github.com/emersion/go-msgauth/dkim"
	"golang.org/x/net/idna"

	"hark/desk"
)

// rsaLeast is the shortest RSA key that receivers accept (RFC 8301, section
// 3.2), in bits.
const rsaLeast = 1024

// Signer signs mail for a domain (DKIM, RFC 6376 and RFC 8463). It is safe for
// concurrent use.
type Signer struct {
	domain, selector string
	key              crypto.Signer
}

// LoadSigner reads a signing key from a PEM file: RSA or Ed25519, as PKCS #8
// (openssl genpkey), or RSA as PKCS #1.
func LoadSigner(domain, selector, file string) (*Signer, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, desk.Errorf(desk.Unavailable, "the DKIM key cannot be read: %v", err)
	}
	return NewSigner(domain, selector, b)
}

// NewSigner is LoadSigner for a key that was read.
func NewSigner(domain, selector string, key []byte) (*Signer, error) {
	signer, err := parseKey(key)
	if err != nil {
		return nil, desk.Errorf(desk.Invalid, "the DKIM key is of no use: %v", err)
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || selector == "" {
		return nil, desk.Errorf(desk.Invalid, "DKIM needs a domain and a selector; %q and %q will not do", domain, selector)
	}
	return &Signer{domain: ascii, selector: selector, key: signer}, nil
}

func parseKey(b []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, errors.New("the file holds no PEM block; openssl genpkey -algorithm ed25519 makes one")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return longEnough(key)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("it is neither PKCS #8 nor PKCS #1")
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return longEnough(key)
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, errors.New("DKIM knows RSA and Ed25519 keys only")
}

func longEnough(key *rsa.PrivateKey) (crypto.Signer, error) {
	if key.N.BitLen() < rsaLeast {
		return nil, errors.New("receivers refuse RSA keys under 1024 bits; use 2048")
	}
	return key, nil
}

// signed are the headers that a signature covers. From stands twice, so that
// nobody can add another one (RFC 6376, section 5.4.2).
func signed() []string {
	return []string{
		"From", "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-Id", "In-Reply-To", "References",
		"Mime-Version", "Content-Type", "Content-Transfer-Encoding", HeaderID, "Auto-Submitted",
	}
}

// sign puts a signature before the mail.
func (s *Signer) sign(b []byte) ([]byte, error) {
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(b), &dkim.SignOptions{
		Domain: s.domain, Selector: s.selector, Signer: s.key, HeaderKeys: signed(),
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		return nil, &desk.Error{Code: desk.Internal, Msg: "the mail could not be signed; look at the DKIM key", Err: err}
	}
	return out.Bytes(), nil
}
