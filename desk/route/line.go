package route

import (
	"time"

	"hark/desk"
	"hark/desk/sorted"
)

// spot is a place in a line: the more urgent first, then who was being served
// by somebody who left, then who waits longest.
type spot struct {
	rank  int // 0 is urgent
	fresh bool
	since int64 // milliseconds
	id    desk.ID
}

func (a spot) before(b spot) bool {
	switch {
	case a.rank != b.rank:
		return a.rank < b.rank
	case a.fresh != b.fresh:
		return !a.fresh
	case a.since != b.since:
		return a.since < b.since
	}
	return string(a.id[:]) < string(b.id[:])
}

func rank(p desk.Priority) int {
	switch p {
	case desk.Urgent:
		return 0
	case desk.High:
		return 1
	case desk.Low:
		return 3
	case desk.Normal:
	}
	return 2
}

// seat is a free agent's place among those who are asked: the least first.
type seat struct {
	load  int   // share of the limit in parts of a million, where that counts
	given int64 // when the last conversation was offered or given, milliseconds
	id    desk.ID
}

func (a seat) before(b seat) bool {
	switch {
	case a.load != b.load:
		return a.load < b.load
	case a.given != b.given:
		return a.given < b.given
	}
	return string(a.id[:]) < string(b.id[:])
}

// line is a queue with who waits in it.
type line struct {
	queue   *desk.Queue
	open    bool
	all     *sorted.Set[spot] // everybody who waits, asked for or not
	lanes   []*lane
	members []*agent // accounts that answer the queue
	pace    pace
	timer   timer // when it opens or closes
}

func newLine(q *desk.Queue) *line {
	return &line{queue: q, all: sorted.New(spot.before)}
}

// lane is the part of a line that one channel makes, because limits are for
// each channel.
type lane struct {
	line    *line
	channel desk.Channel
	limit   int
	least   bool              // least busy first
	fresh   *sorted.Set[spot] // nobody was asked yet in this round
	passed  *sorted.Set[spot] // somebody passed it on
	free    *sorted.Set[seat] // agents who can be asked
	stale   bool              // match is to be found again
	match   match
}

// match is what a lane would do next.
type match struct {
	m *matter // nil: nothing
	a *agent
}

// laneOf returns the line's lane for a channel and makes it when it is the
// first conversation of that channel.
func (c *core) laneOf(l *line, ch desk.Channel) *lane {
	for _, ln := range l.lanes {
		if ln.channel == ch {
			return ln
		}
	}
	strategy := l.queue.Strategy
	if strategy == "" {
		strategy = c.routing.Strategy
	}
	ln := &lane{
		line: l, channel: ch, limit: c.routing.Capacity[ch], least: strategy == desk.LeastBusy,
		fresh: sorted.New(spot.before), passed: sorted.New(spot.before), free: sorted.New(seat.before),
	}
	l.lanes = append(l.lanes, ln)
	c.lanes = append(c.lanes, ln)
	for _, a := range l.members {
		c.seat(a, ln)
	}
	return ln
}

// scan is how many passed-on conversations a decision looks at.
const scan = 32

// find looks for the lane's next match.
func (c *core) find(ln *lane) match {
	if !c.routing.Offers || !ln.line.open {
		return match{}
	}
	first, ok := ln.free.First()
	if !ok {
		return match{}
	}
	ahead, waits := ln.fresh.First()
	n := 0
	for sp := range ln.passed.At(0) {
		if n++; n > scan || waits && ahead.before(sp) {
			break
		}
		m := c.matters[sp.id]
		for st := range ln.free.At(0) {
			if !m.passed[st.id] {
				return match{m, c.agents[st.id]}
			}
		}
	}
	if !waits {
		return match{}
	}
	return match{c.matters[ahead.id], c.agents[first.id]}
}

// turn opens or closes a line as its hours say.
func (c *core) turn(l *line, now time.Time) {
	open := l.queue.Hours.Open(now)
	if open != l.open {
		l.open, c.moved = open, true
		for _, ln := range l.lanes {
			ln.stale = true
		}
	}
	next, ok := l.queue.Hours.Opens(now)
	if open {
		next, ok = l.queue.Hours.Closes(now)
	}
	if !ok {
		next = time.Time{}
	}
	c.timers.set(&l.timer, next)
}
