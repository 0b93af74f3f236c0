package desk

import "time"

// PublicItem is one thing a customer may see. It has no field that could carry
// a note, an assignment or a colleague's account: those types have no way in.
type PublicItem struct {
	Ord    uint64 // counts the customer's items from 1, without a gap
	At     time.Time
	Kind   PublicKind
	Text   string // message: the words
	Mine   bool   // the customer did it: wrote the message, ended the chat
	Client string // message: the identifier the customer's device gave it
	Author string // message: the name of who answered
	Files  []File // message: what was attached
}

// PublicKind says what a PublicItem is.
type PublicKind string

// The kinds of public item.
const (
	PublicMessage  PublicKind = "message"
	PublicResolved PublicKind = "resolved"
	PublicReopened PublicKind = "reopened"
)

// Public reports whether a customer may see that this happened. It is the only
// list of public kinds; whatever is not here stays inside. A mail went to whom
// it was addressed: the chat never shows one.
func Public(b Body) bool {
	switch b := b.(type) {
	case Message:
		return b.Channel != Email
	case Resolved, Reopened:
		return true
	}
	return false
}

// publicItem turns a public event into what the customer sees of it.
func publicItem(e Event, ord uint64) (PublicItem, bool) {
	item := PublicItem{Ord: ord, At: e.At}
	if !Public(e.Body) {
		return PublicItem{}, false
	}
	switch b := e.Body.(type) {
	case Message:
		item.Kind, item.Text, item.Mine = PublicMessage, b.Text, b.Direction == In
		item.Client, item.Author, item.Files = b.Client, b.Author, b.Files
	case Resolved:
		item.Kind, item.Mine = PublicResolved, e.Actor.Kind == ActorContact
	case Reopened:
		item.Kind = PublicReopened
	default:
		return PublicItem{}, false
	}
	return item, true
}
