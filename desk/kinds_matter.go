package desk

import (
	"time"
)

// Priority is how urgent a conversation is to the desk. The empty Priority
// stands for normal.
type Priority string

// The priorities, least urgent first.
const (
	Low    Priority = "low"
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// Tagged adds and removes tags. Nothing is in both lists.
type Tagged struct {
	Add    []string `json:"add,omitempty"`
	Remove []string `json:"remove,omitempty"`
}

// Prioritised sets how urgent the conversation is.
type Prioritised struct {
	Priority Priority `json:"priority"`
}

// Snoozed puts the conversation away until a time, and in any case until the
// customer writes. A zero Until waits for the customer alone.
type Snoozed struct {
	Until time.Time `json:"until,omitzero"`
}

// Woken ends a snooze: by the hub when it is due, by a person as an undo, which
// takes the conversation back to where it stood.
type Woken struct{}

// Merged says that the conversation goes on in another one.
type Merged struct {
	Into ID `json:"into"`
}

// Unmerged takes Merged back.
type Unmerged struct{}

// Joined says that another conversation was merged into this one.
type Joined struct {
	From ID `json:"from"`
	// Since and Unanswered are what the customer waits for there.
	Since      time.Time `json:"since,omitzero"`
	Unanswered int       `json:"unanswered,omitempty"`
	// Since version 2: who takes part there by mail, and does here now.
	Parties []string `json:"parties,omitempty"`
}

// Parted takes Joined back.
type Parted struct {
	From ID `json:"from"`
}

// MovedOut says that items of the conversation belong to another one. They
// stay where they are, hidden from staff; what the customer has seen is seen.
type MovedOut struct {
	Items []ID `json:"items"` // event identifiers
	To    ID   `json:"to"`
}

// MovedIn is the copy of an item that was moved here: a message or a note, as
// it was said, when and by whom. The customer does not get it a second time.
type MovedIn struct {
	From    ID        `json:"from"` // the conversation
	Item    ID        `json:"item"` // the event there
	At      time.Time `json:"at"`
	Who     ActorKind `json:"who"`
	WhoID   ID        `json:"who_id,omitzero"`
	Message *Message  `json:"message,omitempty"`
	Note    *Note     `json:"note,omitempty"`
}

// MovedBack takes a move back: in the old place the items are shown again, in
// the new one their copies are hidden.
type MovedBack struct {
	Items []ID `json:"items"` // event identifiers in the old place
}

// DraftHanded says that a draft went from its author to a colleague.
type DraftHanded struct {
	To ID `json:"to"`
}

// Read says that everything public up to the ordinal was on the screen of the
// actor: the customer, or a member of staff.
type Read struct {
	Ord uint64 `json:"ord"`
	// Since version 2: and that many of the mails that count as unread.
	Mails uint64 `json:"mails,omitempty"`
}

// NoticeShown says which notice stood above the chat when it began.
type NoticeShown struct {
	NoticeRef
}

// Body implementations, in the order of the types above.

func (Tagged) Kind() string      { return "tagged" }
func (Prioritised) Kind() string { return "prioritised" }
func (Snoozed) Kind() string     { return "snoozed" }
func (Woken) Kind() string       { return "woken" }
func (Merged) Kind() string      { return "merged" }
func (Unmerged) Kind() string    { return "unmerged" }
func (Joined) Kind() string      { return "joined" }
func (Parted) Kind() string      { return "parted" }
func (MovedOut) Kind() string    { return "moved.out" }
func (MovedIn) Kind() string     { return "moved.in" }
func (MovedBack) Kind() string   { return "moved.back" }
func (DraftHanded) Kind() string { return "draft.handed" }
func (Read) Kind() string        { return "read" }
func (NoticeShown) Kind() string { return "notice.shown" }

func (Tagged) Version() int      { return 1 }
func (Prioritised) Version() int { return 1 }
func (Snoozed) Version() int     { return 1 }
func (Woken) Version() int       { return 1 }
func (Merged) Version() int      { return 1 }
func (Unmerged) Version() int    { return 1 }
func (Parted) Version() int      { return 1 }
func (MovedOut) Version() int    { return 1 }
func (MovedBack) Version() int   { return 1 }
func (DraftHanded) Version() int { return 1 }
func (NoticeShown) Version() int { return 1 }

// Version implements Body: the second carries a message by mail.
func (b MovedIn) Version() int { return later(b.Message != nil && b.Message.Mail != nil) }

// Version implements Body: the second brings mail addresses along.
func (b Joined) Version() int { return later(len(b.Parties) > 0) }

// Version implements Body: the second counts mails.
func (b Read) Version() int { return later(b.Mails > 0) }

// Masked masks what people wrote.
func (b Tagged) Masked(f func(string) string) Body {
	b.Add, b.Remove = maskAll(b.Add, f), maskAll(b.Remove, f)
	return b
}

// Masked returns b: it holds no words.
func (b Prioritised) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Snoozed) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Woken) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Merged) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Unmerged) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Joined) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Parted) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b MovedOut) Masked(func(string) string) Body { return b }

// Masked masks what people wrote.
func (b MovedIn) Masked(f func(string) string) Body {
	if b.Message != nil {
		m := b.Message.Masked(f).(Message)
		b.Message = &m
	}
	if b.Note != nil {
		b.Note = &Note{Text: f(b.Note.Text)}
	}
	return b
}

// Masked returns b: it holds no words.
func (b MovedBack) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b DraftHanded) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Read) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b NoticeShown) Masked(func(string) string) Body { return b }
