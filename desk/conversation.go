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
	Side       Direction `json:"from,omitempty"` // who said them
	Unanswered int       `json:"un,omitempty"`   // customer's messages since the last reply
	Name       string    `json:"name"`           // what the contact is called
	Page       string    `json:"page,omitempty"`
	Opened     time.Time `json:"opened"`
	At         time.Time `json:"at"`           // last word or change
	Resolved   time.Time `json:"end,omitzero"` // when it was resolved

	Queue    string    `json:"q,omitempty"`
	Priority Priority  `json:"pr,omitempty"`
	Tags     []string  `json:"tags,omitempty"`    // sorted
	Until    time.Time `json:"until,omitzero"`    // snoozed: when it comes back; zero for only with a reply
	Before   Status    `json:"before,omitempty"`  // snoozed: where it stood
	Offer    Offer     `json:"offer,omitzero"`    // who is asked to take it
	Since    time.Time `json:"since,omitzero"`    // when the customer began to wait for our word; zero while we owe none
	Answered bool      `json:"ans,omitempty"`     // a customer of it has had an answer before
	Breached bool      `json:"late,omitempty"`    // the service target of this wait was missed
	Merged   ID        `json:"into,omitzero"`     // where it goes on
	Sources  []ID      `json:"sources,omitempty"` // what was merged into it
	From     ID        `json:"split,omitzero"`    // what it was split from
	ReadBy   uint64    `json:"read,omitempty"`    // the customer has read public events up to here
	SeenBy   uint64    `json:"seen,omitempty"`    // staff have read public events up to here
	Notice   NoticeRef `json:"notice,omitzero"`   // what the customer was told before the first word

	Subject   string    `json:"subject,omitempty"`  // of the newest mail
	Account   string    `json:"account,omitempty"`  // the mail account that the newest mail came by
	Parties   []string  `json:"parties,omitempty"`  // addresses that take part, sorted; without the desk's own
	Outbox    []ID      `json:"outbox,omitempty"`   // mails that are still to go out, oldest first
	Trouble   []Trouble `json:"trouble,omitempty"`  // mails that a person has to look after
	Proposed  ID        `json:"proposed,omitzero"`  // the conversation that this one may belong to
	Mails     uint64    `json:"mails,omitempty"`    // how many mails came that staff should read
	MailsSeen uint64    `json:"mailseen,omitempty"` // how many of them staff have read
	Moved     bool      `json:"moved,omitempty"`    // something of it was moved to another one
}

// Trouble is an outgoing mail that failed, came back, or may or may not have
// left, until somebody settles it.
type Trouble struct {
	Item  ID        `json:"item"`
	State PostState `json:"state"`
}

// Offer asks one member of staff to take a conversation, until a time.
type Offer struct {
	To    ID        `json:"to"`
	Until time.Time `json:"until"`
}

// Live reports whether somebody is being asked.
func (o Offer) Live() bool { return !o.To.IsZero() }

// LastChannel returns the channel of the newest message.
func (c *Conversation) LastChannel() Channel {
	if len(c.Channels) == 0 {
		return ""
	}
	return c.Channels[len(c.Channels)-1]
}

// NeedsUs reports whether the customer waits for an answer.
func (c *Conversation) NeedsUs() bool {
	return c.Merged.IsZero() && (c.Status == StatusNew || c.Status == StatusOpen)
}

// after returns the conversation as it is once e has happened.
func (c Conversation) after(e Event) Conversation {
	c.N = e.N
	if Public(e.Body) {
		c.Ord++
	}
	switch b := e.Body.(type) {
	case ConversationOpened:
		c.ID, c.Contact, c.Previous, c.Queue, c.From = e.Stream.ID, b.Contact, b.Previous, b.Queue, b.From
		c.Status, c.Page, c.Opened, c.At = StatusNew, b.Page, e.At, e.At
		c.Channels = []Channel{b.Channel}
	case Message:
		c = c.afterMessage(e.ID, e.At, b)
	case Assigned:
		c.Assignee, c.Offer, c.At = b.To, Offer{}, e.At
	case Resolved:
		c = c.rested()
		c.Status, c.Resolved, c.At = StatusResolved, e.At, e.At
	case Reopened:
		c.Status, c.Resolved, c.At, c.Since = StatusOpen, time.Time{}, e.At, e.At
	case Delivered:
		c.Delivered = max(c.Delivered, min(b.Ord, c.Ord))
	case Note:
		c.At = e.At
	default:
		c = c.afterWork(e)
	}
	return c
}

