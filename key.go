package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"hark/config"
	"hark/recorder/keys"
)

// passphraseFunc asks for the passphrase that the desk's key is sealed with.
type passphraseFunc = func(context.Context) ([]byte, error)

// keySource says where the desk's key comes from by the configuration. A file
// that does not choose leaves it to what the data folder remembers.
func keySource(f *config.File, ask passphraseFunc) keys.Source {
	s := keys.Source{Backend: f.Keys.Backend, Passphrase: ask, Command: f.Keys.Command, CredentialName: f.Keys.Credential}
	if f.Line("keys.backend") == 0 {
		s.Backend = ""
	}
	return s
}

// backendOf returns how the key of the desk in a data folder is kept, "" when
// it cannot be told.
func backendOf(data string) string { return aboutKey(data).Backend }

// deskName returns the random name by which the desk in a data folder keeps
// entries in the OS keyring, "" when it cannot be told.
func deskName(data string) string { return aboutKey(data).Desk }

// keyAbout is what backend.json says of the desk's key.
type keyAbout struct{ Backend, Desk string }

func aboutKey(data string) keyAbout {
	var about keyAbout
	raw, err := os.ReadFile(filepath.Join(data, "backend.json"))
	if err != nil || json.Unmarshal(raw, &about) != nil {
		return keyAbout{}
	}
	return about
}

// passphrase returns a way to ask: the open descriptor where one was named, the
// terminal otherwise.
func (p *program) passphrase(fd int) passphraseFunc {
	if fd < 0 {
		return func(context.Context) ([]byte, error) { return p.askPassphrase("passphrase of the desk's key: ") }
	}
	return keys.PassphraseFrom(os.NewFile(uintptr(fd), "passphrase"))
}

// askPassphrase asks on the terminal without showing what is typed.
func (p *program) askPassphrase(prompt string) ([]byte, error) {
	if !term.IsTerminal(int(p.in.Fd())) {
		return nil, errors.New("there is no terminal to ask for it on; hand it over with --passphrase-fd N")
	}
	return p.askSecret(prompt)
}

// askSecret asks on the terminal. What is typed is hidden before the question
// stands there, for some type as soon as they see it.
func (p *program) askSecret(prompt string) ([]byte, error) {
	fd := int(p.in.Fd())
	before, err := unix.IoctlGetTermios(fd, readTermios)
	if err != nil {
		return nil, err
	}
	unseen := *before
	unseen.Lflag &^= unix.ECHO
	if err := unix.IoctlSetTermios(fd, writeTermios, &unseen); err != nil {
		return nil, err
	}
	fmt.Fprint(p.err, prompt)
	words, err := term.ReadPassword(fd)
	err = errors.Join(err, unix.IoctlSetTermios(fd, writeTermios, before))
	fmt.Fprintln(p.err)
	return words, err
}

// typed hands over a passphrase that was asked for already.
func typed(words []byte) passphraseFunc {
	return func(context.Context) ([]byte, error) { return append([]byte(nil), words...), nil }
}
