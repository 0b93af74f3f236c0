package inbox

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/ui"
)

// needsMe reports whether the next word to a customer is mine, or anybody's.
func (s *Screen) needsMe(c *desk.Conversation) bool {
	return c.NeedsUs() && (c.Assignee.IsZero() || c.Assignee == s.me)
}

// waiting returns the conversations of the list that need me, in the order in
// which they should be answered.
func (s *Screen) waiting() []*desk.Conversation {
	win, err := s.list.window(0, max(s.list.win.Total, 1))
	if err != nil {
		return nil
	}
	var rows []*desk.Conversation
	for _, c := range win.Rows {
		if s.needsMe(c) {
			rows = append(rows, c)
		}
	}
	slices.SortFunc(rows, s.Session.Sooner)
	return rows
}

// after returns the conversation that comes behind one in an order, around the
// end; the first one when that is not in it, nil when there is no other.
func after(rows []*desk.Conversation, id desk.ID, by int) *desk.Conversation {
	at := slices.IndexFunc(rows, func(c *desk.Conversation) bool { return c.ID == id })
	switch {
	case len(rows) == 0, len(rows) == 1 && at == 0:
		return nil
	case at < 0 && by > 0:
		return rows[0]
	case at < 0:
		return rows[len(rows)-1]
	}
	return rows[((at+by)%len(rows)+len(rows))%len(rows)]
}

// seek goes to the next conversation that needs me. From an open thread it
// opens that one.
func (s *Screen) seek(by int) tea.Cmd {
	from := s.list.sel
	if s.focus == ui.ThreadPane {
		from = s.open.id
	}
	next := after(s.waiting(), from, by)
	if next == nil {
		s.Toasts.Say("no other conversation here waits for you")
		return nil
	}
	s.list.goTo(next.ID)
	if s.focus == ui.ThreadPane {
		return s.openRow(next, ui.ThreadPane, false)
	}
	return nil
}

// goOn opens the next conversation that needs me after one was dealt with, or
// leaves the thread when nobody waits.
func (s *Screen) goOn(done desk.ID) tea.Cmd {
	if s.open.id != done || s.focus != ui.ThreadPane {
		return nil
	}
	next := after(s.waiting(), done, 1)
	if next == nil {
		s.leave()
		s.focusOn(ui.ListPane)
		return nil
	}
	s.list.goTo(next.ID)
	return s.openRow(next, ui.ThreadPane, false)
}
