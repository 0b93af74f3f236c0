package route

import (
	"time"

	"hark/desk"
)

const (
	// tellEvery is how often customers hear of a change of place at most.
	tellEvery = 2 * time.Second
	// tellFirst is how many of a line hear of every step. Who stands behind
	// them hears it when they come nearer, or ask.
	tellFirst = 200
	// waitStep is what a waiting time is rounded up to: more would only look exact.
	waitStep = 10 * time.Second
)

// placing is a customer's place that is to be told.
type placing struct {
	id    desk.ID
	place desk.Place
}

// placings returns whose place has changed since it was last told.
func (c *core) placings(now time.Time) []placing {
	c.moved = false
	out := c.served
	c.served = nil
	for _, l := range c.lines {
		n := 0
		for sp := range l.all.At(0) {
			if n++; n > tellFirst {
				break
			}
			m := c.matters[sp.id]
			if p := c.position(m, now); p != m.told && m.live() {
				m.told = p
				out = append(out, placing{m.id(), p})
			}
		}
	}
	return out
}

// unplace remembers to tell a customer who left the line.
func (c *core) unplace(m *matter) {
	c.moved = true
	if m.told.Position > 0 {
		m.told = desk.Place{}
		c.served = append(c.served, placing{id: m.id()})
	}
}

// position returns where a matter stands in its line, from 1, and how long it
// has to wait, as far as that is known.
func (c *core) position(m *matter, now time.Time) desk.Place {
	l := m.line
	if l == nil {
		return desk.Place{}
	}
	p := desk.Place{Position: l.all.Rank(m.spot) + 1}
	if !l.open || !l.staffed() {
		return p
	}
	head, _ := l.all.First()
	waited := l.queue.Hours.Between(time.UnixMilli(head.since), now)
	p.Wait, p.Known = l.pace.wait(p.Position, waited, now)
	p.Wait = (p.Wait + waitStep - 1).Truncate(waitStep)
	return p
}

// staffed reports whether anybody who answers the line is there.
func (l *line) staffed() bool {
	for _, a := range l.members {
		if a.ready {
			return true
		}
	}
	return false
}
