package route

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"hark/desk"
)

// survey counts how a queue's members stand towards one conversation. Each
// member is counted once.
type survey struct {
	free    int // could be asked
	passed  int // could be, and passed it on in this round
	full    int // available, at the limit
	resting int // finishing what was, or busy by their own word
	away    int // connected, and away by their own word
	absent  int // not connected

	who   []string  // who passed it on
	until time.Time // when the first of those who rest is back
}

func (s *survey) connected() int { return s.free + s.passed + s.full + s.resting + s.away }

// others counts who is connected and did not get to see it.
func (s *survey) others() int { return s.full + s.resting + s.away }

func (c *core) survey(m *matter, now time.Time) survey {
	var s survey
	ch := m.row.LastChannel()
	for _, a := range m.line.members {
		switch p := a.presence(now); {
		case p == desk.Offline:
			s.absent++
		case p == desk.Away:
			s.away++
			s.until = earliest(s.until, a.account.Until)
		case p != desk.Available:
			s.resting++
			s.until = earliest(s.until, a.account.Until)
		case now.Before(a.wrap):
			s.resting++
			s.until = earliest(s.until, a.wrap)
		case a.load[ch] >= c.routing.Capacity[ch]:
			s.full++
		case m.passed[a.account.ID]:
			s.passed++
			s.who = append(s.who, a.account.Name)
		default:
			s.free++
		}
	}
	slices.Sort(s.who)
	return s
}

// sentence says how many are prevented by what.
func (s *survey) sentence(c *core, m *matter, now time.Time) string {
	ch := m.row.LastChannel()
	limit := c.routing.Capacity[ch]
	var parts []string
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, text))
		}
	}
	add(s.full, fmt.Sprintf("at the limit of %d %s", limit, count(ch, limit)))
	add(s.resting, "busy or in wrap-up")
	add(s.away, "away")
	add(s.absent, "not connected")
	if s.passed > 0 {
		parts = append(parts, fmt.Sprintf("%s passed it on and can be asked again in %d s", names(s.who), seconds(m.rest.Sub(now))))
	}
	return strings.Join(parts, ", ")
}

// title names the queue in a sentence.
func (l *line) title() string {
	if l.queue.Name == "" {
		return "this desk"
	}
	return "queue " + l.queue.Name
}

// names lists who should answer the queue, for a reason that nobody does.
func (l *line) names() string {
	if len(l.queue.Members) == 0 {
		return ""
	}
	return " (members: " + strings.Join(l.queue.Members, ", ") + ")"
}

// names writes "ana", "ana and bo" or "ana, bo and 3 more".
func names(who []string) string {
	switch n := len(who); n {
	case 0:
		return "nobody"
	case 1:
		return who[0]
	case 2:
		return who[0] + " and " + who[1]
	case 3:
		return who[0] + ", " + who[1] + " and " + who[2]
	default:
		return fmt.Sprintf("%s, %s and %d more", who[0], who[1], n-2)
	}
}

func plural(ch desk.Channel) string { return count(ch, 2) }

// count names conversations of a channel.
func count(ch desk.Channel, n int) string {
	name := "conversation"
	switch ch {
	case desk.Chat:
		name = "chat"
	case desk.Email:
		name = "mail"
	case desk.Voice:
		name = "call"
	}
	if n == 1 {
		return name
	}
	return name + "s"
}

// day writes a time with as much of the date as is needed, seen from now.
func day(t, now time.Time) string {
	switch ahead := dayOf(t).Sub(dayOf(now)); {
	case ahead == 0:
		return t.Format("15:04")
	case ahead > 0 && ahead < 7*24*time.Hour:
		return t.Format("Mon 15:04")
	}
	return t.Format("Mon 2 Jan 2006 15:04")
}

func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// seconds rounds up: "0 s left" would be wrong as long as some are.
func seconds(d time.Duration) int { return int(math.Ceil(max(d, 0).Seconds())) }