// afterWork folds what staff and the hub do with a conversation beside words.
func (c Conversation) afterWork(e Event) Conversation {
	switch b := e.Body.(type) {
	case Tagged:
		c.Tags = retag(c.Tags, b)
	case Prioritised:
		c.Priority = b.Priority
	case Snoozed:
		if c.Status != StatusSnoozed {
			c.Before = c.Status
		}
		c.Status, c.Until, c.Offer = StatusSnoozed, b.Until, Offer{}
	case Woken:
		c = c.woken(e)
	case Queued:
		c.Queue, c.Offer = b.Queue, Offer{}
	case Offered:
		c.Offer = Offer(b)
	case OfferEnded:
		if c.Offer.To == b.To {
			c.Offer = Offer{}
		}
	case Breached:
		c.Breached = true
	case Read:
		c = c.read(e.Actor, b)
	case NoticeShown:
		c.Notice = b.NoticeRef
	default:
		c = c.afterSorting(e)
	}
	return c
}

// afterSorting folds merges and moves.
func (c Conversation) afterSorting(e Event) Conversation {
	switch b := e.Body.(type) {
	case MovedOut:
		c.Moved = true
	case Merged:
		c.Merged, c.Offer, c.At = b.Into, Offer{}, e.At
	case Unmerged:
		c.Merged, c.At = ID{}, e.At
	case Joined:
		c = c.joined(e.At, b)
	case Parted:
		c.Sources = slices.DeleteFunc(slices.Clone(c.Sources), func(id ID) bool { return id == b.From })
	case MovedIn:
		if b.Message != nil {
			at := c.At
			c = c.afterMessage(b.Item, b.At, b.Message.moved())
			if at.After(c.At) {
				c.At = at
			}
		}
	default:
		c = c.afterMail(e)
	}
	return c
}

// rested returns the conversation with nobody waiting and nothing pending.
func (c Conversation) rested() Conversation {
	c.Unanswered, c.Since, c.Breached = 0, time.Time{}, false
	c.Until, c.Before, c.Offer = time.Time{}, "", Offer{}
	return c
}

// woken ends a snooze. When it was due the next word is ours; when a person
// took it back, it stands where it stood.
func (c Conversation) woken(e Event) Conversation {
	if c.Status != StatusSnoozed {
		return c
	}
	c.Status = c.Before
	if e.Actor.Kind == ActorHub {
		c.At = e.At
		if c.Status != StatusNew {
			c.Status = StatusOpen
		}
		if c.Since.IsZero() {
			c.Since = e.At
		}
	}
	c.Until, c.Before = time.Time{}, ""
	return c
}

func (c Conversation) read(by Actor, b Read) Conversation {
	ord := min(b.Ord, c.Ord)
	if by.Kind == ActorContact {
		c.ReadBy, c.Delivered = max(c.ReadBy, ord), max(c.Delivered, ord)
		return c
	}
	c.SeenBy, c.MailsSeen = ord, min(b.Mails, c.Mails) // a smaller one makes it unread again
	return c
}

// joined takes over who waits in the conversation that was merged.
func (c Conversation) joined(at time.Time, b Joined) Conversation {
	c.Sources, c.At = append(slices.Clone(c.Sources), b.From), at
	for _, address := range b.Parties {
		if i, found := slices.BinarySearch(c.Parties, address); !found && len(c.Parties) < partiesMax {
			c.Parties = slices.Insert(slices.Clone(c.Parties), i, address)
		}
	}
	if b.Since.IsZero() {
		return c
	}
	c.Unanswered += b.Unanswered
	if c.Since.IsZero() || b.Since.Before(c.Since) {
		c.Since = b.Since
	}
	if c.Status == StatusWaiting || c.Status == StatusResolved {
		c.Status, c.Resolved = StatusOpen, time.Time{}
	}
	return c
}

func retag(tags []string, b Tagged) []string {
	next := slices.DeleteFunc(slices.Clone(tags), func(t string) bool { return slices.Contains(b.Remove, t) })
	for _, t := range b.Add {
		if i, found := slices.BinarySearch(next, t); !found {
			next = slices.Insert(next, i, t)
		}
	}
	if len(next) == 0 {
		return nil
	}
	return next
}

