package staff

import (
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"hark/desk"
)

// keyboard reads what is typed, and can let go of the terminal for a while: a
// reader that waited in the system would take the first key of whoever has the
// terminal meanwhile.
type keyboard struct {
	fd   int
	wake *os.File // its other end is written to interrupt the wait
	poke *os.File

	mu     sync.Mutex
	away   bool
	rested chan struct{} // closed once the reader has let go
	resume chan struct{} // closed when it may go on
	closed bool
}

func newKeyboard(in *os.File) (*keyboard, error) {
	wake, poke, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	return &keyboard{fd: int(in.Fd()), wake: wake, poke: poke}, nil
}

// Read waits for keys. It reads nothing while the keyboard is let go of.
func (k *keyboard) Read(p []byte) (int, error) {
	for {
		called, err := k.await()
		switch {
		case err != nil:
			return 0, err
		case called && !k.rest():
			return 0, io.EOF
		case called:
			continue
		}
		n, err := unix.Read(k.fd, p)
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		}
		return n, nil
	}
}

// await waits until there is a key, or until the reader is called away. It uses
// select, for not every system can poll a terminal.
func (k *keyboard) await() (called bool, err error) {
	in, wake := k.fd, int(k.wake.Fd())
	for {
		var set unix.FdSet
		set.Set(in)
		set.Set(wake)
		_, err := unix.Select(max(in, wake)+1, &set, nil, nil, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return false, err
		default:
			return set.IsSet(wake), nil
		}
	}
}

// rest lets go of the terminal until it is given back; false ends the reader.
func (k *keyboard) rest() bool {
	var b [1]byte
	if _, err := k.wake.Read(b[:]); err != nil {
		return false
	}
	k.mu.Lock()
	closed, resume := k.closed, k.resume
	if k.rested != nil {
		close(k.rested)
		k.rested = nil
	}
	k.mu.Unlock()
	if closed {
		return false
	}
	<-resume
	return true
}

// letGoIn is how long the reader may take to let go: it may be handing keys to
// a hub that is slow.
const letGoIn = 2 * time.Second

// letGo makes the reader leave the terminal alone until takeBack.
func (k *keyboard) letGo() error {
	k.mu.Lock()
	if k.away || k.closed {
		k.mu.Unlock()
		return desk.Errorf(desk.Conflict, "your terminal is in use already")
	}
	rested := make(chan struct{})
	k.away, k.rested, k.resume = true, rested, make(chan struct{})
	k.mu.Unlock()
	if _, err := k.poke.Write([]byte{0}); err != nil {
		return err
	}
	select {
	case <-rested:
		return nil
	case <-time.After(letGoIn):
		k.takeBack()
		return desk.Errorf(desk.Unavailable, "the terminal is busy; try again")
	}
}

// takeBack lets the reader go on.
func (k *keyboard) takeBack() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.away {
		k.away, k.rested = false, nil
		close(k.resume)
	}
}

// close ends the reader.
func (k *keyboard) close() {
	k.mu.Lock()
	k.closed = true
	if k.away {
		k.away = false
		close(k.resume)
	}
	k.mu.Unlock()
	_, _ = k.poke.Write([]byte{0}) // the reader may have ended before
}

// oneKey waits for one key of the person while the terminal is lent.
func (p *place) oneKey(patience time.Duration) (byte, error) {
	if _, err := term.MakeRaw(int(p.in.Fd())); err != nil {
		return 0, err
	}
	defer func() { _ = term.Restore(int(p.in.Fd()), p.before) }() // the console sets its own mode anyway
	fd := int(p.in.Fd())
	var set unix.FdSet
	set.Set(fd)
	wait := unix.NsecToTimeval(patience.Nanoseconds())
	n, err := unix.Select(fd+1, &set, nil, nil, &wait)
	if err != nil || n == 0 {
		return 0, errors.Join(errNoKey, err)
	}
	b := make([]byte, 1)
	if n, err := unix.Read(fd, b); n != 1 {
		return 0, errors.Join(errNoKey, err)
	}
	return b[0], nil
}

var errNoKey = errors.New("no key was pressed")
