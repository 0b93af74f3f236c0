package inbox

import (
	"strings"

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
	typing   string
	who      string
}

// cacheMost bounds the rows that are kept drawn.
const cacheMost = 512

// row draws a conversation in two lines of exactly w cells.
func (s *Screen) row(c *desk.Conversation, w int) [linesPerRow]string {
	k := rowKey{
		row: c, look: s.look, width: w, age: ui.Age(c.Age(s.now)), sign: s.sign(c),
		selected: c.ID == s.list.sel, opened: c.ID == s.open.id, typing: s.customerTyping(c.ID), who: s.assignee(c),
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
func (s *Screen) sign(c *desk.Conversation) string {
	g := s.look.Glyphs
	switch {
	case c.Status == desk.StatusResolved:
		return g.Done
	case !c.NeedsUs():
		return " "
	case c.Unanswered > s.looked[c.ID]:
		return g.Unread
	}
	return g.Unanswered
}

// assignee names who has the conversation, where that is not clear.
func (s *Screen) assignee(c *desk.Conversation) string {
	switch c.Assignee {
	case desk.ID{}:
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
	ageW := 4
	if k.who != "" {
		k.who = l.Cut(k.who, 8) + " "
		ageW += l.Width(k.who)
	}
	name := l.Fit(safe.Name(k.row.Name).String(), k.width-7-ageW)
	age := l.Fit(k.who, ageW-4) + ui.Blank(4-len(k.age)) + k.age
	words := s.lastWords(k)
	second := l.Fit("    "+words, k.width-1)
	first := k.sign + " " + channelSign(k.row.LastChannel()) + " " + name + " " + age
	if k.selected {
		return [linesPerRow]string{l.Select.Render(bar + first), l.Select.Render(bar + second)}
	}
	if k.opened {
		bar = l.Accent.Render(bar)
	}
	return [linesPerRow]string{s.firstLine(bar, k, name, age), bar + l.Dim.Render(second)}
}

// firstLine draws the name and what stands around it, each in its role.
func (s *Screen) firstLine(bar string, k rowKey, name, age string) string {
	l := s.look
	sign, named := l.Dim, l.Text
	if k.sign == l.Glyphs.Unread {
		sign, named = l.Warn, l.Strong
	}
	return bar + sign.Render(k.sign) + " " +
		l.Dim.Render(channelSign(k.row.LastChannel())) + " " + named.Render(name) + " " + l.Dim.Render(age)
}

// lastWords returns the last words, or that more are on their way.
func (s *Screen) lastWords(k rowKey) string {
	if k.typing != "" {
		return "is typing" + s.look.Glyphs.Typing
	}
	words := safe.Line(k.row.Last).String()
	if k.row.From == desk.Out && words != "" {
		words = "> " + words
	}
	return strings.TrimSpace(words)
}
