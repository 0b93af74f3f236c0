package desk

import (
	"context"
	"errors"
	"slices"
)

// Merge makes one conversation go on in another of the same customer and
// returns the one that stays. A chat is where the customer writes: whichever
// way round it was asked, the other one is merged into that.
func (s *Session) Merge(ctx context.Context, from, into ID) (ID, error) {
	if contact := s.contactOf(from); contact != nil {
		other := s.d.state.Conversation(into)
		now := s.d.current(contact)
		if now != nil && now.ID == from && now.LastChannel() == Chat && other != nil && other.Contact == contact.ID {
			from, into = into, from
		}
	}
	err := s.decideBoth(ctx, from, into, func(a, b *Conversation) ([]Body, []Body, error) {
		switch {
		case a.ID == b.ID:
			return nil, nil, Errorf(Invalid, "a conversation cannot be merged into itself")
		case a.Merged == b.ID:
			return nil, nil, nil
		case !a.Merged.IsZero():
			return nil, nil, Errorf(Conflict, "it was merged into %s already; take that back first", s.Short(a.Merged))
		case !b.Merged.IsZero():
			return nil, nil, Errorf(Conflict, "%s itself goes on in %s; merge into that", s.Short(b.ID), s.Short(b.Merged))
		case len(a.Trouble) > 0:
			return nil, nil, Errorf(Conflict, "a mail of %s did not reach everybody; send it again or settle it, then merge", s.Short(a.ID))
		}
		waits := Joined{From: a.ID, Parties: a.Parties}
		if a.NeedsUs() {
			waits.Since, waits.Unanswered = a.Since, a.Unanswered
		}
		return []Body{Merged{Into: b.ID}}, []Body{waits}, nil
	})
	if err != nil {
		return ID{}, err
	}
	return into, s.d.followDrafts(ctx, from, into)
}

// followDrafts takes everybody's drafts along into the conversation that stays.
func (d *Desk) followDrafts(ctx context.Context, from, into ID) error {
	for _, acc := range d.state.Accounts() {
		draft, err := d.drafts.Load(ctx, from, acc.ID)
		if err != nil {
			return err
		}
		if draft.Text == "" {
			continue
		}
		if err := d.moveDraft(ctx, draft, Draft{Conversation: into, Author: acc.ID}); err != nil {
			return err
		}
	}
	return nil
}

// Unmerge takes a merge back: the conversation stands by itself again, as it
// was.
func (s *Session) Unmerge(ctx context.Context, from ID) error {
	c := s.d.state.Conversation(from)
	if c == nil || c.Merged.IsZero() {
		return Errorf(NotFound, "this conversation is not merged into another")
	}
	return s.decideBoth(ctx, from, c.Merged, func(a, b *Conversation) ([]Body, []Body, error) {
		if a.Merged != b.ID {
			return nil, nil, Errorf(Conflict, "somebody else has changed the merge; look again")
		}
		return []Body{Unmerged{}}, []Body{Parted{From: a.ID}}, nil
	})
}

func (s *Session) contactOf(id ID) *Contact {
	c := s.d.state.Conversation(id)
	if c == nil {
		return nil
	}
	return s.d.state.Contact(c.Contact)
}

// onlyMail reports whether nobody reads the conversation in a chat.
func (c *Conversation) onlyMail() bool {
	return !slices.ContainsFunc(c.Channels, func(ch Channel) bool { return ch != Email })
}

