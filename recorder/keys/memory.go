package keys

import (
	"bytes"
	"context"
	"sync"
)

// Memory is a KeyStore that forgets: a desk whose key it holds can be read
// until the process ends, or until Memory is gone. It is for the demo desk and
// for tests.
type Memory struct {
	mu      sync.Mutex
	secrets map[string][]byte
}

var _ KeyStore = (*Memory)(nil)

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{secrets: map[string][]byte{}} }

// Get implements KeyStore.
func (m *Memory) Get(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	secret, ok := m.secrets[name]
	if !ok {
		return nil, ErrNotFound
	}
	return bytes.Clone(secret), nil
}

// Put implements KeyStore.
func (m *Memory) Put(_ context.Context, name string, secret []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.secrets[name] = bytes.Clone(secret)
	return nil
}

// Delete implements KeyStore.
func (m *Memory) Delete(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.secrets[name]; !ok {
		return ErrNotFound
	}
	delete(m.secrets, name)
	return nil
}

// Forget drops all that is kept, as the end of the process would.
func (m *Memory) Forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.secrets)
}
