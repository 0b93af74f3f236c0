package tui

import (
	"context"
	"errors"
	"io"
	"sync"
)

// errGone ends a console whose terminal sends nothing any more.
var errGone = errors.New("the terminal is gone")

// stream reads what is typed and ends the console with it. It hides what else
// the reader is: were it a terminal of this machine, the program would change
// its mode and believe that line feeds need no return.
//
// One goroutine reads; a reader that is no longer wanted, because the terminal
// was given away for a while, can be woken without taking a key with it.
type stream struct {
	ctx  context.Context
	from io.Reader
	end  context.CancelCauseFunc
	read chan chunk
	wake chan struct{}
	pump sync.Once

	mu   sync.Mutex
	rest []byte
	err  error
}

type chunk struct {
	data []byte
	err  error
}

func newStream(ctx context.Context, r io.Reader, end context.CancelCauseFunc) *stream {
	return &stream{ctx: ctx, from: r, end: end, read: make(chan chunk), wake: make(chan struct{})}
}

// Read returns what was typed. It returns nothing, without an error, when it
// was woken.
func (s *stream) Read(p []byte) (int, error) {
	s.pump.Do(func() { go s.follow() })
	if !s.ready() {
		select {
		case c := <-s.read:
			s.mu.Lock()
			s.rest, s.err = append(s.rest, c.data...), c.err
			s.mu.Unlock()
		case <-s.wake:
			return 0, nil
		case <-s.ctx.Done():
			return 0, errGone
		}
	}
	return s.take(p)
}

func (s *stream) ready() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.rest) > 0 || s.err != nil
}

func (s *stream) take(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	if n > 0 || s.err == nil {
		return n, nil
	}
	s.end(errGone)
	return 0, s.err
}

// follow reads until the terminal or the console is gone.
func (s *stream) follow() {
	for {
		buf := make([]byte, 4096)
		n, err := s.from.Read(buf)
		select {
		case s.read <- chunk{buf[:n], err}:
		case <-s.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// release wakes a reader that waits, if there is one.
func (s *stream) release() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
