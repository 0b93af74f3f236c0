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
	before  *item // the one above that is drawn; nil for the first
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
}

func newItem(a desk.Applied) *item { return &item{Applied: a} }

// hidden reports whether the event is not drawn.
func (it *item) hidden() bool {
	_, delivered := it.Body.(desk.Delivered)
	return delivered
}

func (it *item) incoming() bool {
	m, ok := it.Body.(desk.Message)
	return ok && m.Direction == desk.In
}

// lines returns the drawing of an item, made again only when something that it
// depends on has changed.
func (p *Pane) lines(it *item) []string {
	if it.hidden() {
		return nil
	}
	k := key{look: p.look, width: p.width, day: p.newDay(it), fresh: p.fresh != 0 && it.N == p.fresh, year: p.now.Year()}
	k.first = it.before == nil
	k.joined = !k.day && !k.fresh && it.incoming() && it.before.incoming() &&
		it.At.Truncate(time.Minute).Equal(it.before.At.Truncate(time.Minute))
	if p.row != nil {
		k.name = p.row.Name
	}
	if !it.sending && p.row != nil {
		k.delivery = p.row.DeliveryOf(it.Applied)
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
	y, m, d := it.At.In(p.look.Zone).Date()
	by, bm, bd := it.before.At.In(p.look.Zone).Date()
	return y != by || m != bm || d != bd
}
