package inbox

import (
	"strings"
	"time"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// rowDrawing is a drawn row and what it was drawn from.
type rowDrawing struct {
	key   rowKey
	lines [linesPerRow]string
}

// rowKey is everything that a row's drawing depends on.
type rowKey struct {
	row      *desk.Conversation // immutable: the address is its version
	look     *ui.Look
	width    int
	age      string
	sign     string
	selected bool
	opened   bool
	marked   bool
	typing   string
	who      string
	late     bool   // the answer is due soon or overdue
	until    string // snoozed: until when
}

// cacheMost bounds the rows that are kept drawn.
const cacheMost = 512

// row draws a conversation in two lines of exactly w cells.
func (s *Screen) row(c *desk.Conversation, w int) [linesPerRow]string {
	age, late := s.clock(c)
	k := rowKey{
		row: c, look: s.look, width: w, age: age, late: late, sign: s.sign(c, late), marked: s.marks.on[c.ID],
		selected: c.ID == s.list.sel, opened: c.ID == s.open.id, typing: s.customerTyping(c.ID), who: s.assignee(c),
	}
	if c.Status == desk.StatusSnoozed {
		k.until = s.snoozeWords(c)
	}
	if d := s.list.cache[c.ID]; d != nil && d.key == k {
		return d.lines
	}
	if len(s.list.cache) > cacheMost {
		clear(s.list.cache)
	}
	d := &rowDrawing{k, s.drawRow(k)}
	s.list.cache[c.ID] = d
	return d.lines
}

// sign says at a glance what a conversation needs.
func (s *Screen) sign(c *desk.Conversation, late bool) string {
	g := s.look.Glyphs
	switch {
	case len(c.Trouble) > 0:
		return g.Trouble
	case late:
		return g.Late
	case !c.Merged.IsZero():
		return g.Merged
	case c.Status == desk.StatusResolved:
		return g.Done
	case c.Status == desk.StatusSnoozed:
		return g.Snoozed
	case !c.NeedsUs():
		return " "
	case c.Unread() && c.Unanswered > s.looked[c.ID]:
		return g.Unread
	}
	return g.Unanswered
}

// clock returns how long a conversation has been as it is, or, when an answer
// is due soon or overdue, how long there is. It changes by the minute: nothing
// on an idle screen moves by itself.
func (s *Screen) clock(c *desk.Conversation) (words string, late bool) {
	clock := s.Session.Clock(c)
	if clock.State == "" || !c.NeedsUs() {
		return ui.Age(c.Age(s.now)), false
	}
	return dueWords(clock.Due, s.now), true
}

// dueWords says when an answer is due: "in 4m", or "3m late".
func dueWords(due, now time.Time) string {
	switch left := due.Sub(now); {
	case left >= time.Minute:
		return "in " + ui.Age(left)
	case left >= 0:
		return "in <1m"
	case left > -time.Minute:
		return "late"
	default:
		return ui.Age(-left) + " late"
	}
}

// snoozeWords says until when a conversation is out of the way.
func (s *Screen) snoozeWords(c *desk.Conversation) string {
	if c.Until.IsZero() {
		return "snoozed until a reply"
	}
	return "snoozed till " + s.untilWords(c.Until, s.now)
}

// assignee names who has the conversation, where that is not clear.
func (s *Screen) assignee(c *desk.Conversation) string {
	switch c.Assignee {
	case desk.ID{}:
		if c.Offer.To == s.me {
			return "offered"
		}
		return ""
	case s.me:
		if s.list.view == desk.Mine {
			return ""
		}
		return "you"
	}
	return safe.Name(s.Session.AccountName(c.Assignee)).String()
}

func channelSign(c desk.Channel) string {
	switch c {
	case desk.Chat:
		return "ch"
	case desk.Email:
		return "em"
	case desk.Voice:
		return "vo"
	}
	return "  "
}

func (s *Screen) drawRow(k rowKey) [linesPerRow]string {
	l := s.look
	bar := " "
	switch {
	case k.selected:
		bar = l.Glyphs.Selected
	case k.opened:
		bar = l.Glyphs.Opened
	}
	age := k.age
	if k.who != "" {
		age = l.Cut(k.who, 8) + " " + ui.Blank(4-len(k.age)) + k.age
	}
	ageW := min(max(l.Width(age), 4), max(k.width-14, 4))
	age = l.Fit(ui.Blank(ageW-l.Width(age))+age, ageW)
	name := l.Fit(safe.Name(k.row.Name).String(), k.width-7-ageW) + " "
	mark := " "
	if k.marked {
		mark = l.Glyphs.Marked
	}
	second := l.Fit(" "+mark+"  "+s.secondWords(k), k.width-1)
	first := k.sign + " " + channelSign(k.row.LastChannel()) + " " + name + age
	if k.selected {
		return [linesPerRow]string{l.Select.Render(bar + first), l.Select.Render(bar + second)}
	}
	if k.opened {
		bar = l.Accent.Render(bar)
	}
	if trouble := troubleWords(k.row); trouble != "" {
		trouble = l.Cut(" "+mark+"  "+trouble, k.width-1)
		rest := l.Fit(strings.TrimPrefix(second, trouble), k.width-1-l.Width(trouble))
		return [linesPerRow]string{s.firstLine(bar, k, name, age), bar + l.Bad.Render(trouble) + l.Dim.Render(rest)}
	}
	return [linesPerRow]string{s.firstLine(bar, k, name, age), bar + l.Dim.Render(second)}
}

// firstLine draws the name and what stands around it, each in its role.
func (s *Screen) firstLine(bar string, k rowKey, name, age string) string {
	l := s.look
	sign, named, aged := l.Dim, l.Text, l.Dim
	switch {
	case len(k.row.Trouble) > 0:
		sign, named = l.Bad, l.Strong
	case k.late:
		sign, named, aged = l.Bad, l.Strong, l.Bad
	case k.sign == l.Glyphs.Unread:
		sign, named = l.Warn, l.Strong
	}
	return bar + sign.Render(k.sign) + " " +
		l.Dim.Render(channelSign(k.row.LastChannel())) + " " + named.Render(name) + aged.Render(age)
}

// secondWords returns what stands under the name: who types, until when the
// conversation sleeps, or the last words.
func (s *Screen) secondWords(k rowKey) string {
	switch {
	case k.typing != "":
		return "is typing" + s.look.Glyphs.Typing
	case !k.row.Merged.IsZero():
		return "merged into #" + s.Session.Short(k.row.Merged)
	case k.until != "":
		return k.until
	}
	words := safe.Line(rowSubject(k.row)).String()
	if k.row.Side == desk.Out && words != "" {
		words = "> " + words
	}
	if p := k.row.Priority; p.Rank() > desk.Normal.Rank() {
		words = string(p) + ": " + words
	}
	if trouble := troubleWords(k.row); trouble != "" {
		words = trouble + ": " + words
	}
	return strings.TrimSpace(words)
}

// troubleWords says of a conversation that a mail of ours did not arrive, or
// may not have left; nothing when all is well.
func troubleWords(c *desk.Conversation) string {
	if len(c.Trouble) == 0 {
		return ""
	}
	if c.Trouble[0].State == desk.PostParked {
		return "sent or not"
	}
	return "undelivered"
}
