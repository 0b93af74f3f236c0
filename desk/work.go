package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Take gives a conversation to the session, also from a colleague.
func (s *Session) Take(ctx context.Context, id ID) error {
	return s.decide(ctx, ActClaim, id, func(c *Conversation) ([]Body, error) {
		if c.Assignee == s.actor.ID {
			return nil, nil
		}
		return []Body{Assigned{To: s.actor.ID, Claim: true}}, nil
	})
}

// Limits of tags.
const (
	tagMax  = 40 // bytes
	tagsMax = 32 // on one conversation
)

// ParseTag returns a tag as it is kept: lower case, of letters, digits, dash,
// underscore, dot and slash, without the # that people put in front.
func ParseTag(s string) (string, error) {
	t := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "#"))
	if t == "" || len(t) > tagMax || !utf8.ValidString(t) || strings.IndexFunc(t, notInTag) >= 0 || strings.HasPrefix(t, "-") {
		return "", Errorf(Invalid, "%q cannot be a tag: use letters, digits and - _ . / up to %d bytes, no dash first", s, tagMax)
	}
	return t, nil
}

func notInTag(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_./", r)
}

// Tag adds and removes tags; what is so already is left alone.
func (s *Session) Tag(ctx context.Context, id ID, add, remove []string) error {
	add, err := parseTags(add)
	if err != nil {
		return err
	}
	if remove, err = parseTags(remove); err != nil {
		return err
	}
	add = slices.DeleteFunc(add, func(t string) bool { return slices.Contains(remove, t) })
	return s.decide(ctx, ActSort, id, func(c *Conversation) ([]Body, error) {
		has := func(t string) bool { return slices.Contains(c.Tags, t) }
		b := Tagged{
			Add:    slices.DeleteFunc(slices.Clone(add), has),
			Remove: slices.DeleteFunc(slices.Clone(remove), func(t string) bool { return !has(t) }),
		}
		if len(b.Add)+len(b.Remove) == 0 {
			return nil, nil
		}
		if len(c.Tags)+len(b.Add)-len(b.Remove) > tagsMax {
			return nil, Errorf(Invalid, "a conversation has %d tags at most; take one away first", tagsMax)
		}
		return []Body{b}, nil
	})
}

