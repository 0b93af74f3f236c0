package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

// confirm asks before something that touches much or cannot be undone. It
// names what it is about, and everything but y means no.
type confirm struct {
	title string
	words string
	yes   string // what y does, in a word or two
	do    func() tea.Cmd
}

// Key takes a key: only y means yes.
func (c *confirm) Key(k tea.KeyPressMsg) (tea.Cmd, bool) {
	switch k.String() {
	case "y", "Y":
		return c.do(), true
	case "n", "N", "esc", "enter", "q":
		return nil, true
	}
	return nil, false
}

// Draw returns the box and its place.
func (c *confirm) Draw(l *ui.Look, room ui.Size) ([]string, ui.Rect) {
	w := min(room.W, 60)
	rows := []string{ui.Blank(w - 2)}
	for _, line := range l.Wrap(c.words, w-6) {
		rows = append(rows, "  "+l.Fit(line, w-4))
	}
	rows = append(rows, ui.Blank(w-2))
	dot := " " + l.Glyphs.Dot + " "
	e := ui.Edge{Title: c.title, Foot: "y " + c.yes + dot + "n or enter: no", Focus: true}
	return l.Frame(e, w, rows), place(w, len(rows)+2, room)
}

// Cursor is nowhere.
func (c *confirm) Cursor(*ui.Look, ui.Size) (x, y int) { return -1, -1 }
