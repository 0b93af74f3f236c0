package drafts

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"time"

	"hark/desk"
	"hark/recorder/keys"
)

// Keys gives out ciphers. *keys.Vault does.
type Keys interface {
	Cipher(p keys.Pair, use keys.Use) (cipher.AEAD, error)
}

// slot names a draft.
type slot struct{ conversation, author desk.ID }

// about is the associated data of a draft: it cannot be put into another slot.
func (s slot) about() []byte {
	b := append(make([]byte, 0, 48), "draft 1|"...)
	b = append(b, s.conversation[:]...)
	return append(b, s.author[:]...)
}

// cipher returns the cipher for the conversation's drafts, or keys.ErrNoKey.
func (s slot) cipher(k Keys) (cipher.AEAD, error) {
	return k.Cipher(keys.Pair{Stream: s.conversation, Class: desk.ClassTranscript}, keys.UseDraft)
}

// encode writes what is sealed of a draft:
//
//	flags 1 (bit 0: a note) | at 8 (Unix ms) | text to the end
func encode(d desk.Draft) []byte {
	b := make([]byte, 1, 9+len(d.Text))
	if d.Note {
		b[0] = 1
	}
	b = binary.BigEndian.AppendUint64(b, uint64(d.At.UnixMilli()))
	return append(b, d.Text...)
}

var errDraft = errors.New("draft is cut short")

func decode(s slot, b []byte) (desk.Draft, error) {
	if len(b) < 9 {
		return desk.Draft{}, errDraft
	}
	return desk.Draft{
		Conversation: s.conversation, Author: s.author, Note: b[0]&1 != 0,
		At: time.UnixMilli(int64(binary.BigEndian.Uint64(b[1:]))).UTC(), Text: string(b[9:]),
	}, nil
}
