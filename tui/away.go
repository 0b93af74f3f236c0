package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/inbox"
	"hark/tui/notify"
)

// away is what happens while the terminal has no focus.
type away struct {
	notify.Away
	gen     int
	waiting bool // a timer runs
	known   map[desk.ID]known
}

// known is what was counted of a conversation since the person left.
type known struct{ fresh, offered, late bool }

// watched takes that the terminal has lost or got the focus.
func (r *root) watched(msg tea.Msg) tea.Cmd {
	if _, left := msg.(tea.BlurMsg); left {
		r.screen.Watch(false)
		if !r.away.Gone() {
			r.away.gen++
			r.away.Left()
			r.away.waiting, r.away.known = false, map[desk.ID]known{}
		}
		return nil
	}
	r.screen.Watch(true)
	if !r.away.Gone() {
		return nil
	}
	if sum := r.away.Back(); sum.Any() {
		r.toasts.Tell("while you were away: " + sum.String())
	}
	return nil
}

// happened counts what came while nobody looked, and tells of it.
func (r *root) happened(a inbox.Arrived) tea.Cmd {
	if !r.away.Gone() {
		return nil
	}
	for i := range a.Rows {
		if row := a.Rows[i].Row; row != nil {
			r.away.Add(r.news(row))
		}
	}
	return r.notify(r.away.gen)
}

// news counts what a conversation has that it had not before. Each counts
// once until the person comes back.
func (r *root) news(row *desk.Conversation) (c notify.Counts) {
	me := r.session.Actor().ID
	had := r.away.known[row.ID]
	now := had
	mine := row.Assignee.IsZero() || row.Assignee == me
	if row.Offer.To == me && !had.offered {
		c[notify.Offer], now.offered = 1, true
	}
	if row.Breached && mine && !had.late {
		c[notify.Breach], now.late = 1, true
	}
	if row.NeedsUs() && mine && !had.fresh && !now.offered {
		c[notify.New], now.fresh = 1, true
	}
	if !row.NeedsUs() {
		now.fresh = false // the next word of the customer is news again
	}
	r.away.known[row.ID] = now
	return c
}

// notify tells what is due, or sets a timer for when it will be.
func (r *root) notify(gen int) tea.Cmd {
	if gen != r.away.gen || !r.away.Gone() {
		return nil
	}
	way := r.way()
	if way == notify.Off {
		return nil
	}
	words, wait := r.away.Due(time.Now())
	if words != "" {
		r.away.waiting = false
		return tea.Batch(tea.Raw(notify.Sequence(way, words)), r.tellOthers(words))
	}
	if wait > 0 && !r.away.waiting {
		r.away.waiting = true
		return noticeTimer(gen, wait)
	}
	return nil
}

// tellOthers tells by the ways that are no part of the terminal, beside the
// screen. A failure is not worth a message to somebody who is away.
func (r *root) tellOthers(words string) tea.Cmd {
	ways := r.opts.Notifiers
	if len(ways) == 0 {
		return nil
	}
	return func() tea.Msg {
		_ = notify.All(ways, words)
		return nil
	}
}
