package ui

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// Choice is one thing that can be picked.
type Choice struct {
	Label string // fit for a terminal
	Note  string
	Value any
}

// Picker lets a person choose from a list by typing some letters. It acts on
// nothing: it says what was chosen.
type Picker struct {
	Title   string
	Choices []Choice
	Empty   string // what to say when there is nothing to choose from
	filter  string
	at      int
}

// Key takes a key. done says that the picker is over; chosen is nil when
// nothing was picked.
func (p *Picker) Key(k tea.KeyPressMsg) (chosen *Choice, done bool) {
	found := p.found()
	switch k.String() {
	case "esc", "ctrl+c":
		return nil, true
	case "enter":
		if p.at < len(found) {
			return &found[p.at], true
		}
		return nil, false
	case "up", "ctrl+p":
		p.at = max(p.at-1, 0)
	case "down", "ctrl+n", "tab":
		p.at = max(min(p.at+1, len(found)-1), 0)
	case "backspace":
		if r := []rune(p.filter); len(r) > 0 {
			p.filter, p.at = string(r[:len(r)-1]), 0
		}
	default:
		p.typed(k.Text)
	}
	return nil, false
}

// Paste adds text to what is looked for.
func (p *Picker) Paste(text string) { p.typed(text) }

func (p *Picker) typed(text string) {
	for _, r := range text {
		if unicode.IsPrint(r) && len(p.filter) < 64 {
			p.filter += string(r)
			p.at = 0
		}
	}
}

// found returns the choices that hold the typed letters in their order.
func (p *Picker) found() []Choice {
	var out []Choice
	for _, c := range p.Choices {
		if holdsLetters(c.Label+" "+c.Note, p.filter) {
			out = append(out, c)
		}
	}
	return out
}

func holdsLetters(s, letters string) bool {
	want := []rune(strings.ToLower(letters))
	for _, r := range strings.ToLower(s) {
		if len(want) > 0 && r == want[0] {
			want = want[1:]
		}
	}
	return len(want) == 0
}

// Draw returns the box and its place, the middle.
func (p *Picker) Draw(l *Look, size Size) ([]string, Rect) {
	w := min(size.W, 64)
	h := min(size.H, max(len(p.Choices)+4, 6), 20)
	inner := w - 2
	rows := []string{l.Fit(l.Glyphs.Prompt+" "+p.filter, inner), Blank(inner)}
	found := p.found()
	if len(found) == 0 {
		rows = append(rows, l.Dim.Render(l.Fit("  "+p.nothing(), inner)))
	}
	room := h - 4
	from := max(p.at-room+1, 0)
	for i := from; i < min(len(found), from+room); i++ {
		rows = append(rows, p.row(l, found[i], i == p.at, inner))
	}
	dot := " " + l.Glyphs.Dot + " "
	e := Edge{Title: p.Title, Foot: "enter choose" + dot + "esc close", Focus: true}
	return l.Frame(e, w, Fill(rows, inner, h-2)), Middle(w, h, size)
}

func (p *Picker) nothing() string {
	if len(p.Choices) == 0 {
		return p.Empty
	}
	return "nothing matches; backspace takes a letter back"
}

func (p *Picker) row(l *Look, c Choice, at bool, w int) string {
	label := l.Fit(" "+c.Label, w-25) + l.Fit(c.Note, 24)
	if at {
		return l.Select.Render(l.Glyphs.Selected + label)
	}
	return " " + label
}

// Cursor returns where the typed letters end, within the size given to Draw.
func (p *Picker) Cursor(l *Look, size Size) (x, y int) {
	w := min(size.W, 64)
	h := min(size.H, max(len(p.Choices)+4, 6), 20)
	at := Middle(w, h, size)
	return at.X + 1 + min(l.Width(p.filter)+2, w-3), at.Y + 1
}
