package journal

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"hark/recorder/disk"
)

// layer opens files for SQLite in the way that the journal needs.
//
// It does not map them into memory. The pages carry check sums, which rules
// mapping out; SQLite's layer for Go forgets that when one connection moves the
// log that another wrote, and panics.
//
// And it says in SQLite's own codes why something could not be written. What
// the system said is forgotten by the time SQLite has tidied up.
type layer struct{ vfs.VFSFilename }

// registerLayer makes a layer over the named one known and returns its name.
// Doing so again changes nothing.
func registerLayer(under string) (name string, err error) {
	f, ok := vfs.Find(under).(vfs.VFSFilename)
	if !ok {
		return "", fmt.Errorf("there is no layer over the files that is named %q", under)
	}
	name = "hark-journal"
	if under != "" {
		name += "-" + under
	}
	vfs.Register(name, layer{f})
	return name, nil
}

// OpenFilename implements vfs.VFSFilename.
func (l layer) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := l.VFSFilename.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, coded(err)
	}
	return layerFile{f}, flags, nil
}

// SyncDir makes the names in a folder durable, in the way of the layer below.
func (l layer) SyncDir(dir string) error {
	if under, ok := l.VFSFilename.(interface{ SyncDir(dir string) error }); ok {
		return under.SyncDir(dir)
	}
	return disk.SyncDir(dir)
}

// coded gives an error of the system SQLite's code for it.
func coded(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return vfs.SystemError(err, sqlite3.FULL)
	case errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return vfs.SystemError(err, sqlite3.READONLY)
	}
	return err
}

// layerFile is a file without a memory map. Of what a file may do beyond
// reading and writing, it shares memory, without which there are no readers
// beside the writer.
type layerFile struct{ vfs.File }

// SharedMemory implements vfs.FileSharedMemory.
func (f layerFile) SharedMemory() vfs.SharedMemory {
	if s, ok := f.File.(vfs.FileSharedMemory); ok {
		return s.SharedMemory()
	}
	return nil
}

// WriteAt implements vfs.File.
func (f layerFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.File.WriteAt(p, off)
	return n, coded(err)
}

// Truncate implements vfs.File.
func (f layerFile) Truncate(size int64) error { return coded(f.File.Truncate(size)) }
