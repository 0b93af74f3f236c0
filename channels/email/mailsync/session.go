package mailsync

import (
	"cmp"
	"context"
	"slices"
	"time"

	"hark/channels/email/imap"
)

// session is the syncer's work over one connection.
type session struct {
	e        *Engine
	box      imap.Box
	selected *follow // the mailbox that is selected; nil: none of those followed
	batch    batch
	pace     pace
	beat     time.Time          // when the server is asked for news next
	advanced bool               // something was achieved, so that the next one starts afresh
	kept     time.Time          // when cursors were written
	trusted  map[*follow]uint32 // the UIDVALIDITY under which UIDs were found right
}

// session makes a connection and works with it until it breaks. Advanced says
// whether that brought anything.
func (e *Engine) session(ctx context.Context) (advanced bool, err error) {
	s := &session{e: e, pace: newPace(e.limits), trusted: map[*follow]uint32{}}
	err = e.guarded(func() error {
		box, err := e.dial(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = box.Close() }()
		s.box = box
		e.filesSent.Store(box.Caps().Quirks.FilesSent)
		return s.work(ctx)
	})
	return s.advanced, err
}

// dialLimit bounds how long one connection may take to be made: imap.Dial has
// shorter limits for each of its steps, and a command that prints the password
// is given the rest.
const dialLimit = 90 * time.Second

// dial makes a connection.
func (e *Engine) dial(ctx context.Context) (box imap.Box, err error) {
	err = within(ctx, dialLimit, func(ctx context.Context) (err error) {
		box, err = e.o.Dial(ctx)
		return err
	})
	return box, err
}

// work compares every mailbox once and then does one thing after the other.
func (s *session) work(ctx context.Context) error {
	if err := s.excludeAll(ctx); err != nil {
		return err
	}
	for _, f := range s.e.follows {
		if err := s.reconcile(ctx, f); err != nil {
			return err
		}
	}
	s.e.online.open()
	s.beat = time.Now().Add(s.e.limits.Beat)
	s.report()
	for {
		busy, err := s.turn(ctx)
		if err != nil {
			return err
		}
		if !busy {
			if err := s.wait(ctx); err != nil {
				return err
			}
		}
	}
}

// turn does the most urgent thing, if there is any: what others wait for, then
// news, then what is late by the clock, then what is left to fetch.
func (s *session) turn(ctx context.Context) (busy bool, err error) {
	select {
	case a := <-s.e.asks:
		return true, s.answer(ctx, a)
	case <-s.e.dirty:
		return true, s.told(ctx)
	case <-s.e.poke:
		s.reconcileSoon()
	default:
	}
	now := time.Now()
	if !now.Before(s.beat) {
		return true, s.allNews(ctx)
	}
	for _, f := range s.e.follows {
		if !now.Before(f.due) {
			return true, s.reconcile(ctx, f)
		}
	}
	if s.e.mirror.due(now, s.e.limits.Mirror) {
		return true, s.writeFlags(ctx)
	}
	if now.Sub(s.kept) > keepPause {
		if err := s.keepCursors(ctx); err != nil {
			return false, err
		}
	}
	if f := s.behind(); f != nil {
		err := s.step(ctx, f)
		s.report()
		return true, err
	}
	if resumed, err := s.resumePartial(ctx); resumed || err != nil {
		return true, err
	}
	return false, s.keepCursors(ctx)
}

// behind returns the mailbox to fetch from next: one with new mail before one
// with old.
func (s *session) behind() (next *follow) {
	for _, f := range slices.Backward(s.e.follows) {
		if f.behind() && (next == nil || f.urgent() || !next.urgent()) {
			next = f
		}
	}
	return next
}

// keepPause is how often cursors are written while much is fetched.
const keepPause = 5 * time.Second

// wait sleeps until there is something to do.
func (s *session) wait(ctx context.Context) error {
	timer := time.NewTimer(time.Until(s.nextDue()))
	defer timer.Stop()
	select {
	case a := <-s.e.asks:
		return s.answer(ctx, a)
	case <-s.e.dirty:
		return s.told(ctx)
	case <-s.e.poke:
		s.reconcileSoon()
	case <-s.e.mirror.bell: // the time to write counts from now
	case <-s.e.large.done: // the cursor may move
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// nextDue is when the clock asks for something next.
func (s *session) nextDue() time.Time {
	next := s.beat
	for _, f := range s.e.follows {
		if f.due.Before(next) {
			next = f.due
		}
	}
	if at, waiting := s.e.mirror.next(s.e.limits.Mirror); waiting && at.Before(next) {
		next = at
	}
	return next
}

// reconcileSoon has every mailbox compared as a whole.
func (s *session) reconcileSoon() {
	for _, f := range s.e.follows {
		f.due = time.Time{}
	}
}

// call bounds a short command, and notes that the server answered.
func (s *session) call(ctx context.Context, do func(context.Context) error) error {
	return s.bounded(ctx, s.e.limits.Answer, do)
}

// list bounds a command that lists a mailbox.
func (s *session) list(ctx context.Context, do func(context.Context) error) error {
	return s.bounded(ctx, s.e.limits.List, do)
}

func (s *session) bounded(ctx context.Context, limit time.Duration, do func(context.Context) error) error {
	err := within(ctx, limit, do)
	if err == nil || !lost(err) {
		s.e.board.seen()
	}
	return err
}

// within runs do and turns the end of its time into Trouble.
func within(ctx context.Context, limit time.Duration, do func(context.Context) error) error {
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := do(bounded)
	if err != nil && ctx.Err() == nil && bounded.Err() != nil {
		return silent(err)
	}
	return err
}

// silent is the trouble of a server that does not answer.
func silent(cause error) error {
	if imap.KindOf(cause) == imap.Timeout {
		return cause
	}
	return &imap.Trouble{Kind: imap.Timeout, Words: "the mail server does not answer", Err: cause}
}

// report says how far all mailboxes are.
func (s *session) report() {
	done, total, behind, odd := 0, 0, false, ""
	for _, f := range s.e.follows {
		left := f.left()
		done, total = done+f.total-left, total+f.total
		odd = cmp.Or(odd, f.odd)
		behind = behind || left > 0 && (!f.cursor.Done || left > backlog)
	}
	s.e.board.works(done, total, behind, odd)
}

// backlog is how many mails may be left to fetch without speaking of it.
const backlog = 50
