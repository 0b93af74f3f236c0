package mail

import (
	"reflect"
	"testing"

	"hark/desk"
	"hark/desk/mailbox"
)

// decoders returns, by name, what reads a value and what writes it.
func decoders() map[string]func([]byte) (any, []byte, error) {
	return map[string]func([]byte) (any, []byte, error){
		"head": func(b []byte) (any, []byte, error) {
			h, err := decodeHead(b)
			return h, h.encode(), err
		},
		"note": func(b []byte) (any, []byte, error) {
			n, err := decodeNote(b)
			return n, n.encode(), err
		},
		"names": func(b []byte) (any, []byte, error) {
			account, box, err := decodeNames(b)
			return [2]string{account, box}, encodeNames(account, box), err
		},
		"cursor": func(b []byte) (any, []byte, error) {
			c, err := decodeCursor(b)
			return c, encodeCursor(c), err
		},
		"letter": func(b []byte) (any, []byte, error) {
			l, size, err := decodeLetter(b)
			return struct {
				mailbox.Letter
				size int64
			}{l, size}, encodeLetter(l, size), err
		},
		"outcome": func(b []byte) (any, []byte, error) {
			o, err := decodeOutcome(b)
			return o, encodeOutcome(o), err
		},
	}
}

// FuzzValues feeds every decoder: none panics, and what one reads is what is
// written of it.
func FuzzValues(f *testing.F) {
	f.Add([]byte{})
	f.Add(head{received: at(1), size: 12, kept: nothing, partial: true, conversation: desk.NewID()}.encode())
	f.Add(note{messageID: "one@example.com", why: "it has no end", step: "read", at: at(2), attempts: 3}.encode())
	f.Add(encodeNames("support", "INBOX"))
	f.Add(encodeCursor(mailbox.Cursor{Validity: 1, Next: 2, ModSeq: 3, Done: true}))
	f.Add(encodeLetter(mailbox.Letter{Account: "support", To: []string{"ana@example.com", ""}}, 9))
	f.Add(encodeOutcome(mailbox.Outcome{Tries: 2, Why: "later", Done: []string{"ana@example.com"}}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for name, decode := range decoders() {
			v, again, err := decode(raw)
			if err != nil {
				continue
			}
			if w, _, err := decode(again); err != nil || !reflect.DeepEqual(v, w) {
				t.Fatalf("%s %+v becomes %+v, %v", name, v, w, err)
			}
		}
	})
}

// TestValuesEndWhereTheySay cuts every value short, and makes it longer.
func TestValuesEndWhereTheySay(t *testing.T) {
	values := map[string][]byte{
		"head": head{}.encode(), "note": note{messageID: "m"}.encode(), "names": encodeNames("a", "b"),
		"cursor": encodeCursor(mailbox.Cursor{}), "letter": encodeLetter(mailbox.Letter{To: []string{"a"}}, 1),
		"outcome": encodeOutcome(mailbox.Outcome{Done: []string{"a"}}),
	}
	for name, decode := range decoders() {
		whole := values[name]
		if _, _, err := decode(whole); err != nil {
			t.Errorf("%s does not open: %v", name, err)
		}
		for n := range whole {
			if _, _, err := decode(whole[:n]); err == nil {
				t.Errorf("%s of %d bytes opens with %d", name, len(whole), n)
			}
		}
		if _, _, err := decode(append(whole, 0)); err == nil {
			t.Errorf("%s opens with a byte too many", name)
		}
	}
}
