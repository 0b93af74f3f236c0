package palette

import (
	"slices"
	"strconv"
	"strings"

	"hark/tui/safe"
	"hark/tui/ui"
)

// place returns where the palette stands: at the upper part of the screen, so
// that the list grows downwards and the letters stay where they are.
func (p *Palette) place(size ui.Size) ui.Rect {
	w := min(size.W, max(64, size.W*6/10))
	if size.W < 72 {
		w = size.W
	}
	y := min(3, size.H/7)
	h := min(max(size.H*2/3, 11), size.H-y)
	return ui.Rect{X: (size.W - w) / 2, Y: y, W: w, H: h}
}

// Draw returns the palette's lines and its place.
func (p *Palette) Draw(l *ui.Look, size ui.Size) ([]string, ui.Rect) {
	at := p.place(size)
	inner := at.W - 2
	can := p.scroll(at.H - 4)
	rows := []string{l.Fit(l.Glyphs.Prompt+" "+p.shown(), inner), ui.Blank(inner)}
	for i := p.off; i < min(len(p.hits), p.off+p.rows); i++ {
		if i == can && i > p.off {
			rows = append(rows, ui.Blank(inner))
		}
		rows = append(rows, p.row(l, p.hits[i], i == p.at, inner))
	}
	if len(p.hits) == 0 {
		rows = append(rows, l.Dim.Render(l.Fit("  nothing matches; backspace takes a letter back, ? in the console shows every key", inner)))
	}
	dot := " " + l.Glyphs.Dot + " "
	e := ui.Edge{Title: "commands", Foot: p.count() + dot + "enter run" + dot + "esc close", Focus: true}
	return l.Frame(e, at.W, ui.Fill(rows, inner, at.H-2)), at
}

// scroll brings the row that keys act on into sight, in room for that many, and
// returns where what cannot be done begins: a blank line stands before it.
func (p *Palette) scroll(room int) (can int) {
	can = p.enabled()
	p.rows = max(room, 1)
	for range 2 { // the blank line takes the room of a row
		p.off = max(min(p.off, p.at, len(p.hits)-p.rows), p.at-p.rows+1, 0)
		if can > p.off && can < min(p.off+p.rows, len(p.hits)) {
			p.rows = max(room-1, 1)
		}
	}
	return can
}

// count says how many match and can be done, of how many there are.
func (p *Palette) count() string {
	return strconv.Itoa(p.enabled()) + " of " + strconv.Itoa(len(p.items)+len(p.found))
}

func (p *Palette) enabled() int {
	n := slices.IndexFunc(p.hits, func(h hit) bool { return h.item.Why != "" })
	if n < 0 {
		return len(p.hits)
	}
	return n
}

// shown is what was typed, or pasted from anywhere, fit for a terminal.
func (p *Palette) shown() string {
	text := safe.Line(p.query).String()
	return text + ui.Blank(len(p.query)-len(strings.TrimRight(p.query, " "))-len(text)+len(strings.TrimRight(text, " ")))
}

// Cursor returns where the next letter goes.
func (p *Palette) Cursor(l *ui.Look, size ui.Size) (x, y int) {
	at := p.place(size)
	return at.X + min(3+l.Width(p.shown()), at.W-2), at.Y + 1
}

func (p *Palette) row(l *ui.Look, h hit, at bool, w int) string {
	note := h.item.Note
	label := h.item.Label
	if h.item.Why != "" {
		label, note = "disabled: "+label, "("+h.item.Why+")"
	}
	noteW := min(l.Width(note), w/2)
	room := w - 4 - noteW
	text := l.Cut(label, room)
	pad := ui.Blank(room - l.Width(text) + 1)
	tail := pad + l.Fit(note, noteW) + " "
	bar := " "
	if at {
		bar = l.Glyphs.Selected
	}
	switch {
	case at && h.item.Why != "":
		return l.Select.Render(bar + " " + text + tail)
	case h.item.Why != "":
		return l.Dim.Render(bar + " " + text + tail)
	case at:
		return l.Select.Render(bar+" ") + marked(text, h.at, l.Select, l.SelectMatch) + l.Select.Render(tail)
	}
	return bar + " " + marked(text, h.at, l.Text, l.Match) + l.Key.Render(tail)
}

// marked draws a text with the letters that were typed for it standing out.
func marked(text string, at []int, plain, mark ui.Style) string {
	if len(at) == 0 {
		return plain.Render(text)
	}
	runes := []rune(text)
	var b strings.Builder
	for from := 0; from < len(runes); {
		on := slices.Contains(at, from)
		to := from + 1
		for to < len(runes) && slices.Contains(at, to) == on {
			to++
		}
		style := plain
		if on {
			style = mark
		}
		b.WriteString(style.Render(string(runes[from:to])))
		from = to
	}
	return b.String()
}
