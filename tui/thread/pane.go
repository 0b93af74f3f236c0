// Package thread draws a conversation: what was said, from the newest upwards,
// as far as it is seen. It asks for older pages when they come near, and never
// lays out what is out of sight.
package thread

import (
	"slices"
	"time"

	"hark/desk"
	"hark/tui/ui"
)

// Names says what to call who did something.
type Names func(desk.Actor) string

// Pane is the thread of one conversation, or empty. It is driven by one
// goroutine.
type Pane struct {
	// Short returns a conversation's short number; nil for the beginning of the
	// whole one.
	Short   func(desk.ID) string
	names   Names
	me      desk.Actor
	row     *desk.Conversation
	items   []*item // oldest first; what is being sent comes last
	newest  uint64  // the highest number of an event that is here
	pending int     // how many of the items are being sent
	older   Older
	fresh   uint64 // the first event that came while nobody looked; 0 for none
	typing  []Writer
	unsent  string // what the customer has typed and not sent
	banner  string // above everything, what a person has to decide

	shown  map[desk.ID]bool           // mails whose quotes are shown
	posted map[desk.ID][]desk.Applied // what happened to mails of ours
	posts  map[desk.ID]*post          // how far they have come
	tick   time.Time                  // the time of the last event or second that was told
	undo   time.Time                  // until when the last mail of ours can be taken back

	picking  bool
	at       *item // the cursor of choosing
	picked   map[desk.ID]bool
	unfolded map[desk.ID]unfolded // conversations that were merged into this one

	idx, skip int // the item at the lower edge, and its lines below the edge

	look  *ui.Look
	now   time.Time
	width int
	h     int
	gen   int // changes whenever a drawing would
	drawn drawn
}

// Older says what is known of the past that is not here.
type Older uint8

// What may be before the oldest item.
const (
	More    Older = iota // there may be more
	Loading              // it is being read
	All                  // this is the beginning
	Failed               // reading failed; scrolling tries again
)

// Writer is somebody who writes at this moment.
type Writer struct {
	Name     string // fit for a terminal
	Customer bool
}

// New returns an empty pane for who reads it.
func New(me desk.Actor, names Names) *Pane { return &Pane{me: me, names: names} }

// Open shows a conversation with its newest page. read is the newest event
// that the person has seen before, 0 when the thread is new to them.
func (p *Pane) Open(row *desk.Conversation, page []desk.Applied, read uint64, older Older) {
	p.Close()
	p.row, p.older = row, older
	p.items = p.enter(page)
	p.arrange()
	if read > 0 {
		p.markFresh(read)
	}
	p.Bottom()
}

// Close empties the pane.
func (p *Pane) Close() {
	*p = Pane{
		Short: p.Short, names: p.names, me: p.me,
		look: p.look, now: p.now, width: p.width, h: p.h, gen: p.gen + 1,
	}
}

// Row returns the conversation that is shown, or nil.
func (p *Pane) Row() *desk.Conversation { return p.row }

// SetRow takes the newer state of the conversation: it decides the marks
// beside messages.
func (p *Pane) SetRow(row *desk.Conversation) {
	if row == p.row {
		return
	}
	p.row = row
	p.gen++
}

// Newest returns the number of the newest event that is here.
func (p *Pane) Newest() uint64 { return p.newest }

// Append takes what happened now. Events that are here already are passed
// over. It reports false when one is missing in between: then the thread must
// be read again.
func (p *Pane) Append(a desk.Applied) bool {
	newest := p.Newest()
	if a.N <= newest {
		return true
	}
	if newest != 0 && a.N != newest+1 {
		return false
	}
	p.settle(a)
	it := newItem(a)
	p.newest = a.N
	p.follow(a)
	p.insert(p.spot(it), it)
	if sorting(a.Body) {
		p.sort()
		p.link(0)
	}
	return true
}

// insert puts an item in; who follows goes on following.
func (p *Pane) insert(at int, it *item) {
	follow := p.Following()
	p.items = append(p.items, nil)
	copy(p.items[at+1:], p.items[at:])
	p.items[at] = it
	p.link(at)
	p.gen++
	if follow {
		p.Bottom()
	}
}

// link tells items from at on what is before them: a new day, an own line for
// what came while nobody looked, a mail about something else.
func (p *Pane) link(at int) {
	for i := at; i < len(p.items); i++ {
		var before *item
		for j := i - 1; j >= 0 && before == nil; j-- {
			if !p.items[j].hidden() {
				before = p.items[j]
			}
		}
		p.items[i].follows(before)
	}
}

// Prepend takes an older page; an empty one is the beginning.
func (p *Pane) Prepend(page []desk.Applied) {
	p.older = More
	p.gen++
	if len(page) == 0 {
		p.older = All
		return
	}
	var edge *item
	if p.idx < len(p.items) {
		edge = p.items[p.idx]
	}
	p.items = append(p.enter(page), p.items...)
	p.arrange()
	p.idx = max(slices.Index(p.items, edge), 0)
	if page[0].N == 1 {
		p.older = All
	}
}

// SetOlder says what is known of the past.
func (p *Pane) SetOlder(o Older) {
	if p.older != o {
		p.older = o
		p.gen++
	}
}

// Reread replaces what is here by a page that was read again, and keeps what
// has come since.
func (p *Pane) Reread(row *desk.Conversation, page []desk.Applied) {
	var newest uint64
	if len(page) > 0 {
		newest = page[len(page)-1].N
	}
	var since []*item
	for _, it := range p.items[:len(p.items)-p.pending] {
		if it.N > newest {
			since = append(since, it)
		}
	}
	waiting := p.items[len(p.items)-p.pending:]
	p.row, p.older = row, More
	p.items = p.enter(page)
	if len(page) == 0 || page[0].N == 1 {
		p.older = All
	}
	p.items = append(append(p.items, since...), waiting...)
	p.arrange()
	p.gen++
	p.Bottom()
}

// NeedOlder reports whether the next older page should be read: the view is
// within a screen of the oldest item.
func (p *Pane) NeedOlder() bool {
	if p.row == nil || p.older != More && p.older != Failed || len(p.items) == 0 {
		return false
	}
	return p.above(2*max(p.h, 1)) < 2*max(p.h, 1)
}

// SetTyping says who writes at this moment.
func (p *Pane) SetTyping(who []Writer) {
	p.typing = who
	p.gen++
}

// SetUnsent takes what the customer has typed and not sent; empty for nothing.
func (p *Pane) SetUnsent(text string) {
	if p.unsent != text {
		p.unsent = text
		p.gen++
	}
}

// markFresh puts the line "new since" before the first message of the customer
// behind an event.
func (p *Pane) markFresh(read uint64) {
	p.fresh = 0
	for _, it := range p.items[:len(p.items)-p.pending] {
		if mail := it.letter(); it.N > read && it.incoming() && (mail == nil || !mail.Past) {
			p.fresh = it.N
			break
		}
	}
	p.gen++
}

// LookAway remembers that nobody looks from here on: what the customer writes
// now is new until ClearFresh.
func (p *Pane) LookAway(read uint64) {
	if p.fresh == 0 {
		p.markFresh(read)
	}
}

// ClearFresh takes the line "new since" away.
func (p *Pane) ClearFresh() {
	if p.fresh != 0 {
		p.fresh = 0
		p.gen++
	}
}
