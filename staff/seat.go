package staff

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/ssh"

	"hark/desk"
)

// Seat is where a person sits, as far as the hub can ask for something there:
// their browser, their files, their editor. Every call has a limit of time, and
// a client that lies or hangs costs nobody but its own person.
type Seat struct {
	conn  ssh.Conn
	slots chan struct{}
	limit int64  // the largest file, in bytes
	touch func() // the person is busy, if not with the console
	stall time.Duration
}

func newSeat(conn ssh.Conn, limit int64, touch func()) *Seat {
	if limit <= 0 || limit > fileMax {
		limit = fileMax
	}
	return &Seat{conn: conn, slots: make(chan struct{}, maxErrands), limit: limit, touch: touch, stall: stallTimeout}
}

// Open shows a link in the person's browser. Only http and https are taken.
func (s *Seat) Open(ctx context.Context, url string) error {
	url, err := link(url)
	if err != nil {
		return err
	}
	e, err := s.begin(ctx, order{Kind: errandOpen, Argument: url}, s.stall)
	if err != nil {
		return err
	}
	defer e.end()
	_, err = e.answer()
	return err
}

// Save writes a file where the person keeps downloads and returns its path.
// Nothing that is there is overwritten.
func (s *Seat) Save(ctx context.Context, name string, r io.Reader) (string, error) {
	e, err := s.begin(ctx, order{Kind: errandSave, Argument: desk.SafeFileName(name), Limit: uint64(s.limit)}, s.stall) //nolint:gosec // positive
	if err != nil {
		return "", err
	}
	defer e.end()
	n, err := io.Copy(e, io.LimitReader(r, s.limit+1))
	switch {
	case e.answered():
	case err != nil:
		return "", e.broken(err)
	case n > s.limit:
		return "", tooLarge(desk.SafeFileName(name), n, s.limit)
	}
	e.finish()
	a, err := e.answer()
	return printable(a.Text), err
}

// Edit shows a text in the person's editor and returns what it became. It takes
// as long as the person does, 12 hours at most; meanwhile the console has no
// terminal.
func (s *Seat) Edit(ctx context.Context, text string) (string, error) {
	e, err := s.begin(ctx, order{Kind: errandEdit, Limit: editTextMax}, editTimeout)
	if err != nil {
		return "", err
	}
	defer e.end()
	stop := s.busy(ctx)
	defer stop()
	_, err = io.WriteString(e, text)
	if err != nil && !e.answered() {
		return "", e.broken(err)
	}
	e.finish()
	if _, err := e.answer(); err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(e, editTextMax+1))
	switch {
	case err != nil:
		return "", e.broken(err)
	case len(b) > editTextMax || !utf8.Valid(b):
		return "", desk.Errorf(desk.Invalid, "what came out of the editor is no text of %s at most", sizeWords(editTextMax))
	}
	return string(b), nil
}

// Suspend puts the person's client into the background of its shell and returns
// when it is in the foreground again.
func (s *Seat) Suspend(ctx context.Context) error {
	e, err := s.begin(ctx, order{Kind: errandRest}, editTimeout)
	if err != nil {
		return err
	}
	defer e.end()
	stop := s.busy(ctx)
	defer stop()
	_, err = e.answer()
	return err
}

// busyPause is the time between two signs that the person is there.
const busyPause = time.Minute

