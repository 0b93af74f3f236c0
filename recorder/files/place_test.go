package files

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"hark/desk"
	"hark/recorder/keys"
)

// place is a data folder with keys.
type place struct {
	dir   string
	vault *keys.Vault
}

func newPlace(t testing.TB) *place {
	t.Helper()
	p := &place{dir: t.TempDir()}
	var err error
	if p.vault, err = keys.Create(t.Context(), p.dir, keys.Source{Backend: keys.BackendMemory}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.vault.Close() })
	return p
}

func (p *place) open(t testing.TB) *Store {
	t.Helper()
	return p.openWith(t, Options{Dir: p.dir, Keys: p.vault})
}

func (p *place) openWith(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (p *place) path(id desk.ID) string { return filepath.Join(p.dir, Folder, id.Hex()) }

// count returns how many keys there are.
func (p *place) count(t testing.TB) int {
	t.Helper()
	n, err := p.vault.Count()
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

// kept makes a file that stays.
func kept(t testing.TB, s *Store, content []byte) desk.ID {
	t.Helper()
	id := created(t, s, content)
	if err := s.Keep(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	return id
}

func created(t testing.TB, s *Store, content []byte) desk.ID {
	t.Helper()
	id := desk.NewID()
	n, err := s.Create(t.Context(), id, bytes.NewReader(content), int64(len(content)))
	if err != nil || n != int64(len(content)) {
		t.Fatalf("a file of %d bytes was kept as %d: %v", len(content), n, err)
	}
	return id
}

// content returns what a file holds and how its reading ended.
func content(t testing.TB, s *Store, id desk.ID) ([]byte, error) {
	t.Helper()
	r, err := s.Open(t.Context(), id)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	if cerr := r.Close(); cerr != nil {
		t.Error(cerr)
	}
	return b, err
}

// noise is content that no compression or luck makes up.
func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), byte(n >> 16)})
	_, _ = r.Read(b)
	return b
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
