package staff

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/ssh"

	"hark/desk"
)

// runErrands does what the hub asks for until ctx ends, a few things at a time,
// and returns when the last of them is done. p is the terminal of a console that
// is drawn, nil for others; typed is the command line of a command, nil for a
// console.
func (c *Client) runErrands(ctx context.Context, p *place, typed []string) {
	var busy sync.WaitGroup
	defer busy.Wait()
	slots := make(chan struct{}, maxErrands)
	for {
		select {
		case <-ctx.Done():
			return
		case nch, ok := <-c.errands:
			if !ok {
				return
			}
			select {
			case slots <- struct{}{}:
			default:
				_ = nch.Reject(ssh.ResourceShortage, "too many things at once")
				continue
			}
			busy.Go(func() {
				defer func() { <-slots }()
				c.runErrand(ctx, &runner{c: c, place: p, typed: typed, complete: make(chan struct{})}, nch)
			})
		}
	}
}

// runErrand does one thing and says how it went.
func (c *Client) runErrand(ctx context.Context, r *runner, nch ssh.NewChannel) {
	o, err := readOrder(nch.ExtraData())
	if err != nil {
		_ = nch.Reject(ssh.ConnectionFailed, "the errand cannot be read")
		return
	}
	ch, requests, err := nch.Accept()
	if err != nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.ch = ch
	go func() {
		defer cancel() // the hub has closed the channel
		r.listen(requests)
	}()
	defer func() { _ = ch.Close() }()
	if err := r.run(ctx, o); err != nil {
		r.tell(failed(err))
	}
}

// runner does one errand.
type runner struct {
	c     *Client
	ch    ssh.Channel
	place *place   // nil without a console that is drawn
	typed []string // the command line of a command

	complete chan struct{} // closed once the hub has sent all its bytes
}

// listen waits until the hub's bytes are complete, and until it closes the
// channel.
func (r *runner) listen(requests <-chan *ssh.Request) {
	done := false
	for q := range requests {
		if q.Type == completeRequest && !done {
			done = true
			close(r.complete)
		}
		if q.WantReply {
			_ = q.Reply(false, nil)
		}
	}
}

// whole reports, once the hub's bytes have ended, whether they are all.
func (r *runner) whole(ctx context.Context) bool {
	select {
	case <-r.complete:
		return true
	case <-ctx.Done():
	}
	select {
	case <-r.complete:
		return true
	default:
		return false
	}
}

func (r *runner) run(ctx context.Context, o order) error {
	switch o.Kind {
	case errandOpen:
		return r.open(ctx, o.Argument)
	case errandSave:
		return r.save(ctx, o)
	case errandEdit:
		return r.edit(ctx)
	case errandRead:
		return r.read(o)
	case errandRest:
		return r.rest()
	}
	return desk.Errorf(desk.Unavailable, "this hark does not know the errand %q; it is older than the desk's", printable(o.Kind))
}

// tell says how the errand went.
func (r *runner) tell(a answer) {
	_, _ = r.ch.SendRequest(answerRequest, false, ssh.Marshal(a)) // the hub may be gone
}

// open shows a link in the browser.
func (r *runner) open(ctx context.Context, url string) error {
	url, err := link(url)
	if err != nil {
		return err
	}
	if err := browse(ctx, url); err != nil {
		return err
	}
	r.tell(answer{})
	return nil
}

// rest stops this process as ctrl+z would, until the shell continues it.
func (r *runner) rest() error {
	err := r.place.lend(stopSelf)
	if err == nil {
		r.tell(answer{})
	}
	return err
}

// stopSelf stops the process group and returns once it goes on. A group that no
// shell looks after is not stopped by the system.
func stopSelf() error {
	goesOn := make(chan os.Signal, 1)
	signal.Notify(goesOn, syscall.SIGCONT)
	defer signal.Stop(goesOn)
	if err := syscall.Kill(0, syscall.SIGTSTP); err != nil {
		return desk.Errorf(desk.Unavailable, "the console cannot be put into the background: %w", err)
	}
	for range 2 { // the first wait may be over because the process stood still
		select {
		case <-goesOn:
			return nil
		case <-time.After(stoppedWithin):
		}
	}
	return desk.Errorf(desk.Unavailable, "there is no shell here to go into the background of")
}

