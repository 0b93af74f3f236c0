package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

// ask lays a question over the screen. Each one was asked for by a key:
// nothing that arrives by itself opens one.
func (s *Screen) ask(o ui.Overlay) tea.Cmd { return ui.Open(o) }

// asked lays a question over the screen that was prepared beside it.
func (s *Screen) asked(m askMsg) tea.Cmd {
	if m.err != nil {
		s.fail("that cannot be chosen now", m.err)
		return nil
	}
	return m.ask()
}

// place returns where a box stands: in the upper part of the screen, so that
// the words under the list can be read on.
func place(w, h int, size ui.Size) ui.Rect {
	return ui.Rect{X: max((size.W-w)/2, 0), Y: max((size.H-h)/3, 0), W: w, H: h}
}
