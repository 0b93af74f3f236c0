package staff

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"hark/desk"
)

// numbersTried is how many names beside the wanted one are tried for a file.
const numbersTried = 999

// newFile makes a file that was not there, under the name or a numbered one.
func newFile(dir, name string) (*os.File, error) {
	for n := 1; ; n++ {
		f, err := os.OpenFile(filepath.Join(dir, numbered(name, n)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if !errors.Is(err, fs.ErrExist) || n == numbersTried {
			return f, err
		}
	}
}

// downloads returns where the person keeps what they download, the current
// folder where there is no such place.
func downloads() string {
	home, err := os.UserHomeDir()
	if err == nil {
		for _, dir := range []string{userDir(home, "XDG_DOWNLOAD_DIR"), filepath.Join(home, "Downloads")} {
			if info, err := os.Stat(dir); dir != "" && dir != home && err == nil && info.IsDir() {
				return dir
			}
		}
	}
	if dir, err := os.Getwd(); err == nil {
		return dir
	}
	return "."
}

// userDir reads a folder from what the desktop wrote about the person's.
func userDir(home, name string) string {
	config := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(config) {
		config = filepath.Join(home, ".config")
	}
	f, err := os.Open(filepath.Join(config, "user-dirs.dirs"))
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }() // it was only read
	for lines := bufio.NewScanner(f); lines.Scan(); {
		value, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), name+"=")
		if !ok {
			continue
		}
		value = strings.Trim(value, `"`)
		if rest, ok := strings.CutPrefix(value, "$HOME"); ok {
			value = home + rest
		}
		if filepath.IsAbs(value) {
			return filepath.Clean(value)
		}
	}
	return ""
}

// openFile opens a file that a person named, as they name files: from the
// folder they are in, ~ for their home. Only a regular file is taken; opening
// waits for nothing.
func openFile(path string, limit int64) (*os.File, int64, error) {
	path = strings.TrimSpace(path)
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	if path == "" || strings.ContainsRune(path, 0) {
		return nil, 0, desk.Errorf(desk.Invalid, "a file is needed")
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, desk.Errorf(desk.NotFound, "there is no file %s", path)
	case errors.Is(err, fs.ErrPermission):
		return nil, 0, desk.Errorf(desk.Denied, "you may not read %s", path)
	case err != nil:
		return nil, 0, desk.Errorf(desk.Unavailable, "the file cannot be opened: %w", err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		err = desk.Errorf(desk.Unavailable, "the file cannot be opened: %w", err)
	case !info.Mode().IsRegular():
		err = desk.Errorf(desk.Invalid, "%s is not a file", path)
	case info.Size() > limit:
		err = tooLarge(path, info.Size(), limit)
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}
