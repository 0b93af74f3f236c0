package outbox

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// post is what is done for one account: one goroutine sends, one files.
type post struct {
	out  *Outbox
	acct *Account

	mu      sync.Mutex
	letters map[desk.ID]*entry
	hold    time.Time // nothing is sent before: the server has trouble
	send    chan struct{}
	file    chan struct{}
}

// entry is a letter that is worked on.
type entry struct {
	mailbox.Letter
	due   time.Time // not before
	looks int       // how often its copy was looked for
}

func newPost(out *Outbox, a *Account) *post {
	return &post{out: out, acct: a, letters: map[desk.ID]*entry{}, send: make(chan struct{}, 1), file: make(chan struct{}, 1)}
}

// add takes a letter in.
func (p *post) add(l mailbox.Letter) {
	e := &entry{Letter: l}
	switch l.State {
	case mailbox.Retry:
		e.due = l.Outcome.Next
	case mailbox.Sent, mailbox.Filing:
		e.due = p.firstLook()
	case mailbox.Parked:
		e.due = time.Now().Add(parkedLook)
	case mailbox.Ready, mailbox.Sending, mailbox.Committing, mailbox.Filed, mailbox.Failed:
	}
	p.mu.Lock()
	p.letters[l.Item] = e
	p.mu.Unlock()
	p.ring()
}

func (p *post) ring() {
	for _, bell := range []chan struct{}{p.send, p.file} {
		select {
		case bell <- struct{}{}:
		default:
		}
	}
}

// remove forgets a letter that is over.
func (p *post) remove(item desk.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.letters, item)
}

// put notes how a letter is now.
func (p *post) put(l mailbox.Letter, due time.Time) {
	p.mu.Lock()
	if e := p.letters[l.Item]; e != nil {
		e.Letter, e.due = l, due
	}
	p.mu.Unlock()
	p.ring()
}

// sendable reports whether a letter waits to be sent.
func sendable(s mailbox.OutState) bool {
	return s == mailbox.Ready || s == mailbox.Sending || s == mailbox.Retry
}

// fileable reports whether a copy of a letter is to be found or filed.
func fileable(s mailbox.OutState) bool {
	return s == mailbox.Sent || s == mailbox.Filing || s == mailbox.Parked
}

func (p *post) count() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.letters {
		if sendable(e.State) {
			n++
		}
	}
	return n
}

// hurry makes everything due that waits to be sent.
func (p *post) hurry() {
	p.mu.Lock()
	p.hold = time.Time{}
	for _, e := range p.letters {
		if sendable(e.State) {
			e.due = time.Time{}
		}
	}
	p.mu.Unlock()
	p.ring()
}

// release ends the time in which the account is left alone.
func (p *post) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold = time.Time{}
}

// next returns the letter that is due first, of those due at once the oldest.
func (p *post) next(which func(mailbox.OutState) bool) (first entry, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for _, e := range p.letters {
		if which(e.State) && (!ok || sooner(*e, first, now)) {
			first, ok = *e, true
		}
	}
	return first, ok
}

func sooner(a, b entry, now time.Time) bool {
	if a.due.After(now) || b.due.After(now) {
		return a.due.Before(b.due)
	}
	return a.At.Before(b.At)
}

// due returns the letters that could be sent now, oldest first.
func (p *post) due() []mailbox.Letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []mailbox.Letter
	for _, e := range p.letters {
		if sendable(e.State) && !e.due.After(time.Now()) {
			all = append(all, e.Letter)
		}
	}
	slices.SortFunc(all, func(a, b mailbox.Letter) int { return a.At.Compare(b.At) })
	return all
}

// run works until ctx ends.
func (p *post) run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { p.guard(ctx, p.sendAll) })
	wg.Go(func() { p.guard(ctx, p.fileAll) })
	wg.Wait()
}

// guard keeps a fault from ending more than one attempt.
func (p *post) guard(ctx context.Context, work func(context.Context)) {
	for ctx.Err() == nil {
		func() {
			defer func() {
				if r := recover(); r != nil {
					p.out.log.Error("a fault while sending", "account", p.acct.Name, "fault", r, "stack", string(debug.Stack()))
				}
			}()
			work(ctx)
		}()
		_ = pause(ctx, again) // the loop looks at the context
	}
}

// wait returns when something may be due: after a ring, at a time, or when ctx
// ends.
func wait(ctx context.Context, bell <-chan struct{}, until time.Time) {
	var at <-chan time.Time
	if !until.IsZero() {
		t := time.NewTimer(time.Until(until))
		defer t.Stop()
		at = t.C
	}
	select {
	case <-bell:
	case <-at:
	case <-ctx.Done():
	}
}
