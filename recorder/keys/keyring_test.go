package keys

import (
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"

	"hark/desk"
)

// fakeLibrary is a keyring that behaves, or does not.
type fakeLibrary struct {
	mu     sync.Mutex
	all    map[string]string
	calls  atomic.Int32
	err    error
	lies   string        // given back instead of what is kept
	hangs  chan struct{} // calls wait for it to close
	panics bool
}

func (l *fakeLibrary) enter() error {
	l.calls.Add(1)
	if l.hangs != nil {
		<-l.hangs
	}
	if l.panics {
		panic("an answer of another type")
	}
	return l.err
}

func (l *fakeLibrary) Set(service, user, secret string) error {
	if err := l.enter(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[string]string{}
	}
	l.all[service+"/"+user] = secret
	return nil
}

func (l *fakeLibrary) Get(service, user string) (string, error) {
	if err := l.enter(); err != nil {
		return "", err
	}
	if l.lies != "" {
		return l.lies, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	secret, ok := l.all[service+"/"+user]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return secret, nil
}

func (l *fakeLibrary) Delete(service, user string) error {
	if err := l.enter(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, service+"/"+user)
	return nil
}

func fakeKeyring(l *fakeLibrary) *Keyring {
	return &Keyring{lib: l, bus: func() error { return nil }}
}

func noBus() error { return fmt.Errorf("%w: no desktop session is running here", ErrNoBackend) }

// TestHangingKeyring: a keyring that never answers costs ten seconds, once.
func TestHangingKeyring(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lib := &fakeLibrary{hangs: make(chan struct{})}
		defer close(lib.hangs)
		ring := fakeKeyring(lib)
		for i, want := range []time.Duration{Limit, 0} {
			began := time.Now()
			_, err := Create(t.Context(), t.TempDir(), Source{Backend: BackendKeyring, Keyring: ring})
			refused(t, err, desk.Unavailable, ErrTimeout, "waits for an answer in a window")
			if took := time.Since(began); took != want {
				t.Errorf("start %d took %v, want %v", i+1, took, want)
			}
		}
		if err := Probe(t.Context(), Source{Backend: BackendKeyring, Keyring: ring}); !errors.Is(err, ErrTimeout) {
			t.Error(err)
		}
		if n := lib.calls.Load(); n != 1 {
			t.Errorf("the library was called %d times; it hangs", n)
		}
	})
}

// TestKeyringThatHangsHalfway answers Set and then nothing: both together stay
// within the limit.
func TestKeyringThatHangsHalfway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		defer close(hang)
		lib := &slowLibrary{hang: hang}
		began := time.Now()
		dir := t.TempDir()
		_, err := Create(t.Context(), dir, Source{Backend: BackendKeyring, Keyring: &Keyring{lib: lib, bus: func() error { return nil }}})
		refused(t, err, desk.Unavailable, ErrTimeout, "the OS keyring")
		if took := time.Since(began); took != Limit {
			t.Errorf("it took %v, want %v", took, Limit)
		}
		if len(contents(t, dir)) != 0 {
			t.Error("files are left")
		}
	})
}

// slowLibrary takes six seconds for a Set and for ever for a Get.
type slowLibrary struct {
	fakeLibrary
	hang chan struct{}
}

func (l *slowLibrary) Set(service, user, secret string) error {
	time.Sleep(6 * time.Second)
	return l.fakeLibrary.Set(service, user, secret)
}

func (l *slowLibrary) Get(string, string) (string, error) { <-l.hang; return "", nil }

// TestHubOutlivesItsKeyring: the key is in memory, so a keyring that dies
// later is a sentence of the check-up and nothing more.
func TestHubOutlivesItsKeyring(t *testing.T) {
	lib := &fakeLibrary{}
	v, err := Create(t.Context(), t.TempDir(), Source{Backend: BackendKeyring, Keyring: fakeKeyring(lib)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	lib.err = errors.New("the connection is closed")
	if err := v.Ensure(t.Context(), []Pair{pair(desk.ClassTranscript)}); err != nil {
		t.Error(err)
	}
	_, err = v.Answer(t.Context())
	refused(t, err, desk.Unavailable, ErrNoBackend, "the connection is closed")
	lib.err = nil
	lib.lies = base64.StdEncoding.EncodeToString(newKey())
	_, err = v.Answer(t.Context())
	refused(t, err, desk.Denied, ErrWrongKey, "another key")
}
