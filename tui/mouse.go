package tui

import (
	tea "charm.land/bubbletea/v2"
)

// pointed is a screen that the mouse can be used in. Nothing in it is done by
// the mouse alone. x and y are cells of the window.
type pointed interface {
	Click(x, y int) tea.Cmd
	Wheel(x, y, by int) tea.Cmd
}

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
		p, ok := any(r.screen).(pointed)
		if !ok || msg.Button != tea.MouseLeft || r.overlaid() || r.chord.prefix != "" || r.screen.Opening() {
			return nil
		}
		return p.Click(msg.X, msg.Y)
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
	if p, ok := any(r.screen).(pointed); ok && r.asked() == nil && !r.screen.Opening() {
		return p.Wheel(m.X, m.Y, by)
	}
	return nil
}
