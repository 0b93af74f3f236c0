package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// keySize is the size of every key here, in bytes.
const keySize = 32

// wrappedSize is the size of a wrapped key: nonce, key and tag.
const wrappedSize = 12 + keySize + 16

// newAEAD returns AES-256-GCM under key. Each Seal draws a random nonce and
// puts it in front, so that a nonce cannot be used twice by mistake: NonceSize
// is 0 and Overhead 28.
func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// newKey returns a fresh random key.
func newKey() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails, by its contract
	return key
}

// deskKey is the key that wraps all others, in one epoch of a desk.
type deskKey struct {
	raw   []byte
	desk  string // the desk's random name; binds what is derived to this desk
	epoch uint32
}

// derive returns the key for a purpose.
func (k deskKey) derive(purpose string) ([]byte, error) {
	return hkdf.Key(sha256.New, k.raw, []byte(k.desk), "hark "+purpose, keySize)
}

// fingerprint names the key without telling anything about it.
func (k deskKey) fingerprint() (string, error) {
	sum, err := k.derive("fingerprint 1")
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(sum[:8]), nil
}

// wrapper returns the cipher that wraps keys and named secrets.
func (k deskKey) wrapper() (cipher.AEAD, error) {
	key, err := k.derive("wrap 1")
	if err != nil {
		return nil, err
	}
	return newAEAD(key)
}

// aboutKey is the associated data of a wrapped key:
//
//	"dek 1|" stream 16 | class 1 | epoch 4
func aboutKey(p Pair, epoch uint32) []byte {
	b := append(make([]byte, 0, 32), "dek 1|"...)
	b = append(b, p.Stream[:]...)
	b = append(b, byte(p.Class))
	return binary.BigEndian.AppendUint32(b, epoch)
}

// aboutSecret is the associated data of a named secret:
//
//	"secret 1|" epoch 4 | name
func aboutSecret(name string, epoch uint32) []byte {
	b := binary.BigEndian.AppendUint32([]byte("secret 1|"), epoch)
	return append(b, name...)
}

// subkey returns the cipher for one use of a stream's key. The key is random
// throughout, so HKDF's first step, which makes it so, is left out.
func subkey(key []byte, use Use) (cipher.AEAD, error) {
	sub, err := hkdf.Expand(sha256.New, key, "hark "+string(use)+" 1", keySize)
	if err != nil {
		return nil, err
	}
	return newAEAD(sub)
}