func (c Conversation) afterMessage(id ID, at time.Time, m Message) Conversation {
	if m.Mail != nil {
		if c = c.mailed(id, m); !m.Mail.counts() {
			return c.aside(at, m)
		}
	}
	c.At, c.Resolved = at, time.Time{}
	c.Last, c.Side = lastWordsOf(m), m.Direction
	c = c.reachedBy(m.Channel)
	if m.Direction == Out {
		c = c.rested()
		c.Status, c.Answered = StatusWaiting, true
		return c
	}
	c.Unanswered++
	if c.Since.IsZero() {
		c.Since = at
	}
	if c.Status == StatusNew || c.Before == StatusNew {
		c.Status = StatusNew
	} else {
		c.Status = StatusOpen
	}
	c.Until, c.Before = time.Time{}, ""
	return c
}

// reachedBy makes a channel the newest one.
func (c Conversation) reachedBy(ch Channel) Conversation {
	if c.LastChannel() != ch {
		c.Channels = append(slices.DeleteFunc(slices.Clone(c.Channels), func(old Channel) bool { return old == ch }), ch)
	}
	return c
}

// lastWordsOf returns what a list row shows of a message.
func lastWordsOf(m Message) string {
	if s := excerpt(m.fresh()); s != "" {
		return s
	}
	switch {
	case len(m.Files) > 0:
		return excerpt(m.Files[0].Name)
	case m.Mail != nil && len(m.Mail.Parts) > 0:
		return excerpt(m.Mail.Parts[0].Name)
	}
	return ""
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
	Fields        []Field    `json:"fields,omitempty"`
	Links         []Link     `json:"links,omitempty"`
}

// Field returns what is known under a name.
func (c *Contact) Field(name string) (Field, bool) {
	for _, f := range c.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

func (c Contact) after(e Event) Contact {
	c.N = e.N
	switch b := e.Body.(type) {
	case ContactCreated:
		c.ID, c.Name, c.Identities, c.Since = e.Stream.ID, b.Name, b.Identities, e.At
	case ContactNamed:
		c.Name = b.Name
	case ContactField:
		c.Fields = set(c.Fields, b.Field, func(f Field) bool { return f.Name == b.Name })
	case ContactIdentified:
		c.Identities = append(slices.Clone(c.Identities), b.Identity)
	case LinkIssued:
		c.Links = set(c.Links, b.Link, func(l Link) bool { return l.Hash == b.Hash })
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

	Presence    Presence     `json:"pres,omitempty"`
	Until       time.Time    `json:"until,omitzero"` // when the presence ends by itself
	Views       []SavedView  `json:"views,omitempty"`
	Preferences []Preference `json:"prefs,omitempty"`
}

func (a Account) after(e Event) Account {
	a.N = e.N
	switch b := e.Body.(type) {
	case AccountCreated:
		a.ID, a.Name, a.Display, a.Roles, a.UID = e.Stream.ID, b.Name, b.Display, b.Roles, b.UID
		a.Presence = Available
	case PresenceChosen:
		a.Presence, a.Until = b.Presence, b.Until
	case ViewSaved:
		a.Views = set(a.Views, b.SavedView, func(v SavedView) bool { return v.Name == b.Name })
	case ViewRemoved:
		a.Views = slices.DeleteFunc(slices.Clone(a.Views), func(v SavedView) bool { return v.Name == b.Name })
	case Preferred:
		a.Preferences = slices.DeleteFunc(slices.Clone(a.Preferences), func(p Preference) bool { return p.Name == b.Name })
		if b.Value != "" {
			a.Preferences = append(a.Preferences, b.Preference)
		}
	}
	return a
}

// set returns the list with the item in the place of the one that same finds,
// or at the end.
func set[T any](items []T, item T, same func(T) bool) []T {
	items = slices.Clone(items)
	if i := slices.IndexFunc(items, same); i >= 0 {
		items[i] = item
		return items
	}
	return append(items, item)
}

// May reports whether the account may do something.
func (a *Account) May(act Action) bool { return a != nil && May(a.Roles, act) }

// Info is the desk itself, as a fold over the desk's stream.
type Info struct {
	ID    ID     `json:"id"`
	Name  string `json:"name"`
	Audit ID     `json:"audit"` // the audit stream
	// Notices are what customers have been shown, every version and language.
	Notices []Notice `json:"notices,omitempty"`
}

func (i Info) after(e Event) Info {
	switch b := e.Body.(type) {
	case DeskCreated:
		return Info{ID: e.Stream.ID, Name: b.Name, Audit: b.Audit}
	case NoticePublished:
		i.Notices = append(slices.Clone(i.Notices), b.Notice)
	}
	return i
}
