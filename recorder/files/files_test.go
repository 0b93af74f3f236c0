package files

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"hark/desk"
	"hark/recorder/keys"
)

func TestFilesComeBackWhole(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	sizes := []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize, 3*chunkSize + 7}
	ids := map[int]desk.ID{}
	for _, n := range sizes {
		ids[n] = kept(t, s, noise(n))
	}
	again := p.open(t) // as after a restart
	for _, n := range sizes {
		for _, st := range []*Store{s, again} {
			got, err := content(t, st, ids[n])
			if err != nil || !bytes.Equal(got, noise(n)) {
				t.Errorf("a file of %d bytes came back with %d: %v", n, len(got), err)
			}
		}
	}
	created(t, s, noise(3))
	if n, err := s.Count(); err != nil || n.Kept != len(sizes) || n.Pending != 1 || n.Bytes < 8*chunkSize {
		t.Errorf("there are %+v, %v", n, err)
	}
	if p.count(t) != len(sizes)+1 {
		t.Errorf("%d files have %d keys", len(sizes)+1, p.count(t))
	}
}

func TestReadersOfEveryKind(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	want := noise(2*chunkSize + 100)
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"one byte at a time": iotest.OneByteReader, "half of what is asked": iotest.HalfReader, "the end with the data": iotest.DataErrReader,
	} {
		id := desk.NewID()
		if _, err := s.Create(t.Context(), id, wrap(bytes.NewReader(want)), 1<<20); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := s.Keep(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if got, err := content(t, s, id); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes came back, %v", name, len(got), err)
		}
	}
}

// TestNothingIsInTheClear looks for a file's words in everything on the disk.
func TestNothingIsInTheClear(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	words := []byte("the parcel was left with the neighbour, ")
	kept(t, s, bytes.Repeat(words, 4000))
	created(t, s, bytes.Repeat(words, 4000))
	err := filepath.WalkDir(p.dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && bytes.Contains(read(t, path), words[:12]) {
			t.Errorf("%s holds the file's words", e.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNothingStaysOfAFailure: neither bytes nor key.
func TestNothingStaysOfAFailure(t *testing.T) {
	cut := errors.New("the visitor went away")
	cases := map[string]struct {
		from io.Reader
		want func(error) bool
	}{
		"too large":           {bytes.NewReader(noise(chunkSize + 11)), func(err error) bool { return desk.CodeOf(err) == desk.Invalid }},
		"cut short":           {io.MultiReader(bytes.NewReader(noise(chunkSize)), iotest.ErrReader(io.ErrUnexpectedEOF)), func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		"cut in a chunk":      {io.MultiReader(bytes.NewReader(noise(10)), iotest.ErrReader(cut)), func(err error) bool { return errors.Is(err, cut) }},
		"cut at its very end": {io.MultiReader(bytes.NewReader(noise(chunkSize+10)), iotest.ErrReader(cut)), func(err error) bool { return errors.Is(err, cut) }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			s := p.open(t)
			if _, err := s.Create(t.Context(), desk.NewID(), c.from, chunkSize+10); !c.want(err) {
				t.Errorf("it failed with %v", err)
			}
			left, err := os.ReadDir(filepath.Join(p.dir, Folder))
			if err != nil || len(left) > 0 || p.count(t) > 0 || s.waits != 0 || len(s.pending) > 0 {
				t.Errorf("%d files and %d keys are left, %d bytes are counted, %v", len(left), p.count(t), s.waits, err)
			}
		})
	}
}

func TestWhatWaitsIsBounded(t *testing.T) {
	p := newPlace(t)
	s := p.openWith(t, Options{Dir: p.dir, Keys: p.vault, Most: 200 << 10})
	first := created(t, s, noise(100<<10))
	_, err := s.Create(t.Context(), desk.NewID(), bytes.NewReader(noise(150<<10)), 1<<20)
	if desk.CodeOf(err) != desk.Unavailable {
		t.Fatalf("more than may wait was taken: %v", err)
	}
	if err := s.Keep(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	created(t, s, noise(150<<10)) // what is kept does not wait
	again := p.openWith(t, Options{Dir: p.dir, Keys: p.vault, Most: 200 << 10})
	if _, err = again.Create(t.Context(), desk.NewID(), bytes.NewReader(noise(100<<10)), 1<<20); desk.CodeOf(err) != desk.Unavailable {
		t.Errorf("a restart forgets what waits: %v", err)
	}
}

func TestPendingFilesGoWithTheirKey(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	lost, found := created(t, s, noise(10)), kept(t, s, noise(20))
	if _, err := content(t, s, lost); desk.CodeOf(err) != desk.NotFound {
		t.Errorf("a file that no message has is given out: %v", err)
	}
	s.sweep(time.Now().Add(-PendingFor))
	if p.count(t) != 2 {
		t.Error("a fresh file was removed")
	}
	old := time.Now().Add(-PendingFor - time.Minute)
	if err := os.Chtimes(p.path(lost)+pendingEnd, old, old); err != nil {
		t.Fatal(err)
	}
	again := p.open(t)
	for range 100 { // it sweeps by itself as it begins
		if len(again.waitingNow()) == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := again.Keep(t.Context(), found, lost); desk.CodeOf(err) != desk.NotFound || p.count(t) != 1 {
		t.Errorf("a file that is gone was kept: %v", err)
	}
	if _, err := p.vault.Cipher(keys.Pair{Stream: lost, Class: desk.ClassTranscript}, keys.UseFile); !errors.Is(err, keys.ErrNoKey) {
		t.Errorf("its key is there: %v", err)
	}
	if got, err := content(t, again, found); err != nil || len(got) != 20 {
		t.Errorf("the kept one: %d bytes, %v", len(got), err)
	}
}

// waitingNow returns the files that no message has.
func (s *Store) waitingNow() []desk.ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.pending))
}

func TestKeep(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	a, b := created(t, s, noise(1)), created(t, s, noise(2))
	if err := s.Keep(t.Context(), a, desk.NewID(), b); desk.CodeOf(err) != desk.NotFound {
		t.Fatalf("a file that never was is kept: %v", err)
	}
	if _, err := s.Open(t.Context(), a); desk.CodeOf(err) != desk.NotFound {
		t.Errorf("one of several is kept although another is missing: %v", err)
	}
	for range 2 { // a message that is sent again keeps its files again
		if err := s.Keep(t.Context(), a, b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Create(t.Context(), a, strings.NewReader("other"), 10); desk.CodeOf(err) != desk.Conflict {
		t.Errorf("a file was written over: %v", err)
	}
	if s.waits != 0 {
		t.Errorf("%d bytes are said to wait", s.waits)
	}
}

func TestErasedWithItsKey(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	id := kept(t, s, noise(100))
	if _, err := content(t, s, id); err != nil {
		t.Fatal(err)
	}
	if err := p.vault.Destroy(t.Context(), pair(id)); err != nil {
		t.Fatal(err)
	}
	if _, err := content(t, s, id); desk.CodeOf(err) != desk.NotFound {
		t.Errorf("a file without its key is given out: %v", err)
	}
}
