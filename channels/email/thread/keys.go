package thread

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"hark/desk"
)

// letters is the alphabet of everything that is signed here: that of desk.ID,
// lower case only, for mail programs do not all keep case.
const letters = "0123456789abcdefghjkmnpqrstvwxyz"

// keyMin is the shortest secret, in bytes.
const keyMin = 16

// Keys sign what points from a mail to a conversation, and recognise it. The
// first secret signs; all of them are recognised, so that secrets rotate while
// people go on answering old mails.
type Keys struct {
	all []key
}

type key struct {
	id     string // two letters
	secret []byte
}

// NewKeys returns keys from secrets, the present one first.
func NewKeys(secrets ...[]byte) (*Keys, error) {
	if len(secrets) == 0 {
		return nil, errors.New("threads need a secret to sign with")
	}
	k := &Keys{}
	for _, s := range secrets {
		if len(s) < keyMin {
			return nil, errors.New("a secret of less than 16 bytes can be guessed")
		}
		sum := sha256.Sum256(append([]byte("hark mail key\x00"), s...))
		k.all = append(k.all, key{id: encode(sum[:], 2), secret: append([]byte(nil), s...)})
	}
	return k, nil
}

// mac returns n letters, five bits each, of the HMAC-SHA256 over the parts.
func (k key) mac(n int, parts ...[]byte) string {
	h := hmac.New(sha256.New, k.secret)
	var size [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(size[:], uint64(len(p)))
		h.Write(size[:])
		h.Write(p)
	}
	return encode(h.Sum(nil), n)
}

// proves reports in constant time whether mac is k's over the parts.
func (k key) proves(mac string, parts ...[]byte) bool {
	return hmac.Equal([]byte(mac), []byte(k.mac(len(mac), parts...)))
}

// encode returns n letters of the bits of b.
func encode(b []byte, n int) string {
	out := make([]byte, n)
	for i := range out {
		var v uint16
		at := i * 5
		v = uint16(b[at/8]) << 8
		if at/8+1 < len(b) {
			v |= uint16(b[at/8+1])
		}
		out[i] = letters[v>>(11-at%8)&31]
	}
	return string(out)
}

// isLetters reports whether s is n letters of the alphabet.
func isLetters(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range len(s) {
		if indexLetter(s[i]) < 0 {
			return false
		}
	}
	return true
}

func indexLetter(c byte) int {
	for i := range len(letters) {
		if letters[i] == c {
			return i
		}
	}
	return -1
}

// idText is the length of a desk.ID as text.
const idText = 26

// wholeID reads the text of a desk.ID that names something.
func wholeID(s string) (desk.ID, bool) {
	if !isLetters(s, idText) {
		return desk.ID{}, false
	}
	id, err := desk.ParseID(s)
	return id, err == nil && !id.IsZero()
}
