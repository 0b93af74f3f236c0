package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// Outbox sends the desk's mail. It is safe for concurrent use.
type Outbox struct {
	o     Options
	log   *slog.Logger
	posts map[string]*post // by account

	mu    sync.Mutex
	seen  map[desk.ID]bool // items that need no taking: they are with a post, or are no mail
	taken map[desk.ID]bool // items whose taking is journaled, though they are not composed yet
}

// firmTime is how long what happened outside may take to be noted, also while
// the program ends.
const firmTime = 10 * time.Second

// again is how soon what failed on this side is tried again.
const again = 15 * time.Second

// New returns an outbox. Run makes it work.
func New(o Options) (*Outbox, error) {
	o.Limits = o.Limits.withDefaults()
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	out := &Outbox{o: o, log: o.Log, posts: map[string]*post{}, seen: map[desk.ID]bool{}, taken: map[desk.ID]bool{}}
	for i := range o.Accounts {
		a := &o.Accounts[i]
		if out.posts[a.Name] != nil {
			return nil, desk.Errorf(desk.Invalid, "two mail accounts are called %q", a.Name)
		}
		out.posts[a.Name] = newPost(out, a)
	}
	return out, nil
}

// Run sends until ctx ends. It waits a short while for an answer that is due.
func (out *Outbox) Run(ctx context.Context) error {
	if err := out.resume(ctx); err != nil {
		return err
	}
	var wg sync.WaitGroup
	for _, p := range out.posts {
		wg.Go(func() { p.run(ctx) })
	}
	wg.Go(func() { out.take(ctx) })
	wg.Wait()
	return ctx.Err()
}

// Poke makes an account try now, however long it was to wait; "" stands for all
// of them.
func (out *Outbox) Poke(account string) {
	for name, p := range out.posts {
		if account == "" || account == name {
			p.hurry()
		}
	}
}

// Posting returns how many mails of an account wait to be sent.
func (out *Outbox) Posting(account string) int {
	if p := out.posts[account]; p != nil {
		return p.count()
	}
	return 0
}

// resume takes up what an earlier run left. It goes on until the store answers.
func (out *Outbox) resume(ctx context.Context) error {
	for {
		err := out.resumeOnce(ctx)
		if err == nil {
			return nil
		}
		out.log.Warn("the outbox cannot be read", "err", cause(err))
		if err := pause(ctx, again); err != nil {
			return err
		}
	}
}

func (out *Outbox) resumeOnce(ctx context.Context) error {
	letters, err := out.o.Store.Outbox(ctx)
	if err != nil {
		return err
	}
	untold := map[desk.ID]bool{} // items of which the desk does not know the end
	for _, u := range out.o.Desk.Unposted() {
		untold[u.Item] = true
	}
	for _, l := range letters {
		out.adopt(ctx, l, untold[l.Item])
		delete(untold, l.Item)
	}
	for item := range untold {
		l, err := out.o.Store.Letter(ctx, item)
		if err == nil && l.State.Over() {
			out.tellState(ctx, l)
		} else if err != nil && !missing(err) {
			return err
		}
	}
	return nil
}

// adopt puts a stored letter where it is worked on. One that was about to end
// is parked.
func (out *Outbox) adopt(ctx context.Context, l mailbox.Letter, untold bool) {
	out.settle(l.Item)
	p := out.posts[l.Account]
	if p == nil {
		out.orphan(ctx, l)
		return
	}
	if l.State == mailbox.Committing {
		l.Outcome.Why = parkedWords
		if err := out.mark(ctx, &l, mailbox.Parked, l.Outcome); err != nil {
			out.log.Error("a letter cannot be parked", "item", l.Item.Hex(), "err", cause(err))
		}
		untold = true
	}
	if untold {
		out.tellState(ctx, l)
	}
	p.add(l)
}

// tellState journals what is known of a letter in the words of its state.
func (out *Outbox) tellState(ctx context.Context, l mailbox.Letter) {
	m := desk.MailPosted{Item: l.Item, Words: l.Outcome.Why, Tries: l.Outcome.Tries}
	switch l.State {
	case mailbox.Parked, mailbox.Committing:
		m.State = desk.PostParked
	case mailbox.Failed:
		m.State, m.Failed = desk.PostFailed, addresses(left(l))
	case mailbox.Sent, mailbox.Filing, mailbox.Filed:
		if m.State = desk.PostSent; len(left(l)) > 0 { // some were refused: that is what has to be seen
			m.State, m.Failed = desk.PostFailed, addresses(left(l))
		}
	case mailbox.Ready, mailbox.Sending, mailbox.Retry:
		return
	}
	out.tell(ctx, l, m)
}

// orphan gives up a letter whose account is no longer configured.
func (out *Outbox) orphan(ctx context.Context, l mailbox.Letter) {
	words := fmt.Sprintf("the mail account %q is not in the settings any more; write the mail again from another one", l.Account)
	switch l.State {
	case mailbox.Ready, mailbox.Sending, mailbox.Retry:
		l.Outcome.Why = words
		if err := out.mark(ctx, &l, mailbox.Failed, l.Outcome); err == nil {
			out.tellState(ctx, l)
		}
	default:
		out.log.Warn("a letter's account is gone", "item", l.Item.Hex(), "state", string(l.State))
	}
}

// settle notes that an item needs no taking.
func (out *Outbox) settle(item desk.ID) {
	out.mu.Lock()
	defer out.mu.Unlock()
	out.seen[item] = true
	delete(out.taken, item)
}

// mark makes a letter's next state durable.
func (out *Outbox) mark(ctx context.Context, l *mailbox.Letter, state mailbox.OutState, o mailbox.Outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), firmTime)
	defer cancel()
	if err := out.o.Store.Mark(ctx, l.Item, state, o); err != nil {
		return err
	}
	l.State, l.Outcome = state, o
	return nil
}

// tell journals how far a mail has come, where it is now.
func (out *Outbox) tell(ctx context.Context, l mailbox.Letter, m desk.MailPosted) {
	m.Item = l.Item
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), firmTime)
	defer cancel()
	at, err := out.o.Desk.Whereabouts(ctx, l.Conversation, l.Item)
	if err != nil {
		at = l.Conversation
	}
	if err := out.o.Desk.Posted(ctx, at, m); err != nil {
		out.log.Error("the desk cannot be told of a mail", "item", l.Item.Hex(), "state", string(m.State), "err", cause(err))
	}
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// missing reports whether err says that there is no such thing.
func missing(err error) bool { return desk.CodeOf(err) == desk.NotFound }
