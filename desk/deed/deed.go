// Package deed pairs what staff do to a conversation with the way to take it
// back. Every console offers an undo; what it means is said here once.
//
// A step back does not trample on what happened since: where somebody else has
// been at the same thing meanwhile, it is refused with a sentence.
package deed

import (
	"context"
	"slices"
	"time"

	"hark/desk"
)

// Step takes one change back.
type Step func(context.Context) error

// Deed changes one conversation, given as it is now, and returns how to take
// that back, or nil when it was so already.
type Deed func(context.Context, *desk.Conversation) (Step, error)

// done returns the step only where the change was made.
func done(back Step, err error) (Step, error) {
	if err != nil {
		return nil, err
	}
	return back, nil
}

// Resolve says that the matter is over.
func Resolve(s *desk.Session) Deed {
	return func(ctx context.Context, c *desk.Conversation) (Step, error) {
		if c.Status == desk.StatusResolved {
			return nil, nil
		}
		return done(func(ctx context.Context) error { return s.Reopen(ctx, c.ID) }, s.End(ctx, c.ID))
	}
}

// Reopen takes a resolved matter up again.
func Reopen(s *desk.Session) Deed {
	return func(ctx context.Context, c *desk.Conversation) (Step, error) {
		if c.Status != desk.StatusResolved {
			return nil, nil
		}
		return done(func(ctx context.Context) error { return s.End(ctx, c.ID) }, s.Reopen(ctx, c.ID))
	}
}

// Assign gives the conversation to an account, or to nobody for the zero ID.
func Assign(s *desk.Session, to desk.ID) Deed {
	return func(ctx context.Context, c *desk.Conversation) (Step, error) {
		if c.Assignee == to {
			return nil, nil
		}
		back := func(ctx context.Context) error {
			if now := s.Row(c.ID); now != nil && now.Assignee != to {
				return desk.Errorf(desk.Conflict, "it has gone on to %s since", Holder(s, now.Assignee))
			}
			return hand(ctx, s, c.ID, to, c.Assignee)
		}
		return done(back, hand(ctx, s, c.ID, c.Assignee, to))
	}
}

// Holder returns the handle of who has a conversation, or "nobody".
func Holder(s *desk.Session, id desk.ID) string {
	if id.IsZero() {
		return "nobody"
	}
	return s.AccountName(id)
}

// hand changes who has a conversation in the way the roles need least for:
// letting go of one's own and taking what nobody has need no right to assign.
func hand(ctx context.Context, s *desk.Session, id, from, to desk.ID) error {
	me := s.Actor().ID
	switch {
	case to.IsZero() && from == me:
		return s.Release(ctx, id)
	case to == me && from.IsZero():
		return s.Claim(ctx, id)
	case to == me:
		return s.Take(ctx, id)
	}
	return s.Assign(ctx, id, to)
}

// Prioritise says how urgent the conversation is.
func Prioritise(s *desk.Session, p desk.Priority) Deed {
	return func(ctx context.Context, c *desk.Conversation) (Step, error) {
		if c.Priority.Or() == p.Or() {
			return nil, nil
		}
		return done(func(ctx context.Context) error { return s.Prioritise(ctx, c.ID, c.Priority.Or()) }, s.Prioritise(ctx, c.ID, p))
	}
}

// Tag adds and removes tags. The step back touches only those that changed.
func Tag(s *desk.Session, add, remove []string) Deed {
	return func(ctx context.Context, c *desk.Conversation) (Step, error) {
		if err := s.Tag(ctx, c.ID, add, remove); err != nil {
			return nil, err
		}
		now := s.Row(c.ID)
		if now == nil || slices.Equal(now.Tags, c.Tags) {
			return nil, nil
		}
		added, removed := without(now.Tags, c.Tags), without(c.Tags, now.Tags)
		return func(ctx context.Context) error { return s.Tag(ctx, c.ID, removed, added) }, nil
	}
}

// without returns what is in a and not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(t string) bool { return slices.Contains(b, t) })
}

// Snooze puts the conversation away until a time, or until a reply for the
// zero time.
func Snooze(s *desk.Session, until time.Time) Deed {
	return func(ctx context.Context, c *desk.Conversation) (Step, error) {
		return done(asleep(s, c), s.Snooze(ctx, c.ID, until))
	}
}

// Wake ends a snooze.
func Wake(s *desk.Session) Deed {
	return func(ctx context.Context, c *desk.Conversation) (Step, error) {
		if c.Status != desk.StatusSnoozed {
			return nil, nil
		}
		return done(asleep(s, c), s.Wake(ctx, c.ID))
	}
}

// asleep returns the step back to the snooze, or the lack of one, of now.
func asleep(s *desk.Session, c *desk.Conversation) Step {
	if c.Status == desk.StatusSnoozed {
		return func(ctx context.Context) error { return s.Snooze(ctx, c.ID, c.Until) }
	}
	return func(ctx context.Context) error { return s.Wake(ctx, c.ID) }
}

// Enqueue puts the conversation into a queue. The step back also gives it to
// who had it.
func Enqueue(s *desk.Session, queue string) Deed {
	return func(ctx context.Context, c *desk.Conversation) (Step, error) {
		before := s.QueueOf(c)
		if before == queue {
			return nil, nil
		}
		back := func(ctx context.Context) error {
			if err := s.Enqueue(ctx, c.ID, before); err != nil || c.Assignee.IsZero() {
				return err
			}
			return hand(ctx, s, c.ID, desk.ID{}, c.Assignee)
		}
		return done(back, s.Enqueue(ctx, c.ID, queue))
	}
}
