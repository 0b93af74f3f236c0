package route

import (
	"fmt"
	"time"

	"hark/desk"
)

// Codes of the reasons that Explain gives.
const (
	CodeResolved = "resolved" // the matter is over
	CodeMerged   = "merged"   // it goes on elsewhere
	CodeSnoozed  = "snoozed"  // it was put away
	CodeHeld     = "held"     // somebody has it
	CodeAway     = "gone"     // who has it is not connected; it is given on soon
	CodeQuiet    = "quiet"    // the customer has the word
	CodeOffered  = "offered"  // somebody is being asked
	CodeOffering = "offering" // somebody is about to be asked
	CodeTrouble  = "trouble"  // it cannot be written down right now
	CodeOff      = "off"      // offers are switched off
	CodeClosed   = "closed"   // outside the queue's hours
	CodeLimit    = "limit"    // conversations of the channel are not offered
	CodeNobody   = "nobody"   // no account answers the queue
	CodeAbsent   = "absent"   // nobody who does is connected
	CodeFull     = "full"     // everybody who does is at their limit
	CodeTaken    = "busy"     // nobody who does is free, for several reasons
	CodePassed   = "passed"   // everybody who is free passed it on
	CodeUnknown  = "unknown"  // there is no such conversation
)

// reason is why a conversation is where it is.
type reason struct {
	code  string
	text  string
	until time.Time
}

// explain returns what a conversation waits for, at now.
func (c *core) explain(row *desk.Conversation, now time.Time) desk.Waiting {
	w := desk.Waiting{Conversation: row.ID, Waits: row.NeedsUs(), Queue: c.lineOf(row).queue.Name}
	var r reason
	switch m := c.matters[row.ID]; {
	case !row.Merged.IsZero():
		r = reason{code: CodeMerged, text: "it was merged into another conversation and goes on there"}
	case row.Status == desk.StatusResolved:
		r = reason{code: CodeResolved, text: "it is resolved: nobody waits"}
	case m == nil:
		r = reason{code: CodeOffering, text: "it has just arrived and is about to be offered"}
	default:
		r = c.why(m, now)
		w.Offer = m.row.Offer
	}
	w.Code, w.Reason, w.Until = r.code, r.text, r.until
	return w
}

func (c *core) why(m *matter, now time.Time) reason {
	switch {
	case m.row.Status == desk.StatusSnoozed:
		return c.whySnoozed(m, now)
	case m.holder != nil:
		return c.whyHeld(m, now)
	case m.line == nil:
		return reason{code: CodeQuiet, text: "nothing is owed: the customer has the word"}
	case m.row.Offer.Live():
		left := seconds(m.expires.Sub(now))
		return reason{CodeOffered, fmt.Sprintf("offered to %s, %d s left", c.name(m.row.Offer.To), left), m.expires}
	case m.trouble != nil:
		return reason{CodeTrouble, fmt.Sprintf("hark could not write it down (%s); it tries again", desk.Sentence(m.trouble)), m.held}
	case m.offer.Live():
		return reason{CodeOffering, "it is about to be offered to " + c.name(m.offer.To), now}
	case !c.routing.Offers:
		return reason{code: CodeOff, text: "offers are switched off: people take what they like"}
	}
	return c.whyLine(m, now)
}

func (c *core) whySnoozed(m *matter, now time.Time) reason {
	until := "until the customer writes"
	if t := m.row.Until; !t.IsZero() {
		until = "until " + c.moment(t, now)
	}
	text := "snoozed " + until
	if by := c.name(m.sleeper); by != "" {
		text += " by " + by
	}
	return reason{CodeSnoozed, text, m.row.Until}
}

func (c *core) whyHeld(m *matter, now time.Time) reason {
	a := m.holder
	name := c.name(a.account.ID)
	switch {
	case !m.row.NeedsUs():
		return reason{code: CodeHeld, text: fmt.Sprintf("%s has it; nothing is owed: the customer has the word", name)}
	case a.connected:
		return reason{code: CodeHeld, text: fmt.Sprintf("%s has it", name)}
	case !m.live():
		return reason{code: CodeHeld, text: fmt.Sprintf("%s has it and is not connected; a mail waits for them", name)}
	case a.lost:
		return reason{CodeAway, fmt.Sprintf("%s has it and is not connected; it is given on now", name), now}
	}
	until := a.lease(c.routing.Grace)
	return reason{CodeAway, fmt.Sprintf("%s has it and is not connected; it is given on in %d s", name, seconds(until.Sub(now))), until}
}

// whyLine explains a customer who waits and is not being offered.
func (c *core) whyLine(m *matter, now time.Time) reason {
	l := m.line
	ch := m.row.LastChannel()
	switch {
	case !l.open:
		return c.whyClosed(l, now)
	case c.routing.Capacity[ch] <= 0:
		return reason{code: CodeLimit, text: fmt.Sprintf("%s are not offered here: people take what they like", plural(ch))}
	case len(l.members) == 0:
		return reason{code: CodeNobody, text: fmt.Sprintf("no account may answer %s%s", l.title(), l.names())}
	}
	return c.whyCrew(m, now)
}

func (c *core) whyClosed(l *line, now time.Time) reason {
	opens, ok := l.queue.Hours.Opens(now)
	if !ok {
		return reason{code: CodeClosed, text: fmt.Sprintf("%s is closed, and its hours name no opening", l.title())}
	}
	zone := l.queue.Hours.Zone()
	return reason{CodeClosed, fmt.Sprintf("%s is closed until %s (%s)", l.title(), day(opens.In(zone), now.In(zone)), zone), opens}
}

// whyCrew explains why none of a queue's members is asked.
func (c *core) whyCrew(m *matter, now time.Time) reason {
	s := c.survey(m, now)
	switch {
	case s.free > 0:
		return reason{code: CodeOffering, text: "it is about to be offered"}
	case s.passed > 0 && s.others() == 0:
		text := fmt.Sprintf("%s passed it on; it is offered again in %d s", names(s.who), seconds(m.rest.Sub(now)))
		return reason{CodePassed, text, m.rest}
	case s.connected() == 0:
		return reason{code: CodeAbsent, text: fmt.Sprintf("nobody of %s is connected%s", m.line.title(), m.line.names())}
	case s.full > 0 && s.full == s.connected():
		return reason{code: CodeFull, text: c.full(s.full, m.row.LastChannel())}
	}
	return reason{CodeTaken, fmt.Sprintf("nobody of %s is free: %s", m.line.title(), s.sentence(c, m, now)), earliest(s.until, m.rest)}
}

func (c *core) full(n int, ch desk.Channel) string {
	limit := c.routing.Capacity[ch]
	if n == 1 {
		return fmt.Sprintf("the only agent is at the limit of %d %s", limit, count(ch, limit))
	}
	return fmt.Sprintf("all %d agents are at their limit of %d %s", n, limit, count(ch, limit))
}

// name returns an account's handle, "" when it is not known.
func (c *core) name(id desk.ID) string {
	if a := c.agents[id]; a != nil {
		return a.account.Name
	}
	return ""
}

// moment writes a time as people at the desk read it: in the default queue's
// zone, which it names.
func (c *core) moment(t, now time.Time) string {
	zone := c.routing.Queue("").Hours.Zone()
	return fmt.Sprintf("%s (%s)", day(t.In(zone), now.In(zone)), zone)
}
