package keys

import (
	"context"
	"strings"
	"time"

	"hark/desk"
	"hark/recorder/disk"
)

// The backends, as they are written in the configuration and in backend.json.
const (
	BackendKeyring    = "keyring"
	BackendPassphrase = "passphrase"
	BackendSystemd    = "systemd"
	BackendCommand    = "command"
	BackendMemory     = "memory" // for the demo desk only
)

// Backends lists what a desk's key can be kept by. Memory is not among them:
// a desk that forgets its key is no desk.
func Backends() []string {
	return []string{BackendKeyring, BackendPassphrase, BackendSystemd, BackendCommand}
}

// DefaultCredential is the name of the systemd credential when none is given.
const DefaultCredential = "hark"

// Source says where the desk's key comes from.
type Source struct {
	// Backend is one of the backends. Empty on Open means the remembered one;
	// Create needs a choice.
	Backend string
	// Passphrase asks for the passphrase. It is called when it is needed, once.
	Passphrase func(ctx context.Context) ([]byte, error)
	// Command prints the key: program and arguments, run without a shell.
	Command []string
	// CredentialName is the systemd credential's; DefaultCredential when empty.
	CredentialName string
	// Keyring is the process's one connection to the OS keyring; nil for a new
	// one. Sharing it makes a keyring that hung once not be asked again.
	Keyring *Keyring
	// Memory holds keys for as long as the caller keeps it; nil for a new one.
	Memory *Memory
	// Layer is for tests of crashes.
	Layer disk.Layer
}

// store returns the backend named, for the data folder.
func (s Source) store(backend, dir string) (KeyStore, error) {
	switch backend {
	case BackendKeyring:
		if s.Keyring == nil {
			return NewKeyring(), nil
		}
		return s.Keyring, nil
	case BackendPassphrase:
		return &passphrase{dir: dir, ask: s.Passphrase}, nil
	case BackendSystemd:
		return credential{name: s.CredentialName}, nil
	case BackendCommand:
		return command{argv: s.Command}, nil
	case BackendMemory:
		if s.Memory == nil {
			return NewMemory(), nil
		}
		return s.Memory, nil
	case "":
		return nil, desk.Errorf(desk.Invalid, "how the desk's key is kept has not been chosen; %s", choices(""))
	}
	return nil, desk.Errorf(desk.Invalid, "%q cannot keep a key; %s", clean(backend), choices(""))
}

// limit returns how long the backend may take.
func limit(backend string) time.Duration {
	if backend == BackendPassphrase {
		return PassphraseLimit
	}
	return Limit
}

// clean makes a word from a file fit for a sentence on a terminal.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	return s[:min(len(s), 40)]
}
