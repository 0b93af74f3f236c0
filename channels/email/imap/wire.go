package imap

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// wire is the socket as the client library sees it: what it reads has been
// measured and mended, what it sets as deadlines is ignored, and once anything
// went wrong there is only the end to read. The library is blind to which end
// it was; the wire remembers the first reason.
type wire struct {
	raw    net.Conn // closing it ends everything at once
	conn   net.Conn // raw, or TLS over it
	host   string   // for words
	limits Limits
	pace   *pace
	in     *bufio.Reader
	ring   ring

	bytesIn, bytesOut atomic.Int64

	// of the reading goroutine
	buf     []byte // the line being read
	out     []byte // mended and not taken yet
	literal int64  // bytes left of the literal being read
	state   reading
	hidden  bool // the literal belongs to what is left out
	size    int  // bytes of the response so far, without literals
	fetch   fetchMender

	cut    atomic.Bool // a literal broke off, and what is read now is made up
	answer answer
	news   chan struct{} // holds one token after the mailbox changed
	idled  chan struct{} // holds one token after a command of the library ended
	own    chan string   // status lines for commands that the library does not know of
	gone   chan struct{} // closed with the first failure

	mu    sync.Mutex
	cause *Trouble
	bye   string // why the server said it leaves
}

// reading is what of a response is being read.
type reading int

const (
	atStart    reading = iota // between responses
	inFetch                   // within a FETCH response
	leavingOut                // within a response that is not passed on
)

// bufferSize is how much is read at once.
const bufferSize = 64 << 10

func newWire(conn net.Conn, host string, limits Limits) *wire {
	w := &wire{
		raw: conn, host: host, limits: limits,
		news: make(chan struct{}, 1), idled: make(chan struct{}, 1), own: make(chan string, 16), gone: make(chan struct{}),
	}
	w.use(conn)
	return w
}

// use reads from and writes to conn from now on: the raw one, or TLS over it.
func (w *wire) use(conn net.Conn) {
	w.conn = conn
	w.pace = &pace{conn: conn, stall: w.limits.Stall, speed: w.limits.Pace}
	w.in = bufio.NewReaderSize(w.pace, bufferSize)
}

// Read gives the library what the server said, mended. Every failure is the
// end of file to it, but within a literal: there it would read on from two
// goroutines at once. A literal that breaks off is filled up with zeros, and
// cut tells that they are none of the server's.
func (w *wire) Read(p []byte) (int, error) {
	for len(w.out) == 0 && (w.literal == 0 || w.hidden) {
		if err := w.fill(); err != nil {
			w.failRead(err)
			return 0, io.EOF
		}
	}
	if len(w.out) > 0 {
		n := copy(p, w.out)
		w.out = w.out[n:]
		return n, nil
	}
	p = p[:min(int64(len(p)), w.literal)]
	if w.cut.Load() {
		clear(p)
		w.literal -= int64(len(p))
		return len(p), nil
	}
	n, err := w.in.Read(p)
	w.took(n)
	if err != nil {
		w.failRead(err)
		w.cut.Store(true)
	}
	return n, nil
}

// took counts bytes of a literal.
func (w *wire) took(n int) {
	w.bytesIn.Add(int64(n))
	w.literal -= int64(n)
	if w.literal == 0 {
		w.hidden = false
		w.pace.nextLine()
	}
}

// fill reads until there is something to pass on: the next line, or the rest
// of a literal that is left out. After a failure nothing is, although there
// may be more in the buffer.
func (w *wire) fill() error {
	if t := w.lost(); t != nil {
		return t
	}
	if w.literal > 0 {
		n, err := w.in.Discard(int(min(w.literal, bufferSize)))
		w.took(n)
		return err
	}
	line, err := w.line()
	if err != nil {
		return err
	}
	w.pace.nextLine()
	return w.take(line)
}

// errLong says that a line is longer than anything a server has to say.
var errLong = errors.New("a line without end")

// line reads a line with its line end. It is good until the next one.
func (w *wire) line() ([]byte, error) {
	if cap(w.buf) > w.limits.Line {
		w.buf = nil
	}
	w.buf = w.buf[:0]
	for {
		part, err := w.in.ReadSlice('\n')
		w.bytesIn.Add(int64(len(part)))
		w.buf = append(w.buf, part...)
		if w.size+len(w.buf) > w.limit() {
			return nil, errLong
		}
		if err == nil {
			return w.buf, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

// limit returns how long the response in w.buf may become.
func (w *wire) limit() int {
	if w.state == atStart && isSearch(w.buf) {
		return 16 * w.limits.Line
	}
	return w.limits.Line
}

// Write sends a command. A server that takes nothing for too long is lost.
func (w *wire) Write(p []byte) (int, error) {
	_ = w.conn.SetWriteDeadline(time.Now().Add(w.limits.Stall)) // a closed connection fails below
	n, err := w.conn.Write(p)
	w.bytesOut.Add(int64(n))
	w.pace.progress()
	if err != nil {
		w.failRead(err)
	}
	return n, err
}

// failRead ends the connection because reading or writing failed.
func (w *wire) failRead(err error) {
	var t *Trouble
	switch {
	case errors.As(err, &t):
	case errors.Is(err, os.ErrDeadlineExceeded):
		t = w.silent()
	case errors.Is(err, syscall.ETIMEDOUT):
		t = w.unheard(err)
	case errors.Is(err, errLong):
		t = w.broke(err)
	default:
		t = w.hungUp(err)
	}
	w.fail(t)
}

// fail ends the connection; the first reason is kept.
func (w *wire) fail(t *Trouble) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cause != nil {
		return
	}
	w.cause = t
	close(w.gone)
	w.raw.Close()
}

// lost returns why the connection is over, nil while it lives.
func (w *wire) lost() *Trouble {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cause
}

// Close is what the library calls when it gives up: it could not read what it
// was given.
func (w *wire) Close() error {
	w.fail(w.broke(errors.New("an answer that cannot be read")))
	return nil
}

// The library's own deadlines are not ours.

func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }
func (w *wire) LocalAddr() net.Addr              { return w.raw.LocalAddr() }
func (w *wire) RemoteAddr() net.Addr             { return w.raw.RemoteAddr() }

// changed notes that there is news of the mailbox.
func (w *wire) changed() {
	select {
	case w.news <- struct{}{}:
	default: // there is news already
	}
}

// takeNews tells whether there was news since it was asked last.
func (w *wire) takeNews() bool {
	select {
	case <-w.news:
		return true
	default:
		return false
	}
}

// traffic returns what has passed.
func (w *wire) traffic() Traffic {
	return Traffic{In: w.bytesIn.Load(), Out: w.bytesOut.Load(), Lines: w.ring.list()}
}

// note remembers a command, as it may be shown.
func (w *wire) note(format string, args ...any) { w.ring.add("C: ", fmt.Appendf(nil, format, args...)) }
