package mailboxtest

import (
	"context"
	"slices"

	"hark/desk"
	"hark/desk/mailbox"
)

var errNoLetter = desk.Errorf(desk.NotFound, "there is no such letter")

// letter returns the letter of an item, nil for none.
func (m *Memory) letter(item desk.ID) *mailbox.Letter {
	for _, l := range m.letters {
		if l.Item == item {
			return l
		}
	}
	return nil
}

// Prepare implements mailbox.Outbox.
func (m *Memory) Prepare(ctx context.Context, l mailbox.Letter) error {
	return m.in(ctx, func() error {
		switch {
		case l.Item.IsZero() || len(l.To) == 0:
			return desk.Errorf(desk.Invalid, "a letter needs an item and a recipient")
		case m.letter(l.Item) != nil:
			return nil
		}
		l.Bytes, l.To = append([]byte{}, l.Bytes...), slices.Clone(l.To)
		l.At, l.State, l.Outcome = l.At.UTC(), mailbox.Ready, mailbox.Outcome{}
		m.letters = append(m.letters, &l)
		return nil
	})
}

// shown is a letter as it is given out.
func shown(l mailbox.Letter) mailbox.Letter {
	l.Bytes, l.To, l.Outcome.Done = nil, slices.Clone(l.To), slices.Clone(l.Outcome.Done)
	return l
}

// Outbox implements mailbox.Outbox.
func (m *Memory) Outbox(ctx context.Context) (all []mailbox.Letter, err error) {
	err = m.in(ctx, func() error {
		for _, l := range m.letters {
			if !l.State.Over() {
				all = append(all, shown(*l))
			}
		}
		slices.SortStableFunc(all, func(a, b mailbox.Letter) int { return a.At.Compare(b.At) })
		return nil
	})
	return all, err
}

// Letter implements mailbox.Outbox.
func (m *Memory) Letter(ctx context.Context, item desk.ID) (found mailbox.Letter, err error) {
	err = m.in(ctx, func() error {
		l := m.letter(item)
		if l == nil {
			return errNoLetter
		}
		found = shown(*l)
		return nil
	})
	return found, err
}

// LetterBytes implements mailbox.Outbox.
func (m *Memory) LetterBytes(ctx context.Context, item desk.ID) (b []byte, err error) {
	err = m.in(ctx, func() error {
		l := m.letter(item)
		if l == nil {
			return errNoLetter
		}
		b = slices.Clone(l.Bytes)
		return nil
	})
	return b, err
}

// Mark implements mailbox.Outbox.
func (m *Memory) Mark(ctx context.Context, item desk.ID, state mailbox.OutState, o mailbox.Outcome) error {
	return m.in(ctx, func() error {
		l := m.letter(item)
		switch {
		case l == nil:
			return errNoLetter
		case !l.State.May(state):
			return desk.Errorf(desk.Conflict, "a letter that is %s cannot become %s", l.State, state)
		}
		o.Next, o.Done = o.Next.UTC(), slices.Clone(o.Done)
		l.State, l.Outcome = state, o
		return nil
	})
}
