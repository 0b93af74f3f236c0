package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Help shows what the keys do here: what can be done now first, what cannot
// with its reason, and the notices of this desk.
type Help struct {
	Actions []*Action
	Notices []string // fit for a terminal
	Where   string
	off     int
	rows    int // of the last drawing
	height  int
}

// Scroll moves the text.
func (h *Help) Scroll(by int) {
	h.off = max(min(h.off+by, h.rows-h.height), 0)
}

// Key scrolls, or closes help.
func (h *Help) Key(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	half := max(h.height/2, 1)
	switch k.String() {
	case "j", "down":
		h.Scroll(1)
	case "k", "up":
		h.Scroll(-1)
	case "ctrl+d", "pgdown", "space":
		h.Scroll(half)
	case "ctrl+u", "pgup":
		h.Scroll(-half)
	case "esc", "?", "q", "f1", "enter":
		return nil, true
	}
	return nil, false
}

// Wheel scrolls.
func (h *Help) Wheel(by int) { h.Scroll(by) }

// Cursor is nowhere: nothing is typed here.
func (h *Help) Cursor(*Look, Size) (x, y int) { return -1, -1 }

// Draw returns the overlay, which covers the whole place.
func (h *Help) Draw(l *Look, size Size) ([]string, Rect) {
	inner := size.W - 4
	var rows []string
	for _, n := range h.Notices {
		for _, line := range l.Wrap(n, inner) {
			rows = append(rows, l.Accent.Render(l.Fit(line, inner)))
		}
	}
	if len(h.Notices) > 0 {
		rows = append(rows, Blank(inner))
	}
	rows = append(rows, h.keys(l, inner)...)
	h.rows, h.height = len(rows), size.H-2
	h.Scroll(0)
	body := make([]string, 0, h.height)
	for _, r := range rows[h.off:min(h.off+h.height, len(rows))] {
		body = append(body, " "+r+" ")
	}
	foot := "esc close"
	if len(rows) > h.height {
		foot = "j k scroll " + l.Glyphs.Dot + " esc close"
	}
	e := Edge{Title: "help: " + h.Where, Foot: foot, Focus: true}
	return l.Frame(e, size.W, Fill(body, size.W-2, h.height)), Rect{W: size.W, H: size.H}
}

// keys draws the table by groups, then what cannot be done now.
func (h *Help) keys(l *Look, w int) []string {
	var rows, refused []string
	group := ""
	for _, a := range h.Actions {
		if why := a.Refusal(); why != "" {
			refused = append(refused, h.row(l, a, w, why)...)
			continue
		}
		if a.Group != group {
			if group != "" {
				rows = append(rows, Blank(w))
			}
			group = a.Group
			rows = append(rows, l.Strong.Render(l.Fit(group, w)))
		}
		rows = append(rows, h.row(l, a, w, "")...)
	}
	if len(refused) == 0 {
		return rows
	}
	rows = append(rows, Blank(w), l.Strong.Render(l.Fit("not now", w)))
	return append(rows, refused...)
}

// row draws an action, in as many lines as its reason needs.
func (h *Help) row(l *Look, a *Action, w int, why string) []string {
	keyW := min(24, w/2)
	keys := "  " + strings.Join(a.Keys, ", ")
	if len(a.Keys) == 0 {
		keys = "  no key"
	}
	keys = l.Fit(keys, keyW)
	if why == "" {
		return []string{l.Key.Render(keys) + l.Fit(" "+a.Label, w-keyW)}
	}
	var rows []string
	for i, line := range l.Wrap(a.Label+": "+why, w-keyW-2) {
		if i > 0 {
			keys, line = Blank(keyW), " "+line
		}
		rows = append(rows, l.Dim.Render(l.Fit(keys+" "+line, w)))
	}
	return rows
}
