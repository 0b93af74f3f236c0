package tui

import (
	tea "charm.land/bubbletea/v2"
)

// wheeled is an overlay that scrolls.
type wheeled interface{ Wheel(by int) }

// mouse takes a click or a turn of the wheel. A click outside of what lies
// over the screen does nothing: it must not throw away what was typed there.
func (r *root) mouse(msg tea.Msg) tea.Cmd {
	r.quit = 0
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		return r.wheel(msg)
	case tea.MouseClickMsg:
		if msg.Button != tea.MouseLeft || r.overlaid() || r.chord.prefix != "" || r.screen.Opening() {
			return nil
		}
		return r.screen.Click(msg.X, msg.Y)
	}
	return nil
}

func (r *root) wheel(m tea.MouseWheelMsg) tea.Cmd {
	by := 0
	switch m.Button {
	case tea.MouseWheelUp:
		by = -1
	case tea.MouseWheelDown:
		by = 1
	default:
		return nil
	}
	if o := r.top(); o != nil {
		if w, ok := o.(wheeled); ok {
			w.Wheel(by)
		}
		return nil
	}
	if r.screen.Overlaid() || r.screen.Opening() {
		return nil
	}
	return r.screen.Wheel(m.X, m.Y, by)
}
