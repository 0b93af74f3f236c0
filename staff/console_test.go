package staff_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"hark/staff"
)

// echo is a console that says its size and what keys it hears.
func echo(ctx context.Context, t staff.Terminal) error {
	fmt.Fprintf(t.Out, "%s at %dx%d\n", t.Session.Account().Name, t.Size.Width, t.Size.Height)
	keys := make(chan byte)
	go func() {
		b := make([]byte, 1)
		for {
			if _, err := t.In.Read(b); err != nil {
				close(keys)
				return
			}
			keys <- b[0]
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case size := <-t.Resize:
			fmt.Fprintf(t.Out, "now %dx%d\n", size.Width, size.Height)
		case k, ok := <-keys:
			switch {
			case !ok, k == 'q':
				return nil
			case k == 'p':
				panic(errors.New("a customer's words"))
			case k == 'e':
				fmt.Fprintln(t.Out, strings.Join(t.Env, " "))
			}
			fmt.Fprintf(t.Out, "key %c\n", k)
		}
	}
}

// screen is a terminal with a console on it.
type screen struct {
	t      testing.TB
	master *os.File
	tty    *os.File
	mu     sync.Mutex
	seen   bytes.Buffer
	words  bytes.Buffer // what was left on the terminal afterwards
	status int
	err    error
	done   chan struct{}
}

func (w *world) attach(ctx context.Context, as string) *screen {
	w.t.Helper()
	return w.show(ctx, w.dial(as))
}

// show opens a console of the connection on a terminal of its own.
func (w *world) show(ctx context.Context, c *staff.Client) *screen {
	w.t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Cols: 100, Rows: 30}); err != nil {
		w.t.Fatal(err)
	}
	s := &screen{t: w.t, master: master, tty: tty, done: make(chan struct{})}
	go s.read()
	go func() {
		defer close(s.done)
		s.status, s.err = c.Attach(ctx, tty, tty, &s.words)
	}()
	w.t.Cleanup(func() { _ = tty.Close(); _ = master.Close() })
	return s
}

func (s *screen) read() {
	b := make([]byte, 4096)
	for {
		n, err := s.master.Read(b)
		s.mu.Lock()
		s.seen.Write(b[:n])
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen.String()
}

func (s *screen) wait(want string) {
	s.t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for !strings.Contains(s.text(), want) {
		if time.Now().After(deadline) {
			s.t.Fatalf("no %q on the screen:\n%q", want, s.text())
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func (s *screen) press(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.master, keys); err != nil {
		s.t.Fatal(err)
	}
}

func (s *screen) end(status int) {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(10 * time.Second):
		s.t.Fatal("the console does not end")
	}
	if s.status != status {
		s.t.Errorf("exit %d, %v; want %d", s.status, s.err, status)
	}
}

func withConsole(o *staff.Options) { o.Console = echo }

func TestConsole(t *testing.T) {
	w := open(t, withConsole)
	s := w.attach(t.Context(), "ana")
	s.wait("ana at 100x30\r\n")
	if err := pty.Setsize(s.master, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	signalResize(t)
	s.wait("now 80x24\r\n")
	s.press("x")
	s.wait("key x\r\n")
	s.press("q")
	s.end(staff.ExitOK)
}

func TestTerminalIsAsBefore(t *testing.T) {
	w := open(t, withConsole)
	for _, how := range []string{"q", "p"} {
		s := w.attach(t.Context(), "ana")
		before := state(t, s.tty)
		s.wait("ana at")
		if state(t, s.tty) == before {
			t.Error("the terminal is not in raw mode during the console")
		}
		s.press(how)
		<-s.done
		if after := state(t, s.tty); after != before {
			t.Errorf("after %q the terminal is\n%s\nand was\n%s", how, after, before)
		}
	}
}

func state(t *testing.T, f *os.File) string {
	t.Helper()
	st, err := term.GetState(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%+v", *st)
}

func TestTwoConsolesLiveAtOnceAndAPanicEndsOne(t *testing.T) {
	w := open(t, withConsole)
	w.As("bo")
	one, two := w.attach(t.Context(), "ana"), w.attach(t.Context(), "bo")
	one.wait("ana at")
	two.wait("bo at")
	one.press("p")
	one.end(staff.ExitFailed)
	one.wait("\x1b[?1049l") // the screen was brought back
	two.press("x")
	two.wait("key x")
	two.press("q")
	two.end(staff.ExitOK)
	if log := w.log.String(); !strings.Contains(log, "panic=*errors.errorString") || strings.Contains(log, "customer's words") {
		t.Errorf("the log says: %s", log)
	}
	if !w.allSittingsEnded() {
		t.Error("a sitting that panicked has not ended in the journal")
	}
}

func TestHubThatEndsLeavesOneLine(t *testing.T) {
	w := open(t, withConsole)
	s := w.attach(t.Context(), "ana")
	s.wait("ana at")
	w.stop()
	s.end(staff.ExitOK)
	if got := s.words.String(); got != "the desk is closed\n" {
		t.Errorf("%q", got)
	}
}

// A hub that was killed sends no exit status. The connection's end stands for
// the process's.
func TestHubThatDiesLeavesOneLine(t *testing.T) {
	w := open(t, func(o *staff.Options) {
		o.Console = func(ctx context.Context, term staff.Terminal) error {
			fmt.Fprint(term.Out, "\x1b[?1049h")
			<-ctx.Done()
			return nil
		}
	})
	c := w.dial("ana")
	s := w.show(t.Context(), c)
	s.wait("\x1b[?1049h")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	s.end(staff.ExitUnavailable)
	if s.err == nil || !strings.Contains(s.err.Error(), "the hub ended without a word") {
		t.Error(s.err)
	}
	s.wait("\x1b[?1049l")
}

func TestIdleConsoleIsClosed(t *testing.T) {
	w := open(t, withConsole, func(o *staff.Options) { o.Idle = 100 * time.Millisecond })
	s := w.attach(t.Context(), "ana")
	s.wait("ana at")
	s.end(staff.ExitOK)
	if !strings.Contains(s.words.String(), "nobody used it") {
		t.Errorf("%q", s.words.String())
	}
}

func TestConsoleWithoutATerminalIsRefused(t *testing.T) {
	w := open(t, withConsole)
	r, wr, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = r.Close(), wr.Close() }()
	if status, err := w.dial("ana").Attach(t.Context(), r, wr, io.Discard); status != staff.ExitUsage || err == nil {
		t.Errorf("%d, %v", status, err)
	}
}

func TestEnvironmentIsCapped(t *testing.T) {
	t.Setenv("TERM", "xterm-test")
	t.Setenv("COLORTERM", "truecolor")
	t.Setenv("LD_PRELOAD", "evil.so")
	t.Setenv("LANG", strings.Repeat("x", 5000))
	w := open(t, withConsole)
	s := w.attach(t.Context(), "ana")
	s.wait("ana at")
	s.press("e")
	s.wait("TERM=xterm-test")
	if text := s.text(); !strings.Contains(text, "COLORTERM=truecolor") || strings.Contains(text, "LD_PRELOAD") || strings.Contains(text, "LANG=") {
		t.Errorf("%q", text)
	}
	s.press("q")
	s.end(staff.ExitOK)
}
