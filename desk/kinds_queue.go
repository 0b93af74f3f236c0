package desk

import (
	"time"
)

// Queued puts the conversation into a queue.
type Queued struct {
	Queue string `json:"queue"`
}

// Offered asks one member of staff to take the conversation until a time. A
// claim of whoever it is ends the offer.
type Offered struct {
	To    ID        `json:"to"`
	Until time.Time `json:"until"`
}

// OfferEnd is why an offer came to nothing.
type OfferEnd string

// The ends of an offer.
const (
	Declined  OfferEnd = "declined"
	Expired   OfferEnd = "expired"
	Gone      OfferEnd = "gone"      // whom it was made to left or took a break
	Withdrawn OfferEnd = "withdrawn" // the conversation no longer waits here
)

// OfferEnded says that an offer came to nothing.
type OfferEnded struct {
	To  ID       `json:"to"`
	Why OfferEnd `json:"why"`
}

// Target names a service target of a queue.
type Target string

// The service targets.
const (
	FirstReply Target = "first reply"
	NextReply  Target = "next reply"
)

// Breached says that a customer waited longer than the queue promises.
type Breached struct {
	Target Target    `json:"target"`
	Due    time.Time `json:"due"`
}

// Presence is what a member of staff says of being there.
type Presence string

// The presences. Offline is not chosen: it is the lack of a session.
const (
	Available Presence = "available"
	Busy      Presence = "busy"    // keeps what is theirs, gets nothing new
	WrapUp    Presence = "wrap-up" // finishes what was, until a time
	Away      Presence = "away"
	Offline   Presence = "offline"
)

// PresenceChosen sets an account's presence; after Until, where it is not
// zero, it is available again.
type PresenceChosen struct {
	Presence Presence  `json:"presence"`
	Until    time.Time `json:"until,omitzero"`
}

// SavedView is a query under a name.
type SavedView struct {
	Name  string `json:"name"`
	Query string `json:"query"`
}

// ViewSaved gives a query a name among the account's views.
type ViewSaved struct {
	SavedView
}

// ViewRemoved takes a view away.
type ViewRemoved struct {
	Name string `json:"name"`
}

// Preference is how an account likes one thing of its console.
type Preference struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
}

// Preferred sets a preference; an empty value goes back to the desk's.
type Preferred struct {
	Preference
}

// Body implementations, in the order of the types above.

func (Queued) Kind() string         { return "queued" }
func (Offered) Kind() string        { return "offered" }
func (OfferEnded) Kind() string     { return "offer.ended" }
func (Breached) Kind() string       { return "breached" }
func (PresenceChosen) Kind() string { return "presence" }
func (ViewSaved) Kind() string      { return "view.saved" }
func (ViewRemoved) Kind() string    { return "view.removed" }
func (Preferred) Kind() string      { return "preferred" }

func (Queued) Version() int         { return 1 }
func (Offered) Version() int        { return 1 }
func (OfferEnded) Version() int     { return 1 }
func (Breached) Version() int       { return 1 }
func (PresenceChosen) Version() int { return 1 }
func (ViewSaved) Version() int      { return 1 }
func (ViewRemoved) Version() int    { return 1 }
func (Preferred) Version() int      { return 1 }

// Masked returns b: it holds no words.
func (b Queued) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Offered) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b OfferEnded) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b Breached) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b PresenceChosen) Masked(func(string) string) Body { return b }

// Masked masks what people wrote.
func (b ViewSaved) Masked(f func(string) string) Body {
	b.Name, b.Query = f(b.Name), f(b.Query)
	return b
}

// Masked masks what people wrote.
func (b ViewRemoved) Masked(f func(string) string) Body {
	b.Name = f(b.Name)
	return b
}

// Masked masks what people wrote.
func (b Preferred) Masked(f func(string) string) Body {
	b.Value = f(b.Value)
	return b
}
