package route

import (
	"fmt"
	"time"

	"hark/desk"
)

// Stranded is a customer who waits although nothing explains it. There should
// never be one.
type Stranded struct {
	Conversation desk.ID
	Why          string // what is wrong, in words
}

// check recounts from the rows themselves, not from what the core has indexed,
// and returns every waiting conversation of rows that has neither a live offer
// nor a reason which holds. now is the time; what is due at it has been done.
func (c *core) check(rows []*desk.Conversation, now time.Time) []Stranded {
	crew := c.recount(rows, now)
	var found []Stranded
	for _, row := range rows {
		if why := c.stranded(row, crew, now); why != "" {
			found = append(found, Stranded{row.ID, why})
		}
	}
	return found
}

// headcount is how much each member of staff has, by channel.
type headcount map[desk.ID]map[desk.Channel]int

func (c *core) recount(rows []*desk.Conversation, now time.Time) headcount {
	n := headcount{}
	for _, row := range rows {
		m := matter{row: row}
		who := row.Assignee
		if who.IsZero() {
			who = row.Offer.To
		}
		if who.IsZero() || m.forgotten() || !m.counts(now) {
			continue
		}
		if n[who] == nil {
			n[who] = map[desk.Channel]int{}
		}
		n[who][row.LastChannel()]++
	}
	return n
}

// stranded returns what is wrong with a conversation, "" for nothing.
func (c *core) stranded(row *desk.Conversation, crew headcount, now time.Time) string {
	if !row.NeedsUs() {
		return ""
	}
	m := c.matters[row.ID]
	switch {
	case m == nil:
		return "routing does not know it"
	case m.row.N != row.N || m.busy || m.queued || m.held.After(now):
		return "" // it changes at this moment, or is tried again at a known one
	case m.holder != nil:
		return c.strandedHeld(m)
	case m.line == nil:
		return "it waits in no line"
	case row.Offer.Live():
		return c.strandedOffer(m)
	}
	return c.strandedLine(m, crew, now)
}

func (c *core) strandedHeld(m *matter) string {
	switch a := m.holder; {
	case a.account.ID != m.row.Assignee:
		return "it counts for another agent than has it"
	case a.connected || !m.live():
		return ""
	case a.lost:
		return "who has it is gone, and it was not given on"
	case a.timer.place == 0:
		return "who has it is not connected, and nothing ends the grace"
	}
	return ""
}

func (c *core) strandedOffer(m *matter) string {
	switch {
	case m.timer.place == 0:
		return "nothing ends its offer"
	case m.asked == nil || !m.asked.ready:
		return "it is offered to somebody who is not there"
	}
	return ""
}

// strandedLine looks whether somebody could be asked, member by member.
func (c *core) strandedLine(m *matter, crew headcount, now time.Time) string {
	q, ch := m.line.queue, m.row.LastChannel()
	open := q.Hours.Open(now)
	switch {
	case !c.routing.Offers:
		return ""
	case !open && !q.Hours.Always() && m.line.timer.place == 0 && opens(q, now):
		return "the queue is closed, and nothing opens it"
	case !open:
		return ""
	case !m.line.open:
		return "the queue is open, and routing takes it for closed"
	}
	for id, a := range c.agents {
		free := q.Has(a.account) && a.presence(now) == desk.Available && !now.Before(a.wrap) && crew[id][ch] < c.routing.Capacity[ch]
		if free && !m.passed[id] {
			return fmt.Sprintf("%s is free and is not asked", a.account.Name)
		}
	}
	if len(m.passed) > 0 && m.timer.place == 0 {
		return "it was passed on, and nothing begins the next round"
	}
	return ""
}

func opens(q *desk.Queue, now time.Time) bool {
	_, ok := q.Hours.Opens(now)
	return ok
}

// everybody returns everyone who waits: the engine itself is stuck.
func everybody(rows []*desk.Conversation, silent time.Duration) []Stranded {
	var found []Stranded
	for _, row := range rows {
		if row.NeedsUs() {
			found = append(found, Stranded{row.ID, fmt.Sprintf("routing has been silent for %v", silent.Round(time.Second))})
		}
	}
	return found
}
