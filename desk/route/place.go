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
	var out []placing
	for _, l := range c.lines {
		each, known := l.moves(now)
		n := 0
		for sp := range l.all.At(0) {
			if n++; n > tellFirst {
				break
			}
			m := c.matters[sp.id]
			if p := placeAt(n, each, known); p != m.told && m.live() {
				m.told = p
				out = append(out, placing{m.id(), p})
			}
		}
	}
	return out
}

// left returns who has left a line since it was last asked.
func (c *core) left() []placing {
	out := c.served
	c.served = nil
	return out
}

// unplace remembers to tell a customer who left the line, also one whom the
// line has told nothing: who comes in asks for a place of their own accord.
func (c *core) unplace(m *matter) {
	c.moved = true
	m.told = desk.Place{}
	c.served = append(c.served, placing{id: m.id()})
}

// position returns where a matter stands in its line, from 1, and how long it
// has to wait, as far as that is known.
func (c *core) position(m *matter, now time.Time) desk.Place {
	if m.line == nil {
		return desk.Place{}
	}
	each, known := m.line.moves(now)
	return placeAt(m.line.all.Rank(m.spot)+1, each, known)
}

func placeAt(position int, each time.Duration, known bool) desk.Place {
	p := desk.Place{Position: position, Known: known}
	if known {
		p.Wait = (each*time.Duration(position) + waitStep - 1).Truncate(waitStep)
	}
	return p
}

// moves returns how long the line takes to move by one, as far as that is
// known: in a line that is closed, or that nobody answers, it is not.
func (l *line) moves(now time.Time) (time.Duration, bool) {
	head, waits := l.all.First()
	if !waits || !l.open || !l.staffed() {
		return 0, false
	}
	return l.pace.each(l.queue.Hours.Between(time.UnixMilli(head.since), now), now)
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
