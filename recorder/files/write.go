package files

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"hark/desk"
	"hark/recorder/disk"
	"hark/recorder/keys"
)

// Create reads r to its end and keeps what it gives, sealed, as a pending file
// of at most limit bytes. When it fails, nothing stays: neither bytes nor key.
// The code of the error is desk.Invalid for more than limit bytes and
// desk.Unavailable when the disk cannot take it; an error of r comes back as
// it is.
func (s *Store) Create(ctx context.Context, id desk.ID, r io.Reader, limit int64) (size int64, err error) {
	if err := s.reserve(id); err != nil {
		return 0, err
	}
	f, err := s.begin(ctx, id)
	if err == nil {
		w := &writer{s: s, id: id, f: f}
		size, err = w.copy(ctx, r, limit)
	}
	s.mu.Lock()
	s.pending[id].at, s.pending[id].busy = time.Now(), err != nil
	s.mu.Unlock()
	if err != nil {
		s.discard(id)
		return 0, err
	}
	return size, nil
}

// reserve takes the identifier.
func (s *Store) reserve(id desk.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.broken != nil:
		return s.broken
	case s.pending[id] != nil || s.isKept(id):
		return desk.Errorf(desk.Conflict, "there is a file with this identifier already")
	}
	s.pending[id] = &waiting{at: time.Now(), busy: true}
	return nil
}

// begin makes the name, and only then the key: a crash may leave an empty file
// behind, which is removed with its key, but never a key that nothing names.
func (s *Store) begin(ctx context.Context, id desk.ID) (handle, error) {
	f, err := s.dir.create(id.Hex() + pendingEnd)
	if err != nil {
		return nil, writeError("make", err)
	}
	if err = s.dir.sync(); err != nil {
		return nil, errors.Join(writeError("make", err), f.Close())
	}
	if err = s.keys.Ensure(ctx, []keys.Pair{pair(id)}); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// grow counts bytes that are about to be written, and refuses too many.
func (s *Store) grow(id desk.ID, n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waits+n > s.most {
		return desk.Errorf(desk.Unavailable, "too many files wait to be sent; try again later")
	}
	s.waits += n
	s.pending[id].size += n
	return nil
}

// writer seals one file onto the disk.
type writer struct {
	s    *Store
	id   desk.ID
	f    handle
	aead cipher.AEAD
	out  []byte
}

func (w *writer) copy(ctx context.Context, r io.Reader, limit int64) (size int64, err error) {
	defer func() {
		if cerr := w.f.Close(); err == nil && cerr != nil {
			err = writeError("close", cerr)
		}
	}()
	if w.aead, err = w.s.keys.Cipher(pair(w.id), keys.UseFile); err != nil {
		return 0, fmt.Errorf("seal file: %w", err)
	}
	if err = w.write(head(w.id)); err != nil {
		return 0, err
	}
	if size, err = w.chunks(ctx, r, limit); err != nil {
		return 0, err
	}
	if err = w.f.Sync(); err != nil {
		return 0, writeError("sync", err)
	}
	return size, nil
}

// chunks seals what r gives. A chunk is written when the next one has begun,
// because only then it is known not to be the last.
func (w *writer) chunks(ctx context.Context, r io.Reader, limit int64) (size int64, err error) {
	r = io.LimitReader(r, limit+1)
	now, next := make([]byte, chunkSize), make([]byte, chunkSize)
	n, last, err := fill(r, now)
	for index := int64(0); ; index++ {
		if err != nil {
			return 0, err
		}
		if size += int64(n); size > limit {
			return 0, desk.Errorf(desk.Invalid, "the file has more than %d bytes, which is what one may have", limit)
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		var m int
		if !last {
			if m, last, err = fill(r, next); err != nil {
				return 0, err
			}
			if m > 0 {
				if err := w.chunk(index, false, now[:n]); err != nil {
					return 0, err
				}
				now, next, n = next, now, m
				continue
			}
		}
		return size, w.chunk(index, true, now[:n])
	}
}

// fill reads until b is full or r ends, and reports whether it ended. Only
// io.EOF is an end: a body that was cut short says something else.
func fill(r io.Reader, b []byte) (n int, last bool, err error) {
	for n < len(b) {
		m, err := r.Read(b[n:])
		n += m
		if errors.Is(err, io.EOF) {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

func (w *writer) chunk(index int64, last bool, plain []byte) error {
	w.out = seal(w.out[:0], w.aead, w.id, index, last, plain)
	return w.write(w.out)
}

func (w *writer) write(b []byte) error {
	if err := w.s.grow(w.id, int64(len(b))); err != nil {
		return err
	}
	if _, err := w.f.Write(b); err != nil {
		return writeError("write", err)
	}
	return nil
}

// writeError gives a failure to write a sentence.
func writeError(what string, err error) error {
	words := "the file cannot be kept because the disk failed; look at it, then restart hark"
	switch disk.FaultOf(err) {
	case disk.FullDisk:
		words = "the file cannot be kept because the desk's disk is full; free some space and try again"
	case disk.ReadOnly:
		words = "the file cannot be kept because the folder of files cannot be written; make it writable and try again"
	case disk.NoFault, disk.Damaged, disk.Forgotten:
	}
	return &desk.Error{Code: desk.Unavailable, Msg: words, Err: fmt.Errorf("%s file: %w", what, plainPath(err))}
}

// plainPath leaves the path out of an error: the log has no use for it.
func plainPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}