// busy keeps a console that waits for its person from being closed for
// idleness.
func (s *Seat) busy(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		tick := time.NewTicker(busyPause)
		defer tick.Stop()
		for {
			s.touch()
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	return cancel
}

// Read opens a file of the person by its path. The caller closes it.
func (s *Seat) Read(ctx context.Context, path string) (name string, size int64, rc io.ReadCloser, err error) {
	e, err := s.begin(ctx, order{Kind: errandRead, Argument: path, Limit: uint64(s.limit)}, askTimeout+s.stall) //nolint:gosec // positive
	if err != nil {
		return "", 0, nil, err
	}
	a, err := e.answer()
	if err == nil && a.Size > uint64(s.limit) { //nolint:gosec // positive
		err = tooLarge(desk.SafeFileName(a.Text), int64(min(a.Size, 1<<62)), s.limit) //nolint:gosec // bounded
	}
	if err != nil {
		e.end()
		return "", 0, nil, err
	}
	e.patience = s.stall
	e.progress()
	return desk.SafeFileName(a.Text), int64(a.Size), &fileReader{e: e, left: int64(a.Size)}, nil //nolint:gosec // bounded
}

// fileReader is a file under way. It has the size that was said, or fails.
type fileReader struct {
	e    *errand
	left int64
}

// Read fails with a sentence when the file ends early or has more than was said.
func (f *fileReader) Read(p []byte) (int, error) {
	n, err := f.e.Read(p)
	f.left -= int64(n)
	switch {
	case f.left < 0, errors.Is(err, io.EOF) && f.left > 0:
		return 0, desk.Errorf(desk.Unavailable, "the file changed while it was read; try again")
	case err != nil && !errors.Is(err, io.EOF):
		return n, f.e.broken(err)
	}
	return n, err
}

// Close ends the errand.
func (f *fileReader) Close() error {
	f.e.end()
	return nil
}

// errand is an errand at work, seen from the hub.
type errand struct {
	s        *Seat
	ch       ssh.Channel
	got      chan answer // closed without a value when the client gave none
	ended    sync.Once
	watch    *time.Timer
	patience time.Duration
	stop     func() bool
	expired  atomic.Bool

	mu   sync.Mutex
	last *time.Timer // ends the connection of a client that lets go of nothing
}

// begin opens the channel of an errand, which may stand still for patience.
func (s *Seat) begin(ctx context.Context, o order, patience time.Duration) (*errand, error) {
	select {
	case s.slots <- struct{}{}:
	default:
		return nil, desk.Errorf(desk.Conflict, "your terminal is busy with %d other things; wait for one to end", maxErrands)
	}
	e := &errand{s: s, got: make(chan answer, 1), patience: patience}
	if err := s.open(ctx, e, o); err != nil {
		return nil, err
	}
	e.watch = time.AfterFunc(patience, func() {
		e.expired.Store(true)
		e.abort()
	})
	e.stop = context.AfterFunc(ctx, e.abort)
	return e, nil
}

// letGoTimeout is how long a client may take to close a channel. Its SSH does
// so by itself unless the whole client hangs.
const letGoTimeout = 10 * time.Second

// abort ends the errand from outside. What waits for the client goes on once
// the client has let go, or its connection is closed.
func (e *errand) abort() {
	_ = e.ch.Close()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.last == nil {
		e.last = time.AfterFunc(letGoTimeout, func() { _ = e.s.conn.Close() })
	}
}

// opened is how the opening of a channel came out.
type opened struct {
	ch       ssh.Channel
	requests <-chan *ssh.Request
	err      error
}

// open waits for the client to take the errand. The slot of a client that does
// not answer stays taken.
func (s *Seat) open(ctx context.Context, e *errand, o order) error {
	done := make(chan opened, 1)
	go func() {
		ch, requests, err := s.conn.OpenChannel(errandChannel, o.marshal())
		done <- opened{ch, requests, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			<-s.slots
			return desk.Errorf(desk.Unavailable, "your terminal cannot do that: %w", r.err)
		}
		e.ch = r.ch
		go e.listen(r.requests)
		return nil
	case <-ctx.Done():
	case <-time.After(s.stall):
	}
	go func() {
		if r := <-done; r.err == nil {
			_ = r.ch.Close()
			go ssh.DiscardRequests(r.requests)
		}
		<-s.slots
	}()
	return errSilentSeat
}

var errSilentSeat = &desk.Error{Code: desk.Unavailable, Msg: "your terminal does not answer; close the console and open it again"}

// listen waits for the answer.
func (e *errand) listen(requests <-chan *ssh.Request) {
	defer close(e.got)
	for r := range requests {
		var a answer
		if r.Type == answerRequest && ssh.Unmarshal(r.Payload, &a) == nil && len(e.got) == 0 {
			e.got <- a
		}
		if r.WantReply {
			_ = r.Reply(false, nil)
		}
	}
}

// answered reports whether the client has said how it went, also before all
// bytes were sent: a full disk does not wait.
func (e *errand) answered() bool { return len(e.got) > 0 }

// answer waits for how the errand came out.
func (e *errand) answer() (answer, error) {
	a, ok := <-e.got
	if !ok {
		return a, e.broken(io.ErrUnexpectedEOF)
	}
	return a, a.err()
}

// broken says why there is no answer.
func (e *errand) broken(err error) error {
	if e.expired.Load() {
		return errSilentSeat
	}
	return desk.Errorf(desk.Unavailable, "the connection to your terminal ended in between: %w", err)
}

// progress puts the end for standing still off.
func (e *errand) progress() { e.watch.Reset(e.patience) }

// Write sends bytes to the client in small parts, each of which has its time.
func (e *errand) Write(p []byte) (n int, err error) {
	const part = 32 << 10
	for len(p) > 0 && err == nil {
		var m int
		m, err = e.ch.Write(p[:min(part, len(p))])
		n, p = n+m, p[m:]
		e.progress()
	}
	return n, err
}

// Read takes bytes of the client.
func (e *errand) Read(p []byte) (int, error) {
	n, err := e.ch.Read(p)
	if err == nil {
		e.progress()
	}
	return n, err
}

// finish says that all bytes were sent: an end alone could be a hub that died.
func (e *errand) finish() {
	_, _ = e.ch.SendRequest(completeRequest, false, nil) // a client that is gone gives no answer
	_ = e.ch.CloseWrite()
}

// end closes the channel and frees its slot.
func (e *errand) end() {
	e.ended.Do(func() {
		e.watch.Stop()
		e.stop()
		_ = e.ch.Close()
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.last != nil {
			e.last.Stop()
		}
		<-e.s.slots
	})
}
