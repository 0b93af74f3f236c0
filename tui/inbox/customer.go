package inbox

import (
	"strconv"
	"time"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// customer is the panel about the person and the conversation, with its last
// drawing.
type customer struct {
	key   customerKey
	lines []string
	past  []*desk.Conversation // of the person, newest first, without the one in sight
	sel   int                  // of past, while the panel has the keys
	off   int                  // lines scrolled
}

type customerKey struct {
	row     *desk.Conversation
	contact *desk.Contact
	look    *ui.Look
	w, h    int
	now     time.Time
	who     string
	focus   bool
	sel     int
	off     int
}

// scroll moves the panel by lines.
func (c *customer) scroll(by int) { c.off = max(c.off+by, 0) }

// about returns the conversation that actions are about: the selected one
// while the keys are in the list or came from there, else the open one.
func (s *Screen) about() *desk.Conversation {
	if s.focus == ui.ListPane || s.focus == ui.CustomerPane && s.panelOf == ui.ListPane {
		return s.list.selected()
	}
	return s.pane.Row()
}

// shownCustomer returns the conversation that the panel is about: that of the
// thread beside it, unless the person asked for the selected one.
func (s *Screen) shownCustomer() *desk.Conversation {
	if s.focus == ui.CustomerPane {
		return s.about()
	}
	return s.pane.Row()
}

// drawCustomer returns the panel's lines, the same slice while nothing changes.
func (s *Screen) drawCustomer(w, h int) []string {
	row := s.shownCustomer()
	c := &s.customer
	k := customerKey{row: row, look: s.look, w: w, h: h, now: s.now, focus: s.focus == ui.CustomerPane, sel: c.sel, off: c.off}
	if row != nil {
		k.who, k.contact = s.assignedTo(row), s.Session.Contact(row.Contact)
	}
	if c.lines != nil && c.key == k {
		return c.lines
	}
	if row == nil || c.key.row == nil || c.key.row.ID != row.ID {
		c.sel, c.off, k.sel, k.off = 0, 0, 0, 0
	}
	var lines []string
	if row != nil {
		lines = s.facts(row, k.contact, w)
	} else {
		lines = s.words(s.look.Hint("customer", "shows the customer of the selected conversation."), w)
	}
	c.off = max(min(c.off, len(lines)-h), 0)
	k.off = c.off
	c.key, c.lines = k, ui.Fill(lines[c.off:], w, h)
	return c.lines
}

// statusWords says where a conversation stands.
func statusWords(c *desk.Conversation) string {
	switch c.Status {
	case desk.StatusNew:
		return "new, nobody has answered"
	case desk.StatusOpen:
		return "open, the next word is ours"
	case desk.StatusWaiting:
		return "waiting for the customer"
	case desk.StatusSnoozed:
		return "snoozed"
	case desk.StatusResolved:
		return "resolved"
	}
	return safe.Line(string(c.Status)).String()
}

func (s *Screen) assignedTo(c *desk.Conversation) string {
	switch c.Assignee {
	case desk.ID{}:
		return "nobody"
	case s.me:
		return "you"
	}
	return safe.Name(s.Session.AccountName(c.Assignee)).String()
}

func channels(c *desk.Conversation) string {
	text := ""
	for i, ch := range c.Channels {
		if i > 0 {
			text += ", "
		}
		text += safe.Line(string(ch)).String()
	}
	return text
}

// shownWords says how much of the conversation the customer's device has shown.
func shownWords(c *desk.Conversation) string {
	switch behind := int(c.Ord) - int(c.Delivered); {
	case c.Delivered == 0:
		return "nothing yet"
	case behind <= 0:
		return "everything"
	default:
		return "all but " + strconv.Itoa(behind)
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
