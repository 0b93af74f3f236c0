package mail

import (
	"testing"

	"hark/desk/mailbox"
	"hark/desk/mailbox/mailboxtest"
	"hark/recorder/keys"
)

// place is a data folder with keys.
type place struct {
	dir   string
	vault *keys.Vault
	key   []byte
}

func newPlace(t testing.TB) *place {
	t.Helper()
	p := &place{dir: t.TempDir(), key: make([]byte, 32)}
	v, err := keys.Create(t.Context(), p.dir, keys.Source{Backend: keys.BackendMemory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	p.vault = v
	return p
}

func (p *place) open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(Options{Dir: p.dir, Key: p.key, Keys: p.vault})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s
}

func closed(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestStore(t *testing.T) {
	mailboxtest.TestStore(t, func(t *testing.T) func() mailbox.Store {
		p := newPlace(t)
		var last *Store
		return func() mailbox.Store {
			if last != nil {
				closed(t, last)
			}
			last = p.open(t)
			return last
		}
	})
}
