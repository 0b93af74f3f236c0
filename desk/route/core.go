package route

import (
	"time"

	"hark/desk"
)

// core decides. It knows no clock and no disk: time and rows are given to it,
// and what it wants written it hands out as tasks. All its times are of the
// wall clock.
type core struct {
	routing desk.Routing
	matters map[desk.ID]*matter
	agents  map[desk.ID]*agent
	lines   []*line
	byName  map[string]*line
	lanes   []*lane
	timers  timers
	tasks   []*matter // what may have to be written about
	absent  []desk.ID // who is to be set away
	urgent  []desk.ID // whose answers are due soon, and staff are to hear it
	served  []placing // who left a line and is to hear it
	moved   bool      // a place may have changed since customers last heard
	running bool      // the start is over: positions are of people who just came

	failures int // writes that failed in a row
}

func newCore(r desk.Routing, now time.Time) *core {
	c := &core{
		routing: r, matters: map[desk.ID]*matter{}, agents: map[desk.ID]*agent{}, byName: map[string]*line{},
	}
	for i := range r.Queues {
		c.addLine(&r.Queues[i], now)
	}
	if q := r.Queue(""); c.byName[q.Name] == nil {
		c.addLine(q, now)
	}
	return c
}

func (c *core) addLine(q *desk.Queue, now time.Time) {
	l := newLine(q)
	l.timer.look = func(now time.Time) { c.turn(l, now) }
	c.lines = append(c.lines, l)
	c.byName[q.Name] = l
	c.turn(l, now)
}

func (c *core) lineOf(row *desk.Conversation) *line {
	return c.byName[c.routing.Queue(row.Queue).Name]
}

// apply takes in an event of a conversation, and the row it made.
func (c *core) apply(e desk.Applied, now time.Time) {
	if a := c.agents[e.Actor.ID]; a != nil && e.Actor.Kind == desk.ActorAccount {
		c.acted(a, now)
	}
	if m := c.matters[e.Row.ID]; m != nil {
		c.note(m, e, now)
	}
	c.put(e.Row, now)
	if m := c.matters[e.Row.ID]; m != nil && e.Body.Kind() == (desk.Snoozed{}).Kind() {
		m.sleeper = e.Actor.ID
	}
}

// note remembers what the rows do not say.
func (c *core) note(m *matter, e desk.Applied, now time.Time) {
	switch b := e.Body.(type) {
	case desk.Offered:
		c.give(b.To, now)
	case desk.OfferEnded:
		c.offerEnded(m, b, now)
	case desk.Assigned:
		m.back = b.To.IsZero() && b.Why != ""
		c.give(b.To, now)
		c.trust(b.To, now)
	case desk.Resolved:
		c.wrapUp(m, e.Actor, now)
	}
}

// give notes that an agent was offered or given something.
func (c *core) give(to desk.ID, now time.Time) {
	if a := c.agents[to]; a != nil {
		a.given = latest(a.given, now)
		c.reseat(a)
	}
}

// trust gives an agent who is given something while not there the grace anew.
func (c *core) trust(to desk.ID, now time.Time) {
	if a := c.agents[to]; a != nil && !a.connected {
		a.gone = now
		c.review(a, now)
	}
}

func (c *core) offerEnded(m *matter, b desk.OfferEnded, now time.Time) {
	if b.Why != desk.Declined && b.Why != desk.Expired {
		return
	}
	c.passOn(m, b.To, now)
	a := c.agents[b.To]
	if a == nil || b.Why != desk.Expired {
		return
	}
	if a.ignored++; a.ignored >= patience {
		a.ignored, a.leaving = 0, true
		c.absent = append(c.absent, b.To)
		c.review(a, now)
	}
}

// wrapUp gives the agent who has resolved a conversation of theirs the quiet
// that the desk grants.
func (c *core) wrapUp(m *matter, by desk.Actor, now time.Time) {
	a := m.holder
	if a == nil || c.routing.WrapUp <= 0 || by.ID != a.account.ID || m.row.Status == desk.StatusResolved {
		return
	}
	a.wrap = now.Add(c.routing.WrapUp)
	c.review(a, now)
}

// advance looks at everything that is due at now.
func (c *core) advance(now time.Time) { c.timers.fire(now) }

// shift goes along when the clock on the wall was set by d or the machine
// slept for d: what counts time that passes counts on, what names a time of
// day stays.
func (c *core) shift(d time.Duration, now time.Time) {
	move := func(t *time.Time) {
		if !t.IsZero() {
			*t = t.Add(d)
		}
	}
	for _, a := range c.agents {
		move(&a.gone)
		move(&a.acted)
		move(&a.wrap)
		c.review(a, now)
	}
	for _, m := range c.matters {
		move(&m.expires)
		move(&m.rest)
		move(&m.held)
		c.assess(m, now)
	}
	for _, l := range c.lines {
		c.turn(l, now)
	}
}
