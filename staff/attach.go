package staff

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"

	"hark/desk"
)

// restoreSequences bring a terminal back that a console left without a word:
// synchronised output off, main screen, cursor shown, mouse, paste and focus
// reports off, the keyboard and the colours as they were.
const restoreSequences = "\x1b[?2026l\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l" +
	"\x1b[?2004l\x1b[?1004l\x1b[?2027l\x1b[<u\x1b[>4m\x1b[0m\r"

// Attach shows a console on the terminal until the person leaves it or the hub
// ends, and returns its exit status. The terminal is as before afterwards,
// whatever happened; then the hub's last words are written. Meanwhile the hub
// may send the person's machine on errands.
func (c *Client) Attach(ctx context.Context, in, out *os.File, words io.Writer) (int, error) {
	if !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return ExitUsage, desk.Errorf(desk.Invalid, "the console needs a terminal; hark ls, cat, tail and send work without one")
	}
	s, err := c.session(Environ(out))
	if err != nil {
		return ExitFailed, err
	}
	defer s.close()
	stop := context.AfterFunc(ctx, s.close)
	defer stop()
	return s.inRawMode(ctx, in, out, words)
}

// inRawMode runs the console with the terminal in raw mode and brings the
// terminal back in any case.
func (s *remote) inRawMode(ctx context.Context, in, out *os.File, words io.Writer) (status int, err error) {
	place, err := newPlace(in, out, func() { _ = s.send("window-change", sizeOf(out)) })
	if err != nil {
		return ExitFailed, desk.Errorf(desk.Unavailable, "the terminal cannot be used: %w", err)
	}
	last := &tailBuffer{}
	defer func() {
		e := place.restore(err != nil || status != ExitOK)
		if e != nil && err == nil {
			err = desk.Errorf(desk.Unavailable, "the terminal could not be brought back; stty sane does it: %w", e)
		}
		_, _ = words.Write(bytes.ReplaceAll(last.b, []byte("\r\n"), []byte("\n")))
		s.c.sayFarewell(words)
	}()
	return s.console(ctx, place, last)
}

// tailBuffer keeps the hub's last words until the screen is back.
type tailBuffer struct{ b []byte }

func (t *tailBuffer) Write(p []byte) (int, error) {
	if room := maxLastWords - len(t.b); room > 0 {
		t.b = append(t.b, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

// maxLastWords is how much the hub may say when a console ends, in bytes.
const maxLastWords = 4096

// console asks for a terminal session and carries keys, screen and size.
func (s *remote) console(ctx context.Context, place *place, last io.Writer) (int, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	over := make(chan struct{})
	s.c.over = over
	go func() {
		defer close(over)
		s.c.runErrands(ctx, place, nil)
	}()
	if err := s.askTerminal(place.out); err != nil {
		return ExitUnavailable, errHubGone
	}
	var follows sync.WaitGroup
	follows.Go(func() { s.followSize(ctx, place.out) })
	defer follows.Wait()
	defer cancel()
	go s.feed(place.keys)
	return s.wait(place, last)
}

// cells is the payload that pty-req and window-change share.
type cells struct{ Width, Height, XPixel, YPixel uint32 }

func sizeOf(out *os.File) cells {
	w, h, err := term.GetSize(int(out.Fd()))
	if err != nil || w < 0 || h < 0 {
		return cells{}
	}
	return cells{Width: uint32(w), Height: uint32(h)} //nolint:gosec // checked
}

func (s *remote) askTerminal(out *os.File) error {
	size := sizeOf(out)
	err := s.send("pty-req", struct {
		Term                          string
		Width, Height, XPixel, YPixel uint32
		Modes                         string
	}{os.Getenv("TERM"), size.Width, size.Height, 0, 0, "\x00"})
	if err != nil {
		return err
	}
	if err := s.send(seatRequest, nil); err != nil {
		return err
	}
	return s.send("shell", nil)
}

// followSize tells the hub the terminal's size whenever it changes.
func (s *remote) followSize(ctx context.Context, out *os.File) {
	changed := make(chan os.Signal, 1)
	signal.Notify(changed, syscall.SIGWINCH)
	defer signal.Stop(changed)
	told := sizeOf(out)
	for {
		if now := sizeOf(out); now != told {
			told = now
			if s.send("window-change", now) != nil {
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
			time.Sleep(resizePause)
		}
	}
}

// resizePause gathers the many sizes of a dragged window: the last counts.
const resizePause = 10 * time.Millisecond
