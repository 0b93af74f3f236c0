package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hark/channels/email/outbox"
	"hark/channels/email/outbox/smtptest"
	"hark/desk"
	"hark/desk/mailbox"
)

// power is cut at one of the things that an outbox makes durable: just before
// it, or just after.
type power struct {
	mu    sync.Mutex
	at    int // which one, from 1; 0: never
	after bool
	n     int
	what  string // what was going on
	off   bool
	gone  chan struct{} // closed with the cut
}

var errCut = errors.New("the power is cut")

// durable does something durable, or not.
func (p *power) durable(what string, do func() error) error {
	p.mu.Lock()
	if p.off {
		p.mu.Unlock()
		return errCut
	}
	p.n++
	cut := p.n == p.at
	if cut {
		p.off, p.what = true, what
	}
	p.mu.Unlock()
	if !cut {
		return do()
	}
	defer close(p.gone)
	if p.after {
		return errors.Join(do(), errCut)
	}
	return errCut
}

// cutStore, cutDesk and cutSent are the real ones with a power switch.
type cutStore struct {
	outbox.Store
	*power
}

// Prepare implements outbox.Store.
func (s cutStore) Prepare(ctx context.Context, l mailbox.Letter) error {
	return s.durable("prepare", func() error { return s.Store.Prepare(ctx, l) })
}

// Alias implements outbox.Store.
func (s cutStore) Alias(ctx context.Context, id string, conversation, item desk.ID) error {
	return s.durable("alias", func() error { return s.Store.Alias(ctx, id, conversation, item) })
}

// Mark implements outbox.Store.
func (s cutStore) Mark(ctx context.Context, item desk.ID, state mailbox.OutState, o mailbox.Outcome) error {
	return s.durable("mark "+string(state), func() error { return s.Store.Mark(ctx, item, state, o) })
}

type cutDesk struct {
	outbox.Desk
	*power
}

// Posted implements outbox.Desk.
func (d cutDesk) Posted(ctx context.Context, conversation desk.ID, p desk.MailPosted) error {
	return d.durable("posted "+string(p.State), func() error { return d.Desk.Posted(ctx, conversation, p) })
}

type cutSent struct {
	outbox.Sent
	*power
}

// AppendSent implements outbox.Sent.
func (s cutSent) AppendSent(ctx context.Context, at time.Time, b []byte) error {
	return s.durable("append", func() error { return s.Sent.AppendSent(ctx, at, b) })
}

// TestPowerCut ends the outbox before and after each thing that it makes
// durable, and starts another one. Whatever the moment, the mail arrives once
// and has one copy; but when its end was on the way, it is parked.
func TestPowerCut(t *testing.T) {
	parked := map[string]int{}
	for _, after := range []bool{false, true} {
		reached := true
		for at := 1; reached; at++ {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, smtptest.Options{})
				p := &power{at: at, after: after, gone: make(chan struct{})}
				c, item := w.sends(desk.Outgoing{})
				w.untilCut(p)
				if reached = p.what != ""; !reached {
					return
				}
				w.start()
				w.after(2 * time.Hour)
				w.stop()
				where := fmt.Sprintf("%s, after it: %v", p.what, after)
				arrived, state, row := len(w.sink.Deliveries()), w.kept(item), w.State.Conversation(c)
				switch {
				case len(row.Outbox) != 0:
					t.Errorf("%s: the row says that it is still to go out", where)
				case state == mailbox.Parked:
					parked[where] = arrived
					if len(row.Trouble) != 1 || w.sent.count() != 0 {
						t.Errorf("%s: parked, with trouble %+v and %d copies", where, row.Trouble, w.sent.count())
					}
				case state != mailbox.Filed || arrived != 1 || w.sent.count() != 1 || len(row.Trouble) != 0:
					t.Errorf("%s: it is %s, arrived %d times, has %d copies, trouble %+v", where, state, arrived, w.sent.count(), row.Trouble)
				}
			})
		}
	}
	if len(parked) != 2 || parked["mark committing, after it: true"] != 0 || parked["mark sent, after it: false"] != 1 {
		t.Errorf("parked, and how often arrived: %v", parked)
	}
}

// untilCut runs an outbox until the power is cut, or all is done.
func (w *world) untilCut(p *power) {
	w.t.Helper()
	a := w.acct
	a.Sent = cutSent{w.sent, p}
	out, err := outbox.New(outbox.Options{
		Desk: cutDesk{w.Desk, p}, Store: cutStore{w.store, p}, Accounts: []outbox.Account{a}, Zone: time.UTC, File: w.Files.Open,
		Dial: w.dial,
	})
	must(w.t, err)
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = out.Run(ctx) // ended by cancel
	}()
	select {
	case <-p.gone:
	case <-time.After(time.Hour):
	}
	cancel()
	<-done
	synctest.Wait()
}
