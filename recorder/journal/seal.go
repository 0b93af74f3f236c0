package journal

import (
	"crypto/cipher"
	"crypto/rand"
	"errors"

	"hark/desk"
)

// nonceSize and tagSize are those of AES-GCM.
const (
	nonceSize = 12
	tagSize   = 16
)

// appendSealed appends an event as it is on disk: header, nonce, ciphertext
// and tag, the header being the associated data. The nonce is random; a cipher
// that draws it itself puts it in the same place.
func appendSealed(b []byte, aead cipher.AEAD, h desk.Header, secret []byte) []byte {
	start := len(b)
	b = h.Append(b)
	head := b[start:]
	if aead.NonceSize() == 0 {
		return aead.Seal(b, nil, secret, head)
	}
	var nonce [nonceSize]byte
	_, _ = rand.Read(nonce[:]) // never fails, by its contract
	return aead.Seal(append(b, nonce[:]...), nonce[:], secret, head)
}

var errSeal = errors.New("seal is broken")

// unseal opens a sealed secret into dst.
func unseal(dst []byte, aead cipher.AEAD, h desk.Header, sealed []byte) ([]byte, error) {
	if len(sealed) < nonceSize+tagSize {
		return nil, errSeal
	}
	var head [desk.HeaderSize]byte
	about := h.Append(head[:0])
	var nonce []byte
	if n := aead.NonceSize(); n > 0 {
		nonce, sealed = sealed[:n], sealed[n:]
	}
	secret, err := aead.Open(dst, nonce, sealed, about)
	if err != nil {
		return nil, errSeal
	}
	return secret, nil
}
