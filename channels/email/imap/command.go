package imap

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// box is a connection that is signed in.
type box struct {
	w        *wire
	lib      *imapclient.Client
	gate     chan struct{} // holds a token while a command is in flight
	caps     Caps
	extended bool // LIST takes return options (RFC 5258)
	tags     int  // of commands that the library does not know of

	// next is the UIDNEXT of the selected mailbox when it was selected.
	next uint32
}

var _ Box = (*box)(nil)

func (b *box) Caps() Caps       { return b.caps }
func (b *box) Traffic() Traffic { return b.w.traffic() }

// Close ends the connection at once.
func (b *box) Close() error {
	b.w.fail(b.w.closed(nil))
	return nil
}

// command is one command to the server.
type command struct {
	what  string // for "the server refused to …"
	shown string // what may be remembered of it
	asks  asks
	limit time.Duration // on the whole; 0: Limits.Command
}

// run sends a command when it is its turn and waits for its end. do talks with
// the library, or directly with the wire, and returns how the command ended.
func (b *box) run(ctx context.Context, c command, do func() error) error {
	select {
	case b.gate <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-b.gate }()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if t := b.w.lost(); t != nil {
		return t
	}
	stop := context.AfterFunc(ctx, func() { b.w.fail(b.w.closed(ctx.Err())) })
	defer stop()
	if c.limit == 0 {
		c.limit = b.w.limits.Command
	}
	end := time.AfterFunc(c.limit, func() { b.w.fail(b.w.tooLong()) })
	defer end.Stop()
	b.w.note("%s", c.shown)
	b.w.answer.begin(c.asks)
	b.w.pace.begin(b.w.limits.Silence)
	err := do()
	b.w.pace.end()
	b.w.answer.rest()
	return b.ended(ctx, c, err)
}

// ended says how a command ended. An error that is no answer of the server
// means that the connection is over; the wire knows why, and if it does not,
// the library could not read what it was given.
func (b *box) ended(ctx context.Context, c command, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var no *imap.Error
	if errors.As(err, &no) {
		t := b.w.said(c.what, string(no.Code), no.Text)
		if t.Kind.Lost() {
			b.w.fail(t)
		}
		return t
	}
	var t *Trouble
	if !errors.As(err, &t) {
		t = b.w.broke(err)
	}
	b.w.fail(t) // unless the wire has a reason already
	return b.w.lost()
}

// Select opens a mailbox.
func (b *box) Select(ctx context.Context, name string) (Selected, error) {
	var s Selected
	err := b.run(ctx, command{what: "open the mailbox", shown: "SELECT …", asks: asks{selects: true}}, func() error {
		b.w.takeNews() // of another mailbox
		_, err := b.lib.Select(name, &imap.SelectOptions{CondStore: b.caps.CondStore}).Wait()
		s = b.w.answer.state()
		return err
	})
	if err != nil {
		return Selected{}, err
	}
	b.next = s.Next
	return s, nil
}

// Noop asks for news.
func (b *box) Noop(ctx context.Context) (bool, error) {
	err := b.run(ctx, command{what: "answer", shown: "NOOP"}, func() error { return b.lib.Noop().Wait() })
	return err == nil && b.w.takeNews(), err
}

// Store adds and removes flags.
func (b *box) Store(ctx context.Context, uids []uint32, add, remove []string) error {
	for _, change := range []struct {
		op    imap.StoreFlagsOp
		flags []string
	}{{imap.StoreFlagsAdd, add}, {imap.StoreFlagsDel, remove}} {
		if len(change.flags) == 0 {
			continue
		}
		flags := &imap.StoreFlags{Op: change.op, Silent: true}
		for _, f := range change.flags {
			if !isFlag([]byte(f)) || f == `\*` {
				return &Trouble{Kind: Refused, Words: fmt.Sprintf("%q is no flag that can be stored", f)}
			}
			flags.Flags = append(flags.Flags, imap.Flag(f))
		}
		for set := range windows(uids) {
			if err := b.store(ctx, set, flags); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *box) store(ctx context.Context, set imap.UIDSet, flags *imap.StoreFlags) error {
	c := command{what: "store flags", shown: "UID STORE " + short(set), asks: asks{fetches: true}}
	return b.run(ctx, c, func() error { return b.lib.Store(set, flags, nil).Close() })
}

// Move takes mails to another mailbox.
func (b *box) Move(ctx context.Context, uids []uint32, to string) error {
	for set := range windows(uids) {
		if err := b.move(ctx, set, to); err != nil {
			return err
		}
	}
	return nil
}

func (b *box) move(ctx context.Context, set imap.UIDSet, to string) error {
	how := " COPY "
	if b.caps.Move {
		how = " MOVE "
	}
	err := b.run(ctx, command{what: "move mails", shown: "UID" + how + short(set) + " …"}, func() error {
		return b.direct("UID" + how + set.String() + " " + quote(encodeName(to)))
	})
	if err != nil || b.caps.Move {
		return err
	}
	if err := b.store(ctx, set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}); err != nil {
		return err
	}
	if !b.caps.UIDPlus {
		return nil // expunging all would take what others marked
	}
	return b.run(ctx, command{what: "remove moved mails", shown: "UID EXPUNGE " + short(set)}, func() error {
		return b.direct("UID EXPUNGE " + set.String())
	})
}