// stoppedWithin is how long a process may run on after it was told to stop.
const stoppedWithin = 500 * time.Millisecond

// save writes what the hub sends into a new file.
func (r *runner) save(ctx context.Context, o order) error {
	limit := int64(min(o.Limit, fileMax)) //nolint:gosec // bounded
	dir := "."
	if r.typed == nil {
		dir = downloads()
	}
	f, err := newFile(dir, desk.SafeFileName(o.Argument))
	if err != nil {
		return desk.Errorf(desk.Unavailable, "the file cannot be made: %w", err)
	}
	n, err := io.Copy(f, io.LimitReader(&patient{r.ch, time.AfterFunc(stallTimeout, func() { _ = r.ch.Close() })}, limit+1))
	switch {
	case err != nil:
	case n > limit:
		err = tooLarge(desk.SafeFileName(o.Argument), n, limit)
	case !r.whole(ctx):
		err = io.ErrUnexpectedEOF
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(f.Name()) // half a file is none
		return desk.Errorf(desk.Unavailable, "the file was not saved: %w", err)
	}
	r.tell(answer{Text: f.Name()})
	return nil
}

// patient closes what stands still.
type patient struct {
	io.Reader
	timer *time.Timer
}

func (p *patient) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if err != nil {
		p.timer.Stop()
	} else {
		p.timer.Reset(stallTimeout)
	}
	return n, err
}

// read sends a file of the person. A hub that another user runs gets one only
// with the person's word: who types a path there need not be who sits here.
func (r *runner) read(o order) error {
	f, size, err := openFile(o.Argument, int64(min(o.Limit, fileMax))) //nolint:gosec // bounded
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	if err := r.mayRead(o.Argument, f.Name(), size); err != nil {
		return err
	}
	r.tell(answer{Text: desk.SafeFileName(f.Name()), Size: uint64(size)}) //nolint:gosec // not negative
	_, _ = io.Copy(r.ch, io.LimitReader(f, size))                         // the hub counts, and says what is missing
	return nil
}

// mayRead asks for leave to send a file, where the person has not given it by
// naming the file in a command.
func (r *runner) mayRead(argument, path string, size int64) error {
	switch {
	case r.typed != nil && slices.Contains(r.typed, argument), r.typed == nil && !r.c.foreign:
		return nil
	case r.place == nil:
		return desk.Errorf(desk.Denied, "the desk asks for a file that you did not name in a command; hark attach ID FILE names it")
	}
	return r.place.lend(func() error { return consent(r.place, path, size) })
}

// edit shows the hub's text in the person's editor and sends back what it
// became. What was written is never lost: where it cannot be sent, it stays in
// a file, and the person is told where.
func (r *runner) edit(ctx context.Context) error {
	text, err := io.ReadAll(io.LimitReader(r.ch, editTextMax+1))
	if err != nil || len(text) > editTextMax || !r.whole(ctx) {
		return desk.Errorf(desk.Invalid, "the text did not come through whole")
	}
	bare := len(text) > 0 && !bytes.HasSuffix(text, []byte("\n"))
	if bare {
		text = append(text, '\n') // editors end every line
	}
	d, err := newDraft(text)
	if err != nil {
		return desk.Errorf(desk.Unavailable, "the text cannot be given to an editor: %w", err)
	}
	err = r.place.lend(func() error { return d.edit(r.place, r.c.Away) })
	switch {
	case errors.Is(err, errEditorDied):
		return err // what was written stays in its file
	case err != nil:
		return errors.Join(err, d.remove())
	}
	after, err := d.read()
	switch {
	case err != nil:
		return desk.Errorf(desk.Unavailable, "what was written cannot be read: %w", err)
	case len(after) > editTextMax || !utf8.Valid(after):
		return desk.Errorf(desk.Invalid, "what was written is no text of %s at most; it is still in %s", sizeWords(editTextMax), d.path)
	case ctx.Err() != nil:
		r.c.farewell("the console is gone; what you wrote is in " + d.path)
		return nil
	}
	if bare || len(text) == 0 {
		after = bytes.TrimSuffix(after, []byte("\n"))
	}
	r.tell(answer{})
	if _, err := r.ch.Write(after); err != nil {
		r.c.farewell("the console is gone; what you wrote is in " + d.path)
		return nil
	}
	return d.remove()
}
