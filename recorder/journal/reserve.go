package journal

import (
	"crypto/rand"
	"errors"
	"io"
	"os"
)

// reserve is a file of no meaning that takes up space. When the disk is full
// it is shortened step by step, so that the audit trail can be kept: opening a
// conversation must never fail because there is no room to say who did.
type reserve struct {
	path       string
	size, step int64
}

// make makes the file when it is not there or was shortened.
func (r reserve) make() error {
	if info, err := os.Stat(r.path); err == nil && info.Size() == r.size {
		return nil
	}
	return r.restore()
}

// restore makes the file whole again, or leaves it as it is. It needs a step of
// free space beyond that, so that success means there is room to write.
func (r reserve) restore() error {
	f, err := os.OpenFile(r.path, os.O_CREATE|os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	return errors.Join(r.grow(f), f.Close())
}

func (r reserve) grow(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	have := min(info.Size(), r.size)
	// Random bytes: a disk that compresses or counts holes would hold nothing
	// back for zeros.
	w := io.NewOffsetWriter(f, have)
	if _, err = io.CopyN(w, rand.Reader, r.size+r.step-have); err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(err, f.Truncate(have))
	}
	return f.Truncate(r.size)
}

// release gives up a step; false means that there is none left.
func (r reserve) release() bool {
	info, err := os.Stat(r.path)
	if err != nil || info.Size() == 0 {
		return false
	}
	return os.Truncate(r.path, max(0, info.Size()-r.step)) == nil
}
