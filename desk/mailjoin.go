package desk

import (
	"context"
	"errors"
	"slices"
)

// JoinMail makes what came by mail go on in another conversation, because a
// mail has come that both of them answer. The hub does it once: what a person
// has parted again stays apart. Conflict when a person has to decide: somebody
// else works on it, it was a chat as well, or a mail of it is in trouble.
func (d *Desk) JoinMail(ctx context.Context, from, into ID) error {
	for range retries {
		a, b := d.state.Conversation(from), d.state.Conversation(into)
		switch {
		case a == nil || b == nil:
			return Errorf(NotFound, "there is no such conversation; hark ls shows them")
		case a.Merged == b.ID:
			return nil
		case a.ID == b.ID || !a.Merged.IsZero() || !b.Merged.IsZero() || len(a.Trouble) > 0 || !a.onlyMail() || a.Assignee != b.Assignee && !a.Assignee.IsZero():
			return Errorf(Conflict, "a person has to decide whether these conversations go together")
		}
		waits := Joined{From: a.ID, Parties: a.Parties}
		if a.NeedsUs() {
			waits.Since, waits.Unanswered = a.Since, a.Unanswered
		}
		id := DeriveID([]byte("mail joined"), from[:], into[:])
		err := d.append(ctx,
			chatEntry(id, from, a.N, Hub(), Merged{Into: into}),
			chatEntry(DeriveID(id[:], []byte("into")), into, b.N, Hub(), waits))
		switch {
		case errors.Is(err, ErrDuplicate):
			return Errorf(Conflict, "a person has parted these conversations")
		case err == nil:
			return d.followDrafts(ctx, from, into)
		case !errors.Is(err, ErrConflict):
			return err
		}
	}
	return Errorf(Unavailable, "the conversations change too fast to join them; it is tried again")
}

// EachMail calls fn with every mail of a conversation and of those that were
// merged into it. It is for the mail channel's own decisions; people read
// through a Session.
func (d *Desk) EachMail(ctx context.Context, conversation ID, fn func(item ID, m *Message)) error {
	seen := map[ID]bool{}
	for open := []ID{conversation}; len(open) > 0; {
		id := open[0]
		open = open[1:]
		c := d.state.Conversation(id)
		if c == nil || seen[id] {
			continue
		}
		seen[id] = true
		open = append(open, c.Sources...)
		err := d.each(ctx, id, func(e Event) {
			if m := messageOf(e); m != nil && m.Mail != nil {
				fn(e.ID, m)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// never is an Expect that no stream is at.
const never = AnyN - 1

// Received returns the conversation in which a mail was journaled, if it was:
// after a crash the mail channel does not know. The journal looks for an
// entry's identifier before it looks at the stream, and this one cannot go in.
func (d *Desk) Received(ctx context.Context, mail ID) (conversation ID, ok bool, err error) {
	err = d.append(ctx, chatEntry(mail, mail, never, Hub(), Message{}))
	switch {
	case errors.Is(err, ErrConflict):
		return ID{}, false, nil
	case !errors.Is(err, ErrDuplicate):
		return ID{}, false, err
	}
	conversation, err = d.appendedIn(ctx, err, ID{})
	return conversation, !conversation.IsZero(), err
}

// appendedIn returns the conversation in which an entry was appended before.
func (d *Desk) appendedIn(ctx context.Context, err error, otherwise ID) (ID, error) {
	var dup *DuplicateError
	if !errors.As(err, &dup) || dup.Seq == 0 {
		return otherwise, nil
	}
	events, err := d.journal.Read(ctx, dup.Seq, 1)
	if err != nil {
		return ID{}, err
	}
	at := slices.IndexFunc(events, func(e Event) bool { return e.ID == dup.ID })
	if at < 0 || events[at].Stream.Type != ConversationStream {
		return otherwise, nil
	}
	return events[at].Stream.ID, nil
}
