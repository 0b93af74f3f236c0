package ui

import "github.com/charmbracelet/x/ansi"

// Over lays a box of w cells over lines, its upper left corner at x, y. What
// is behind stays readable, and dim, so that nobody loses the place.
func (l *Look) Over(behind, box []string, x, y, w, whole int) []string {
	out := make([]string, len(behind))
	for i, line := range behind {
		plain := ansi.Strip(line)
		at := i - y
		if at < 0 || at >= len(box) {
			out[i] = l.Dim.Render(l.Fit(plain, whole))
			continue
		}
		left := l.Fit(ansi.Cut(plain, 0, x), x)
		right := ansi.Cut(plain, x+w, whole)
		out[i] = l.Dim.Render(left) + box[at] + l.Dim.Render(l.Fit(right, whole-x-w))
	}
	return out
}
