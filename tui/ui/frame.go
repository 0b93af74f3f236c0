package ui

import "strings"

// Size is a width and a height in cells.
type Size struct{ W, H int }

// Rect is a place on the screen.
type Rect struct{ X, Y, W, H int }

// Empty reports whether nothing can be drawn there.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Edge is what stands in the frame of a pane, as plain text.
type Edge struct {
	Title string // at the left of the upper edge
	Foot  string // at the right of the lower edge
	Focus bool   // the keys go to this pane
	Note  bool   // what is inside is for the team only
}

// Frame draws a frame of the given width around the lines of a body, each of
// which is two cells narrower.
func (l *Look) Frame(e Edge, w int, body []string) []string {
	box, st := l.Glyphs.Thin, l.Border
	if e.Focus {
		box, st = l.Glyphs.Heavy, l.Focus
	}
	if e.Note {
		st = l.Note
	}
	out := make([]string, 0, len(body)+2)
	out = append(out, l.upper(e, box, st, w))
	side := st.Render(box.V)
	var b strings.Builder
	for _, line := range body {
		b.Reset()
		b.Grow(len(line) + 2*len(side))
		b.WriteString(side)
		b.WriteString(line)
		b.WriteString(side)
		out = append(out, b.String())
	}
	return append(out, l.lower(e, box, st, w))
}

// upper draws "┌─ title ────┐".
func (l *Look) upper(e Edge, box Box, st Style, w int) string {
	title := l.Cut(e.Title, w-6)
	if title == "" {
		return st.Render(box.TopLeft + Repeat(box.H, w-2) + box.TopRight)
	}
	rest := w - 5 - l.Width(title)
	titled := l.Strong
	if e.Note {
		titled = l.Note
	}
	return st.Render(box.TopLeft+box.H+" ") + titled.Render(title) + st.Render(" "+Repeat(box.H, rest)+box.TopRight)
}

// lower draws "└──── foot ─┘".
func (l *Look) lower(e Edge, box Box, st Style, w int) string {
	foot := l.Cut(e.Foot, w-6)
	if foot == "" {
		return st.Render(box.BottomLeft + Repeat(box.H, w-2) + box.BottomRight)
	}
	rest := w - 5 - l.Width(foot)
	return st.Render(box.BottomLeft+Repeat(box.H, rest)+" ") + l.Dim.Render(foot) + st.Render(" "+box.H+box.BottomRight)
}

// Fill cuts or lengthens lines to exactly h, with blanks of w cells.
func Fill(lines []string, w, h int) []string {
	if h < 0 {
		h = 0
	}
	if len(lines) > h {
		return lines[:h]
	}
	for len(lines) < h {
		lines = append(lines, Blank(w))
	}
	return lines
}

// Beside puts columns of the same height side by side.
func Beside(columns ...[]string) []string {
	if len(columns) == 1 {
		return columns[0]
	}
	out := make([]string, len(columns[0]))
	var b strings.Builder
	for y := range out {
		b.Reset()
		for _, c := range columns {
			b.WriteString(c[y])
		}
		out[y] = b.String()
	}
	return out
}
