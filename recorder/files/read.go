package files

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"hark/desk"
	"hark/recorder/keys"
)

// Open returns the bytes of a kept file. Its Read gives no byte that was not
// checked, and fails with a DamageError in a *desk.Error where the file is not
// what was written. A file that is not kept, or whose key was destroyed, is
// desk.NotFound.
func (s *Store) Open(ctx context.Context, id desk.ID) (io.ReadCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := s.dir.open(id.Hex())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, desk.Errorf(desk.NotFound, "the file is not there")
	}
	if err != nil {
		return nil, readError(err)
	}
	r := &reader{id: id, f: f}
	if err := r.begin(s.keys); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// reader opens the chunks of a file one after the other.
type reader struct {
	id     desk.ID
	f      *os.File
	aead   cipher.AEAD
	index  int64
	chunks int64
	size   int64
	sealed []byte
	buffer []byte // of a chunk that was opened
	plain  []byte // of it, what is not given out yet
	err    error
}

// begin checks the head and the size.
func (r *reader) begin(k Keys) (err error) {
	info, err := r.f.Stat()
	if err != nil {
		return readError(err)
	}
	first := make([]byte, headSize)
	if _, err := io.ReadFull(r.f, first); err != nil || string(first) != string(head(r.id)) {
		return damaged(&DamageError{File: r.id, Chunk: -1})
	}
	if r.size, r.chunks, err = sizeOf(info.Size()); err != nil {
		return damaged(r.damage(max(0, (info.Size()-headSize)/sealedSize), true))
	}
	if r.aead, err = k.Cipher(pair(r.id), keys.UseFile); errors.Is(err, keys.ErrNoKey) {
		return desk.Errorf(desk.NotFound, "the file was erased")
	}
	if err != nil {
		return fmt.Errorf("open file: %w", err)
	}
	return nil
}

// Read implements io.Reader.
func (r *reader) Read(b []byte) (int, error) {
	for len(r.plain) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.next()
	}
	n := copy(b, r.plain)
	r.plain = r.plain[n:]
	return n, nil
}

// next opens a chunk, or says why there is none.
func (r *reader) next() {
	if r.index == r.chunks {
		r.err = io.EOF
		return
	}
	n := min(sealedSize, r.size-r.index*chunkSize+overhead)
	if r.sealed == nil {
		r.sealed = make([]byte, n)
	}
	if _, err := io.ReadFull(r.f, r.sealed[:n]); err != nil {
		r.err = readError(err)
		return
	}
	last := r.index == r.chunks-1
	plain, err := r.aead.Open(r.buffer[:0], nil, r.sealed[:n], about(r.id, r.index, last))
	if err != nil {
		_, open := r.aead.Open(nil, nil, r.sealed[:n], about(r.id, r.index, false))
		r.err = damaged(r.damage(r.index, last && open == nil))
		return
	}
	r.buffer, r.plain = plain, plain
	r.index++
}

func (r *reader) damage(index int64, cut bool) *DamageError {
	return &DamageError{File: r.id, Chunk: index, Offset: headSize + index*sealedSize, Cut: cut}
}

// Close implements io.Closer.
func (r *reader) Close() error {
	r.err = fs.ErrClosed
	r.plain = nil
	return r.f.Close()
}

func readError(err error) error {
	return &desk.Error{
		Code: desk.Unavailable, Err: fmt.Errorf("read file: %w", plainPath(err)),
		Msg: "the file cannot be read from the desk's disk now; look at the disk, then try again",
	}
}
