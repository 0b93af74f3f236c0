package keys

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime/debug"

	"golang.org/x/crypto/argon2"

	"hark/desk"
	"hark/recorder/disk"
)

// What a passphrase costs to try: about a third of a second and 64 MiB.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 2
	saltSize     = 16
)

// Bounds on what a file may ask for, so that a damaged or planted one cannot
// take the machine's memory or hold the start for long.
const (
	argonTimeMax    = 64
	argonMemoryMax  = 1 << 20 // KiB
	argonThreadsMax = 64
)

// PassphraseMin and PassphraseMax bound a passphrase, in bytes.
const (
	PassphraseMin = 8
	PassphraseMax = 1024
)

// passphrase seals keys into files of the data folder under a key that is
// stretched from a passphrase.
type passphrase struct {
	dir  string
	ask  func(context.Context) ([]byte, error)
	held []byte // the answer, until forget
}

// sealedKey is the content of NAME.sealed.
type sealedKey struct {
	Format  int    `json:"format"` // 1
	KDF     string `json:"kdf"`    // "argon2id"
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memory_kib"`
	Threads uint8  `json:"threads"`
	Salt    []byte `json:"salt"`
	Sealed  []byte `json:"sealed"` // AES-256-GCM: nonce, ciphertext, tag
}

func (p *passphrase) path(name string) string { return filepath.Join(p.dir, name+".sealed") }

// Get implements KeyStore. The passphrase is asked for only when there is a
// file that it could open.
func (p *passphrase) Get(ctx context.Context, name string) ([]byte, error) {
	raw, err := disk.ReadFile(p.path(name), outsideLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: the file %s.sealed is missing from the data folder", ErrNotFound, name)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoBackend, err)
	}
	k, err := parseSealedKey(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: the file %s.sealed is damaged: %w", ErrNoBackend, name, err)
	}
	words, err := p.words(ctx)
	if err != nil {
		return nil, err
	}
	return k.open(words, name)
}

// Put implements KeyStore.
func (p *passphrase) Put(ctx context.Context, name string, secret []byte) error {
	words, err := p.words(ctx)
	if err != nil {
		return err
	}
	if len(words) < PassphraseMin {
		return desk.Errorf(desk.Invalid, "the passphrase is too short: %d letters at least; several random words are good", PassphraseMin)
	}
	raw, err := sealKey(words, name, secret)
	if err != nil {
		return err
	}
	return disk.WriteFile(p.path(name), raw)
}

// Delete implements KeyStore.
func (p *passphrase) Delete(_ context.Context, name string) error {
	if !disk.Exists(p.path(name)) {
		return ErrNotFound
	}
	return disk.Remove(p.path(name))
}

// forget wipes the passphrase.
func (p *passphrase) forget() {
	clear(p.held)
	p.held = nil
}

// words returns the passphrase, asking for it the first time.
func (p *passphrase) words(ctx context.Context) ([]byte, error) {
	if p.held != nil {
		return p.held, nil
	}
	if p.ask == nil {
		return nil, fmt.Errorf("%w: nobody was there to ask for the passphrase", ErrNoBackend)
	}
	ctx, cancel := context.WithTimeout(ctx, PassphraseLimit)
	defer cancel()
	words, err := p.ask(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, fmt.Errorf("%w: no passphrase was given", ErrTimeout)
	case err != nil:
		return nil, fmt.Errorf("%w: no passphrase was given: %w", ErrNoBackend, err)
	case len(words) == 0:
		return nil, fmt.Errorf("%w: the passphrase is empty", ErrWrongKey)
	}
	p.held = words
	return words, nil
}

func sealKey(words []byte, name string, secret []byte) ([]byte, error) {
	k := sealedKey{
		Format: 1, KDF: "argon2id", Time: argonTime, Memory: argonMemory, Threads: argonThreads,
		Salt: make([]byte, saltSize),
	}
	_, _ = rand.Read(k.Salt) // never fails, by its contract
	aead, err := newAEAD(k.stretch(words))
	if err != nil {
		return nil, err
	}
	k.Sealed = aead.Seal(nil, nil, secret, k.about(name))
	return json.MarshalIndent(k, "", "  ")
}

// parseSealedKey reads and bounds a file.
func parseSealedKey(raw []byte) (sealedKey, error) {
	var k sealedKey
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&k); err != nil {
		return k, errors.New("it is not a sealed key")
	}
	switch {
	case k.Format != 1 || k.KDF != "argon2id":
		return k, errors.New("it has a format that this program does not know")
	case k.Time < 1 || k.Time > argonTimeMax, k.Threads < 1 || k.Threads > argonThreadsMax,
		k.Memory < 8*uint32(k.Threads) || k.Memory > argonMemoryMax:
		return k, errors.New("it asks for an impossible effort")
	case len(k.Salt) != saltSize, len(k.Sealed) < 28:
		return k, errors.New("it is cut short")
	}
	return k, nil
}

func (k sealedKey) open(words []byte, name string) ([]byte, error) {
	aead, err := newAEAD(k.stretch(words))
	if err != nil {
		return nil, err
	}
	secret, err := aead.Open(nil, nil, k.Sealed, k.about(name))
	if err != nil {
		return nil, ErrWrongKey
	}
	return secret, nil
}

func (k sealedKey) stretch(words []byte) []byte {
	defer debug.FreeOSMemory() // a small hub must not keep 64 MiB for one start
	return argon2.IDKey(words, k.Salt, k.Time, k.Memory, k.Threads, keySize)
}

// about is the associated data: a file cannot be passed off as another name's.
func (k sealedKey) about(name string) []byte { return []byte("hark sealed key 1|" + name) }

// PassphraseFrom returns a way to ask that reads the passphrase from r up to
// the end of the line: an inherited descriptor, a pipe. It is read once.
func PassphraseFrom(r io.Reader) func(context.Context) ([]byte, error) {
	return func(ctx context.Context) ([]byte, error) {
		type line struct {
			words []byte
			err   error
		}
		done := make(chan line, 1)
		go func() {
			words, err := bufio.NewReaderSize(r, PassphraseMax+2).ReadSlice('\n')
			if errors.Is(err, io.EOF) {
				err = nil
			}
			done <- line{bytes.TrimRight(words, "\r\n"), err}
		}()
		select {
		case l := <-done:
			if l.err != nil || len(l.words) > PassphraseMax {
				return nil, errors.New("it could not be read, or is longer than 1024 bytes")
			}
			return l.words, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
