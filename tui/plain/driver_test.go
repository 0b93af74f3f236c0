package plain_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/canned"
	"hark/desk/desktest"
	"hark/tui/plain"
)

// console drives the program as a person or a script does: it types lines and
// keeps everything that was to be heard, with the typed lines where a terminal
// echoes them.
type console struct {
	t    *testing.T
	env  *desktest.Env
	in   *io.PipeWriter
	echo bool
	done chan error

	mu  sync.Mutex
	out strings.Builder
	at  int // how much of out the test has looked at
}

func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.Write(p)
}

// open starts a console for the session.
func open(t *testing.T, env *desktest.Env, s *desk.Session, with ...func(*plain.Options)) *console {
	t.Helper()
	r, w := io.Pipe()
	o := plain.Options{Session: s, In: r, Terminal: true, Zone: time.UTC}
	for _, adjust := range with {
		adjust(&o)
	}
	c := &console{t: t, env: env, in: w, echo: o.Terminal, done: make(chan error, 1)}
	o.Out = c
	ctx, cancel := context.WithCancel(t.Context())
	go func() { c.done <- plain.Run(ctx, o) }()
	t.Cleanup(func() {
		cancel()
		_ = w.Close()
	})
	synctest.Wait()
	return c
}

// onPipe makes it a script's console.
func onPipe(o *plain.Options) { o.Terminal = false }

// withCanned gives it a folder of replies.
func withCanned(f *canned.Folder) func(*plain.Options) {
	return func(o *plain.Options) { o.Canned = f }
}

// withClient gives it somebody who can be asked for files.
func withClient(cl plain.Client) func(*plain.Options) {
	return func(o *plain.Options) { o.Client = cl }
}

// Type types lines, each with enter, and lets the program answer.
func (c *console) Type(lines ...string) *console {
	c.t.Helper()
	for _, l := range lines {
		if c.echo {
			_, _ = c.Write([]byte(l + "\n"))
		}
		if _, err := io.WriteString(c.in, l+"\n"); err != nil && !errors.Is(err, io.ErrClosedPipe) {
			c.t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond) // of the test's own time
		synctest.Wait()
	}
	return c
}

// Heard returns everything so far, with identifiers as people could not know
// them.
func (c *console) Heard() string {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}

// New returns what came since the last look.
func (c *console) New() string {
	all := c.Heard()
	c.mu.Lock()
	defer c.mu.Unlock()
	fresh := all[c.at:]
	c.at = len(all)
	return fresh
}

// Hears fails the test unless every one of the words came since the last look.
func (c *console) Hears(words ...string) *console {
	c.t.Helper()
	fresh := c.New()
	for _, w := range words {
		if !strings.Contains(fresh, w) {
			c.t.Errorf("%q was not to be heard in:\n%s", w, fresh)
		}
	}
	return c
}

// HearsNot fails the test when one of the words was ever to be heard.
func (c *console) HearsNot(words ...string) *console {
	c.t.Helper()
	for _, w := range words {
		if strings.Contains(c.Heard(), w) {
			c.t.Errorf("%q was to be heard in:\n%s", w, c.Heard())
		}
	}
	return c
}

// End closes the input and returns how the program ended.
func (c *console) End() error {
	c.t.Helper()
	_ = c.in.Close()
	select {
	case err := <-c.done:
		return err
	case <-time.After(time.Minute):
		c.t.Fatal("the program goes on behind the end of its input")
		return nil
	}
}

// shorts puts names in place of the random identifiers of conversations.
func shorts(s *desk.Session, text string, ids map[string]desk.ID) string {
	for word, id := range ids {
		text = strings.ReplaceAll(text, s.Short(id), word)
	}
	return text
}
