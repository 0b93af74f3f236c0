package keys

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/zalando/go-keyring"
)

// service is what hark's entries in the OS keyring are filed under.
const service = "hark"

// Keyring is the keyring of the operating system: Secret Service, Keychain or
// Credential Manager. The library behind it takes no context and may wait for
// ever (a service that never claims its name, a prompt nobody sees), so every
// call runs in a goroutine of its own with a limit of time. One that does not
// come back stays behind; the Keyring is not asked again.
//
// A bus is never started: a session bus that hark launched would outlive it
// and hold a keyring that nobody can unlock.
type Keyring struct {
	lib  library
	bus  func() error
	hung atomic.Bool
}

// library is the part of go-keyring that is used.
type library interface {
	Set(service, user, secret string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

var _ KeyStore = (*Keyring)(nil)

// NewKeyring returns the OS keyring. One is enough for a process.
func NewKeyring() *Keyring { return &Keyring{lib: system{}, bus: sessionBus} }

// system is the real library, whose functions stand for themselves.
type system struct{}

func (system) Set(service, user, secret string) error { return keyring.Set(service, user, secret) }
func (system) Get(service, user string) (string, error) {
	return keyring.Get(service, user)
}
func (system) Delete(service, user string) error { return keyring.Delete(service, user) }

// Get implements KeyStore.
func (k *Keyring) Get(ctx context.Context, name string) ([]byte, error) {
	text, err := k.call(ctx, func() (string, error) { return k.lib.Get(service, name) })
	if err != nil {
		return nil, err
	}
	secret, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: the entry %s is not one of hark's", ErrWrongKey, name)
	}
	return secret, nil
}

// Put implements KeyStore.
func (k *Keyring) Put(ctx context.Context, name string, secret []byte) error {
	_, err := k.call(ctx, func() (string, error) {
		return "", k.lib.Set(service, name, base64.StdEncoding.EncodeToString(secret))
	})
	return err
}

// Delete implements KeyStore.
func (k *Keyring) Delete(ctx context.Context, name string) error {
	_, err := k.call(ctx, func() (string, error) { return "", k.lib.Delete(service, name) })
	return err
}

type answer struct {
	text string
	err  error
}

// call runs f within the limit of time.
func (k *Keyring) call(ctx context.Context, f func() (string, error)) (string, error) {
	if k.hung.Load() {
		return "", fmt.Errorf("%w once and is not asked again before a restart", ErrTimeout)
	}
	if err := k.bus(); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	done := make(chan answer, 1)
	go func() { done <- guarded(f) }()
	select {
	case a := <-done:
		return a.text, keyringError(a.err)
	case <-ctx.Done():
		k.hung.Store(true)
		if errors.Is(ctx.Err(), context.Canceled) {
			return "", ctx.Err()
		}
		return "", ErrTimeout
	}
}

// guarded turns a panic of the library, which trusts what the service sends,
// into an error.
func guarded(f func() (string, error)) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a = answer{err: fmt.Errorf("%w: its answer is not one of a keyring", ErrNoBackend)}
		}
	}()
	a.text, a.err = f()
	return a
}

// keyringError says which of our errors a library's error is. The library has
// one error value; the rest is text, of its own and of the bus.
func keyringError(err error) error {
	switch {
	case err == nil, errors.Is(err, ErrNoBackend):
		return err
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNotFound
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "failed to unlock"), strings.Contains(text, "IsLocked"), strings.Contains(text, "locked collection"):
		return fmt.Errorf("%w (%s)", ErrLocked, clean(text))
	case strings.Contains(text, "not provided by any .service files"):
		return fmt.Errorf("%w: no keyring offers itself on the session bus", ErrNoBackend)
	case strings.Contains(text, "aliases/default"):
		return fmt.Errorf("%w: it has no collection to keep keys in", ErrNoBackend)
	}
	return fmt.Errorf("%w: %s", ErrNoBackend, clean(text))
}
