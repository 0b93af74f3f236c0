package inbox

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/compose"
	"hark/tui/thread"
	"hark/tui/ui"
)

// differ compares whom a mail reaches with who had the last one. It runs
// beside the screen, one comparison at a time.
type differ struct {
	found   *desk.Recipients // nil for nothing known
	running bool
	gen     int // of the head that was compared
}

// differMsg brings a comparison.
type differMsg struct {
	open, gen int
	found     desk.Recipients
	err       error
}

// compare compares the recipients, unless that was done for this head.
func (s *Screen) compare() tea.Cmd {
	b := &s.box
	if !b.byMail() || b.differ.running || b.differ.found != nil && b.differ.gen == b.mail.Gen() {
		return nil
	}
	o, _, err := b.mail.Outgoing("")
	if err != nil {
		return nil // half an address: there is nothing to compare yet
	}
	b.differ.running = true
	id := s.open.id
	if s.open.fresh {
		id = desk.ID{}
	}
	session, open, gen := s.Session, s.open.gen, b.mail.Gen()
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		found, err := session.Recipients(ctx, id, o)
		return differMsg{open, gen, found, err}
	})
}

// compared takes a comparison, and begins another one when the head has
// changed since.
func (s *Screen) compared(m differMsg) tea.Cmd {
	b := &s.box
	if m.open != s.open.gen || !b.byMail() {
		return nil
	}
	b.differ.running = false
	if m.err == nil {
		b.differ.found, b.differ.gen = &m.found, m.gen
	}
	if m.err != nil || m.gen == b.mail.Gen() {
		return nil
	}
	return s.compare()
}

// headRow is a line above the text of a mail: a field, or who gets the mail
// and did not, and the other way round.
type headRow struct {
	field  compose.Field
	differ bool
}

// headRows returns the lines above the text; none for what is no mail.
func (s *Screen) headRows() []headRow {
	b := &s.box
	if !b.byMail() || !s.Writing() {
		return nil
	}
	var rows []headRow
	for _, f := range b.mail.Shown(true) {
		rows = append(rows, headRow{field: f})
	}
	if d := b.differ.found; d != nil && !s.open.fresh && !b.mail.Forward() && len(d.Added)+len(d.Dropped) > 0 {
		rows = append(rows, headRow{differ: true})
	}
	return rows
}

// labelWidth is the room for the name of a field.
const labelWidth = 9

// drawHeadRow draws a line above the text, and says where the cursor would
// stand in it.
func (s *Screen) drawHeadRow(row headRow, w int) (line string, x int) {
	l := s.look
	if row.differ {
		return s.drawDiffer(w), 0
	}
	label, st := l.Fit(row.field.String()+":", min(labelWidth, w/2)), l.Dim
	if row.field == s.box.mail.At() {
		st = l.Key
	}
	room := max(w-l.Width(label), 1)
	lines, x, _ := s.box.mail.Line(row.field).Draw(l.Measure, room, 1)
	return st.Render(label) + lines[0], l.Width(label) + x
}

// drawDiffer says who gets the mail and did not get the last one, and who did
// and does not get this.
func (s *Screen) drawDiffer(w int) string {
	l, d := s.look, s.box.differ.found
	var line string
	room := w
	say := func(st ui.Style, text string) {
		if room > 0 && text != "" {
			text = l.Cut(text, room)
			line += st.Render(text)
			room -= l.Width(text)
		}
	}
	known := slices.DeleteFunc(slices.Clone(d.Added), func(a desk.Address) bool { return slices.Contains(d.Outside, a) })
	if len(d.Outside) > 0 {
		say(l.Warn, l.Glyphs.Late+" adds "+thread.Addresses(d.Outside)+" (new here)  ")
	}
	if len(known) > 0 {
		say(l.Good, "+ adds "+thread.Addresses(known)+"  ")
	}
	if len(d.Dropped) > 0 {
		say(l.Warn, "- drops "+thread.Addresses(d.Dropped))
	}
	return line + ui.Blank(room)
}
