package staff

import (
	"os"
	"sync"

	"golang.org/x/term"

	"hark/desk"
)

// place is the terminal that a console is shown on. It is in raw mode but for
// the while that it is lent to somebody else, such as an editor.
type place struct {
	in, out *os.File
	keys    *keyboard
	redraw  func() // asks the console for its whole picture
	before  *term.State

	lent sync.Mutex // held while the terminal is somebody else's

	mu    sync.Mutex
	modes *modes
	away  bool // what the console draws is not shown
	drawn int  // bytes that the console drew
	over  bool
}

func newPlace(in, out *os.File, redraw func()) (*place, error) {
	keys, err := newKeyboard(in)
	if err != nil {
		return nil, err
	}
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, err
	}
	return &place{in: in, out: out, keys: keys, redraw: redraw, before: before, modes: newModes()}, nil
}

// Write shows what the console draws, unless the terminal is lent.
func (p *place) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.modes.follow(b)
	p.drawn += len(b)
	if p.away {
		return len(b), nil
	}
	return p.out.Write(b)
}

// lend gives the terminal, as it was before the console, to f.
func (p *place) lend(f func() error) error {
	if p == nil {
		return desk.Errorf(desk.Unavailable, "a console of lines has no terminal to lend")
	}
	if !p.lent.TryLock() {
		return desk.Errorf(desk.Conflict, "your terminal is in use already; end what has it first")
	}
	defer p.lent.Unlock()
	if p.ended() {
		return desk.Errorf(desk.Unavailable, "the console has ended")
	}
	if err := p.keys.letGo(); err != nil {
		return err
	}
	defer p.keys.takeBack()
	if err := p.leave(); err != nil {
		return desk.Errorf(desk.Unavailable, "the terminal cannot be handed over: %w", err)
	}
	err := f()
	if p.enter() != nil && err == nil {
		err = desk.Errorf(desk.Unavailable, "the terminal did not come back; stty raw helps the console")
	}
	p.redraw()
	return err
}

func (p *place) leave() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = true
	_, _ = p.out.WriteString(p.modes.leave()) // a terminal that is gone shows soon enough
	dropTyped(int(p.in.Fd()))
	err := term.Restore(int(p.in.Fd()), p.before)
	if err != nil {
		p.away = false
	}
	return err
}

func (p *place) enter() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return nil
	}
	_, err := term.MakeRaw(int(p.in.Fd()))
	dropTyped(int(p.in.Fd()))
	p.away = false
	_, _ = p.out.WriteString(p.modes.enter()) // a terminal that is gone shows soon enough
	return err
}

func (p *place) ended() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.over
}

// restore brings the terminal back for good, once whoever has it is done. A
// console that ended badly did not tidy up, so that is done here.
func (p *place) restore(badly bool) error {
	p.mu.Lock()
	p.over = true
	p.mu.Unlock()
	p.lent.Lock() // an editor may still be open
	defer p.lent.Unlock()
	p.keys.close()
	if badly && p.drawn > 0 {
		_, _ = p.out.WriteString(restoreSequences)
	}
	// Answers of the terminal to questions of the console may still be under
	// way; the shell must not take them for typed words.
	dropTyped(int(p.in.Fd()))
	return term.Restore(int(p.in.Fd()), p.before)
}
