package desk

import (
	"context"
	"slices"
	"time"
)

// Withdraw takes a mail back that has not left, and returns what was written
// as a draft again.
func (s *Session) Withdraw(ctx context.Context, id, item ID) (Outgoing, error) {
	e, err := s.d.Item(ctx, id, item)
	if err != nil {
		return Outgoing{}, err
	}
	m := messageOf(e)
	if m == nil || m.Mail == nil || m.Direction != Out {
		return Outgoing{}, Errorf(Invalid, "only a mail that goes out can be taken back")
	}
	err = s.decide(ctx, ActReply, id, func(c *Conversation) ([]Body, error) {
		if !slices.Contains(c.Outbox, item) || s.d.posts.taken(item) {
			return nil, Errorf(Conflict, "the mail has left already")
		}
		return []Body{MailWithdrawn{Item: item, Before: m.Mail.Before}}, nil
	})
	if err != nil {
		return Outgoing{}, err
	}
	o := Outgoing{
		Account: m.Mail.Account, To: m.Mail.To, Cc: m.Mail.Cc, Bcc: m.Mail.Bcc, Subject: m.Mail.Subject, Text: m.Text,
		Parent: m.Mail.Parent, Quote: m.Mail.Quote, Carry: m.Mail.Carry, Forward: m.Mail.Forward, Outside: true,
	}
	for _, f := range m.Files {
		o.Files = append(o.Files, f.ID)
	}
	return o, nil
}

// Settle says that the session's account has dealt with a mail that failed,
// came back, or may not have left.
func (s *Session) Settle(ctx context.Context, id, item ID, words string) error {
	if len(words) > visitorTxt {
		return Errorf(Invalid, "say it in fewer words")
	}
	return s.decide(ctx, ActReply, id, func(c *Conversation) ([]Body, error) {
		if !c.troubled(item) {
			return nil, Errorf(NotFound, "there is nothing to settle about this mail")
		}
		return []Body{MailSettled{Item: item, Words: words}}, nil
	})
}

// Resend lets a mail go out once more that failed or was parked. Only a person
// decides that: the addressee may have it already.
func (s *Session) Resend(ctx context.Context, id, item ID) error {
	room, err := s.d.room()
	if err != nil {
		return err
	}
	err = s.decide(ctx, ActReply, id, func(c *Conversation) ([]Body, error) {
		if !c.troubled(item) {
			return nil, Errorf(NotFound, "this mail does not have to be sent again")
		}
		return []Body{MailResent{Item: item}}, nil
	})
	if err != nil {
		return err
	}
	s.d.posts.again(item)
	defer s.d.ringPost()
	return room.Resend(ctx, item)
}

func (c *Conversation) troubled(item ID) bool {
	return slices.ContainsFunc(c.Trouble, func(t Trouble) bool { return t.Item == item })
}

// AcceptJoin merges a conversation into the one that it may belong to, which
// its sender takes part in from then on. Unmerge takes it back.
func (s *Session) AcceptJoin(ctx context.Context, id ID) (ID, error) {
	c := s.d.state.Conversation(id)
	if c == nil || c.Proposed.IsZero() {
		return ID{}, Errorf(NotFound, "it is not proposed that this conversation belongs to another")
	}
	return s.Merge(ctx, id, c.Proposed)
}

// DeclineJoin says that a conversation does not belong to the one proposed.
func (s *Session) DeclineJoin(ctx context.Context, id ID) error {
	return s.decide(ctx, ActSort, id, func(c *Conversation) ([]Body, error) {
		if c.Proposed.IsZero() {
			return nil, nil
		}
		return []Body{MailDeclined{Conversation: c.Proposed}}, nil
	})
}

// MailEvidence is a mail and why it is in its conversation.
type MailEvidence struct {
	Item     ID         `json:"item"`
	At       time.Time  `json:"at"`
	From     Address    `json:"from"`
	Subject  string     `json:"subject"`
	Evidence []Evidence `json:"evidence"`
}

// WhyJoined passes the door and returns why each mail is in the conversation,
// oldest first.
func (s *Session) WhyJoined(ctx context.Context, id ID) ([]MailEvidence, error) {
	if s.d.state.Conversation(id) == nil {
		return nil, Errorf(NotFound, "there is no such conversation; hark ls shows them")
	}
	if err := s.enter(ctx, id, s.purposeFor(id), "open"); err != nil {
		return nil, err
	}
	var all []MailEvidence
	err := s.d.each(ctx, id, func(e Event) {
		m := messageOf(e)
		if m == nil || m.Mail == nil || m.Direction != In {
			return
		}
		ev := MailEvidence{Item: e.ID, At: m.saidAt(e), From: m.Mail.From, Subject: m.Mail.Subject, Evidence: m.Mail.Evidence}
		if _, moved := e.Body.(MovedIn); moved {
			ev.Evidence = append(slices.Clone(ev.Evidence), Evidence{Rule: RulePerson, Words: "somebody of the staff moved it here"})
		}
		all = append(all, ev)
	})
	slices.SortStableFunc(all, func(a, b MailEvidence) int { return a.At.Compare(b.At) })
	return all, err
}
