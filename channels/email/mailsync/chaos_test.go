package mailsync_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
	"hark/desk/mailbox/mailboxtest"
)

// chaos makes every call of a server fail now and then, in every way.
type chaos struct {
	r    *rand.Rand
	bad  map[uint32]bool // these never come
	over bool
}

func (c *chaos) fault(call string) error {
	if c.over || c.r.IntN(25) != 0 {
		return nil
	}
	if call == "idle" || call == "noop" || c.r.IntN(4) == 0 {
		return trouble(imap.Network)
	}
	kinds := []error{
		trouble(imap.Protocol), trouble(imap.Timeout), trouble(imap.Network), trouble(imap.Refused),
		trouble(imap.TooBig), trouble(imap.Throttled), errHang,
	}
	return kinds[c.r.IntN(len(kinds))]
}

func (c *chaos) spoil(uid uint32, _ bool) spoiling {
	ways := []spoiling{absent, hangup, refused, stalled}
	switch {
	case c.bad[uid]:
		return ways[int(uid)%len(ways)]
	case !c.over && c.r.IntN(60) == 0:
		return ways[c.r.IntN(len(ways))]
	}
	return sound
}

func TestWhateverFailsTheLedgerIsTheServersInTheEnd(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			in(t, func(t *testing.T, e *env) { e.survive(seed) })
		})
	}
}

// survive plays a day of a server that fails all the time.
func (e *env) survive(seed uint64) {
	t := e.t
	c := &chaos{r: rand.New(rand.NewPCG(seed, 1)), bad: map[uint32]bool{3: true, 50: true, 77: true, 78: true}}
	e.o.Limits.Large, e.o.Limits.Size, e.o.Limits.Hard, e.o.Limits.Start = 4000, 8000, 50_000, 500
	e.server.deliver("INBOX", mails(0, 300)...)
	e.server.deliver("INBOX", mailNo(300)+string(make([]byte, 5000)), mailNo(301)+string(make([]byte, 9000)))
	e.server.fault, e.server.spoil = c.fault, c.spoil
	e.start()
	r := rand.New(rand.NewPCG(seed, 2)) // chaos has its own, within the server's lock
	for n := range 40 {
		pass(time.Duration(r.IntN(1200)) * time.Second)
		switch r.IntN(4) {
		case 0:
			e.server.expunge("INBOX", uint32(100+r.IntN(150)))
		case 1:
			e.stop()
			e.start()
		default:
			e.server.deliver("INBOX", mailNo(1000+n))
		}
	}
	e.server.mu.Lock()
	c.over = true
	e.server.mu.Unlock()
	e.engine.Poke()
	pass(3 * time.Hour)
	e.whole("INBOX")
	e.once(t)
	if len(e.problems()) < len(c.bad) {
		t.Errorf("%d of %d bad mails are in quarantine", len(e.problems()), len(c.bad))
	}
	if n := len(e.problems()); n > 2*len(c.bad) {
		t.Errorf("%d mails are in quarantine for %d bad ones", n, len(c.bad))
	}
}

// once fails when a mail is in the ledger twice.
func (e *env) once(t *testing.T) {
	t.Helper()
	places := map[mailbox.Place]bool{}
	for _, r := range e.rows("INBOX") {
		if places[r.Place] {
			t.Errorf("mail %d is there twice", r.UID)
		}
		places[r.Place] = true
	}
}

// mortal is a ledger whose process dies with the n-th change: before it is
// done, or after it is durable but before anybody learns.
type mortal struct {
	*mailboxtest.Memory
	left  int
	after bool
	died  context.CancelFunc
}

var errDied = errors.New("the process died")

func (m *mortal) change(do func() error) error {
	if m.left--; m.left > 0 {
		return do()
	}
	if m.left == 0 && m.after {
		_ = do()
	}
	m.died()
	return errDied
}

func (m *mortal) Put(ctx context.Context, a ...mailbox.Arrival) error {
	return m.change(func() error { return m.Memory.Put(ctx, a...) })
}

func (m *mortal) SetCursor(ctx context.Context, c mailbox.Cursor) error {
	return m.change(func() error { return m.Memory.SetCursor(ctx, c) })
}

func (m *mortal) Vanish(ctx context.Context, account, box string, v uint32, uids []uint32) error {
	return m.change(func() error { return m.Memory.Vanish(ctx, account, box, v, uids) })
}

func (m *mortal) Map(ctx context.Context, moves ...mailbox.Move) error {
	return m.change(func() error { return m.Memory.Map(ctx, moves...) })
}

func (m *mortal) Quarantine(ctx context.Context, p mailbox.Problem) error {
	return m.change(func() error { return m.Memory.Quarantine(ctx, p) })
}

func (m *mortal) Attempt(ctx context.Context, p mailbox.Place, stage, why string) (n int, err error) {
	err = m.change(func() error {
		n, err = m.Memory.Attempt(ctx, p, stage, why)
		return err
	})
	return n, err
}

// TestACrashAtAnyCommitLosesNothing lets the process die at every change of
// the ledger: in the first sync, at a bad mail, in a UIDVALIDITY change.
func TestACrashAtAnyCommitLosesNothing(t *testing.T) {
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			survived := false
			in(t, func(t *testing.T, e *env) { survived = e.crash(at, after) })
			if t.Failed() {
				t.Fatalf("died at change %d (after: %v)", at, after)
			}
			if survived {
				if at < 20 {
					t.Fatalf("only %d changes", at)
				}
				break
			}
		}
	}
}

// crash plays a story over a ledger that dies at a change, starts anew where
// that happens, and reports whether the story ended before.
func (e *env) crash(at int, after bool) (survived bool) {
	e.o.Limits.Window = 6
	e.server.spoil = only(map[uint32]spoiling{5: absent})
	m := &mortal{Memory: e.store, left: at, after: after}
	e.startMortal(m)
	story := []func(){
		func() { e.server.deliver("INBOX", mails(0, 20)...) },
		func() { e.readAll() },
		func() { e.server.expunge("INBOX", 2) },
		func() {
			e.server.mu.Lock()
			e.server.spoil = nil
			e.server.mu.Unlock()
			e.server.renumber("INBOX", 8, 1)
			e.server.deliver("INBOX", mailNo(99))
			e.engine.Poke()
		},
	}
	survived = true
	for _, scene := range story {
		scene()
		pass(time.Minute)
		if m.left <= 0 && survived {
			survived = false
			e.stop()
			e.o.Store = e.store
			e.start()
			pass(time.Minute)
		}
		e.whole("INBOX")
		e.once(e.t)
	}
	kept := 0
	for _, r := range e.rows("INBOX") {
		if !r.Vanished && r.Stage == mailbox.Threaded {
			kept++
		}
	}
	if kept < 18 { // 20 less the one that did not come and the one that was removed
		e.t.Errorf("%d mails kept their identity", kept)
	}
	return survived
}

// startMortal is start with a context that ends when the ledger dies.
func (e *env) startMortal(m *mortal) {
	e.o.Store = m
	m.died = onceElsewhere(func() { e.stop() })
	e.start()
}

// onceElsewhere runs stop once: the engine must not wait for itself.
func onceElsewhere(stop func()) context.CancelFunc {
	done := false
	return func() {
		if !done {
			done = true
			go stop()
		}
	}
}
