package thread

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"hark/desk"
)

// enter takes events in, in their order, and returns their items.
func (p *Pane) enter(page []desk.Applied) []*item {
	items := make([]*item, 0, len(page))
	for i := range page {
		p.newest = max(p.newest, page[i].N)
		p.follow(page[i])
		items = append(items, newItem(page[i]))
	}
	return items
}

// arrange brings items into the order in which things were said, and tells
// each what is before it. The history of a mailbox comes newest first, so a
// later event may be an earlier word.
func (p *Pane) arrange() {
	byPlace(p.items[:len(p.items)-p.pending])
	p.sort()
	p.link(0)
}

func byPlace(items []*item) {
	later := func(a, b *item) int { return a.place().Compare(b.place()) }
	if !slices.IsSortedFunc(items, later) {
		slices.SortStableFunc(items, later)
	}
}

// spot returns where a new item belongs: behind everything that was said
// before it.
func (p *Pane) spot(it *item) int {
	at, place := len(p.items)-p.pending, it.place()
	for at > 0 && p.items[at-1].place().After(place) {
		at--
	}
	return at
}

// follows tells an item what is drawn above it.
func (it *item) follows(before *item) {
	it.before, it.mail = before, nil
	var above *item
	if before != nil {
		above = before.mail
	}
	mail := it.letter()
	if mail == nil {
		it.mail = above
		return
	}
	it.mail = it
	it.subject = above == nil || subjectOf(above.letter().Subject) != subjectOf(mail.Subject)
}

// replyMarks is what mail programs put in front of a subject.
var replyMarks = regexp.MustCompile(`(?i)^\s*(?:(?:re|aw|sv|vs|antw|fwd?|wg|tr|rv|enc|odp|ynt)(?:\[\d+\])?\s*:\s*)+`)

// subjectOf returns what a subject is about, without the marks of replying.
func subjectOf(subject string) string {
	return strings.Join(strings.Fields(strings.ToLower(replyMarks.ReplaceAllString(subject, ""))), " ")
}

// Counting reports whether a mail can be taken back at a time, so that the
// seconds are counted.
func (p *Pane) Counting(now time.Time) bool { return p.undo.After(now) }

// SetBanner takes what stands above everything until somebody has decided it;
// empty for nothing. It is fit for a terminal.
func (p *Pane) SetBanner(text string) {
	if p.banner != text {
		p.banner = text
		p.gen++
	}
}
