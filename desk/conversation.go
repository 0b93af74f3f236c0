package desk

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Status is where a conversation stands.
type Status string

// The states of a conversation.
const (
	StatusNew      Status = "new"      // nobody has answered yet
	StatusOpen     Status = "open"     // the next word is ours
	StatusWaiting  Status = "waiting"  // the next word is the customer's
	StatusSnoozed  Status = "snoozed"  // until a time or a reply
	StatusResolved Status = "resolved" // over until somebody writes again
)

// ReopenWithin is how long a customer's message takes a resolved conversation
// up again; later ones start a new conversation linked to the old one.
const ReopenWithin = 14 * 24 * time.Hour

// lastWords is how much of a message a list row shows, in bytes.
const lastWords = 160

// Conversation is one matter with one contact, as a fold over its stream.
// Values are immutable: a change makes a new one.
type Conversation struct {
	ID         ID        `json:"id"`
	Contact    ID        `json:"contact"`
	Previous   ID        `json:"previous,omitzero"`
	N          uint64    `json:"n"`             // length of the stream
	Ord        uint64    `json:"ord,omitempty"` // how many of its events are public
	Delivered  uint64    `json:"del,omitempty"` // the customer has seen public events up to here
	Status     Status    `json:"s"`
	Assignee   ID        `json:"asg,omitzero"`
	Channels   []Channel `json:"ch"`
	Last       string    `json:"last,omitempty"` // last words, for a list row
	From       Direction `json:"from,omitempty"` // who said them
	Unanswered int       `json:"un,omitempty"`   // customer's messages since the last reply
	Name       string    `json:"name"`           // what the contact is called
	Page       string    `json:"page,omitempty"`
	Opened     time.Time `json:"opened"`
	At         time.Time `json:"at"`           // last word or change
	Resolved   time.Time `json:"end,omitzero"` // when it was resolved
}

// LastChannel returns the channel of the newest message.
func (c *Conversation) LastChannel() Channel {
	if len(c.Channels) == 0 {
		return ""
	}
	return c.Channels[len(c.Channels)-1]
}

// NeedsUs reports whether the customer waits for an answer.
func (c *Conversation) NeedsUs() bool { return c.Status == StatusNew || c.Status == StatusOpen }

// after returns the conversation as it is once e has happened.
func (c Conversation) after(e Event) Conversation {
	c.N = e.N
	if Public(e.Body) {
		c.Ord++
	}
	switch b := e.Body.(type) {
	case ConversationOpened:
		c.ID, c.Contact, c.Previous = e.Stream.ID, b.Contact, b.Previous
		c.Status, c.Page, c.Opened, c.At = StatusNew, b.Page, e.At, e.At
		c.Channels = []Channel{b.Channel}
	case Message:
		c = c.afterMessage(e, b)
	case Assigned:
		c.Assignee, c.At = b.To, e.At
	case Resolved:
		c.Status, c.Resolved, c.At, c.Unanswered = StatusResolved, e.At, e.At, 0
	case Reopened:
		c.Status, c.Resolved, c.At = StatusOpen, time.Time{}, e.At
	case Delivered:
		c.Delivered = max(c.Delivered, min(b.Ord, c.Ord))
	case Note:
		c.At = e.At
	}
	return c
}

func (c Conversation) afterMessage(e Event, m Message) Conversation {
	c.At, c.Resolved = e.At, time.Time{}
	c.Last, c.From = excerpt(m.Text), m.Direction
	if c.LastChannel() != m.Channel {
		c.Channels = append(slices.DeleteFunc(slices.Clone(c.Channels), func(ch Channel) bool { return ch == m.Channel }), m.Channel)
	}
	if m.Direction == Out {
		c.Status, c.Unanswered = StatusWaiting, 0
		return c
	}
	c.Unanswered++
	if c.Status != StatusNew {
		c.Status = StatusOpen
	}
	return c
}

// excerpt returns the beginning of a text on one line.
func excerpt(s string) string {
	if len(s) > 4*lastWords {
		s = s[:4*lastWords]
	}
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= lastWords {
		return s
	}
	cut := lastWords
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// Contact is a person, as a fold over the contact's stream.
type Contact struct {
	ID            ID         `json:"id"`
	N             uint64     `json:"n"`
	Name          string     `json:"name"`
	Identities    []Identity `json:"ids"`
	Conversations []ID       `json:"convs,omitempty"` // oldest first
	Since         time.Time  `json:"since"`
}

func (c Contact) after(e Event) Contact {
	c.N = e.N
	switch b := e.Body.(type) {
	case ContactCreated:
		c.ID, c.Name, c.Identities, c.Since = e.Stream.ID, b.Name, b.Identities, e.At
	case ContactNamed:
		c.Name = b.Name
	}
	return c
}

// Account is a member of staff, as a fold over the account's stream.
type Account struct {
	ID      ID     `json:"id"`
	N       uint64 `json:"n"`
	Name    string `json:"name"`
	Display string `json:"display"`
	Roles   []Role `json:"roles"`
	UID     string `json:"uid,omitempty"`
}

func (a Account) after(e Event) Account {
	a.N = e.N
	if b, ok := e.Body.(AccountCreated); ok {
		a.ID, a.Name, a.Display, a.Roles, a.UID = e.Stream.ID, b.Name, b.Display, b.Roles, b.UID
	}
	return a
}

// May reports whether the account may do something.
func (a *Account) May(act Action) bool { return a != nil && May(a.Roles, act) }

// Info is the desk itself, as a fold over the desk's stream.
type Info struct {
	ID    ID     `json:"id"`
	Name  string `json:"name"`
	Audit ID     `json:"audit"` // the audit stream
}
