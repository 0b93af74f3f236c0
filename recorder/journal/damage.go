package journal

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
)

// DamageError says which event cannot be read, in which file, and why. It is
// the cause inside the *desk.Error that a reader gets.
type DamageError struct {
	File string
	Seq  uint64
	ID   desk.ID // zero when even that cannot be read
	Err  error
}

func (e *DamageError) Error() string {
	s := fmt.Sprintf("%s: event %d", e.File, e.Seq)
	if !e.ID.IsZero() {
		s += fmt.Sprintf(" (%s)", e.ID.Hex())
	}
	return s + ": " + e.Err.Error()
}

func (e *DamageError) Unwrap() error { return e.Err }

// damage returns the error for an event of the record that cannot be read.
func damage(seq uint64, id desk.ID, err error) error {
	d := &DamageError{File: recordName, Seq: seq, ID: id, Err: err}
	return &desk.Error{
		Code: desk.Internal,
		Msg:  fmt.Sprintf("event %d in %s is damaged; restore the file from a backup", seq, recordName),
		Err:  d,
	}
}

// rotten reports whether SQLite found that a file is not what it wrote.
func rotten(err error) bool {
	return errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, sqlite3.NOTADB) ||
		errors.Is(err, sqlite3.IOERR_DATA) || errors.Is(err, sqlite3.IOERR_CORRUPTFS)
}

// readError says what is wrong when the record cannot be read from seq on.
func readError(seq uint64, err error) error {
	if rotten(err) {
		return damage(seq, desk.ID{}, err)
	}
	return fmt.Errorf("read %s: %w", recordName, err)
}
