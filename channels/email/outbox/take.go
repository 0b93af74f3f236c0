package outbox

import (
	"context"
	"fmt"
	"time"

	"hark/channels/email/compose"
	"hark/desk"
	"hark/desk/mailbox"
)

// take takes mails whose time to undo is over, until ctx ends.
func (out *Outbox) take(ctx context.Context) {
	for ctx.Err() == nil {
		var wait <-chan time.Time
		var timer *time.Timer
		if next, ok := out.takeDue(ctx); ok {
			timer = time.NewTimer(time.Until(next))
			wait = timer.C
		}
		select {
		case <-out.o.Desk.PostBell():
		case <-wait:
		case <-ctx.Done():
		}
		if timer != nil {
			timer.Stop()
		}
	}
}

// takeDue takes what is due and returns when to look again.
func (out *Outbox) takeDue(ctx context.Context) (next time.Time, some bool) {
	unposted := out.o.Desk.Unposted()
	out.forget(unposted)
	for _, u := range unposted {
		if ctx.Err() != nil || out.settled(u.Item) {
			continue
		}
		at := u.Undo
		if !at.After(time.Now()) {
			at = out.takeOne(ctx, u)
		}
		if !at.IsZero() && (!some || at.Before(next)) {
			next, some = at, true
		}
	}
	return next, some
}

// forget drops what is known of items that are no longer to go out, so that
// one that comes back is taken anew.
func (out *Outbox) forget(unposted []desk.Unposted) {
	there := make(map[desk.ID]bool, len(unposted))
	for _, u := range unposted {
		there[u.Item] = true
	}
	out.mu.Lock()
	defer out.mu.Unlock()
	for _, known := range []map[desk.ID]bool{out.seen, out.taken} {
		for item := range known {
			if !there[item] {
				delete(known, item)
			}
		}
	}
}

func (out *Outbox) settled(item desk.ID) bool {
	out.mu.Lock()
	defer out.mu.Unlock()
	return out.seen[item]
}

// takeOne makes a letter of a mail. It returns when to try again, zero when
// there is nothing more to do.
func (out *Outbox) takeOne(ctx context.Context, u desk.Unposted) time.Time {
	e, err := out.o.Desk.Item(ctx, u.Conversation, u.Item)
	if err != nil {
		return out.putOff(u, err)
	}
	m, ok := e.Body.(desk.Message)
	if !ok || m.Mail == nil || m.Direction != desk.Out {
		out.settle(u.Item) // no mail of ours
		return time.Time{}
	}
	if m.Mail.Undo.After(time.Now()) {
		return m.Mail.Undo
	}
	_, err = out.o.Store.Letter(ctx, u.Item)
	switch {
	case err == nil:
		return time.Time{} // it has its bytes: Resend, or the next start, goes on with it
	case !missing(err):
		return out.putOff(u, err)
	}
	if err := out.takeOver(ctx, u); err != nil {
		if desk.CodeOf(err) == desk.Conflict {
			return time.Time{} // it was withdrawn: nothing is sent
		}
		return out.putOff(u, err)
	}
	return out.prepare(ctx, u, m)
}

// takeOver journals that the mail can no longer be taken back.
func (out *Outbox) takeOver(ctx context.Context, u desk.Unposted) error {
	out.mu.Lock()
	done := out.taken[u.Item]
	out.mu.Unlock()
	if done {
		return nil
	}
	err := out.o.Desk.Posted(ctx, u.Conversation, desk.MailPosted{Item: u.Item, State: desk.PostTaken})
	if err == nil {
		out.mu.Lock()
		out.taken[u.Item] = true
		out.mu.Unlock()
	}
	return err
}

// putOff tries an item again soon.
func (out *Outbox) putOff(u desk.Unposted, err error) time.Time {
	out.log.Warn("a mail cannot be prepared now", "item", u.Item.Hex(), "code", string(desk.CodeOf(err)))
	return time.Now().Add(again)
}

// prepare composes a mail, stores its bytes and hands it to its account.
func (out *Outbox) prepare(ctx context.Context, u desk.Unposted, m desk.Message) time.Time {
	l := mailbox.Letter{
		Item: u.Item, Conversation: u.Conversation, Account: m.Mail.Account, MessageID: m.Mail.MessageID, At: time.Now(),
		State: mailbox.Ready,
	}
	p := out.posts[l.Account]
	if p == nil {
		return out.refuse(ctx, l, desk.Errorf(desk.Invalid, "the mail account %q is not in the settings; write the mail from another one", l.Account))
	}
	o := p.acct.Compose
	o.UTF8 = true // whether the server takes such addresses is seen when it is asked
	var err error
	if l.From, l.To, err = compose.Envelope(o, *m.Mail); err != nil {
		return out.refuse(ctx, l, err)
	}
	if l.Bytes, err = out.compose(ctx, o, u, m); err != nil {
		return out.refuse(ctx, l, err)
	}
	if err := out.keep(ctx, l); err != nil {
		return out.putOff(u, err)
	}
	l.Bytes = nil
	out.settle(l.Item)
	p.add(l)
	return time.Time{}
}

// refuse tells the desk that a mail cannot be sent as it is, or tries again
// when that is not the mail's fault.
func (out *Outbox) refuse(ctx context.Context, l mailbox.Letter, err error) time.Time {
	if desk.CodeOf(err) != desk.Invalid {
		out.log.Warn("a mail cannot be composed now", "item", l.Item.Hex(), "err", cause(err))
		return time.Now().Add(again)
	}
	out.tell(ctx, l, desk.MailPosted{State: desk.PostFailed, Words: desk.Sentence(err)})
	out.mu.Lock()
	defer out.mu.Unlock()
	delete(out.taken, l.Item) // a person may send it again: then it is taken anew
	return time.Time{}
}

// keep stores a letter, and by which identifiers answers will find it.
func (out *Outbox) keep(ctx context.Context, l mailbox.Letter) error {
	for _, id := range []string{l.MessageID, compose.Token(l.MessageID)} {
		if err := out.o.Store.Alias(ctx, id, l.Conversation, l.Item); err != nil {
			return fmt.Errorf("noting a letter's identifier: %w", err)
		}
	}
	return out.o.Store.Prepare(ctx, l)
}
