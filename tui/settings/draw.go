package settings

import (
	"hark/tui/ui"
)

// Draw returns the screen, which covers the whole place.
func (s *Screen) Draw(l *ui.Look, size ui.Size) ([]string, ui.Rect) {
	inner := size.W - 2
	rows := append(s.own(l, inner), s.desk(l, inner)...)
	s.rows, s.height = len(rows), size.H-2
	s.scroll(0)
	rows = rows[s.off:min(s.off+s.height, len(rows))]
	dot := " " + l.Glyphs.Dot + " "
	foot := []string{"esc close", "enter change", "r reset", "j k move"}
	if s.rows > s.height {
		foot = append(foot, "pgdown more")
	}
	e := ui.Edge{Title: "settings", Foot: l.Join(foot, dot, inner-4), Focus: true}
	return l.Frame(e, size.W, ui.Fill(rows, inner, s.height)), ui.Rect{W: size.W, H: size.H}
}

// The columns of a row: a wide window gives the meaning of a value room.
func columns(w int) (label, value, words, from int) {
	label, value, from = 15, 9, 15
	if w < 70 {
		label, value, from = 15, 9, 0
	}
	return label, value, max(w-label-value-from-4, 0), from
}

// own draws the person's settings and what the one under the cursor does.
func (s *Screen) own(l *ui.Look, w int) []string {
	label, value, words, from := columns(w)
	rows := []string{l.Strong.Render(l.Fit(" Yours", w)), ui.Blank(w)}
	for i, set := range All() {
		v, origin := s.Book.Get(set.Name)
		line := " " + l.Fit(set.Label, label) + l.Fit(v, value) + " " + l.Fit(set.words(v), words) + " " + l.Fit(string(origin), from)
		line = l.Fit(line, w-1)
		switch {
		case i == s.at:
			rows = append(rows, l.Select.Render(l.Glyphs.Selected+line))
		case origin == FromDefault:
			rows = append(rows, " "+line)
		default:
			rows = append(rows, " "+l.Accent.Render(line))
		}
	}
	return append(append(rows, ui.Blank(w)), s.about(l, w)...)
}

// aboutLines keeps the screen from jumping while the cursor moves.
const aboutLines = 3

func (s *Screen) about(l *ui.Look, w int) []string {
	set := All()[s.at]
	text := set.About
	switch _, from := s.Book.Get(set.Name); from {
	case FromTerminal:
		text += " This terminal leaves no choice: it asks for it by NO_COLOR, TERM or TERM_ACCESSIBILITY."
	case FromPerson:
		text += " r takes your choice away."
	case FromFile, FromDefault:
	}
	var rows []string
	for _, line := range l.Wrap(text, w-4) {
		rows = append(rows, "  "+l.Dim.Render(l.Fit(line, w-2)))
	}
	return ui.Fill(rows, w, aboutLines)
}

// desk draws the desk's settings.
func (s *Screen) desk(l *ui.Look, w int) []string {
	rows := []string{ui.Blank(w), l.Strong.Render(l.Fit(" The desk's, for everybody", w))}
	where := "This desk has no file that could be shown here."
	if s.File != "" {
		where = "They are changed in " + s.File + "; hark config check says whether it is right, and a new start of the hub takes it into use."
	}
	for _, line := range l.Wrap(where, w-4) {
		rows = append(rows, "  "+l.Dim.Render(l.Fit(line, w-2)))
	}
	rows = append(rows, ui.Blank(w))
	keyW := min(34, w*2/5)
	for _, f := range s.Desk {
		from := f.Where
		if from == "" {
			from = string(FromDefault)
		}
		fromW := min(l.Width(from), w/3)
		rows = append(rows, "  "+l.Fit(f.Key, keyW)+" "+l.Fit(f.Value, w-5-keyW-fromW)+" "+l.Dim.Render(l.Fit(from, fromW))+" ")
	}
	return rows
}
