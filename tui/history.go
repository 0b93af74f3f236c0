package tui

import (
	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

// history shows what this console has said, the newest first.
type history struct {
	toasts []ui.Toast // oldest first
	off    int
	rows   int
	height int
}

func (r *root) openHistory() tea.Cmd {
	r.toasts.Clear()
	r.open(&history{toasts: r.toasts.History()})
	return nil
}

// Mode is what the overlay is called in the status line.
func (h *history) Mode() string { return "READ" }

// Key scrolls, or closes.
func (h *history) Key(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	half := max(h.height/2, 1)
	switch k.String() {
	case "j", "down":
		h.Wheel(1)
	case "k", "up":
		h.Wheel(-1)
	case "ctrl+d", "pgdown", "space":
		h.Wheel(half)
	case "ctrl+u", "pgup":
		h.Wheel(-half)
	case "esc", "q", "enter":
		return nil, true
	}
	return nil, false
}

// Wheel scrolls.
func (h *history) Wheel(by int) { h.off = max(min(h.off+by, h.rows-h.height), 0) }

// Cursor is nowhere: nothing is typed here.
func (*history) Cursor(*ui.Look, ui.Size) (x, y int) { return -1, -1 }

// Draw returns the overlay, which covers the whole place.
func (h *history) Draw(l *ui.Look, size ui.Size) ([]string, ui.Rect) {
	inner := size.W - 2
	rows := h.lines(l, inner)
	h.rows, h.height = len(rows), size.H-2
	h.Wheel(0)
	dot := " " + l.Glyphs.Dot + " "
	foot := "esc close"
	if h.rows > h.height {
		foot = "j k scroll" + dot + foot
	}
	rows = ui.Fill(rows[h.off:min(h.off+h.height, len(rows))], inner, h.height)
	return l.Frame(ui.Edge{Title: "notifications", Foot: foot, Focus: true}, size.W, rows), ui.Rect{W: size.W, H: size.H}
}

func (h *history) lines(l *ui.Look, w int) []string {
	if len(h.toasts) == 0 {
		return []string{ui.Blank(w), l.Dim.Render(l.Fit(" Nothing yet: messages of this console stay here until it closes.", w))}
	}
	var rows []string
	for i := len(h.toasts) - 1; i >= 0; i-- {
		t := h.toasts[i]
		sign, style := "  ", l.Text
		if t.Bad {
			sign, style = "! ", l.Bad
		}
		for n, line := range l.Wrap(t.Text, w-10) {
			head := ui.Blank(9)
			if n == 0 {
				head = " " + l.Clock(t.At) + " " + sign
			}
			rows = append(rows, l.Dim.Render(head)+style.Render(l.Fit(line, w-9)))
		}
	}
	return rows
}