func parseTags(tags []string) ([]string, error) {
	var out []string
	for _, t := range tags {
		t, err := ParseTag(t)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out, nil
}

// Tags returns every tag in use, sorted.
func (s *Session) Tags() []string {
	if s.Why(ActList) != nil {
		return nil
	}
	return s.d.state.Tags()
}

// Priorities lists the priorities, least urgent first.
func Priorities() []Priority { return []Priority{Low, Normal, High, Urgent} }

// ParsePriority reads a priority's name.
func ParsePriority(s string) (Priority, error) {
	if p := Priority(strings.ToLower(s)); slices.Contains(Priorities(), p) {
		return p, nil
	}
	return "", Errorf(Invalid, "there is no priority %q; the priorities are low, normal, high and urgent", s)
}

// Or returns the priority, normal for the empty one.
func (p Priority) Or() Priority {
	if p == "" {
		return Normal
	}
	return p
}

// Rank orders priorities: the higher the sooner.
func (p Priority) Rank() int { return slices.Index(Priorities(), p.Or()) }

// Prioritise says how urgent a conversation is.
func (s *Session) Prioritise(ctx context.Context, id ID, p Priority) error {
	if _, err := ParsePriority(string(p.Or())); err != nil {
		return err
	}
	return s.decide(ctx, ActSort, id, func(c *Conversation) ([]Body, error) {
		if c.Priority.Or() == p.Or() {
			return nil, nil
		}
		return []Body{Prioritised{p.Or()}}, nil
	})
}

// snoozeMax is how far away a snooze may end.
const snoozeMax = 366 * 24 * time.Hour

// Snooze puts a conversation away until a time, or until a reply for the zero
// time. The customer's next word ends it in any case.
func (s *Session) Snooze(ctx context.Context, id ID, until time.Time) error {
	until = until.Truncate(time.Millisecond).UTC()
	if !until.IsZero() {
		switch wait := time.Until(until); {
		case wait <= 0:
			return Errorf(Invalid, "a snooze ends in the future; %s is past", until.Format("2006-01-02 15:04 MST"))
		case wait > snoozeMax:
			return Errorf(Invalid, "a snooze ends within a year")
		}
	}
	return s.decide(ctx, ActSort, id, func(c *Conversation) ([]Body, error) {
		switch {
		case c.Status == StatusResolved:
			return nil, Errorf(Conflict, "the conversation is resolved; reopen it first")
		case c.Status == StatusSnoozed && c.Until.Equal(until):
			return nil, nil
		}
		return []Body{Snoozed{Until: until}}, nil
	})
}

// Wake ends a snooze before its time; the conversation stands where it stood.
func (s *Session) Wake(ctx context.Context, id ID) error {
	return s.decide(ctx, ActSort, id, func(c *Conversation) ([]Body, error) {
		if c.Status != StatusSnoozed {
			return nil, nil
		}
		return []Body{Woken{}}, nil
	})
}

// Enqueue puts a conversation into a queue. Whoever has it keeps it no longer:
// it waits there for somebody of that queue.
func (s *Session) Enqueue(ctx context.Context, id ID, queue string) error {
	if q := s.d.routing.Queue(queue); q.Name != queue {
		return Errorf(NotFound, "there is no queue %q; the queues are %s", queue, s.d.queueNames())
	}
	return s.decide(ctx, ActAssign, id, func(c *Conversation) ([]Body, error) {
		if s.d.routing.Queue(c.Queue).Name == queue {
			return nil, nil
		}
		bodies := []Body{Queued{Queue: queue}}
		if !c.Assignee.IsZero() {
			bodies = append(bodies, Assigned{})
		}
		return bodies, nil
	})
}

func (d *Desk) queueNames() string {
	names := make([]string, 0, len(d.routing.Queues))
	for _, q := range d.routing.Queues {
		names = append(names, q.Name)
	}
	return list(names)
}

// MarkRead says that staff have read everything up to now. Reviewers' eyes do
// not count: the customer is told.
func (s *Session) MarkRead(id ID) {
	c := s.d.state.Conversation(id)
	if c == nil || c.SeenBy >= c.Ord && c.MailsSeen >= c.Mails || s.Why(ActReply) != nil {
		return
	}
	s.d.seen.add(seenKey{id, s.actor, true}, seenTo{c.Ord, c.Mails})
}

// MarkUnread makes a conversation unread again for the whole team.
func (s *Session) MarkUnread(ctx context.Context, id ID) error {
	return s.decide(ctx, ActSort, id, func(c *Conversation) ([]Body, error) {
		if c.SeenBy == 0 && c.MailsSeen == 0 {
			return nil, nil
		}
		return []Body{Read{}}, nil
	})
}

// Unread reports whether the customer has said something that nobody of the
// staff has had on screen.
func (c *Conversation) Unread() bool {
	return c.Side == In && c.SeenBy < c.Ord || c.MailsSeen < c.Mails
}

// HandDraft gives the session's draft in a conversation to a colleague, behind
// what the colleague has written there already.
func (s *Session) HandDraft(ctx context.Context, id, to ID) error {
	acc := s.d.state.Account(to)
	switch {
	case acc == nil:
		return Errorf(NotFound, "there is no such account; hark user ls shows them")
	case to == s.actor.ID:
		return Errorf(Invalid, "the draft is yours already")
	case !acc.May(ActNote):
		return Errorf(Invalid, "%s does not write here", acc.Name)
	}
	draft, err := s.Draft(ctx, id)
	if err != nil {
		return err
	}
	if strings.TrimSpace(draft.Text) == "" {
		return Errorf(NotFound, "you have no draft in this conversation")
	}
	err = s.decide(ctx, ActNote, id, func(*Conversation) ([]Body, error) { return []Body{DraftHanded{To: to}}, nil })
	if err != nil {
		return err
	}
	return s.d.moveDraft(ctx, draft, Draft{Conversation: id, Author: to})
}

// moveDraft puts a draft into another slot, behind what is there, and empties
// its own. When one of the two is a note, so is the whole: words for the team
// never become a reply by themselves.
func (d *Desk) moveDraft(ctx context.Context, draft, to Draft) error {
	there, err := d.drafts.Load(ctx, to.Conversation, to.Author)
	if err != nil {
		return err
	}
	to.Note, to.Text, to.At = draft.Note, draft.Text, time.Now().UTC()
	if strings.TrimSpace(there.Text) != "" {
		to.Note, to.Text = there.Note || draft.Note, there.Text+"\n\n"+draft.Text
	}
	d.drafts.Save(to)
	d.drafts.Save(Draft{Conversation: draft.Conversation, Author: draft.Author})
	return nil
}
