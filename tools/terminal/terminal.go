// Package terminal runs a program in a terminal that nobody looks at: a real
// pseudo-terminal whose output goes through an emulator. Tests, benchmarks and
// the pictures of the guide see the program the way a person does, by what
// stands on the screen.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// endTimeout is how long a program may take to end after its terminal is gone.
const endTimeout = 10 * time.Second

// Options are a terminal's properties.
type Options struct {
	Width, Height int // in cells; 120x40 when zero
	// Output is called with everything that the program writes, as it comes;
	// nil for nothing. It must not block.
	Output func(at time.Time, p []byte)
}

// Terminal is a program in a terminal.
type Terminal struct {
	cmd    *exec.Cmd
	tty    *os.File
	output func(time.Time, []byte)
	ended  chan struct{} // closed when the program has
	err    error         // of the program; set before ended closes

	mu      sync.Mutex // guards the emulator
	screen  *vt.Emulator
	changed chan struct{} // closed and replaced at every change
}

// Start runs cmd in a terminal of its own. The terminal is dark, has all
// colours and answers what programs ask terminals.
func Start(cmd *exec.Cmd, o Options) (*Terminal, error) {
	if o.Width == 0 || o.Height == 0 {
		o.Width, o.Height = 120, 40
	}
	t := &Terminal{cmd: cmd, output: o.Output, ended: make(chan struct{}), changed: make(chan struct{})}
	t.screen = vt.NewEmulator(o.Width, o.Height)
	t.screen.SetDefaultForegroundColor(color.RGBA{0xd8, 0xdc, 0xe2, 0xff})
	t.screen.SetDefaultBackgroundColor(color.RGBA{0x16, 0x1b, 0x22, 0xff})
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR=", "TMUX=", "SSH_TTY=")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(o.Width), Rows: uint16(o.Height)})
	if err != nil {
		return nil, fmt.Errorf("start %s in a terminal: %w", cmd.Path, err)
	}
	t.tty = tty
	go t.answer()
	go t.read()
	return t, nil
}

// answer types what the emulator answers to the program's questions.
func (t *Terminal) answer() { _, _ = io.Copy(t.tty, t.screen) } // ends with either

// read shows what the program writes until it ends.
func (t *Terminal) read() {
	buf := make([]byte, 64<<10)
	for {
		n, err := t.tty.Read(buf)
		if n > 0 {
			if t.output != nil {
				t.output(time.Now(), buf[:n])
			}
			t.show(buf[:n])
		}
		if err != nil {
			break // a terminal ends with an error by design
		}
	}
	t.err = t.cmd.Wait()
	close(t.ended)
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.changed)
	t.changed = make(chan struct{})
}

func (t *Terminal) show(p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = t.screen.Write(p) // the emulator takes everything
	close(t.changed)
	t.changed = make(chan struct{})
}

// Type sends keys as a keyboard does: text as it is, "\r" for enter, "\x1b"
// for escape.
func (t *Terminal) Type(keys string) error {
	_, err := io.WriteString(t.tty, keys)
	return err
}

// Resize gives the terminal another size.
func (t *Terminal) Resize(width, height int) error {
	t.mu.Lock()
	t.screen.Resize(width, height)
	t.mu.Unlock()
	return pty.Setsize(t.tty, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)})
}

// Rows returns what stands on the screen, a string a row, without the blanks
// at the right.
func (t *Terminal) Rows() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	rows := make([]string, t.screen.Height())
	for y := range rows {
		var b strings.Builder
		for x := 0; x < t.screen.Width(); {
			c := t.screen.CellAt(x, y)
			if c == nil || c.Content == "" {
				b.WriteByte(' ')
				x++
				continue
			}
			b.WriteString(c.Content)
			x += max(c.Width, 1)
		}
		rows[y] = strings.TrimRight(b.String(), " ")
	}
	return rows
}

// Text returns what stands on the screen.
func (t *Terminal) Text() string { return strings.Join(t.Rows(), "\n") }

// ErrEnded says that the program ended while something was waited for.
var ErrEnded = errors.New("the program has ended")

// Wait waits until the screen is as ok wants it. Its error holds the screen.
func (t *Terminal) Wait(ctx context.Context, ok func(text string) bool) error {
	for {
		t.mu.Lock()
		changed := t.changed
		t.mu.Unlock()
		if ok(t.Text()) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%w; the screen shows:\n%s", ctx.Err(), t.Text())
		case <-t.ended:
			if ok(t.Text()) {
				return nil
			}
			return errors.Join(fmt.Errorf("%w; the screen shows:\n%s", ErrEnded, t.Text()), t.err)
		}
	}
}

// WaitFor waits until text stands on the screen.
func (t *Terminal) WaitFor(ctx context.Context, text string) error {
	err := t.Wait(ctx, func(screen string) bool { return strings.Contains(screen, text) })
	if err != nil {
		return fmt.Errorf("wait for %q on the screen: %w", text, err)
	}
	return nil
}

// Ended waits until the program has ended and returns how.
func (t *Terminal) Ended(ctx context.Context) error {
	select {
	case <-t.ended:
		return t.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Kill ends the program as nothing a program can hear does.
func (t *Terminal) Kill() error { return t.cmd.Process.Kill() }

// Close hangs up and waits until the program has ended.
func (t *Terminal) Close() error {
	err := t.tty.Close()
	if pipe, ok := t.screen.InputPipe().(io.Closer); ok { // ends answer
		err = errors.Join(err, pipe.Close())
	}
	_ = t.cmd.Process.Signal(syscall.SIGHUP) // it may have ended
	select {
	case <-t.ended:
		return err
	case <-time.After(endTimeout):
		return errors.Join(err, t.cmd.Process.Kill(), errors.New("the program did not end by itself"))
	}
}
