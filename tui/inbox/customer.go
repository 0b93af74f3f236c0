package inbox

import (
	"strconv"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// customer is the panel about the person and the conversation, with its last
// drawing.
type customer struct {
	key   customerKey
	lines []string
}

type customerKey struct {
	row   *desk.Conversation
	look  *ui.Look
	w, h  int
	today int
	who   string
}

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
	k := customerKey{row: row, look: s.look, w: w, h: h, today: s.now.YearDay()}
	if row != nil {
		k.who = s.assignedTo(row)
	}
	if s.customer.lines != nil && s.customer.key == k {
		return s.customer.lines
	}
	var lines []string
	if row != nil {
		lines = s.facts(row, w)
	} else {
		lines = s.words("i shows the customer of the selected conversation.", w)
	}
	s.customer = customer{k, ui.Fill(lines, w, h)}
	return s.customer.lines
}

// facts draws what is known, one fact a line, long ones on several.
func (s *Screen) facts(c *desk.Conversation, w int) []string {
	l := s.look
	var out []string
	for _, line := range l.Wrap(safe.Name(c.Name).String(), w) {
		out = append(out, l.Strong.Render(l.Fit(line, w)))
	}
	out = append(out, ui.Blank(w))
	fact := func(name, value string) {
		for i, line := range l.Wrap(value, w-9) {
			if i > 0 {
				name = ""
			}
			out = append(out, l.Dim.Render(l.Fit(name, 9))+l.Fit(line, w-9))
		}
	}
	fact("Status", statusWords(c))
	fact("Assignee", s.assignedTo(c))
	fact("Channel", channels(c))
	out = append(out, ui.Blank(w))
	fact("Opened", l.When(c.Opened, s.now))
	fact("Last", l.When(c.At, s.now))
	if c.Unanswered > 0 {
		fact("Waiting", plural(c.Unanswered, "message"))
	}
	fact("Shown", shownWords(c))
	if c.Page != "" {
		out = append(out, ui.Blank(w))
		fact("Page", safe.Name(c.Page).String())
	}
	out = append(out, ui.Blank(w))
	fact("Number", "#"+s.Session.Short(c.ID))
	if !c.Previous.IsZero() {
		fact("Follows", "#"+s.Session.Short(c.Previous))
	}
	return out
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
