package thread

import (
	"time"

	"hark/desk"
	"hark/tui/ui"
)

// item is an event of the conversation with its drawing.
type item struct {
	desk.Applied
	sending bool
	gone    bool  // it was moved elsewhere, or is a copy that was taken back
	parted  bool  // what was merged here was taken out again
	foreign bool  // it belongs to a conversation that was merged into this one
	before  *item // the one above that is drawn; nil for the first
	mail    *item // the newest mail from here upwards; nil for none
	subject bool  // a mail whose subject is not that of the mail above
	key     key
	drawn   []string
}

// key is everything that the drawing of an item depends on.
type key struct {
	look     *ui.Look
	width    int
	delivery desk.Delivery
	day      bool // a separator with the date comes first
	fresh    bool // the line "new since" comes first
	year     int
	name     string // what the contact is called
	first    bool   // nothing is drawn above it
	joined   bool   // it goes on with what the same customer said in the same minute
	quiet    bool   // it is a line behind a line about what happened
	read     bool   // the customer has read it
	open     int    // generation of what is unfolded below it
	parted   bool   // what was merged is not here any more
	picked   bool   // chosen to be moved
	at       bool   // the cursor of choosing stands on it
	mail     mailKey
}

func newItem(a desk.Applied) *item { return &item{Applied: a} }

// hidden reports whether the event is not drawn: marks beside messages say how
// far they got, and what was moved is shown where it went.
func (it *item) hidden() bool {
	switch b := it.Body.(type) {
	case desk.Delivered, desk.Read, desk.MailPosted, desk.MailWithdrawn:
		return true
	case desk.ConversationOpened:
		// A mail says itself that it began something.
		return it.gone || b.Channel == desk.Email && b.From.IsZero() && b.Previous.IsZero()
	}
	return it.gone
}

func (it *item) incoming() bool {
	m, ok := it.message()
	return ok && m.Direction == desk.In
}

// message returns what was said, here or in the place it was moved from.
func (it *item) message() (desk.Message, bool) {
	switch b := it.Body.(type) {
	case desk.Message:
		return b, true
	case desk.MovedIn:
		if b.Message != nil {
			return *b.Message, true
		}
	}
	return desk.Message{}, false
}

// noted returns a note that was written, here or in the place it was moved from.
func (it *item) noted() (desk.Note, bool) {
	switch b := it.Body.(type) {
	case desk.Note:
		return b, true
	case desk.MovedIn:
		if b.Note != nil {
			return *b.Note, true
		}
	}
	return desk.Note{}, false
}

// said returns when something was said and by whom: of what was moved in, when
// and by whom it was said in the other place.
func (it *item) said() (time.Time, desk.Actor) {
	if b, ok := it.Body.(desk.MovedIn); ok {
		return b.At, desk.Actor{Kind: b.Who, ID: b.WhoID}
	}
	return it.At, it.Actor
}

// when returns when something was said, for a mail when our server had it:
// history may come to the desk long after, and newest first.
func (it *item) when() time.Time {
	if b, ok := it.Body.(desk.MovedIn); ok {
		return b.At
	}
	if m, ok := it.Body.(desk.Message); ok && m.Mail != nil && !m.Mail.Received.IsZero() && m.Mail.Received.Before(it.At) {
		return m.Mail.Received
	}
	return it.At
}

// place returns the time by which an item stands among the others. What was
// moved here stands where that happened.
func (it *item) place() time.Time {
	switch it.Body.(type) {
	case desk.MovedIn:
		return it.At
	case desk.ConversationOpened:
		return time.Time{}
	}
	return it.when()
}

// day returns the time whose day an item stands under.
func (it *item) day() time.Time {
	if at := it.place(); !at.IsZero() {
		return at
	}
	return it.At
}

// quiet reports whether the item is a line about what happened.
func (it *item) quiet() bool {
	_, said := it.message()
	_, noted := it.noted()
	return !said && !noted
}

// lines returns the drawing of an item, made again only when something that it
// depends on has changed.
func (p *Pane) lines(it *item) []string {
	if it.hidden() {
		return nil
	}
	k := key{look: p.look, width: p.width, day: p.newDay(it), fresh: p.fresh != 0 && it.N == p.fresh, year: p.now.Year()}
	k.first, k.mail = it.before == nil, p.mailKey(it)
	k.joined = !k.day && !k.fresh && it.incoming() && it.before.incoming() && it.letter() == nil && it.before.letter() == nil &&
		p.sameBreath(it, it.before)
	k.quiet = !k.first && !k.day && !k.fresh && it.quiet() && it.before.quiet()
	k.picked, k.at = p.picked[it.ID], p.at == it && it != nil
	if joined, ok := it.Body.(desk.Joined); ok {
		k.open, k.parted = p.unfolded[joined.From].gen, it.parted
	}
	if p.row != nil {
		k.name = p.row.Name
	}
	if !it.sending && !it.foreign && p.row != nil {
		k.delivery = p.row.DeliveryOf(it.Applied)
		k.read = it.Ord != 0 && it.Ord <= p.row.ReadBy
	}
	if it.drawn == nil || it.key != k {
		it.key, it.drawn = k, p.render(it, k)
	}
	return it.drawn
}

func (p *Pane) newDay(it *item) bool {
	if it.before == nil {
		return true
	}
	y, m, d := it.day().In(p.look.Zone).Date()
	by, bm, bd := it.before.day().In(p.look.Zone).Date()
	return y != by || m != bm || d != bd
}

// sameBreath reports whether two messages of a customer read as one.
func (p *Pane) sameBreath(a, b *item) bool {
	_, moved := a.Body.(desk.MovedIn)
	return !moved && a.Actor == b.Actor && a.At.Truncate(time.Minute).Equal(b.At.Truncate(time.Minute))
}
