package mailsync

import (
	"context"
	"sync"
	"time"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
)

// large is the queue of mails that have a connection of their own.
type large struct {
	mu      sync.Mutex
	waiting []heavy
	lost    bool          // some were dropped from the queue unfetched
	bell    chan struct{} // capacity 1: something waits
	done    chan struct{} // capacity 1: something is over
}

// heavy is a large mail.
type heavy struct {
	mailbox.Place
	told     uint32 // the server's UIDVALIDITY when it was queued
	meta     imap.Meta
	past     bool
	partial  bool // its beginning is in the ledger
	attempts int
}

func newLarge() *large {
	return &large{bell: make(chan struct{}, 1), done: make(chan struct{}, 1)}
}

// oversized describes a large mail for the queue.
func (s *session) oversized(f *follow, m imap.Meta) heavy {
	return heavy{
		Place: s.e.place(f, m.UID), told: s.trusted[f], meta: m,
		past: f.past(m.Received, s.e.o.History),
	}
}

// push puts a mail into the queue unless it is there.
func (l *large) push(h heavy) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, other := range l.waiting {
		if other.Place == h.Place {
			return
		}
	}
	l.waiting = append(l.waiting, h)
	ring(l.bell)
}

// first returns the mail to fetch next.
func (l *large) first() (h heavy, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		return heavy{}, false
	}
	return l.waiting[0], true
}

// remove takes a mail out; again puts it back at the end, as it is now.
func (l *large) remove(h heavy, again bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, other := range l.waiting {
		if other.Place == h.Place {
			l.waiting = append(l.waiting[:i:i], l.waiting[i+1:]...)
			if again {
				l.waiting = append(l.waiting, h)
			}
			break
		}
	}
	ring(l.done)
}

// forget empties the queue of what lies in a mailbox whose UIDs changed.
func (l *large) forget(box string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := l.waiting[:0:0]
	for _, h := range l.waiting {
		if h.Box != box {
			kept = append(kept, h)
		}
	}
	l.lost = l.lost || len(kept) < len(l.waiting)
	l.waiting = kept
}

// takeLost reports once whether mails were dropped from the queue.
func (l *large) takeLost() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	lost := l.lost
	l.lost = false
	return lost
}

// without leaves out of some UIDs those that are in the queue.
func (l *large) without(box string, uids []uint32) (rest []uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	queued := map[uint32]bool{}
	for _, h := range l.waiting {
		if h.Box == box {
			queued[h.UID] = true
		}
	}
	for _, uid := range uids {
		if !queued[uid] {
			rest = append(rest, uid)
		}
	}
	return rest
}

// lowest returns the lowest queued UID of a mailbox of which nothing is in the
// ledger, or 0.
func (l *large) lowest(box string) (least uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range l.waiting {
		if h.Box == box && !h.partial && (least == 0 || h.UID < least) {
			least = h.UID
		}
	}
	return least
}

// spare is how long the connection for large mails is kept without work.
const spare = time.Minute

// fetchLarge fetches what is in the queue, over a connection that exists only
// while there is something.
func (e *Engine) fetchLarge(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		if _, ok := e.large.first(); !ok {
			select {
			case <-e.large.bell:
			case <-ctx.Done():
			}
			continue
		}
		if e.online.wait(ctx) != nil {
			return
		}
		arrived := false
		err := e.guarded(func() (err error) {
			arrived, err = e.largeOnce(ctx)
			return err
		})
		if err == nil || ctx.Err() != nil {
			continue
		}
		if arrived {
			failures = 0
		}
		e.log.Info("the connection for large mails ended", "kind", imap.KindOf(err))
		pause(ctx, e.sidePause(err, failures))
		failures++
	}
}

// largeOnce works off the queue over one connection.
func (e *Engine) largeOnce(ctx context.Context) (arrived bool, err error) {
	box, err := e.dial(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = box.Close() }()
	selected := ""
	var mail batch
	for {
		h, ok := e.large.first()
		if !ok {
			mail = batch{} // its memory is better used by others
			if !e.moreLarge(ctx) {
				return arrived, ctx.Err()
			}
			continue
		}
		if selected != h.Box {
			selected = h.Box
			if stale, err := e.selectLarge(ctx, box, h); stale || err != nil {
				return arrived, err
			}
		}
		if err := e.fetchHeavy(ctx, box, h, &mail); err != nil {
			return arrived, err
		}
		arrived = true
	}
}

// moreLarge waits a little for more work.
func (e *Engine) moreLarge(ctx context.Context) bool {
	timer := time.NewTimer(spare)
	defer timer.Stop()
	select {
	case <-e.large.bell:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// selectLarge selects the mailbox of a large mail. It is stale when its UID
// means nothing any more: the syncer then finds the mail anew.
func (e *Engine) selectLarge(ctx context.Context, box imap.Box, h heavy) (stale bool, err error) {
	err = within(ctx, e.limits.Answer, func(ctx context.Context) error {
		sel, err := box.Select(ctx, h.Box)
		stale = err == nil && sel.Validity != h.told
		return err
	})
	if stale {
		e.large.forget(h.Box)
		ring(e.poke)
	}
	return stale, err
}
