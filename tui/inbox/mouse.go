package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

// Click goes to what is at a cell of the window: it selects a row, a second
// click opens it, and one in another pane gives that the keys.
func (s *Screen) Click(x, y int) tea.Cmd {
	p := s.Plan()
	switch {
	case inside(p.List, x, y):
		return s.clickRow(y - p.List.Y - 1)
	case inside(p.Thread, x, y) && s.pane.Row() != nil:
		s.focusOn(ui.ThreadPane)
	case inside(p.Customer, x, y) && s.shownCustomer() != nil:
		s.toCustomer()
	case inside(p.Composer, x, y) && s.open.fresh:
		s.focusOn(ui.ComposePane)
	case inside(p.Composer, x, y) && s.pane.Row() != nil && s.may(s.writes()) == "":
		return s.write(s.box.note)
	}
	return nil
}

// clickRow selects the row at a line of the list; the one that is selected
// already is opened.
func (s *Screen) clickRow(line int) tea.Cmd {
	if s.list.searching {
		line--
	}
	to := s.list.off + line/linesPerRow
	if line < 0 || line/linesPerRow >= len(s.list.win.Rows) {
		s.focusOn(ui.ListPane)
		return nil
	}
	again := s.focus == ui.ListPane && to == s.list.pos
	s.focusOn(ui.ListPane)
	s.list.move(to)
	if again {
		return s.openSelected(ui.ThreadPane, false)
	}
	return nil
}

// wheelLines is how far a turn of the wheel goes.
const wheelLines = 3

// Wheel scrolls what is at a cell of the window, without giving it the keys.
func (s *Screen) Wheel(x, y, by int) tea.Cmd {
	p := s.Plan()
	switch {
	case inside(p.List, x, y):
		s.list.move(s.list.pos + by)
	case inside(p.Thread, x, y) && s.pane.Row() != nil:
		s.pane.Scroll(-by * wheelLines)
		s.looking()
		return s.next()
	case inside(p.Customer, x, y):
		s.customer.scroll(by * wheelLines)
	}
	return nil
}

func inside(r ui.Rect, x, y int) bool {
	return !r.Empty() && x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}
