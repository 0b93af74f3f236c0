package files

import (
	"bytes"
	"errors"
	"testing"

	"hark/desk"
)

// TestDamageIsNoticedAndLocated changes a file on the disk in every way that a
// disk or a hand may, and holds the reader to what it says of it.
func TestDamageIsNoticedAndLocated(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	whole := noise(3*chunkSize + 1000)
	id, other := kept(t, s, whole), kept(t, s, noise(3*chunkSize+1000))
	sealed, others := read(t, p.path(id)), read(t, p.path(other))
	chunk := func(b []byte, i int) []byte { return b[headSize+i*sealedSize : min(len(b), headSize+(i+1)*sealedSize)] }
	join := func(parts ...[]byte) []byte { return bytes.Join(append([][]byte{sealed[:headSize]}, parts...), nil) }
	flip := func(at int) []byte {
		b := bytes.Clone(sealed)
		b[at] ^= 1
		return b
	}
	cases := map[string]struct {
		now   []byte
		chunk int64
		cut   bool
	}{
		"a bit of the format":           {flip(0), -1, false},
		"a bit of the identifier":       {flip(9), -1, false},
		"only half a head":              {sealed[:8], -1, false},
		"empty":                         {nil, -1, false},
		"a bit of the first nonce":      {flip(headSize), 0, false},
		"a bit of the second chunk":     {flip(headSize + sealedSize + 5000), 1, false},
		"a bit of the last tag":         {flip(len(sealed) - 1), 3, false},
		"the last chunk is missing":     {sealed[:headSize+3*sealedSize], 2, true},
		"two chunks are missing":        {sealed[:headSize+2*sealedSize], 1, true},
		"all chunks are missing":        {sealed[:headSize], 0, true},
		"cut within a chunk":            {sealed[:headSize+sealedSize+700], 1, false},
		"cut to less than a tag":        {sealed[:headSize+sealedSize+7], 1, true},
		"two chunks changed places":     {join(chunk(sealed, 1), chunk(sealed, 0), chunk(sealed, 2), chunk(sealed, 3)), 0, false},
		"a chunk of another file":       {join(chunk(sealed, 0), chunk(others, 1), chunk(sealed, 2), chunk(sealed, 3)), 1, false},
		"a chunk twice":                 {join(chunk(sealed, 0), chunk(sealed, 0), chunk(sealed, 2), chunk(sealed, 3)), 1, false},
		"a chunk from within is gone":   {join(chunk(sealed, 0), chunk(sealed, 2), chunk(sealed, 3)), 1, false},
		"something behind the end":      {append(bytes.Clone(sealed), make([]byte, 100)...), 3, false},
		"another file in its place":     {others, -1, false},
		"another file under its number": {join(others[headSize:]), 0, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			write(t, p.path(id), c.now)
			got, err := content(t, s, id)
			var d *DamageError
			if !errors.As(err, &d) || desk.CodeOf(err) != desk.Unavailable {
				t.Fatalf("it was read: %d bytes, %v", len(got), err)
			}
			if d.Chunk != c.chunk || d.Cut != c.cut || c.chunk >= 0 && d.Offset != headSize+c.chunk*sealedSize {
				t.Errorf("it is said to be %v", d)
			}
			if !bytes.HasPrefix(whole, got) || len(got) > int(max(c.chunk, 0))*chunkSize {
				t.Errorf("%d bytes were given out that are not what was before the damage", len(got))
			}
		})
	}
	write(t, p.path(id), sealed)
	if got, err := content(t, s, id); err != nil || !bytes.Equal(got, whole) {
		t.Errorf("put back, it is not read: %v", err)
	}
}

// FuzzReader: whatever a disk gives, no byte comes out that was not written.
func FuzzReader(f *testing.F) {
	p := newPlace(f)
	s := p.open(f)
	whole := noise(chunkSize + 10)
	id := kept(f, s, whole)
	sealed := read(f, p.path(id))
	f.Add(sealed)
	f.Add(sealed[:headSize+sealedSize])
	f.Add(sealed[:headSize+40])
	f.Fuzz(func(t *testing.T, b []byte) {
		write(t, p.path(id), b)
		got, err := content(t, s, id)
		if !bytes.HasPrefix(whole, got) || err == nil && len(got) != len(whole) {
			t.Errorf("%d bytes came out, %v", len(got), err)
		}
	})
}
