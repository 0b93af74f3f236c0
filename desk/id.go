package desk

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
)

// idAlphabet is Crockford's base 32 in lower case: no i, l, o or u, so that an
// identifier can be read aloud and typed.
const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// idText is the length of an ID as text: 128 bits at 5 bits a letter.
const idText = 26

// ID is a random 128-bit identifier. The zero ID names nothing.
type ID [16]byte

// NewID returns a fresh random identifier.
func NewID() ID {
	var id ID
	_, _ = rand.Read(id[:]) // never fails, by its contract
	return id
}

// DeriveID returns the identifier that belongs to the given parts: the same
// parts give the same one. It makes a retried append recognisable. Parts are
// length-prefixed before hashing, so their borders matter.
func DeriveID(parts ...[]byte) ID {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	var id ID
	copy(id[:], h.Sum(nil))
	return id
}

// IsZero reports whether id names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// String returns the 26 letters of id, or "" for the zero ID.
func (id ID) String() string {
	if id.IsZero() {
		return ""
	}
	var b [idText]byte
	id.encode(&b)
	return string(b[:])
}

// Hex returns id as 32 hexadecimal digits, for file names and logs.
func (id ID) Hex() string { return hex.EncodeToString(id[:]) }

func (id ID) encode(b *[idText]byte) {
	hi, lo := binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])
	for i := range b {
		b[i] = idAlphabet[hi>>59]
		hi, lo = hi<<5|lo>>59, lo<<5
	}
}

// errID is what every malformed identifier yields.
var errID = errors.New("not an identifier: 26 letters or digits without i, l, o and u are needed")

// ParseID reads the text form of an ID. Case does not matter.
func ParseID(s string) (ID, error) {
	if s == "" {
		return ID{}, nil
	}
	if len(s) != idText {
		return ID{}, errID
	}
	var hi, lo uint64
	for i := range len(s) {
		v := idValue(s[i])
		if v < 0 {
			return ID{}, errID
		}
		if i == idText-1 { // 26 letters hold 130 bits: the last letter carries three
			if v&3 != 0 {
				return ID{}, errID
			}
			hi, lo = hi<<3|lo>>61, lo<<3|uint64(v>>2)
			break
		}
		hi, lo = hi<<5|lo>>59, lo<<5|uint64(v)
	}
	var id ID
	binary.BigEndian.PutUint64(id[:8], hi)
	binary.BigEndian.PutUint64(id[8:], lo)
	return id, nil
}

// idValue returns the five bits that a letter stands for, or -1.
func idValue(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		c += 'a' - 'A'
	case c >= '0' && c <= '9':
		return int(c - '0')
	}
	const letters = "abcdefghjkmnpqrstvwxyz"
	for i := range len(letters) {
		if letters[i] == c {
			return 10 + i
		}
	}
	return -1
}

// MarshalText writes the text form; it makes IDs readable in JSON.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the text form.
func (id *ID) UnmarshalText(b []byte) error {
	v, err := ParseID(string(b))
	if err != nil {
		return err
	}
	*id = v
	return nil
}
