package inbox

import (
	tea "charm.land/bubbletea/v2"

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
		if s.open.fresh {
			s.focusOn(ui.ListPane)
			return nil
		}
		s.focusOn(ui.ThreadPane)
	case ui.CustomerPane:
		s.focusOn(s.panelOf)
	case ui.ThreadPane:
		if s.pane.Picking() {
			s.endChoosing()
			return nil
		}
		s.focusOn(ui.ListPane)
	case ui.ListPane:
		if len(s.marks.on) > 0 {
			s.clearMarks()
			return nil
		}
		s.leaveSearch()
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
	if s.composable() {
		panes = append(panes, ui.ComposePane)
	}
	return panes
}

// cycle goes to the next pane in a direction.
func (s *Screen) cycle(by int) tea.Cmd {
	if s.Writing() && s.box.byMail() && s.box.mail.Next(by) {
		return s.compare()
	}
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
	if to == ui.ComposePane {
		return s.begin()
	}
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

// moveBy moves within the pane that has the keys.
func (s *Screen) moveBy(n int) tea.Cmd {
	switch s.focus {
	case ui.ListPane:
		s.list.move(s.list.pos + n)
		return nil
	case ui.CustomerPane:
		s.moveInPanel(n)
		return nil
	case ui.ThreadPane, ui.ComposePane:
	}
	if s.pane.Picking() {
		s.pane.MovePick(n)
		return s.next()
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

// moveInPanel selects another past conversation, or scrolls where there is
// none.
func (s *Screen) moveInPanel(n int) {
	c := &s.customer
	if len(c.past) == 0 {
		c.scroll(n)
		return
	}
	c.sel = max(min(c.sel+n, len(c.past)-1), 0)
}

// inList reports whether the keys are in the list.
func (s *Screen) inList() bool { return s.focus == ui.ListPane }
