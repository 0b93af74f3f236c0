package inbox

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"hark/tui/safe"
	"hark/tui/ui"
)

// chooser lets a person choose from a list by typing some letters of it.
type chooser struct {
	title   string
	choices []ui.Choice
	empty   string // what to say when there is nothing to choose from
	// other returns what the typed words mean when they are no choice, such as
	// a new tag or a time of one's own.
	other func(typed string) (ui.Choice, bool)
	// preview returns what stands below the list for the choice under the
	// cursor; nil for none.
	preview func(ui.Choice) string
	// drop acts on a choice by the delete key, and says in the foot what it
	// does; nil for nothing.
	drop     func(ui.Choice) tea.Cmd
	dropHint string
	done     func(ui.Choice) tea.Cmd

	typed string
	at    int
	found []ui.Choice
	asked string // what found was found for
}

// typedMost bounds what can be typed into a chooser, in bytes.
const typedMost = 200

// Key takes a key.
func (c *chooser) Key(k tea.KeyPressMsg) (tea.Cmd, bool) {
	found := c.matching()
	switch k.String() {
	case "esc":
		return nil, true
	case "enter":
		if c.at < len(found) {
			return c.done(found[c.at]), true
		}
	case "delete", "ctrl+d":
		if c.drop != nil && c.at < len(found) {
			return c.drop(found[c.at]), true
		}
	case "up", "ctrl+p":
		c.at = max(c.at-1, 0)
	case "down", "ctrl+n", "tab":
		c.at = max(min(c.at+1, len(found)-1), 0)
	case "pgup":
		c.at = max(c.at-8, 0)
	case "pgdown":
		c.at = max(min(c.at+8, len(found)-1), 0)
	case "backspace":
		if r := []rune(c.typed); len(r) > 0 {
			c.typed, c.at = string(r[:len(r)-1]), 0
		}
	case "ctrl+u", "ctrl+w":
		c.typed, c.at = "", 0
	default:
		c.Paste(k.Text)
	}
	return nil, false
}

// Paste adds text to what is looked for.
func (c *chooser) Paste(text string) {
	for _, r := range text {
		if unicode.IsPrint(r) && len(c.typed) < typedMost {
			c.typed += string(r)
			c.at = 0
		}
	}
}

// matching returns the choices that hold the typed letters, the best first,
// and what the letters mean otherwise.
func (c *chooser) matching() []ui.Choice {
	if c.found != nil && c.asked == c.typed {
		return c.found
	}
	type scored struct {
		ui.Choice
		score int
	}
	var all []scored
	for _, ch := range c.choices {
		if score, ok := fuzzy(ch.Label+" "+ch.Note, c.typed); ok {
			all = append(all, scored{ch, score})
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return b.score - a.score })
	c.found, c.asked = make([]ui.Choice, 0, len(all)+1), c.typed
	for _, ch := range all {
		c.found = append(c.found, ch.Choice)
	}
	if c.other != nil {
		if ch, ok := c.other(strings.TrimSpace(c.typed)); ok {
			c.found = append(c.found, ch)
		}
	}
	return c.found
}

// fuzzy reports whether s holds the letters in their order, and how well: the
// beginning counts most, then beginnings of words, then letters in a row.
func fuzzy(s, letters string) (score int, ok bool) {
	want := []rune(strings.ToLower(strings.ReplaceAll(letters, " ", "")))
	if len(want) == 0 {
		return 0, true
	}
	at, row := 0, 0
	before := ' '
	for i, r := range []rune(strings.ToLower(s)) {
		if r != want[at] {
			row, before = 0, r
			continue
		}
		switch {
		case i == 0:
			score += 12
		case !unicode.IsLetter(before) && !unicode.IsNumber(before):
			score += 6
		}
		row++
		score += 2 * row
		before = r
		if at++; at == len(want) {
			return score, true
		}
	}
	return 0, false
}

// shownMost is how many choices are in sight at once.
const shownMost = 12

// Draw returns the box and its place.
func (c *chooser) Draw(l *ui.Look, room ui.Size) ([]string, ui.Rect) {
	w := min(room.W, 72)
	inner := w - 2
	found := c.matching()
	about := c.about(l, found, inner)
	n := min(max(len(c.choices)+1, 3), shownMost, max(room.H-5-len(about), 1))
	rows := []string{l.Fit(l.Glyphs.Prompt+" "+safe.Line(c.typed).String(), inner), ui.Blank(inner)}
	if len(found) == 0 {
		rows = append(rows, l.Dim.Render(l.Fit("  "+c.nothing(), inner)))
	}
	from := max(c.at-n+1, 0)
	for i := from; i < min(len(found), from+n); i++ {
		rows = append(rows, chooserRow(l, found[i], i == c.at, inner))
	}
	rows = append(ui.Fill(rows, inner, n+2), about...)
	foot := []string{"enter choose", "esc close"}
	if c.dropHint != "" {
		foot = append(foot, c.dropHint)
	}
	e := ui.Edge{Title: c.title, Foot: l.Join(foot, " "+l.Glyphs.Dot+" ", inner-4), Focus: true}
	return l.Frame(e, w, rows), place(w, len(rows)+2, room)
}

// Cursor stands behind the typed letters.
func (c *chooser) Cursor(l *ui.Look, room ui.Size) (x, y int) {
	_, at := c.Draw(l, room)
	return at.X + min(l.Width(safe.Line(c.typed).String())+3, at.W-2), at.Y + 1
}

// aboutLines is how much of a preview is shown.
const aboutLines = 6

// about draws the preview of the choice under the cursor, always as high, so
// that the box does not jump.
func (c *chooser) about(l *ui.Look, found []ui.Choice, w int) []string {
	if c.preview == nil {
		return nil
	}
	rule := l.Border.Render(ui.Repeat(l.Glyphs.Rule, w))
	lines := []string{rule}
	if c.at < len(found) {
		for _, line := range l.Wrap(c.preview(found[c.at]), w-2) {
			lines = append(lines, " "+l.Fit(line, w-1))
		}
	}
	return ui.Fill(lines, w, aboutLines+1)
}

func (c *chooser) nothing() string {
	if len(c.choices) == 0 && c.empty != "" {
		return c.empty
	}
	return "nothing matches; backspace takes a letter back"
}

func chooserRow(l *ui.Look, c ui.Choice, at bool, w int) string {
	noteW := min(l.Width(c.Note), w/2)
	label := l.Fit(" "+c.Label, w-2-noteW) + " "
	note := l.Fit(c.Note, noteW)
	if at {
		return l.Select.Render(l.Glyphs.Selected + label + note)
	}
	return " " + label + l.Dim.Render(note)
}
