package state

import (
	"bytes"
	"testing"
)

// FuzzSealedRow opens rows that somebody without the key made.
func FuzzSealedRow(f *testing.F) {
	s, err := newSealer(testKey, 1)
	if err != nil {
		f.Fatal(err)
	}
	key := []byte("c0123456789abcdef")
	good := s.seal(key, []byte("a row"))
	f.Add(key, good)
	f.Add(key, good[:20])
	f.Add([]byte("short"), []byte{})
	f.Fuzz(func(t *testing.T, k, sealed []byte) {
		p := &part{}
		p.add(k, sealed)
		p.open(s)
		whole := p.err == nil && len(p.rows) == 1
		if whole && (!bytes.Equal(k, key) || string(p.rows[0].Value) != "a row") {
			t.Fatalf("it opens %x as %q", sealed, p.rows[0].Value)
		}
		if !whole && bytes.Equal(k, key) && bytes.Equal(sealed, good) {
			t.Fatalf("it does not open what it sealed: %v", p.err)
		}
	})
}

// FuzzMark reads marks, which are sealed, but by versions to come as well.
func FuzzMark(f *testing.F) {
	f.Add(mark{count: 7}.encode())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if m, err := parseMark(raw); err == nil && !bytes.Equal(m.encode(), raw) {
			t.Fatalf("%x reads as %+v", raw, m)
		}
	})
}
