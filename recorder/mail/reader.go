package mail

import (
	"context"
	"crypto/cipher"
	"errors"
	"io"
	"io/fs"
	"sync"

	"hark/desk"
	"hark/desk/mailbox"
	"hark/recorder/keys"
)

// Open implements mailbox.Ledger.
func (s *Store) Open(ctx context.Context, id desk.ID) (mailbox.Bytes, int64, error) {
	r := &reader{s: s, index: -1, content: content{heap: mailHeap(), id: id}}
	err := s.read(ctx, func() error {
		m, err := s.find(id)
		if err != nil {
			return err
		}
		if m.kept == nothing {
			return errNothing
		}
		r.n, r.size = m.n, m.kept
		if r.aead, err = s.cipher(id); err != nil {
			return err
		}
		// Most mails are read at once and whole: their turn at the file is now.
		if r.size <= chunkSize {
			if r.plain, err = s.chunk(&r.content, 0, nil); err == nil {
				r.index = 0
			}
		}
		return passDamage(err)
	})
	if err != nil {
		return nil, 0, err
	}
	return r, r.size, nil
}

var errNothing = desk.Errorf(desk.NotFound, "nothing of this mail is kept")

var errErased = desk.Errorf(desk.NotFound, "the mail was erased")

// reader reads the bytes of a mail, one chunk in memory.
type reader struct {
	s *Store
	content

	mu     sync.Mutex // guards what follows
	at     int64      // of Read
	index  int64      // of the chunk in plain; -1: none
	plain  []byte
	closed bool
}

// Read implements io.Reader.
func (r *reader) Read(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at >= r.size && !r.closed {
		return 0, io.EOF
	}
	n, err := r.piece(b, r.at)
	r.at += int64(n)
	return n, err
}

// ReadAt implements io.ReaderAt.
func (r *reader) ReadAt(b []byte, at int64) (n int, err error) {
	if at < 0 {
		return 0, errBefore
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for n < len(b) {
		if at+int64(n) >= r.size && !r.closed {
			return n, io.EOF
		}
		m, err := r.piece(b[n:], at+int64(n))
		if n += m; err != nil {
			return n, err
		}
	}
	return n, nil
}

// piece reads what one chunk has at a place within the mail.
func (r *reader) piece(b []byte, at int64) (int, error) {
	if r.closed {
		return 0, fs.ErrClosed
	}
	if i := at / chunkSize; i != r.index {
		if err := r.load(i); err != nil {
			return 0, err
		}
	}
	return copy(b, r.plain[at%chunkSize:]), nil
}

func (r *reader) load(index int64) error {
	return r.s.read(context.Background(), func() (err error) {
		r.index = -1
		if r.plain, err = r.s.chunk(&r.content, index, r.plain); err == nil {
			r.index = index
		}
		return err
	})
}

var errBefore = errors.New("a place before the beginning of the mail")

// Seek implements io.Seeker.
func (r *reader) Seek(offset int64, whence int) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return r.at, errBefore
	}
	r.at = offset
	return offset, nil
}

// Close implements io.Closer.
func (r *reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed, r.plain, r.index = true, nil, -1
	return nil
}

// cipher returns the cipher of a mail or letter. A key that is gone was
// destroyed.
func (s *Store) cipher(id desk.ID) (aead cipher.AEAD, err error) {
	aead, err = s.keys.Cipher(pair(id), keys.UseMail)
	if errors.Is(err, keys.ErrNoKey) {
		return nil, errErased
	}
	return aead, err
}
