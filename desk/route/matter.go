package route

import (
	"time"

	"hark/desk"
)

// quietAfter is how long a chat that waits for the customer's word counts
// against its agent's limit. Without an end to it, visitors who have left
// would fill every agent's limit, and who comes next would wait for nobody.
const quietAfter = 15 * time.Minute

// roundPause is how long who passed a conversation on is not asked for it
// again, counted from the last time that somebody passed it on.
const roundPause = time.Minute

// matter is a conversation that is not over, as far as routing cares.
type matter struct {
	row   *desk.Conversation
	timer timer
	due   time.Time // when the answer that is owed breaks the queue's promise
	warn  time.Time // when staff are to be warned of that; zero: they are, or never

	offer   desk.Offer // live, or being written
	expires time.Time  // when the offer ends; Until, but for steps of the clock
	busy    bool       // something about it is being written
	began   uint64     // the row's N when that began
	queued  bool       // it stands among the tasks
	held    time.Time  // after a failure: not to be touched until then
	trouble error      // that failure

	back    bool             // its agent left
	passed  map[desk.ID]bool // who was asked in this round and did not take it
	rest    time.Time        // when the round is over
	sleeper desk.ID          // snoozed: who put it away, where that is known

	line   *line // where it waits; nil: nobody waits, or somebody has it
	lane   *lane // where it is to be offered; nil: not now
	spot   spot  // its place there
	joined int   //  its position when it joined the line; 0: not known

	told desk.Place // the place that the customer last heard

	holder  *agent       // who has it
	asked   *agent       // who is asked
	channel desk.Channel // against whose limit it counts
	weight  int          // 1 when it counts against the limit of holder or asked
}

func (m *matter) id() desk.ID { return m.row.ID }

// waits reports whether a customer waits whom nobody has.
func (m *matter) waits() bool { return m.row.NeedsUs() && m.row.Assignee.IsZero() }

// live reports whether the customer is there and expects somebody at once. A
// mail stays with its agent overnight, a chat does not.
func (m *matter) live() bool { return m.row.LastChannel() != desk.Email }

// forgotten reports whether there is nothing left for routing to do.
func (m *matter) forgotten() bool {
	return m.row.Status == desk.StatusResolved || !m.row.Merged.IsZero()
}

// counts reports whether it takes up its holder's attention at now.
func (m *matter) counts(now time.Time) bool {
	if m.row.NeedsUs() {
		return true
	}
	return m.row.Status == desk.StatusWaiting && m.live() && now.Before(m.row.At.Add(quietAfter))
}

// put takes in a conversation's newest row.
func (c *core) put(row *desk.Conversation, now time.Time) {
	m := c.matters[row.ID]
	switch {
	case m == nil:
		m = &matter{row: row}
		m.timer.look = func(now time.Time) { c.assess(m, now) }
		c.matters[row.ID] = m
	case row.N < m.row.N:
		return
	}
	waited := m.line
	m.row = row
	c.takeOffer(m)
	if m.forgotten() && !m.busy {
		c.forget(m)
		return
	}
	if clock := c.clock(m, now); !clock.Due.Equal(m.due) {
		m.due, m.warn = clock.Due, clock.Warn
	}
	c.attach(m, now)
	c.join(m)
	if waited != nil && m.line == nil && !row.Assignee.IsZero() {
		waited.pace.add(m, waited.queue, now)
	}
	c.assess(m, now)
}

// takeOffer takes in the row's offer. While one is being written the row that
// comes from elsewhere does not know of it yet.
func (c *core) takeOffer(m *matter) {
	if m.row.Offer == m.offer || m.busy && m.waits() && !m.row.Offer.Live() {
		return
	}
	if m.row.Offer.To != m.offer.To || !m.row.Offer.Until.Equal(m.offer.Until) {
		m.expires = m.row.Offer.Until
	}
	m.offer = m.row.Offer
}

// forget lets go of what is over.
func (c *core) forget(m *matter) {
	c.detach(m)
	c.leave(m)
	c.unplace(m)
	c.timers.set(&m.timer, time.Time{})
	delete(c.matters, m.id())
}

// attach counts the matter against who has it or is asked to take it.
func (c *core) attach(m *matter, now time.Time) {
	c.detach(m)
	m.channel, m.weight = m.row.LastChannel(), 0
	switch {
	case !m.row.Assignee.IsZero():
		m.holder = c.agent(m.row.Assignee, now)
		m.holder.holds[m] = true
		if m.counts(now) {
			m.weight = 1
		}
		c.weigh(m.holder, m.channel, m.weight)
	case m.offer.Live():
		m.asked = c.agent(m.offer.To, now)
		m.asked.asks[m] = true
		m.weight = 1
		c.weigh(m.asked, m.channel, 1)
	}
}

func (c *core) detach(m *matter) {
	if a := m.holder; a != nil {
		delete(a.holds, m)
		c.weigh(a, m.channel, -m.weight)
	}
	if a := m.asked; a != nil {
		delete(a.asks, m)
		c.weigh(a, m.channel, -m.weight)
	}
	m.holder, m.asked, m.weight = nil, nil, 0
}

func (c *core) weigh(a *agent, ch desk.Channel, by int) {
	if by != 0 {
		a.load[ch] += by
		c.reseat(a)
	}
}

// join puts the matter into the line where its customer waits, or takes it out.
func (c *core) join(m *matter) {
	if !m.waits() || m.forgotten() {
		c.leave(m)
		c.unplace(m)
		m.passed, m.rest = nil, time.Time{}
		return
	}
	since := m.row.Since
	if since.IsZero() {
		since = m.row.At
	}
	l, sp := c.lineOf(m.row), spot{rank(m.row.Priority), !m.back, since.UnixMilli(), m.id()}
	if m.line == l && m.spot == sp {
		return
	}
	if m.line != nil && m.line != l {
		m.passed, m.rest = nil, time.Time{}
	}
	c.leave(m)
	m.line, m.spot = l, sp
	l.all.Insert(sp)
	c.moved = true
	if c.running {
		m.joined = l.all.Rank(sp) + 1
	}
}

func (c *core) leave(m *matter) {
	if m.line == nil {
		return
	}
	c.station(m, nil)
	m.line.all.Remove(m.spot)
	m.line = nil
	c.moved = true
}

// station puts the matter where it is to be offered, nil: nowhere.
func (c *core) station(m *matter, ln *lane) {
	if old := m.lane; old != nil {
		if !old.fresh.Remove(m.spot) {
			old.passed.Remove(m.spot)
		}
		old.stale = true
	}
	m.lane = ln
	if ln == nil {
		return
	}
	set := ln.fresh
	if len(m.passed) > 0 {
		set = ln.passed
	}
	set.Insert(m.spot)
	ln.stale = true
}

// passOn remembers that an agent did not take the matter in this round.
func (c *core) passOn(m *matter, by desk.ID, now time.Time) {
	if m.passed == nil {
		m.passed = map[desk.ID]bool{}
	}
	c.station(m, nil)
	m.passed[by] = true
	m.rest = now.Add(roundPause)
}

// clock returns how the queue's promise stands.
func (c *core) clock(m *matter, now time.Time) desk.Clock {
	if m.row.Breached || !m.row.NeedsUs() && m.row.Status != desk.StatusSnoozed {
		return desk.Clock{}
	}
	return c.routing.Queue(m.row.Queue).ClockOf(m.row, now)
}
