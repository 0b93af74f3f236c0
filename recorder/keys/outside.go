package keys

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"hark/recorder/disk"
)

// outsideLimit is the most that a credential or a command may hand over.
const outsideLimit = 4096

// pipeDelay is how long a child of an ended command may hold its output open.
const pipeDelay = time.Second / 4

// parseOutside reads a key that somebody else keeps: 32 random bytes in base
// 64 or in hexadecimal digits. Anything else is refused, a 32-letter password
// too: the key is used as it is, without stretching.
func parseOutside(text []byte) ([]byte, error) {
	word := strings.TrimSpace(string(text))
	if key, err := hex.DecodeString(word); err == nil && len(key) == keySize {
		return key, nil
	}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if key, err := enc.Strict().DecodeString(word); err == nil && len(key) == keySize {
			return key, nil
		}
	}
	return nil, fmt.Errorf("%w: what it hands over is not 32 bytes in base 64 (make one with: head -c 32 /dev/urandom | base64)", ErrWrongKey)
}

// credential is a secret that systemd hands to a service. It is one key, made
// and kept by the machine's administrator, whatever its name is asked for.
type credential struct{ name string }

// Get implements KeyStore.
func (c credential) Get(context.Context, string) ([]byte, error) {
	dir := os.Getenv("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return nil, fmt.Errorf("%w: hark was not started by systemd with a credential (CREDENTIALS_DIRECTORY is not set)", ErrNoBackend)
	}
	name := c.name
	if name == "" {
		name = DefaultCredential
	}
	if name != filepath.Base(name) || strings.HasPrefix(name, ".") {
		return nil, fmt.Errorf("%w: %q is not a credential's name", ErrNoBackend, clean(name))
	}
	text, err := disk.ReadFile(filepath.Join(dir, name), outsideLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: the service has no credential named %s", ErrNotFound, clean(name))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoBackend, err)
	}
	return parseOutside(text)
}

// Put implements KeyStore.
func (credential) Put(context.Context, string, []byte) error { return errReadOnly }

// Delete implements KeyStore.
func (credential) Delete(context.Context, string) error { return errReadOnly }

// command is a program that prints the key. What it writes to its error
// stream is not shown: it may hold secrets, and it comes from outside.
type command struct{ argv []string }

// Get implements KeyStore.
func (c command) Get(ctx context.Context, _ string) ([]byte, error) {
	if len(c.argv) == 0 {
		return nil, fmt.Errorf("%w: no command is configured", ErrNoBackend)
	}
	ctx, cancel := context.WithTimeout(ctx, Limit-pipeDelay)
	defer cancel()
	out := &limited{max: outsideLimit}
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...)
	cmd.Stdout = out
	cmd.WaitDelay = pipeDelay
	killGroup(cmd)
	err := cmd.Run()
	defer clear(out.buf.Bytes())
	switch {
	case ctx.Err() != nil:
		return nil, ErrTimeout
	case err != nil:
		return nil, fmt.Errorf("%w: %s ended with: %s", ErrNoBackend, clean(filepath.Base(c.argv[0])), clean(err.Error()))
	}
	return parseOutside(out.buf.Bytes())
}

// Put implements KeyStore.
func (command) Put(context.Context, string, []byte) error { return errReadOnly }

// Delete implements KeyStore.
func (command) Delete(context.Context, string) error { return errReadOnly }

// limited keeps the first bytes written to it and fails at one too many, so
// that a command that prints for ever ends.
type limited struct {
	buf bytes.Buffer
	max int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.buf.Len()+len(p) > l.max {
		return 0, errors.New("it prints more than a key")
	}
	return l.buf.Write(p)
}
