package disk

import (
	"errors"
	"syscall"

	"github.com/ncruces/go-sqlite3"
)

// Fault says what kind of trouble the disk is in.
type Fault int

// The kinds of trouble.
const (
	NoFault   Fault = iota
	FullDisk        // it can be written again once there is space
	ReadOnly        // it can be written again once that is allowed
	Damaged         // what is on it is not what was written
	Forgotten       // it failed to keep something: nothing written since is sure
)

// FaultOf classifies an error of SQLite or of the file system.
func FaultOf(err error) Fault {
	switch {
	case err == nil:
		return NoFault
	case errors.Is(err, sqlite3.IOERR_FSYNC), errors.Is(err, sqlite3.IOERR_DIR_FSYNC):
		return Forgotten // whatever the reason
	case errors.Is(err, sqlite3.FULL), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return FullDisk
	case errors.Is(err, sqlite3.READONLY), errors.Is(err, sqlite3.PERM), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EACCES):
		return ReadOnly
	case errors.Is(err, sqlite3.CORRUPT), errors.Is(err, sqlite3.NOTADB), errors.Is(err, sqlite3.IOERR_DATA), errors.Is(err, ErrFormat):
		return Damaged
	}
	return Forgotten
}

// Passing reports whether writing may be tried again without a restart.
func (f Fault) Passing() bool { return f == FullDisk || f == ReadOnly }
