package mailsync_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hark/channels/email/mailsync"
	"hark/desk/mailbox"
	"hark/desk/mailbox/mailboxtest"
)

// desk is an engine, its server and its ledger.
type env struct {
	t      *testing.T
	server *server
	store  *mailboxtest.Memory
	engine *mailsync.Engine
	o      mailsync.Options
	stop   func()

	mu       sync.Mutex
	statuses []mailsync.Status
	notified int
}

func newEnv(t *testing.T) *env {
	e := &env{t: t, server: newServer(), store: mailboxtest.New(), stop: func() {}}
	e.o = mailsync.Options{
		Account: "shop", Dial: e.server.dial, Store: e.store,
		Report: func(s mailsync.Status) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.statuses = append(e.statuses, s)
		},
		Notify: func() {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.notified++
		},
	}
	return e
}

// start runs an engine until stop, which waits for its end.
func (e *env) start() {
	e.engine = mailsync.New(e.o)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	e.stop = func() {
		cancel()
		<-done
	}
	go func() {
		defer close(done)
		e.engine.Run(ctx)
	}()
}

// held returns the UIDs that the ledger has of the mails on the server now.
func (e *env) held(box string) []uint32 {
	e.t.Helper()
	c, err := e.store.Cursor(context.Background(), "shop", box)
	if err != nil {
		e.t.Fatal(err)
	}
	uids, err := e.store.Known(context.Background(), "shop", box, c.Validity)
	if err != nil {
		e.t.Fatal(err)
	}
	return uids
}

// whole fails unless the ledger is the server's UID set, with its bytes.
func (e *env) whole(box string) {
	e.t.Helper()
	if want, got := e.server.uids(box), e.held(box); !slices.Equal(want, got) {
		e.t.Fatalf("the ledger has %d mails, the server %d:\n%v\n%v", len(got), len(want), brief(got), brief(want))
	}
	e.server.mu.Lock()
	bodies := map[uint32]string{}
	for _, m := range e.server.boxes[box].mails {
		bodies[m.uid] = m.raw
	}
	e.server.mu.Unlock()
	for _, h := range e.rows(box) {
		if h.Vanished || h.Stage == mailbox.Quarantined {
			continue
		}
		if got := e.bytes(h); got != bodies[h.UID] && !h.Partial {
			e.t.Fatalf("mail %d is kept as %q, not %q", h.UID, got, bodies[h.UID])
		}
	}
}

func brief(uids []uint32) string {
	if len(uids) > 40 {
		return fmt.Sprint(uids[:20], "…", uids[len(uids)-20:])
	}
	return fmt.Sprint(uids)
}

func (e *env) rows(box string) []mailbox.Head {
	e.t.Helper()
	rows, err := e.store.Heads(context.Background(), "shop", box)
	if err != nil {
		e.t.Fatal(err)
	}
	return rows
}

func (e *env) bytes(h mailbox.Head) string {
	e.t.Helper()
	r, _, err := e.store.Open(context.Background(), h.ID)
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	raw, err := io.ReadAll(r)
	if err != nil {
		e.t.Fatal(err)
	}
	return string(raw)
}

func (e *env) cursor(box string) mailbox.Cursor {
	e.t.Helper()
	c, err := e.store.Cursor(context.Background(), "shop", box)
	if err != nil {
		e.t.Fatal(err)
	}
	return c
}

// in runs a test on fake time and stops the engine at its end.
func in(t *testing.T, test func(t *testing.T, e *env)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := newEnv(t)
		defer func() {
			e.stop()
			pass(time.Second)
			if e.server.open != 0 {
				t.Errorf("%d connections were left open", e.server.open)
			}
		}()
		test(t, e)
	})
}

// pass lets fake time pass and everything come to rest.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
