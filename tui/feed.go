package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/inbox"
)

// gather is how long changes are collected before they are shown together. The
// first one after a quiet time is shown at once.
const gather = 40 * time.Millisecond

// feed is the only way from the desk to the program. What must arrive is never
// dropped here: while the program is busy it waits in the desk's bounded
// queues, and turns into a resync there.
type feed struct {
	ctx     context.Context
	changes *desk.Subscription[desk.Frame]
	in      chan piece
}

// piece is a batch of one of the subscriptions; gen is 0 for all conversations.
type piece struct {
	gen   int
	batch desk.Batch[desk.Frame]
}

func newFeed(ctx context.Context, changes *desk.Subscription[desk.Frame]) *feed {
	return &feed{ctx: ctx, changes: changes, in: make(chan piece)}
}

// follow also brings the events of an opened thread, until that is closed.
func (f *feed) follow(gen int, t *desk.Thread) { go f.pump(gen, t.Live()) }

// pump hands on what a subscription brings until it ends.
func (f *feed) pump(gen int, sub *desk.Subscription[desk.Frame]) {
	for {
		batch, err := sub.Next(f.ctx)
		if err != nil {
			return
		}
		select {
		case f.in <- piece{gen, batch}:
		case <-f.ctx.Done():
			return
		}
	}
}

// run gathers and sends until the context ends.
func (f *feed) run(send func(tea.Msg)) {
	go f.pump(0, f.changes)
	quiet := time.NewTimer(0)
	defer quiet.Stop()
	for {
		select {
		case <-f.ctx.Done():
			return
		case p := <-f.in:
			for _, a := range f.collect(p, quiet.C) {
				send(a)
			}
			quiet.Reset(gather)
		}
	}
}

// collect adds to p what comes until the time is over. Pieces of another
// thread begin another message.
func (f *feed) collect(p piece, over <-chan time.Time) []inbox.Arrived {
	out := add(nil, p)
	for {
		select {
		case more := <-f.in:
			out = add(out, more)
		case <-over:
			return out
		case <-f.ctx.Done():
			return out
		}
	}
}

// add puts a piece into the last message, or into a new one when that is about
// another thread.
func add(all []inbox.Arrived, p piece) []inbox.Arrived {
	if n := len(all); n == 0 || p.gen != 0 && all[n-1].Gen != 0 && all[n-1].Gen != p.gen {
		all = append(all, inbox.Arrived{})
	}
	a := &all[len(all)-1]
	if p.gen == 0 {
		a.Rows = append(a.Rows, p.batch.Items...)
		a.Resync = a.Resync || p.batch.Resync
		return all
	}
	a.Gen = p.gen
	a.Thread = append(a.Thread, p.batch.Items...)
	a.Again = a.Again || p.batch.Resync
	return all
}
