package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/ui"
)

// focusOn gives the keys to a pane.
func (s *Screen) focusOn(p ui.Pane) {
	if s.focus == ui.ComposePane && p != ui.ComposePane {
		s.saveDraft()
		s.quiet()
	}
	if p == ui.ComposePane && s.focus != ui.ComposePane {
		s.back = s.focus
	}
	if p != ui.CustomerPane {
		s.panel = false
	}
	s.focus = p
	s.list.setHeight(s.Plan().List.H - 2)
}

// wide reports whether the customer has a column of its own.
func (s *Screen) wide() bool { return s.win.W >= 120 && s.win.H >= 16 }

// out goes one level out: composer, customer, thread, list.
func (s *Screen) out() tea.Cmd {
	switch s.focus {
	case ui.ComposePane:
		s.focusOn(ui.ThreadPane)
	case ui.CustomerPane:
		s.focusOn(s.panelOf)
	case ui.ThreadPane:
		s.focusOn(ui.ListPane)
	case ui.ListPane:
	}
	return nil
}

// panes returns the panes that the keys can go to now, in order.
func (s *Screen) panes() []ui.Pane {
	panes := []ui.Pane{ui.ListPane}
	if s.pane.Row() != nil {
		panes = append(panes, ui.ThreadPane)
	}
	if s.wide() || s.panel {
		panes = append(panes, ui.CustomerPane)
	}
	if s.pane.Row() != nil {
		panes = append(panes, ui.ComposePane)
	}
	return panes
}

// cycle goes to the next pane in a direction.
func (s *Screen) cycle(by int) tea.Cmd {
	panes := s.panes()
	at := 0
	for i, p := range panes {
		if p == s.focus {
			at = i
		}
	}
	to := panes[((at+by)%len(panes)+len(panes))%len(panes)]
	if to == ui.CustomerPane {
		s.toCustomer()
		return nil
	}
	s.focusOn(to)
	return nil
}

// togglePanel shows or hides the customer.
func (s *Screen) togglePanel() tea.Cmd {
	switch {
	case s.focus == ui.CustomerPane:
		return s.out()
	case !s.wide():
		s.panel = true
	}
	s.toCustomer()
	return nil
}

// toCustomer gives the keys to the customer's panel, which is about the
// conversation of the pane that they come from.
func (s *Screen) toCustomer() {
	s.panelOf = ui.ThreadPane
	if s.focus == ui.ListPane || s.pane.Row() == nil {
		s.panelOf = ui.ListPane
	}
	s.focus = ui.CustomerPane
}

// show goes to a view of the list.
func (s *Screen) show(v desk.View) tea.Cmd {
	s.focusOn(ui.ListPane)
	s.list.show(v)
	return nil
}

// turnView goes to the next view in a direction.
func (s *Screen) turnView(by int) tea.Cmd {
	all := views()
	for i, v := range all {
		if v == s.list.view {
			return s.show(all[(i+by+len(all))%len(all)])
		}
	}
	return nil
}

// moveBy moves within the pane that has the keys.
func (s *Screen) moveBy(n int) tea.Cmd {
	if s.focus == ui.ListPane {
		s.list.move(s.list.pos + n)
		return nil
	}
	s.pane.Scroll(-n)
	s.looking()
	return s.next()
}

// page returns how far half a page is in the pane that has the keys.
func (s *Screen) page() int {
	if s.focus == ui.ListPane {
		return max(s.list.room()/2, 1)
	}
	return max((s.Plan().Thread.H-2)/2, 1)
}

// first and last go to the ends.
func (s *Screen) first() tea.Cmd {
	if s.focus == ui.ListPane {
		s.list.move(0)
		return nil
	}
	s.pane.Top()
	return s.next()
}

func (s *Screen) last() tea.Cmd {
	if s.focus == ui.ListPane {
		s.list.move(s.list.win.Total - 1)
		return nil
	}
	s.pane.Bottom()
	s.looking()
	return nil
}

// seek goes to the next conversation that waits for an answer of mine.
func (s *Screen) seek(by int) tea.Cmd {
	found := s.list.seek(by, func(c *desk.Conversation) bool {
		return c.NeedsUs() && (c.Assignee.IsZero() || c.Assignee == s.me)
	})
	if !found {
		s.Toasts.Say("no other conversation here waits for you")
	}
	return nil
}
