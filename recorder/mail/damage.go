package mail

import (
	"context"
	"errors"
	"fmt"

	"hark/desk"
	"hark/recorder/disk"
)

// DamageError says that a row of mail.db is not what was written, and which.
type DamageError struct {
	Table string
	Row   string // the row's key: an identifier in hexadecimal or a number
	Chunk int64  // of a mail's or letter's bytes, from 0; -1 for the row itself
	Err   error
}

func (e *DamageError) Error() string {
	if e.Chunk >= 0 {
		return fmt.Sprintf("chunk %d of %s %s in %s is damaged: %v", e.Chunk, e.Table, e.Row, File, e.Err)
	}
	return fmt.Sprintf("row %s of table %s in %s is damaged: %v", e.Row, e.Table, File, e.Err)
}

func (e *DamageError) Unwrap() error { return e.Err }

// damaged gives a damaged row its sentence.
func damaged(table, row string, chunk int64, err error) error {
	e := &DamageError{table, row, chunk, err}
	return &desk.Error{
		Code: desk.Unavailable, Err: e,
		Msg: "what is kept of a mail is damaged on the desk's disk (" + table + " " + row + " in " + File + "); restore the file from a backup",
	}
}

// readError gives a failure to read a sentence. Those that have one keep it.
func readError(err error) error {
	if plain(err) {
		return err
	}
	words := "mail cannot be read from the desk's disk now; look at the disk, then try again"
	if disk.FaultOf(err) == disk.Damaged {
		words = File + " is damaged on the desk's disk; restore it from a backup"
	}
	return &desk.Error{Code: desk.Unavailable, Msg: words, Err: fmt.Errorf("read %s: %w", File, err)}
}

// writeError gives a failure to write a sentence.
func writeError(err error) error {
	words := "mail cannot be kept because the disk failed; look at it, then restart hark"
	switch disk.FaultOf(err) {
	case disk.FullDisk:
		words = "mail cannot be kept because the disk is full; free some space and try again"
	case disk.ReadOnly:
		words = "mail cannot be kept because " + File + " cannot be written; make the data folder writable and try again"
	case disk.Damaged:
		words = "mail cannot be kept because " + File + " is damaged; restore it from a backup"
	case disk.NoFault, disk.Forgotten:
	}
	return &desk.Error{Code: desk.Unavailable, Msg: words, Err: fmt.Errorf("write %s: %w", File, err)}
}

// plain reports whether an error needs no other words: it is none, has a
// sentence, or is the caller's own.
func plain(err error) bool {
	var e *desk.Error
	return err == nil || errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

var errNoMail = desk.Errorf(desk.NotFound, "there is no such mail")

var errNoLetter = desk.Errorf(desk.NotFound, "there is no such letter")

// errClosed is what a closed Store answers.
var errClosed = desk.Errorf(desk.Unavailable, "the desk is being closed")
