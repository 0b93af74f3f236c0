package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// retries is how often a command is decided again after others were first. A
// real conflict reaches the person by the decision itself; running out of
// retries only says that the conversation does not stand still.
const retries = 64

// decide checks the action, then reads the conversation, asks f for what
// follows from it, and appends that if the conversation has not moved on
// meanwhile; otherwise it decides again. f returns no body for "it is so
// already".
func (s *Session) decide(ctx context.Context, a Action, id ID, f func(*Conversation) ([]Body, error)) error {
	return s.decideWith(ctx, a, id, f, func(*Conversation) []Entry { return nil })
}

// decideWith is decide with entries of other streams that belong to it.
func (s *Session) decideWith(
	ctx context.Context, a Action, id ID, f func(*Conversation) ([]Body, error), more func(*Conversation) []Entry,
) error {
	if err := s.check(ctx, a, id, ""); err != nil {
		return err
	}
	return s.settle(ctx, id, f, more)
}

// settle decides until the conversation has stood still for it.
func (s *Session) settle(ctx context.Context, id ID, f func(*Conversation) ([]Body, error), more func(*Conversation) []Entry) error {
	first := NewID() // stays the same over retries, so that nothing is done twice
	for range retries {
		c := s.d.state.Conversation(id)
		if c == nil {
			return Errorf(NotFound, "there is no such conversation; hark ls shows them")
		}
		bodies, err := f(c)
		if err != nil || len(bodies) == 0 {
			return err
		}
		err = s.d.append(ctx, append(s.entries(c, first, bodies), more(c)...)...)
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return Errorf(Unavailable, "the conversation changes too fast to do that; try again")
}

func (s *Session) entries(c *Conversation, first ID, bodies []Body) []Entry {
	entries := make([]Entry, len(bodies))
	for i, b := range bodies {
		entries[i] = Entry{
			ID:     DeriveID(first[:], []byte{byte(i)}),
			Stream: Stream{ConversationStream, c.ID}, Class: ClassTranscript,
			Expect: c.N + uint64(i), Actor: s.actor, Body: b,
		}
	}
	return entries
}

// Claim takes a conversation that nobody has. Who comes second is told who
// was first.
func (s *Session) Claim(ctx context.Context, id ID) error {
	return s.decide(ctx, ActClaim, id, func(c *Conversation) ([]Body, error) {
		switch c.Assignee {
		case s.actor.ID:
			return nil, nil
		case ID{}:
			return []Body{Assigned{To: s.actor.ID, Claim: true}}, nil
		}
		return nil, Errorf(Conflict, "%s has this conversation", s.d.accountName(c.Assignee))
	})
}

// Release lets go of a conversation of one's own.
func (s *Session) Release(ctx context.Context, id ID) error {
	return s.decide(ctx, ActClaim, id, func(c *Conversation) ([]Body, error) {
		switch c.Assignee {
		case ID{}:
			return nil, nil
		case s.actor.ID:
			return []Body{Assigned{}}, nil
		}
		return nil, Errorf(Conflict, "%s has this conversation", s.d.accountName(c.Assignee))
	})
}

// Assign gives a conversation to an account, or to nobody for the zero ID.
func (s *Session) Assign(ctx context.Context, id, to ID) error {
	if to == s.actor.ID {
		return s.Take(ctx, id)
	}
	acc := s.d.state.Account(to)
	if !to.IsZero() && acc == nil {
		return Errorf(NotFound, "there is no such account; hark user ls shows them")
	}
	if acc != nil && !acc.May(ActReply) {
		return Errorf(Invalid, "%s may not answer customers, so a conversation cannot be theirs", acc.Name)
	}
	return s.decide(ctx, ActAssign, id, func(c *Conversation) ([]Body, error) {
		if c.Assignee == to {
			return nil, nil
		}
		return []Body{Assigned{To: to}}, nil
	})
}

// Reply writes to the customer. It claims what nobody has. A chat is where the
// visitor is: in an older conversation nobody would read the answer.
func (s *Session) Reply(ctx context.Context, id ID, text string) error {
	return s.ReplyWith(ctx, id, text, nil)
}

// ReplyWith is Reply with files that the session has attached. With files the
// text may be empty.
func (s *Session) ReplyWith(ctx context.Context, id ID, text string, files []ID) error {
	text, err := validWords(text, files)
	if err != nil {
		return err
	}
	if c := s.d.state.Conversation(id); c != nil && c.LastChannel() == Email {
		return s.replyByMail(ctx, id, text, files)
	}
	return s.replyLive(ctx, id, text, files)
}

// ReplyInChat answers in the chat, also where the newest word came by mail.
func (s *Session) ReplyInChat(ctx context.Context, id ID, text string, files []ID) error {
	text, err := validWords(text, files)
	if err != nil {
		return err
	}
	if c := s.d.state.Conversation(id); c != nil && !slices.Contains(c.Channels, Chat) {
		return Errorf(Invalid, "nobody chats in this conversation; answer by mail")
	}
	return s.replyLive(ctx, id, text, files)
}

// replyLive writes to where the customer is at the moment.
func (s *Session) replyLive(ctx context.Context, id ID, text string, files []ID) error {
	attached, err := s.d.attached(ctx, accountOwner(s.actor.ID), files)
	if err != nil {
		return err
	}
	err = s.decide(ctx, ActReply, id, func(c *Conversation) ([]Body, error) {
		if !c.Merged.IsZero() {
			return nil, Errorf(Conflict, "this conversation goes on in %s; answer there", s.d.state.Short(c.Merged))
		}
		if now := s.d.goesOn(c); now != nil {
			return nil, Errorf(Conflict, "the customer goes on in conversation %s; answer there", s.d.state.Short(now.ID))
		}
		var bodies []Body
		if c.Assignee.IsZero() {
			bodies = append(bodies, Assigned{To: s.actor.ID, Claim: true})
		}
		channel := c.LastChannel()
		if channel == Email {
			channel = Chat
		}
		return append(bodies, Message{
			Direction: Out, Channel: channel, Text: text, Author: s.Account().Display, Files: attached,
		}), nil
	})
	if err == nil {
		s.d.uploads.sent(attached)
	}
	return err
}

// replyByMail answers who wrote last.
func (s *Session) replyByMail(ctx context.Context, id ID, text string, files []ID) error {
	o, err := s.ReplyDraft(ctx, id, false)
	if err != nil {
		return err
	}
	o.Text, o.Files, o.Quote = text, files, true
	if a, err := s.d.mailAccount(o.Account); err == nil && strings.TrimSpace(a.Signature) != "" {
		o.Text += "\n\n-- \n" + strings.TrimRight(a.Signature, "\n")
	}
	_, _, err = s.SendMail(ctx, id, o)
	return err
}

// goesOn returns the chat that the contact has begun after c, or nil.
func (d *Desk) goesOn(c *Conversation) *Conversation {
	contact := d.state.Contact(c.Contact)
	if contact == nil || !slices.Contains(c.Channels, Chat) {
		return nil
	}
	if now := d.current(contact); now != nil && now.ID != c.ID {
		return now
	}
	return nil
}

// Note writes to the team. Nothing turns a note into a message.
func (s *Session) Note(ctx context.Context, id ID, text string) error {
	text, err := validText(text)
	if err != nil {
		return err
	}
	return s.decide(ctx, ActNote, id, func(*Conversation) ([]Body, error) {
		return []Body{Note{Text: text}}, nil
	})
}

// End resolves the conversation: the matter is over until somebody writes again.
func (s *Session) End(ctx context.Context, id ID) error {
	return s.decide(ctx, ActResolve, id, func(c *Conversation) ([]Body, error) {
		if c.Status == StatusResolved {
			return nil, nil
		}
		if len(c.Trouble) > 0 {
			return nil, Errorf(Conflict, "a mail of this conversation did not reach everybody; send it again or settle it, then resolve")
		}
		return []Body{Resolved{}}, nil
	})
}

// Reopen takes a resolved conversation up again.
func (s *Session) Reopen(ctx context.Context, id ID) error {
	return s.decide(ctx, ActResolve, id, func(c *Conversation) ([]Body, error) {
		if c.Status != StatusResolved {
			return nil, nil
		}
		return []Body{Reopened{}}, nil
	})
}

// Typing tells colleagues and, through the public feed, the customer that the
// session writes a reply. It ends by itself after TypingFor.
func (s *Session) Typing(id ID, active bool) {
	c := s.d.state.Conversation(id)
	acc := s.Account()
	if c == nil || !acc.May(ActReply) {
		return
	}
	s.d.typing.set(typingWho{id, s.actor.ID}, active, func(active bool) {
		name := ""
		if active {
			name = acc.Display
		}
		s.d.feed.typing(id, c.Contact, name)
		s.d.feed.signal(Signal{Kind: SignalTyping, Conversation: id, Who: acc.Display, Active: active})
	})
}
