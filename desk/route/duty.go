package route

import (
	"time"

	"hark/desk"
)

// taskKind says what is to be written.
type taskKind int

const (
	nothing taskKind = iota
	makeOffer
	endOffer
	freeMatter
	wakeMatter
	breachMatter
	setAway
)

// String names the task for the log.
func (k taskKind) String() string {
	return [...]string{"nothing", "offer", "end of an offer", "end of a lease", "wake-up", "breach", "away"}[k]
}

// task is one thing to be done through the desk.
type task struct {
	kind   taskKind
	id     desk.ID // the conversation; of setAway the account
	to     desk.ID // who is or was asked, or who is let go
	until  time.Time
	why    desk.OfferEnd
	target desk.Target
}

// assess looks what a matter needs at now: it queues what is to be written,
// takes its place where it is to be offered, and arms the timer for when it is
// to be looked at again.
func (c *core) assess(m *matter, now time.Time) {
	if m.busy || c.matters[m.id()] != m {
		return
	}
	if m.held.After(now) {
		c.station(m, nil)
		c.timers.set(&m.timer, m.held)
		return
	}
	m.trouble = nil
	if len(m.passed) > 0 && !now.Before(m.rest) {
		c.station(m, nil)
		m.passed = nil
	}
	if m.holder != nil && m.weight == 1 && !m.counts(now) {
		c.attach(m, now)
	}
	if !m.warn.IsZero() && !now.Before(m.warn) {
		m.warn = time.Time{}
		c.urgent = append(c.urgent, m.id())
	}
	t, look := c.duty(m, now)
	look = earliest(look, m.warn)
	if t.kind != nothing && !m.queued {
		m.queued = true
		c.tasks = append(c.tasks, m)
	}
	c.place(m, t.kind != nothing)
	c.timers.set(&m.timer, look)
}

// place stations a matter that waits for an offer.
func (c *core) place(m *matter, busy bool) {
	var ln *lane
	if m.line != nil && !m.offer.Live() && !busy {
		ln = c.laneOf(m.line, m.row.LastChannel())
	}
	if m.lane != ln || ln != nil && !ln.holds(m) {
		c.station(m, ln)
	}
}

// holds reports whether the matter stands where it should in its lane.
func (ln *lane) holds(m *matter) bool {
	if len(m.passed) > 0 {
		return ln.passed.Has(m.spot)
	}
	return ln.fresh.Has(m.spot)
}

// duty returns what is to be written about a matter at now, and when to look
// again if nothing happens before.
func (c *core) duty(m *matter, now time.Time) (task, time.Time) {
	id := m.id()
	if why := c.offerEnd(m, now); why != "" {
		return task{kind: endOffer, id: id, to: m.offer.To, why: why}, time.Time{}
	}
	if a := m.holder; a != nil && a.lost && m.row.NeedsUs() && m.live() {
		return task{kind: freeMatter, id: id, to: a.account.ID}, time.Time{}
	}
	var look time.Time
	for _, t := range []struct {
		at   time.Time
		task task
	}{
		{m.wakes(), task{kind: wakeMatter, id: id}},
		{m.due, task{kind: breachMatter, id: id, target: m.target(), until: m.due}},
	} {
		if !t.at.IsZero() && !now.Before(t.at) {
			return t.task, time.Time{}
		}
		look = earliest(look, t.at)
	}
	if m.offer.Live() {
		look = earliest(look, m.expires)
	}
	if len(m.passed) > 0 {
		look = earliest(look, m.rest)
	}
	if m.weight == 1 && m.row.Status == desk.StatusWaiting {
		look = earliest(look, m.row.At.Add(quietAfter))
	}
	return task{}, look
}

// offerEnd returns why the matter's offer is to end at now, "" when it is not.
func (c *core) offerEnd(m *matter, now time.Time) desk.OfferEnd {
	switch {
	case !m.offer.Live():
		return ""
	case m.line == nil, !c.routing.Offers:
		return desk.Withdrawn
	case m.asked == nil || !m.asked.ready:
		return desk.Gone
	case !m.asked.answers(m.line):
		return desk.Withdrawn
	case !now.Before(m.expires):
		return desk.Expired
	}
	return ""
}

// wakes returns when a snooze ends; the zero time without one.
func (m *matter) wakes() time.Time {
	if m.row.Status != desk.StatusSnoozed {
		return time.Time{}
	}
	return m.row.Until
}

func (m *matter) target() desk.Target {
	if m.row.Answered {
		return desk.NextReply
	}
	return desk.FirstReply
}

// next returns the next thing to write, and marks it as under way. What is due
// goes before what is offered.
func (c *core) next(now time.Time) (task, bool) {
	if len(c.absent) > 0 {
		id := c.absent[0]
		c.absent = c.absent[1:]
		return task{kind: setAway, id: id}, true
	}
	for len(c.tasks) > 0 {
		m := c.tasks[0]
		c.tasks = c.tasks[1:]
		m.queued = false
		if m.busy || c.matters[m.id()] != m {
			continue
		}
		if t, _ := c.duty(m, now); t.kind != nothing {
			m.busy, m.began = true, m.row.N
			return t, true
		}
		c.assess(m, now)
	}
	return c.decide(now)
}

// decide makes the most urgent offer that can be made.
func (c *core) decide(now time.Time) (task, bool) {
	var best match
	for _, ln := range c.lanes {
		if ln.stale {
			ln.match, ln.stale = c.find(ln), false
		}
		if ln.match.m != nil && (best.m == nil || ln.match.m.spot.before(best.m.spot)) {
			best = ln.match
		}
	}
	if best.m == nil {
		return task{}, false
	}
	m, a := best.m, best.a
	c.station(m, nil)
	m.busy, m.began, m.expires = true, m.row.N, now.Add(c.routing.AcceptWithin)
	m.offer = desk.Offer{To: a.account.ID, Until: m.expires.Truncate(time.Millisecond).UTC()}
	a.given = now
	c.attach(m, now)
	c.reseat(a)
	return task{kind: makeOffer, id: m.id(), to: m.offer.To, until: m.offer.Until}, true
}

// done takes in what became of a task. What it wrote is in the row already.
func (c *core) done(t task, err error, now time.Time) {
	if t.kind == setAway {
		a := c.agent(t.id, now)
		a.leaving = false
		c.review(a, now)
		return
	}
	m := c.matters[t.id]
	if m == nil {
		return
	}
	m.busy = false
	switch {
	case err != nil:
		m.trouble, m.held = err, now.Add(c.delay(err))
	case m.row.N == m.began:
		m.held = now.Add(tryAgain) // the desk saw no need; not again at once
	default:
		c.failures = 0
	}
	c.put(m.row, now)
}

// The shortest and the longest wait before something is tried again.
const (
	soon     = 50 * time.Millisecond
	tryAgain = time.Second
	tryLast  = 15 * time.Second
)

// delay returns how long to wait after a failure: a moment when somebody else
// was first, longer each time when nothing can be written.
func (c *core) delay(err error) time.Duration {
	if desk.CodeOf(err) == desk.Conflict {
		return soon
	}
	c.failures = min(c.failures+1, 5)
	return min(tryAgain<<(c.failures-1), tryLast)
}
