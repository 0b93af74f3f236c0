package desk

// Channel is a way in which customers reach the desk. It belongs to a message,
// not to a conversation.
type Channel string

// The channels.
const (
	Chat  Channel = "chat"
	Email Channel = "email"
	Voice Channel = "voice"
)

// Direction says whether a message came from a customer or went to one.
type Direction string

// The directions.
const (
	In  Direction = "in"
	Out Direction = "out"
)

// ConversationOpened starts a conversation stream.
type ConversationOpened struct {
	Contact  ID      `json:"contact"`
	Channel  Channel `json:"channel"`
	Page     string  `json:"page,omitempty"`    // where the visitor was
	Previous ID      `json:"previous,omitzero"` // the resolved conversation this one follows
	// Since version 2.
	Queue string `json:"queue,omitempty"` // the queue it begins in
	From  ID     `json:"from,omitzero"`   // the conversation it was split from
}

// Message is what a customer wrote to the desk or the desk to a customer.
type Message struct {
	Direction Direction `json:"direction"`
	Channel   Channel   `json:"channel"`
	Text      string    `json:"text"`
	Author    string    `json:"author,omitempty"` // out: the name the customer sees
	Client    string    `json:"client,omitempty"` // in: the identifier the sender gave it
	// Since version 2.
	Files []File `json:"files,omitempty"`
	// Since version 3: what a message by mail has beside its words.
	Mail *Letter `json:"mail,omitempty"`
}

// Note is for staff only. No code turns one into a Message.
type Note struct {
	Text string `json:"text"`
}

// Assigned gives a conversation to an account, or to nobody when To is zero.
// Claim says that the account took it by itself.
type Assigned struct {
	To    ID   `json:"to,omitzero"`
	Claim bool `json:"claim,omitempty"`
	// Since version 2: why the hub did it by itself, such as "lease".
	Why string `json:"why,omitempty"`
}

// Resolved ends the matter until somebody writes again.
type Resolved struct{}

// Reopened takes a resolved conversation up again without a message.
type Reopened struct{}

// Delivered says that the customer's device has shown everything public up to
// the ordinal.
type Delivered struct {
	Channel Channel `json:"channel"`
	Ord     uint64  `json:"ord"`
}

// DraftDiscarded says that the author threw a written draft away.
type DraftDiscarded struct{}

// IdentityType says what kind of thing identifies a contact.
type IdentityType string

// The types of identity.
const (
	// VisitorToken is the SHA-256 of the secret a browser holds, in hex.
	VisitorToken IdentityType = "visitor"
	// LinkToken is the SHA-256 of the secret in a link, in hex.
	LinkToken IdentityType = "link"
	// MailAddress is an address in lower case.
	MailAddress IdentityType = "mail"
)

// Identity is one way of recognising a contact.
type Identity struct {
	Type  IdentityType `json:"type"`
	Value string       `json:"value"`
}

// ContactCreated starts a contact stream.
type ContactCreated struct {
	Name       string     `json:"name"`
	Identities []Identity `json:"identities"`
}

// ContactNamed changes what a contact is called.
type ContactNamed struct {
	Name string `json:"name"`
}

// ContactReturned says that the contact began another conversation. It stands
// in the contact's stream so that two first messages at once open only one.
type ContactReturned struct {
	Conversation ID `json:"conversation"`
}

// AccountCreated starts an account stream. UID maps an operating-system user
// to the account; empty for none.
type AccountCreated struct {
	Name    string `json:"name"`    // the handle: lower case, unique
	Display string `json:"display"` // what customers see
	Roles   []Role `json:"roles"`
	UID     string `json:"uid,omitempty"`
}

// DeskCreated starts the desk stream and names the audit stream.
type DeskCreated struct {
	Name  string `json:"name"`
	Audit ID     `json:"audit"`
}

// HubStarted says that a hub opened the data folder.
type HubStarted struct {
	Release string `json:"release"`
}

// HubStopped says that the hub ended as asked. Without one, it was killed.
type HubStopped struct{}

// SessionStarted says that an account signed in.
type SessionStarted struct {
	Session ID     `json:"session"`
	Account ID     `json:"account"`
	Via     string `json:"via"` // "console", "command: ls", …
}

// SessionEnded says that a session is over.
type SessionEnded struct {
	Session ID `json:"session"`
}

// Viewed says that content was shown: to the actor, from a conversation (zero
// for a query over many), for a purpose, in a sitting.
type Viewed struct {
	Conversation ID      `json:"conversation,omitzero"`
	Purpose      Purpose `json:"purpose"`
	Sitting      ID      `json:"sitting"`
	How          string  `json:"how"` // "open", "tail", "query"
}

