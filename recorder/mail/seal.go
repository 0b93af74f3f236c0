package mail

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"hark/desk"
	"hark/desk/mailbox"
	"hark/recorder/keys"
)

// Keys makes, gives out and destroys the keys of mails. *keys.Vault does.
type Keys interface {
	EnsureFor(ctx context.Context, use keys.Use, pairs []keys.Pair) error
	Cipher(p keys.Pair, use keys.Use) (cipher.AEAD, error)
	Destroy(ctx context.Context, pairs ...keys.Pair) error
}

// pair names the key of a mail or letter.
func pair(id desk.ID) keys.Pair { return keys.Pair{Stream: id, Class: desk.ClassTranscript} }

// hashSize is how much of a keyed hash is kept, in bytes: of a desk's mails no
// two get the same one.
const hashSize = 16

// sealer has what the store's own key is good for.
type sealer struct {
	rows cipher.AEAD // draws its nonces by itself
	look []byte      // the key of the hashes
}

// newSealer makes the two keys of a store from its one.
func newSealer(key []byte) (*sealer, error) {
	sealing, err := hkdf.Expand(sha256.New, key, "hark mail rows 1", 32)
	if err != nil {
		return nil, err
	}
	look, err := hkdf.Expand(sha256.New, key, "hark mail look-up 1", sha256.Size)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, err
	}
	rows, err := cipher.NewGCMWithRandomNonce(block)
	return &sealer{rows, look}, err
}

// hash returns by what something is looked up: nobody without the key can tell
// from it, or try out, what it stands for. Each part is preceded by its length.
func (s *sealer) hash(kind string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, s.look)
	var n [8]byte
	write := func(p []byte) {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		mac.Write(n[:])
		mac.Write(p)
	}
	write([]byte(kind))
	for _, p := range parts {
		write(p)
	}
	return mac.Sum(nil)[:hashSize]
}

func (s *sealer) hashBox(account, box string) []byte {
	return s.hash("box", []byte(account), []byte(box))
}

func (s *sealer) hashPlace(p mailbox.Place) []byte {
	b := binary.BigEndian.AppendUint32(nil, p.Validity)
	return s.hash("place", []byte(p.Account), []byte(p.Box), binary.BigEndian.AppendUint32(b, p.UID))
}

// What is sealed cannot be put elsewhere: the associated data begin with a
// word and a version, and go on with what names the place.

func aboutBox(hash []byte) []byte { return append([]byte("mail box 1|"), hash...) }

func aboutCursor(hash []byte) []byte { return append([]byte("mail cursor 1|"), hash...) }

func aboutNote(id desk.ID) []byte { return append([]byte("mail note 1|"), id[:]...) }

func aboutLetter(item desk.ID) []byte { return append([]byte("letter 1|"), item[:]...) }

// aboutHead binds a row to its mail, its place and its stage.
func aboutHead(id desk.ID, box []byte, validity, uid uint32, stage byte) []byte {
	b := append(make([]byte, 0, 64), "mail head 1|"...)
	b = append(b, id[:]...)
	b = append(b, box...)
	b = binary.BigEndian.AppendUint32(b, validity)
	b = binary.BigEndian.AppendUint32(b, uid)
	return append(b, stage)
}

// aboutRef binds a reference to its Message-ID and to who bears it.
func aboutRef(hash []byte, ghost bool, item desk.ID) []byte {
	b := append(make([]byte, 0, 64), "mail ref 1|"...)
	b = append(b, hash...)
	b = append(b, bit(ghost))
	return append(b, item[:]...)
}

// aboutOutcome binds an outcome to its letter and state.
func aboutOutcome(item desk.ID, state byte) []byte {
	b := append(make([]byte, 0, 48), "letter state 1|"...)
	b = append(b, item[:]...)
	return append(b, state)
}

// aboutChunk binds a piece of a mail or letter to its place in it.
func aboutChunk(word string, id desk.ID, index int64, last bool) []byte {
	b := append(make([]byte, 0, 48), word...)
	b = append(b, id[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(index))
	return append(b, bit(last))
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}
