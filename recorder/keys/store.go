package keys

import (
	"context"
	"errors"
	"time"
)

// Limit is how long a backend may take to answer.
const Limit = 10 * time.Second

// PassphraseLimit is how long a person may take to type a passphrase.
const PassphraseLimit = 5 * time.Minute

// KeyStore keeps small secrets under names, outside the reach of whoever has
// only the data folder.
type KeyStore interface {
	// Get returns the secret, or an error for which errors.Is holds:
	// ErrNoBackend, ErrLocked, ErrTimeout or ErrNotFound.
	Get(ctx context.Context, name string) ([]byte, error)
	// Put keeps the secret in place of an older one.
	Put(ctx context.Context, name string, secret []byte) error
	// Delete removes the secret; that it is not there is ErrNotFound.
	Delete(ctx context.Context, name string) error
}

// Errors of a KeyStore.
var (
	ErrNoBackend = errors.New("it cannot be reached")
	ErrLocked    = errors.New("it is locked")
	ErrTimeout   = errors.New("it did not answer in time")
	ErrNotFound  = errors.New("it does not hold the key")
)

// ErrWrongKey says that a key is not the one that sealed what is here.
var ErrWrongKey = errors.New("it is another key")

// errReadOnly is for backends whose secrets are made by their owner.
var errReadOnly = errors.New("it keeps keys that others make")
