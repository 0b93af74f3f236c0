package ui

import "strings"

// WhichKey draws the popup after a prefix: what may follow, from the table. It
// has as many lines as it needs, at most max. What cannot be done now is dim.
func (l *Look) WhichKey(prefix, title string, under []*Action, w, most int) []string {
	inner := w - 2
	widths := l.columns(prefix, under, inner-1)
	var body []string
	for i := 0; i < len(under); i += len(widths) {
		body = append(body, l.keyRow(prefix, under[i:min(i+len(widths), len(under))], widths, inner))
	}
	body = Fill(body, inner, min(len(body), most-2))
	return l.Frame(Edge{Title: prefix + " " + l.Glyphs.Typing + " " + title, Foot: "esc", Focus: true}, w, body)
}

// columns returns the widths of as many columns as fit into w cells.
func (l *Look) columns(prefix string, under []*Action, w int) []int {
	const most = 5
	for n := min(most, len(under)); n > 1; n-- {
		widths := make([]int, n)
		total := 0
		for i, a := range under {
			widths[i%n] = max(widths[i%n], l.Width(a.under(prefix)+" "+a.Label)+3)
		}
		for _, width := range widths {
			total += width
		}
		if total <= w {
			return widths
		}
	}
	return []int{w}
}

func (l *Look) keyRow(prefix string, row []*Action, widths []int, inner int) string {
	var b strings.Builder
	b.WriteByte(' ')
	used := 1
	for i, a := range row {
		key, label := a.under(prefix)+" ", a.Label
		room := widths[i] - l.Width(key)
		if a.Refusal() != "" {
			b.WriteString(l.Dim.Render(key + l.Fit(label, room)))
		} else {
			b.WriteString(l.Key.Render(key) + l.Fit(label, room))
		}
		used += widths[i]
	}
	return b.String() + Blank(inner-used)
}
