package demo

import (
	"embed"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed canned
var replies embed.FS

// WriteReplies puts the shop's canned replies into a folder, which is made.
// Files of the same names that are there stay: they may have been changed.
func WriteReplies(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	from, err := fs.Sub(replies, "canned")
	if err != nil {
		return err
	}
	return fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return nil
		}
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		return os.WriteFile(path, text, 0o600)
	})
}