// Refused says that the door or a rule said no.
type Refused struct {
	Conversation ID      `json:"conversation,omitzero"`
	Action       Action  `json:"action"`
	Purpose      Purpose `json:"purpose,omitempty"`
}

// Kind implementations, in the order of the types above.

func (ConversationOpened) Kind() string { return "conversation.opened" }
func (Message) Kind() string            { return "message" }
func (Note) Kind() string               { return "note" }
func (Assigned) Kind() string           { return "assigned" }
func (Resolved) Kind() string           { return "resolved" }
func (Reopened) Kind() string           { return "reopened" }
func (Delivered) Kind() string          { return "delivered" }
func (DraftDiscarded) Kind() string     { return "draft.discarded" }
func (ContactCreated) Kind() string     { return "contact.created" }
func (ContactNamed) Kind() string       { return "contact.named" }
func (ContactReturned) Kind() string    { return "contact.returned" }
func (AccountCreated) Kind() string     { return "account.created" }
func (DeskCreated) Kind() string        { return "desk.created" }
func (HubStarted) Kind() string         { return "hub.started" }
func (HubStopped) Kind() string         { return "hub.stopped" }
func (SessionStarted) Kind() string     { return "session.started" }
func (SessionEnded) Kind() string       { return "session.ended" }
func (Viewed) Kind() string             { return "viewed" }
func (Refused) Kind() string            { return "refused" }

// A body says version 2 only where it needs a field that version 1 does not
// have: an older program goes on reading everything else.

// Version implements Body.
func (b ConversationOpened) Version() int { return later(b.Queue != "" || !b.From.IsZero()) }

// Version implements Body.
func (b Message) Version() int {
	if b.Mail != nil {
		return 3
	}
	return later(len(b.Files) > 0)
}

// Version implements Body.
func (b Assigned) Version() int { return later(b.Why != "") }

// later returns the version of a body that may need its second.
func later(second bool) int {
	if second {
		return 2
	}
	return 1
}

func (Note) Version() int            { return 1 }
func (Resolved) Version() int        { return 1 }
func (Reopened) Version() int        { return 1 }
func (Delivered) Version() int       { return 1 }
func (DraftDiscarded) Version() int  { return 1 }
func (ContactCreated) Version() int  { return 1 }
func (ContactNamed) Version() int    { return 1 }
func (ContactReturned) Version() int { return 1 }
func (AccountCreated) Version() int  { return 1 }
func (DeskCreated) Version() int     { return 1 }
func (HubStarted) Version() int      { return 1 }
func (HubStopped) Version() int      { return 1 }
func (SessionStarted) Version() int  { return 1 }
func (SessionEnded) Version() int    { return 1 }
func (Viewed) Version() int          { return 1 }
func (Refused) Version() int         { return 1 }

// Masked implementations: the fields that people fill with words.

// Masked masks what people wrote.
func (b ConversationOpened) Masked(f func(string) string) Body {
	b.Page = f(b.Page)
	return b
}

// Masked masks what people wrote.
func (b Message) Masked(f func(string) string) Body {
	b.Text, b.Author, b.Files, b.Mail = f(b.Text), f(b.Author), maskFiles(b.Files, f), b.Mail.masked(f)
	return b
}

// Masked masks what people wrote.
func (b Note) Masked(f func(string) string) Body {
	b.Text = f(b.Text)
	return b
}

// Masked returns b: it holds no words.
func (b Assigned) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Resolved) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Reopened) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Delivered) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b DraftDiscarded) Masked(func(string) string) Body { return b }

// Masked masks the name. Identities are hashes and addresses, not prose; an
// address that holds a card number would otherwise no longer reach its owner.
func (b ContactCreated) Masked(f func(string) string) Body {
	b.Name = f(b.Name)
	return b
}

// Masked masks what people wrote.
func (b ContactNamed) Masked(f func(string) string) Body {
	b.Name = f(b.Name)
	return b
}

// Masked returns b: it holds no words.
func (b ContactReturned) Masked(func(string) string) Body { return b }

// Masked masks what people wrote.
func (b AccountCreated) Masked(f func(string) string) Body {
	b.Name, b.Display = f(b.Name), f(b.Display)
	return b
}

// Masked masks what people wrote.
func (b DeskCreated) Masked(f func(string) string) Body {
	b.Name = f(b.Name)
	return b
}

// Masked returns b: it holds no words.
func (b HubStarted) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b HubStopped) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b SessionStarted) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b SessionEnded) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Viewed) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Refused) Masked(func(string) string) Body { return b }
