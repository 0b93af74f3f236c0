package journal

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"sync"
	"testing"

	"hark/desk"
	"hark/recorder/keys"
)

// fakeKeys has keys that follow from stream and class, so that another process
// and another run have the same. It counts what it is asked to make.
type fakeKeys struct {
	mu        sync.Mutex
	made      map[keys.Pair]cipher.AEAD // nil: destroyed
	ensured   int
	ensureErr error
	any       bool // every pair has a key
}

func newFakeKeys() *fakeKeys { return &fakeKeys{made: map[keys.Pair]cipher.AEAD{}} }

func (k *fakeKeys) Ensure(_ context.Context, pairs []keys.Pair) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ensureErr != nil {
		return k.ensureErr
	}
	for _, p := range pairs {
		if k.made[p] == nil {
			k.made[p] = fakeCipher(p)
			k.ensured++
		}
	}
	return nil
}

func (k *fakeKeys) AEAD(stream desk.ID, class desk.Class) (cipher.AEAD, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p := keys.Pair{Stream: stream, Class: class}
	if k.made[p] == nil && k.any {
		k.made[p] = fakeCipher(p)
	}
	if k.made[p] == nil {
		return nil, keys.ErrNoKey
	}
	return k.made[p], nil
}

func (k *fakeKeys) destroy(p keys.Pair) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.made[p] = nil
}

func fakeCipher(p keys.Pair) cipher.AEAD {
	key := sha256.Sum256(append([]byte("test key|"), append(p.Stream[:], byte(p.Class))...))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return aead
}

// lamps keeps what the lamp said.
type lamps struct {
	mu  sync.Mutex
	all []desk.Lamp
}

func (l *lamps) set(lamp desk.Lamp) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, lamp)
}

func (l *lamps) last() desk.Lamp {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.all) == 0 {
		return desk.Lamp{}
	}
	return l.all[len(l.all)-1]
}

// start opens a journal that is closed at the end of the test.
func start(t testing.TB, o Options) *Journal {
	t.Helper()
	if o.Keys == nil {
		k := newFakeKeys()
		k.any = true
		o.Keys = k
	}
	j, err := Open(context.Background(), o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return j
}
