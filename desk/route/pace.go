package route

import (
	"slices"
	"time"

	"hark/desk"
)

// Limits of what is measured before a waiting time is told.
const (
	paceKeep  = 50               // measurements that are kept
	paceLeast = 5                // and that are needed
	paceFor   = 60 * time.Minute // how long one says something about now
)

// pace is how fast a line has moved lately.
type pace struct{ taken []taken }

// taken is one customer who was taken out of the line.
type taken struct {
	at     time.Time
	waited time.Duration // open time since the customer began to wait
	from   int           // the position the customer had at first
}

// add measures a customer who was just taken.
func (p *pace) add(m *matter, q *desk.Queue, now time.Time) {
	if m.joined == 0 || m.spot.since == 0 {
		return
	}
	waited := q.Hours.Between(time.UnixMilli(m.spot.since), now)
	p.taken = append(p.taken, taken{now, waited, m.joined})
	if over := len(p.taken) - paceKeep; over > 0 {
		p.taken = slices.Delete(p.taken, 0, over)
	}
}

// each estimates how long the line takes to move by one: the median of what
// those waited who were taken lately, by the places that they had ahead. It is
// not known when too few were taken, or when the first in line, who has waited
// for head, waits much longer than any of those did: then things are no longer
// as they were measured.
func (p *pace) each(head time.Duration, now time.Time) (time.Duration, bool) {
	var each []time.Duration
	var longest time.Duration
	for _, t := range p.taken {
		if now.Sub(t.at) <= paceFor {
			each = append(each, t.waited/time.Duration(t.from))
			longest = max(longest, t.waited)
		}
	}
	if len(each) < paceLeast || head > 2*longest+time.Minute {
		return 0, false
	}
	slices.Sort(each)
	return each[len(each)/2], true
}
