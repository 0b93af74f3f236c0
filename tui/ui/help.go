package ui

import "strings"

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

// Draw returns the overlay in exactly the given size.
func (h *Help) Draw(l *Look, size Size) []string {
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
	return l.Frame(Edge{Title: "help: " + h.Where, Foot: foot, Focus: true}, size.W, Fill(body, size.W-2, h.height))
}

// keys draws the table by groups, then what cannot be done now.
func (h *Help) keys(l *Look, w int) []string {
	var rows, refused []string
	group := ""
	for _, a := range h.Actions {
		if why := a.Refusal(); why != "" {
			refused = append(refused, h.row(l, a, w, why))
			continue
		}
		if a.Group != group {
			if group != "" {
				rows = append(rows, Blank(w))
			}
			group = a.Group
			rows = append(rows, l.Strong.Render(l.Fit(group, w)))
		}
		rows = append(rows, h.row(l, a, w, ""))
	}
	if len(refused) == 0 {
		return rows
	}
	rows = append(rows, Blank(w), l.Strong.Render(l.Fit("not now", w)))
	return append(rows, refused...)
}

func (h *Help) row(l *Look, a *Action, w int, why string) string {
	keyW := min(24, w/2)
	keys := l.Fit("  "+strings.Join(a.Keys, ", "), keyW)
	if why == "" {
		return l.Key.Render(keys) + l.Fit(" "+a.Label, w-keyW)
	}
	return l.Dim.Render(l.Fit(keys+" "+a.Label+": "+why, w))
}

// WhichKey draws the popup after a prefix: what may follow, from the table. It
// has as many lines as it needs, at most max.
func (l *Look) WhichKey(prefix, title string, under []*Action, w, most int) []string {
	const cell = 26
	inner := w - 2
	columns := max(inner/cell, 1)
	var body []string
	for i := 0; i < len(under); i += columns {
		var b strings.Builder
		for _, a := range under[i:min(i+columns, len(under))] {
			key := l.Fit(" "+a.under(prefix), 4)
			if a.Refusal() != "" {
				b.WriteString(l.Dim.Render(key + l.Fit(a.Label, cell-4)))
				continue
			}
			b.WriteString(l.Key.Render(key) + l.Fit(a.Label, cell-4))
		}
		n := len(under[i:min(i+columns, len(under))])
		body = append(body, b.String()+Blank(inner-n*cell))
	}
	body = Fill(body, inner, min(len(body), most-2))
	return l.Frame(Edge{Title: prefix + " … " + title, Foot: "esc", Focus: true}, w, body)
}
