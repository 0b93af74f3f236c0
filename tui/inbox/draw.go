package inbox

import (
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// drawing is a body that was drawn and the parts it was made of.
type drawing struct {
	parts [4][]string
	plan  ui.Plan
	lines []string
}

// Drawing is what the screen shows between the line at the top and the lines
// at the bottom. The cursor is at X, Y in the window, (-1, -1) for nowhere.
type Drawing struct {
	Lines []string
	X, Y  int
}

// Draw returns the body. Its lines are the same slice while nothing changes.
func (s *Screen) Draw() Drawing {
	p := s.Plan()
	d := Drawing{X: -1, Y: -1}
	var parts [4][]string
	if !p.List.Empty() {
		parts[0] = s.drawList(p.List)
		if s.focus == ui.ListPane && len(s.list.win.Rows) > 0 {
			d.X, d.Y = p.List.X+1, p.List.Y+1+(s.list.pos-s.list.off)*linesPerRow
		}
	}
	if !p.Thread.Empty() {
		parts[1] = s.drawThread(p.Thread)
	}
	if !p.Customer.Empty() {
		parts[2] = s.drawPanel(p.Customer)
	}
	if !p.Composer.Empty() {
		c := s.drawComposer(p.Composer.W, p.Composer.H)
		parts[3] = c.lines
		if c.x >= 0 {
			d.X, d.Y = p.Composer.X+c.x, p.Composer.Y+c.y
		}
	}
	d.Lines = s.join(p, parts)
	return d
}

// join puts the parts together, unless they are those of the last time.
func (s *Screen) join(p ui.Plan, parts [4][]string) []string {
	if s.drawn.lines != nil && s.drawn.plan == p && sameParts(s.drawn.parts, parts) {
		return s.drawn.lines
	}
	var upper [][]string
	for _, part := range parts[:3] {
		if part != nil {
			upper = append(upper, part)
		}
	}
	var lines []string
	switch {
	case parts[3] == nil:
		lines = ui.Beside(upper...)
	case p.List.Empty():
		lines = append(append(lines, parts[1]...), parts[3]...)
	case p.Composer.X == p.List.X:
		lines = append(append(lines, ui.Beside(upper...)...), parts[3]...)
	default:
		right := append(append([]string{}, upper[1]...), parts[3]...)
		lines = ui.Beside(upper[0], right)
	}
	s.drawn = drawing{parts, p, lines}
	return lines
}

func sameParts(a, b [4][]string) bool {
	for i := range a {
		if !same(a[i], b[i]) {
			return false
		}
	}
	return true
}

// same reports whether two slices are one.
func same(a, b []string) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// framed is a pane in its frame, drawn again only when the body, the frame or
// the width is another.
type framed struct {
	body  []string
	edge  ui.Edge
	look  *ui.Look
	w     int
	lines []string
}

func (f *framed) draw(l *ui.Look, e ui.Edge, w int, body []string) []string {
	if f.lines == nil || !same(f.body, body) || f.edge != e || f.look != l || f.w != w {
		*f = framed{body, e, l, w, l.Frame(e, w, body)}
	}
	return f.lines
}

// listKey is everything that the list's drawing depends on.
type listKey struct {
	gen  int
	look *ui.Look
	w, h int
	now  time.Time
	open desk.ID
}

func (s *Screen) drawList(r ui.Rect) []string {
	k := listKey{s.list.gen, s.look, r.W - 2, r.H - 2, s.now, s.open.id}
	if s.list.body == nil || s.list.key != k {
		s.list.key, s.list.body = k, s.listBody(r.W-2, r.H-2)
	}
	place := "0/0"
	if s.list.win.Total > 0 {
		place = strconv.Itoa(s.list.pos+1) + "/" + strconv.Itoa(s.list.win.Total)
	}
	e := ui.Edge{
		Title: "1 Inbox " + s.look.Glyphs.Dot + " " + string(s.list.view), Foot: place, Focus: s.focus == ui.ListPane,
	}
	return s.list.frame.draw(s.look, e, r.W, s.list.body)
}

func (s *Screen) listBody(w, h int) []string {
	lines := make([]string, 0, h)
	for _, row := range s.list.win.Rows {
		drawn := s.row(row, w)
		lines = append(lines, drawn[:]...)
	}
	if len(lines) == 0 {
		lines = s.words(s.emptyList(), w)
	}
	return ui.Fill(lines, w, h)
}

// emptyList says why there is nothing and what to do about it.
func (s *Screen) emptyList() string {
	n := s.list.counts[desk.Unassigned]
	switch s.list.view {
	case desk.Mine:
		switch n {
		case 0:
			return "Nothing is assigned to you, and nobody waits. New conversations appear under g u."
		case 1:
			return "Nothing is assigned to you. g u takes you to 1 unassigned conversation."
		}
		return "Nothing is assigned to you. g u takes you to " + strconv.Itoa(n) + " unassigned conversations."
	case desk.Unassigned:
		return "Every conversation has somebody. g m takes you to yours, g a to all."
	case desk.Done:
		return "Nothing is resolved yet: e resolves a conversation. g m takes you to yours."
	case desk.All:
	}
	return "No conversations yet: they appear when a visitor writes in the chat."
}

// words draws sentences with a margin.
func (s *Screen) words(text string, w int) []string {
	out := []string{ui.Blank(w)}
	for _, line := range s.look.Wrap(text, w-2) {
		out = append(out, " "+s.look.Dim.Render(s.look.Fit(line, w-1)))
	}
	return out
}

func (s *Screen) drawThread(r ui.Rect) []string {
	w, h := r.W-2, r.H-2
	e := ui.Edge{Title: "2 Thread", Focus: s.focus == ui.ThreadPane}
	row := s.pane.Row()
	if row == nil {
		return s.idle.frame.draw(s.look, e, r.W, s.idleBody(w, h))
	}
	e.Title = s.threadTitle(row)
	body := s.pane.Draw(s.look, s.now, w, h)
	e.Foot = "follow " + s.look.Glyphs.Down
	if !s.pane.Following() {
		e.Foot = "g e newest " + s.look.Glyphs.Down
	}
	return s.idle.thread.draw(s.look, e, r.W, body)
}

// threadTitle names the open conversation; the text is made once a row.
func (s *Screen) threadTitle(row *desk.Conversation) string {
	if s.idle.row != row {
		dot := " " + s.look.Glyphs.Dot + " "
		s.idle.row = row
		s.idle.title = "2 " + safe.Name(row.Name).String() + dot + safe.Line(string(row.LastChannel())).String() + dot + "#" + s.Session.Short(row.ID)
	}
	return s.idle.title
}

// idle is the thread pane while nothing is open.
type idle struct {
	key    idleKey
	body   []string
	frame  framed
	thread framed
	row    *desk.Conversation
	title  string
}

type idleKey struct {
	look    *ui.Look
	w, h    int
	loading bool
	any     bool
}

func (s *Screen) idleBody(w, h int) []string {
	k := idleKey{s.look, w, h, s.open.loading, s.list.win.Total > 0}
	if s.idle.body != nil && s.idle.key == k {
		return s.idle.body
	}
	var lines []string
	if k.loading {
		lines = s.words("Opening"+s.look.Glyphs.Typing, w)
	} else {
		lines = s.welcome(k.any, w)
	}
	s.idle.key, s.idle.body = k, ui.Fill(lines, w, h)
	return s.idle.body
}

// welcome shows the notices and what to do first.
func (s *Screen) welcome(rows bool, w int) []string {
	var lines []string
	for _, n := range s.Notices {
		lines = append(lines, ui.Blank(w))
		for _, line := range s.look.Wrap(n, w-2) {
			lines = append(lines, " "+s.look.Accent.Render(s.look.Fit(line, w-1)))
		}
	}
	next := "No conversation is open. enter opens the selected one, r answers it, ? shows every key."
	if !rows {
		next = "No conversation is open. ] goes to the next list, ? shows every key."
	}
	return append(lines, s.words(next, w)...)
}

func (s *Screen) drawPanel(r ui.Rect) []string {
	foot := ""
	if s.panel {
		foot = "i close"
	}
	e := ui.Edge{Title: "3 Customer", Foot: foot, Focus: s.focus == ui.CustomerPane}
	return s.panelFrame.draw(s.look, e, r.W, s.drawCustomer(r.W-2, r.H-2))
}

// Heading returns the counts of the views, the one in sight first.
func (s *Screen) Heading() []string {
	var out []string
	for _, v := range views() {
		name := string(v)
		if v == s.list.view {
			name = "inbox" + s.look.Glyphs.Dot + name
		}
		out = append(out, strings.TrimSpace(name+" "+strconv.Itoa(s.list.counts[v])))
	}
	return out
}
