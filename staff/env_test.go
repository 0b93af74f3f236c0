package staff_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
	"hark/staff"
)

// world is a desk on memory behind a real socket.
type world struct {
	*desktest.Env
	t      testing.TB
	socket string
	log    *lockedBuffer
	stop   context.CancelFunc
	ended  chan struct{}
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// open starts a hub's staff side. This process is the owner of the data; the
// account ana, which belongs to user id 1000, is remapped to nobody here.
func open(t testing.TB, change ...func(*staff.Options)) *world {
	t.Helper()
	w := &world{Env: desktest.New(t), t: t, log: &lockedBuffer{}, ended: make(chan struct{})}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, w.stop = context.WithCancel(context.Background())
	o := staff.Options{
		Desk: w.Desk, Accounts: w.State, HostKey: key, Owner: os.Getuid(), Stop: w.stop,
		Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	for _, f := range change {
		f(&o)
	}
	s, err := staff.New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.socket = filepath.Join(shortDir(t), "hub.sock")
	ln, err := staff.Listen(w.socket, "")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(w.ended)
		if err := s.Serve(ctx, ln); err != nil {
			t.Errorf("serve: %v", err)
		}
		s.Close()
	}()
	t.Cleanup(func() {
		w.stop()
		select {
		case <-w.ended:
		case <-time.After(10 * time.Second):
			t.Error("the server does not end")
		}
	})
	return w
}

// shortDir returns a folder whose name leaves room for a socket's.
func shortDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "hark")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (w *world) dial(as string) *staff.Client {
	w.t.Helper()
	c, err := staff.Dial(w.t.Context(), []string{w.socket}, as)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = c.Close() })
	return c
}

// result is what a command came to.
type result struct {
	out, err string
	status   int
}

// run runs a command as an account; input is its standard input.
func (w *world) run(as, input string, argv ...string) result {
	w.t.Helper()
	var out, errOut bytes.Buffer
	c := w.dial(as)
	defer func() { _ = c.Close() }()
	status, err := c.Run(w.t.Context(), argv, []string{"TZ=UTC"}, staff.Streams{In: strings.NewReader(input), Out: &out, Err: &errOut})
	if err != nil {
		w.t.Fatalf("%v: %v", argv, err)
	}
	return result{out.String(), errOut.String(), status}
}

// do runs a command that must succeed and returns its output.
func (w *world) do(as string, argv ...string) string {
	w.t.Helper()
	r := w.run(as, "", argv...)
	if r.status != 0 || r.err != "" {
		w.t.Fatalf("%v: exit %d, %s", argv, r.status, r.err)
	}
	return r.out
}

func (w *world) row(id desk.ID) *desk.Conversation { return w.State.Conversation(id) }

func uid() string { return strconv.Itoa(os.Getuid()) }
