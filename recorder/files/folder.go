package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"hark/recorder/disk"
)

// folder is where sealed files lie, by plain names. It is an interface so that
// tests can cut the power.
type folder interface {
	create(name string) (handle, error) // fails when the name is there
	open(name string) (*os.File, error)
	rename(from, to string) error
	remove(name string) error
	sync() error // makes the names durable
	list() ([]entry, error)
}

// handle is a file that is being written.
type handle interface {
	Write(p []byte) (int, error)
	Sync() error
	Close() error
}

// entry is a file in the folder.
type entry struct {
	name string
	size int64
	at   time.Time // of the last write
}

// onDisk is a folder of the operating system.
type onDisk struct{ dir string }

// makeFolder makes the folder where it is missing, its owner's alone.
func makeFolder(dir string) (onDisk, error) {
	if disk.Exists(dir) {
		return onDisk{dir}, nil
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return onDisk{}, err
	}
	return onDisk{dir}, disk.SyncDir(filepath.Dir(dir))
}

func (d onDisk) create(name string) (handle, error) {
	return os.OpenFile(filepath.Join(d.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

func (d onDisk) open(name string) (*os.File, error) { return os.Open(filepath.Join(d.dir, name)) }

func (d onDisk) rename(from, to string) error {
	return os.Rename(filepath.Join(d.dir, from), filepath.Join(d.dir, to))
}

func (d onDisk) remove(name string) error { return os.Remove(filepath.Join(d.dir, name)) }

func (d onDisk) sync() error { return disk.SyncDir(d.dir) }

func (d onDisk) list() ([]entry, error) {
	found, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, e := range found {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if info.Mode()&fs.ModeType == 0 {
			all = append(all, entry{e.Name(), info.Size(), info.ModTime()})
		}
	}
	return all, nil
}
