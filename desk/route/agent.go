package route

import (
	"time"

	"hark/desk"
)

// patience is how many offers in a row somebody lets expire before they are
// taken for away. Whatever they do themselves begins the count anew.
const patience = 3

// byCommand is how long somebody who works without a session, by one command
// after the other, is taken to be there after each.
const byCommand = 10 * time.Minute

// agent is a member of staff as far as routing cares.
type agent struct {
	account *desk.Account
	timer   timer

	connected bool
	gone      time.Time // not connected: since when
	acted     time.Time // not connected: the last act, by a command
	wrap      time.Time // finishing what was, until then
	given     time.Time // when the last conversation was offered or given
	ignored   int       // offers that expired in a row
	leaving   bool      // being set away

	lost  bool // not connected past the grace
	ready bool // connected and available

	holds map[*matter]bool // assigned to them
	asks  map[*matter]bool // offered to them
	load  map[desk.Channel]int
	lines []*line
	seats map[*lane]seat
}

func (c *core) agent(id desk.ID, now time.Time) *agent {
	a := c.agents[id]
	if a == nil {
		a = &agent{
			account: &desk.Account{ID: id}, gone: now,
			holds: map[*matter]bool{}, asks: map[*matter]bool{}, load: map[desk.Channel]int{}, seats: map[*lane]seat{},
		}
		a.timer.look = func(now time.Time) { c.review(a, now) }
		c.agents[id] = a
		c.review(a, now)
	}
	return a
}

// account takes in an account as it is now.
func (c *core) account(acc *desk.Account, now time.Time) {
	a := c.agent(acc.ID, now)
	a.account = acc
	for _, l := range a.lines {
		l.members = without(l.members, a)
	}
	a.lines = nil
	for _, l := range c.lines {
		if l.queue.Has(acc) {
			a.lines = append(a.lines, l)
			l.members = append(l.members, a)
		}
	}
	c.review(a, now)
	c.reassess(a.asks, now)
}

// present takes in who has a working session, and since when.
func (c *core) present(staff map[desk.ID]time.Time, now time.Time) {
	for id := range staff {
		a := c.agent(id, now)
		if a.connected {
			continue
		}
		a.connected, a.ignored = true, 0
		c.review(a, now)
	}
	for id, a := range c.agents {
		if _, here := staff[id]; !here && a.connected {
			a.connected, a.gone, a.acted = false, now, time.Time{}
			c.review(a, now)
		}
	}
}

// presence returns how the agent is there, at now.
func (a *agent) presence(now time.Time) desk.Presence {
	if !a.connected {
		return desk.Offline
	}
	return a.account.PresenceAt(now)
}

// review looks what has become of an agent, and what follows.
func (c *core) review(a *agent, now time.Time) {
	lost := !a.connected && !now.Before(a.lease(c.routing.Grace))
	ready := a.presence(now) == desk.Available && !now.Before(a.wrap) && !a.leaving
	if ready && !a.ready {
		a.given = latest(a.given, now) // idle from now on
	}
	wasLost, wasReady := a.lost, a.ready
	a.lost, a.ready = lost, ready
	c.reseat(a)
	if lost && !wasLost {
		c.reassess(a.holds, now)
	}
	if wasReady && !ready {
		c.reassess(a.asks, now)
	}
	c.timers.set(&a.timer, a.next(now, c.routing.Grace))
}

// next returns when the agent is to be looked at again.
func (a *agent) next(now time.Time, grace time.Duration) time.Time {
	var next time.Time
	for _, t := range []time.Time{a.account.Until, a.wrap} {
		if t.After(now) {
			next = earliest(next, t)
		}
	}
	if !a.connected && !a.lost {
		next = earliest(next, a.lease(grace))
	}
	return next
}

// lease returns until when an agent who is not connected keeps what is theirs.
func (a *agent) lease(grace time.Duration) time.Time {
	lease := a.gone.Add(grace)
	if a.acted.IsZero() {
		return lease
	}
	return latest(lease, a.acted.Add(byCommand))
}

// acted notes a sign of life.
func (c *core) acted(a *agent, now time.Time) {
	a.ignored = 0
	if !a.connected {
		a.acted = now
		c.review(a, now)
	}
}

func (c *core) reassess(set map[*matter]bool, now time.Time) {
	for m := range set {
		c.assess(m, now)
	}
}

// reseat puts the agent where it belongs among the free of every lane.
func (c *core) reseat(a *agent) {
	for ln, st := range a.seats {
		if !a.fits(ln) {
			ln.free.Remove(st)
			ln.stale = true
			delete(a.seats, ln)
		}
	}
	for _, l := range a.lines {
		for _, ln := range l.lanes {
			c.seat(a, ln)
		}
	}
}

func (c *core) seat(a *agent, ln *lane) {
	if !a.fits(ln) {
		return
	}
	st := seat{given: a.given.UnixMilli(), id: a.account.ID}
	if ln.least {
		st.load = a.load[ln.channel] * 1_000_000 / ln.limit
	}
	old, seated := a.seats[ln]
	if seated && old == st {
		return
	}
	if seated {
		ln.free.Remove(old)
	}
	ln.free.Insert(st)
	a.seats[ln] = st
	ln.stale = true
}

// fits reports whether the agent can be asked in a lane.
func (a *agent) fits(ln *lane) bool {
	return a.ready && a.load[ln.channel] < ln.limit && a.answers(ln.line)
}

// answers reports whether the agent is a member of a line's queue.
func (a *agent) answers(l *line) bool {
	for _, own := range a.lines {
		if own == l {
			return true
		}
	}
	return false
}

func without(list []*agent, a *agent) []*agent {
	kept := list[:0]
	for _, other := range list {
		if other != a {
			kept = append(kept, other)
		}
	}
	return kept
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
