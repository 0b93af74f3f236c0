package recorder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"hark/desk"
	"hark/recorder/disk"
)

// makeFolder makes the data folder its owner's alone.
func makeFolder(dir string) error {
	made := !disk.Exists(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return desk.Errorf(desk.Unavailable, "the data folder cannot be made: %w; choose another with --data DIR", err)
	}
	if err := usable(dir); err != nil {
		return err
	}
	if Exists(dir) {
		return desk.Errorf(desk.Conflict, "the folder %s holds a desk already; start hark to open it, or choose another folder", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return desk.Errorf(desk.Unavailable, "the data folder cannot be closed to others: %w", err)
	}
	if !made {
		return nil
	}
	if err := disk.SyncDir(filepath.Dir(dir)); err != nil {
		return desk.Errorf(desk.Unavailable, "the data folder cannot be made durable: %w", err)
	}
	return nil
}

// checkFolder refuses a folder without a desk, so that not even a lock file is
// put into it.
func checkFolder(dir string) error {
	if !Exists(dir) {
		return desk.Errorf(desk.NotFound, "there is no desk in %s; start hark to make one, or name the desk's folder with --data DIR", dir)
	}
	return usable(dir)
}

// usable refuses folders that a desk cannot be kept in.
func usable(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrPermission), err == nil && !ownedByMe(info):
		return desk.Errorf(desk.Denied, "the data folder %s belongs to somebody else; run hark as its owner, or choose another with --data DIR", dir)
	case err != nil:
		return desk.Errorf(desk.Unavailable, "the data folder cannot be looked at: %w", err)
	case !info.IsDir():
		return desk.Errorf(desk.Invalid, "%s is not a folder; choose another with --data DIR", dir)
	}
	if name := networkFileSystem(dir); name != "" {
		return desk.Errorf(desk.Invalid, "the data folder %s is on a network file system (%s), where locks and writes cannot be relied on; "+
			"choose a folder on a disk of this machine with --data DIR", dir, name)
	}
	return nil
}