// decideBoth is decide for two conversations of one customer. What came by mail
// may also go to where another customer writes: people answer for each other,
// and no mail is ever shown in a chat.
func (s *Session) decideBoth(ctx context.Context, a, b ID, f func(a, b *Conversation) (forA, forB []Body, err error)) error {
	if err := s.check(ctx, ActSort, a, ""); err != nil {
		return err
	}
	first, second := NewID(), NewID()
	for range retries {
		ca, cb := s.d.state.Conversation(a), s.d.state.Conversation(b)
		if ca == nil || cb == nil {
			return Errorf(NotFound, "there is no such conversation; hark ls shows them")
		}
		if ca.Contact != cb.Contact && !ca.onlyMail() {
			return Errorf(Invalid, "%s and %s are of different customers (%s and %s); what one wrote must not reach the other",
				s.Short(a), s.Short(b), ca.Name, cb.Name)
		}
		forA, forB, err := f(ca, cb)
		if err != nil || len(forA)+len(forB) == 0 {
			return err
		}
		err = s.d.append(ctx, append(s.entries(ca, first, forA), s.entries(cb, second, forB)...)...)
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return Errorf(Unavailable, "the conversations change too fast to do that; try again")
}

// moveMax is how many items go in one move.
const moveMax = 200

// Move puts messages and notes into another conversation of the same customer:
// hidden here, copied there. The customer gets nothing a second time.
func (s *Session) Move(ctx context.Context, from, to ID, items []ID) error {
	if from == to {
		return Errorf(Invalid, "they are in that conversation already")
	}
	return s.decideBoth(ctx, from, to, func(_, _ *Conversation) ([]Body, []Body, error) {
		copies, err := s.d.copies(ctx, from, items)
		return []Body{MovedOut{Items: items, To: to}}, copies, err
	})
}

// MoveBack takes a move back.
func (s *Session) MoveBack(ctx context.Context, from, to ID, items []ID) error {
	return s.decideBoth(ctx, from, to, func(_, _ *Conversation) ([]Body, []Body, error) {
		back := []Body{MovedBack{Items: items}}
		return back, back, nil
	})
}

// Split puts messages and notes into a new conversation of the same customer
// and returns it.
func (s *Session) Split(ctx context.Context, id ID, items []ID) (ID, error) {
	split, first := NewID(), NewID()
	var copies []Body
	err := s.decideWith(ctx, ActSort, id, func(*Conversation) (bodies []Body, err error) {
		copies, err = s.d.copies(ctx, id, items)
		return []Body{MovedOut{Items: items, To: split}}, err
	}, func(c *Conversation) []Entry {
		opened := ConversationOpened{Contact: c.Contact, Channel: c.LastChannel(), Page: c.Page, Queue: c.Queue, From: id}
		return s.entries(&Conversation{ID: split}, first, append([]Body{opened}, copies...))
	})
	if err != nil {
		return ID{}, err
	}
	return split, nil
}

// Unsplit takes a split back: its items are shown in the old place again, and
// the new conversation goes on there with all that was added since.
func (s *Session) Unsplit(ctx context.Context, split ID) error {
	c := s.d.state.Conversation(split)
	if c == nil || c.From.IsZero() {
		return Errorf(NotFound, "this conversation was not split from another")
	}
	err := s.decideBoth(ctx, c.From, split, func(_, _ *Conversation) ([]Body, []Body, error) {
		items, err := s.d.movedFrom(ctx, split, c.From)
		if err != nil || len(items) == 0 {
			return nil, nil, err
		}
		back := []Body{MovedBack{Items: items}}
		return back, back, nil
	})
	if err != nil {
		return err
	}
	_, err = s.Merge(ctx, split, c.From)
	return err
}

// each calls fn with every event of a stream.
func (d *Desk) each(ctx context.Context, stream ID, fn func(Event)) error {
	for n := uint64(0); ; {
		events, err := d.journal.ReadStream(ctx, stream, n+1, pageSize)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			fn(e)
			n = e.N
		}
	}
}

// movedFrom returns the items that stand in a conversation as copies from
// another.
func (d *Desk) movedFrom(ctx context.Context, id, from ID) ([]ID, error) {
	var items []ID
	err := d.each(ctx, id, func(e Event) {
		switch b := e.Body.(type) {
		case MovedIn:
			if b.From == from {
				items = append(items, b.Item)
			}
		case MovedBack:
			items = slices.DeleteFunc(items, func(it ID) bool { return slices.Contains(b.Items, it) })
		}
	})
	return items, err
}

// copies returns items of a conversation as they are moved: messages and notes
// that are there and shown, oldest first.
func (d *Desk) copies(ctx context.Context, from ID, items []ID) ([]Body, error) {
	if len(items) == 0 || len(items) > moveMax {
		return nil, Errorf(Invalid, "choose 1 to %d messages or notes to move", moveMax)
	}
	found, hidden := map[ID]MovedIn{}, map[ID]bool{}
	err := d.each(ctx, from, func(e Event) {
		switch b := e.Body.(type) {
		case MovedOut:
			for _, id := range b.Items {
				hidden[id] = true
			}
		case MovedBack:
			for _, id := range b.Items {
				delete(hidden, id)
			}
			for id, in := range found { // copies that went back from where they came
				hidden[id] = hidden[id] || slices.Contains(b.Items, in.Item) && in.Item != id
			}
		default:
			if in, ok := movable(from, e); ok && slices.Contains(items, e.ID) {
				found[e.ID] = in
			}
		}
	})
	if err != nil {
		return nil, err
	}
	bodies := make([]Body, 0, len(items))
	for _, id := range items {
		in, ok := found[id]
		if !ok || hidden[id] {
			return nil, Errorf(Invalid, "only messages and notes that are shown here can be moved; choose them again")
		}
		in.From, in.Item = from, id
		bodies = append(bodies, in)
	}
	slices.SortStableFunc(bodies, func(a, b Body) int { return a.(MovedIn).At.Compare(b.(MovedIn).At) })
	return bodies, nil
}

// movable returns what an event says as something that can be moved. Item is
// the event itself, or for a copy the item that it is a copy of.
func movable(from ID, e Event) (MovedIn, bool) {
	in := MovedIn{From: from, Item: e.ID, At: e.At, Who: e.Actor.Kind, WhoID: e.Actor.ID}
	switch b := e.Body.(type) {
	case Message:
		in.Message = &b
	case Note:
		in.Note = &b
	case MovedIn:
		return b, true
	default:
		return in, false
	}
	return in, true
}
