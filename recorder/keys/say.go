package keys

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"hark/desk"
	"hark/recorder/disk"
)

// The sentences of this package. Each names the backend, says what is wrong
// with it, and ends with what to do. A desk that is being made can choose
// another backend; one that is there opens with its own alone, so no other is
// offered for it.

// choices says what can keep a key and how to choose it, without the backend
// that was just tried.
func choices(tried string) string {
	var list []string
	for _, c := range [][2]string{
		{BackendKeyring, "the desktop's keyring"},
		{BackendPassphrase, "asked for at each start"},
		{BackendSystemd, "a credential that the service manager hands over"},
		{BackendCommand, "a program that prints the key"},
	} {
		if c[0] != tried {
			list = append(list, c[0]+" ("+c[1]+")")
		}
	}
	last := len(list) - 1
	return "choose with --key or keys.backend in hark.toml: " + strings.Join(list[:last], ", ") + " or " + list[last]
}

// place names a backend in a sentence.
func place(backend string) string {
	switch backend {
	case BackendKeyring:
		return "the OS keyring"
	case BackendPassphrase:
		return "a file sealed with a passphrase"
	case BackendSystemd:
		return "a systemd credential"
	case BackendCommand:
		return "a command's keeping"
	}
	return "memory"
}

// cannotKeep is for a new desk whose backend does not take or give a key.
func cannotKeep(backend string, err error) *desk.Error {
	if e := said(err); e != nil {
		return e
	}
	msg := fmt.Sprintf("the desk's key cannot be kept in %s: %s; %s, or %s",
		place(backend), reason(err), mend(backend, err), choices(backend))
	return &desk.Error{Code: desk.Unavailable, Msg: msg, Err: err}
}

// cannotOpen is for a desk whose backend does not give its key.
func cannotOpen(r remembered, err error) *desk.Error {
	if e := said(err); e != nil {
		return e
	}
	code := desk.Unavailable
	if errors.Is(err, ErrWrongKey) {
		code = desk.Denied
	}
	if r.Backend == BackendPassphrase && errors.Is(err, ErrWrongKey) {
		return &desk.Error{Code: code, Msg: "the passphrase does not open this desk's key; nothing was changed, so try again", Err: err}
	}
	msg := fmt.Sprintf("this desk's key is in %s, but %s; %s, and start hark again", place(r.Backend), reason(err), mend(r.Backend, err))
	if r.Backend == BackendMemory {
		msg = "this desk's key was in the memory of a hub that has ended, so nothing in the folder can be read any more; choose another folder"
	}
	return &desk.Error{Code: code, Msg: msg, Err: err}
}

// said returns the sentence that an error has already.
func said(err error) *desk.Error {
	var e *desk.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// reason returns an error's text on one line.
func reason(err error) string {
	if errors.Is(err, context.Canceled) {
		return "the start was cancelled"
	}
	text := strings.ReplaceAll(err.Error(), "\n", "; ")
	return strings.TrimPrefix(text, ErrNoBackend.Error()+": ") // what follows says why
}

// mend says what to do about a backend's error.
func mend(backend string, err error) string {
	wrong, missing := errors.Is(err, ErrWrongKey), errors.Is(err, ErrNotFound)
	switch backend {
	case BackendKeyring:
		return mendKeyring(err)
	case BackendPassphrase:
		return "look at the data folder's NAME.sealed and give the passphrase"
	case BackendSystemd:
		if wrong {
			return "hand over this desk's own key"
		}
		return "name it in the unit (LoadCredentialEncrypted=" + DefaultCredential + ") and start the service with systemctl"
	case BackendCommand:
		if wrong || missing {
			return "make it print this desk's own key"
		}
		return "run it by hand: it must print the key within 10 s"
	}
	return "choose another"
}

func mendKeyring(err error) string {
	switch {
	case errors.Is(err, ErrLocked):
		return "unlock it (signing in to the desktop does)"
	case errors.Is(err, ErrTimeout):
		return "see whether it waits for an answer in a window of its own, or restart it"
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrWrongKey):
		return "put this desk's own entry back from a backup of the keyring"
	}
	return "run hark inside the desktop session whose keyring it is"
}

// otherBackend is for a configuration that has changed its mind.
func otherBackend(is, wanted string) *desk.Error {
	return desk.Errorf(desk.Conflict, "this desk's key is in %s (%s), but keys.backend in hark.toml or --key says %q; "+
		"say %s again: another choice is for a new desk only", place(is), is, clean(wanted), is)
}

// unreadable is for a folder whose backend.json cannot be used.
func unreadable(dir string, err error) *desk.Error {
	if errors.Is(err, fs.ErrNotExist) {
		return &desk.Error{Code: desk.NotFound, Msg: "there is no desk in " + dir + "; start hark to make one", Err: err}
	}
	return &desk.Error{
		Code: desk.Unavailable, Err: err,
		Msg: "backend.json, which says how the desk's key is kept, cannot be read; restore it from a backup (" + reason(err) + ")",
	}
}

// cannotRead is for a keys.db that the desk's key does not open.
func cannotRead(err error) *desk.Error {
	if e := said(err); e != nil {
		return e
	}
	if errors.Is(err, ErrWrongKey) {
		return &desk.Error{
			Code: desk.Denied, Err: err,
			Msg: "keys.db and backend.json do not belong together: keys.db was sealed under another key; restore both from one backup",
		}
	}
	words := "the disk does not let it be opened; look at it and start hark again"
	switch disk.FaultOf(err) {
	case disk.Damaged:
		words = "it is damaged, or of another version of hark; restore it from a backup"
	case disk.FullDisk:
		words = "the disk is full; free some space and start hark again"
	case disk.ReadOnly:
		words = "it cannot be written; make the data folder writable and start hark again"
	case disk.NoFault, disk.Forgotten:
	}
	return &desk.Error{Code: desk.Unavailable, Msg: "keys.db cannot be used: " + words, Err: err}
}
