package desk

import (
	"slices"
	"time"
)

// partiesMax bounds how many addresses a conversation remembers.
const partiesMax = 60

// counts reports whether somebody waits for what follows from the mail: not
// from an automatic answer, in either direction, and not from history.
func (l *Letter) counts() bool { return !l.Muted && !l.Past && l.Automatic != autoReplied }

// autoReplied marks the desk's own automatic answers (RFC 3834, section 5).
const autoReplied = "auto-replied"

// moved returns the message as it counts in the place that it was moved to:
// nothing of it is still to be sent from there.
func (m Message) moved() Message {
	if m.Mail == nil || m.Direction == In {
		return m
	}
	l := *m.Mail
	l.MessageID = ""
	m.Mail = &l
	return m
}

// mailed takes in what every mail tells of its conversation.
func (c Conversation) mailed(id ID, m Message) Conversation {
	l := m.Mail
	newer := c.Subject == "" || l.counts()
	if newer && l.Subject != "" {
		c.Subject = l.Subject
	}
	if newer || c.Account == "" {
		c.Account = l.Account
	}
	if !l.Muted {
		c.Parties = l.parties(c.Parties, m.Direction)
	}
	switch {
	case m.Direction == Out && l.MessageID != "":
		c.Outbox = append(slices.Clone(c.Outbox), id)
	case m.Direction == In && l.counts():
		c.Mails++
	}
	return c
}

// parties returns the addresses that take part once the mail is here. The
// desk's own address is not among them.
func (l *Letter) parties(before []string, d Direction) []string {
	lists := [][]Address{l.To, l.Cc, l.Bcc}
	if d == In {
		lists = [][]Address{{l.From}, l.ReplyTo, l.To, l.Cc}
	}
	next := before
	for _, list := range lists {
		for _, a := range list {
			at, found := slices.BinarySearch(next, a.Mail)
			if found || a.Mail == "" || len(next) >= partiesMax || slices.Contains(l.Own, a.Mail) {
				continue
			}
			next = slices.Insert(slices.Clone(next), at, a.Mail)
		}
	}
	return next
}

// aside takes in a message for which nobody waits: the conversation stands
// where it stood. What is older than its newest words does not change them, nor
// does what a machine of either side says: the list shows what people wrote.
func (c Conversation) aside(at time.Time, m Message) Conversation {
	first := c.Side == ""
	if m.Mail.Past && !m.Mail.Received.IsZero() {
		at = m.Mail.Received
		if at.Before(c.Opened) {
			c.Opened = at
		}
	}
	c = c.reachedBy(m.Channel)
	if !first && (m.Mail.Muted || m.Mail.Automatic == autoReplied || at.Before(c.At)) {
		return c
	}
	c.Last, c.Side, c.At = lastWordsOf(m), m.Direction, at
	if c.Status == StatusResolved && !c.Resolved.After(at) || first {
		c.Status, c.Resolved = StatusResolved, at
	}
	return c
}

// afterMail folds what becomes of mails.
func (c Conversation) afterMail(e Event) Conversation {
	switch b := e.Body.(type) {
	case MailWithdrawn:
		c.Outbox = without(c.Outbox, b.Item)
		if b.Before != nil && c.Status == StatusWaiting {
			c.Status, c.Since, c.Unanswered = b.Before.Status, b.Before.Since, b.Before.Unanswered
			c.Answered, c.Breached = b.Before.Answered, b.Before.Breached
		}
	case MailPosted:
		c = c.posted(b)
	case MailResent:
		c.Trouble = c.untroubled(b.Item)
		c.Outbox = append(without(c.Outbox, b.Item), b.Item)
	case MailSettled:
		c.Trouble = c.untroubled(b.Item)
	case MailProposed:
		c.Proposed = b.Conversation
	case MailDeclined:
		if c.Proposed == b.Conversation {
			c.Proposed = ID{}
		}
	}
	return c
}

// posted takes in how far an outgoing mail has come.
func (c Conversation) posted(b MailPosted) Conversation {
	if b.State.Finished() {
		c.Outbox = without(c.Outbox, b.Item)
	}
	switch {
	case b.State.Trouble():
		c.Trouble = append(c.untroubled(b.Item), Trouble{b.Item, b.State})
	case b.State == PostSent || b.State == PostFiled:
		// what was parked turns out to have left; what bounced stays bounced
		if i := slices.IndexFunc(c.Trouble, func(t Trouble) bool { return t.Item == b.Item && t.State == PostParked }); i >= 0 {
			c.Trouble = c.untroubled(b.Item)
		}
	}
	return c
}

func (c Conversation) untroubled(item ID) []Trouble {
	rest := slices.DeleteFunc(slices.Clone(c.Trouble), func(t Trouble) bool { return t.Item == item })
	if len(rest) == 0 {
		return nil
	}
	return rest
}

// without returns the identifiers but one, nil for none.
func without(ids []ID, id ID) []ID {
	rest := slices.DeleteFunc(slices.Clone(ids), func(other ID) bool { return other == id })
	if len(rest) == 0 {
		return nil
	}
	return rest
}
