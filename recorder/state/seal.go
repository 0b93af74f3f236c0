package state

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"hash"
)

// nonceSize is the length of the random beginning of every sealed value.
const nonceSize = 12

// sealer seals rows for one version of them.
type sealer struct {
	aead    cipher.AEAD // draws its nonces by itself
	tallies []byte      // the key of the tallies
	version uint32
}

// newSealer makes the two keys of a store from its one.
func newSealer(key []byte, version uint32) (*sealer, error) {
	sealing, err := hkdf.Expand(sha256.New, key, "hark state seal 1", 32)
	if err != nil {
		return nil, err
	}
	tallies, err := hkdf.Expand(sha256.New, key, "hark state tally 1", sha256.Size)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &sealer{aead, tallies, version}, err
}

// about is the associated data of a row, and of the mark for an empty key.
func (s *sealer) about(b, key []byte) []byte {
	b = append(b[:0], "state 1|"...)
	b = binary.BigEndian.AppendUint32(b, s.version)
	return append(b, key...)
}

func (s *sealer) seal(key, value []byte) []byte {
	return s.aead.Seal(nil, nil, value, s.about(nil, key))
}

// tally computes what sealed rows add to the sum of all rows. They are put in
// and taken out by exclusive or, in any order; because nobody without the key
// knows a row's share, nobody can put other rows together to the same sum. A
// row's name and nonce stand for it: a nonce is drawn for one value only.
type tally struct{ mac hash.Hash }

func (s *sealer) tally() tally { return tally{hmac.New(sha256.New, s.tallies)} }

// add puts a row in that is not, or takes it out when it is.
func (t tally) add(sum *[32]byte, key, sealed []byte) {
	var b [32]byte
	t.mac.Reset()
	t.mac.Write(key)
	t.mac.Write(sealed[:nonceSize])
	subtle.XORBytes(sum[:], sum[:], t.mac.Sum(b[:0]))
}
