package recorder

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"hark/desk"
)

// lockFile is held by the hub that has the data folder open; it holds the
// number of its process, and nothing when the hub ended as it should.
const lockFile = "hub.lock"

// lock is a held lock on a data folder. It ends with the process, however that
// ends.
type lock struct{ f *os.File }

// takeLock takes the folder's lock, or says who has it.
func takeLock(dir string) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, desk.Errorf(desk.Unavailable, "the data folder cannot be locked: %w; make it writable", err)
	}
	if err := flock(f); err != nil {
		holder := readHolder(f)
		_ = f.Close()
		if errors.Is(err, errHeld) {
			return nil, desk.Errorf(desk.Conflict, "%s has the desk in %s open already; attach to it with hark, or end it with hark stop", holder, dir)
		}
		return nil, desk.Errorf(desk.Unavailable, "the data folder cannot be locked: %w", err)
	}
	l := &lock{f}
	if err := l.write(strconv.Itoa(os.Getpid()) + "\n"); err != nil {
		_ = l.release()
		return nil, desk.Errorf(desk.Unavailable, "the data folder cannot be written: %w; free some space or make it writable", err)
	}
	return l, nil
}

// errHeld says that another process holds the lock.
var errHeld = errors.New("another process holds the lock")

// readHolder names the process in the lock file.
func readHolder(f *os.File) string {
	b := make([]byte, 20)
	n, _ := f.ReadAt(b, 0)
	pid, err := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	if err != nil || pid <= 0 {
		return "another hub"
	}
	return fmt.Sprintf("a hub (process %d)", pid)
}

func (l *lock) write(text string) error {
	if err := l.f.Truncate(0); err != nil {
		return err
	}
	_, err := l.f.WriteAt([]byte(text), 0)
	return err
}

// release gives the folder back. The file stays: removing it would let two
// hubs hold locks on two files of one name.
func (l *lock) release() error { return errors.Join(l.write(""), l.f.Close()) }
