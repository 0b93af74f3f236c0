package inbox

import (
	"strconv"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// drawing is a body that was drawn and the parts it was made of.
type drawing struct {
	parts [5][]string
	plan  ui.Plan
	lines []string
}

// Drawing is what the screen shows between the line at the top and the lines
// at the bottom. The cursor is at X, Y in the window, (-1, -1) for nowhere.
type Drawing struct {
	Lines []string
	X, Y  int
}

// The parts of the screen, in the order in which they are joined.
const (
	listPart = iota
	threadPart
	customerPart
	stripPart
	composerPart
)

// Draw returns the body. Its lines are the same slice while nothing changes.
func (s *Screen) Draw() Drawing {
	p := s.Plan()
	d := Drawing{X: -1, Y: -1}
	var parts [5][]string
	if !p.List.Empty() {
		parts[listPart] = s.drawList(p.List)
		d.X, d.Y = s.listCursor(p.List)
	}
	if !p.Thread.Empty() {
		parts[threadPart] = s.drawThread(p.Thread)
	}
	if !p.Customer.Empty() {
		parts[customerPart] = s.drawPanel(p.Customer)
	}
	if strip := s.strip(p); !strip.Empty() {
		parts[stripPart] = s.drawStrip(strip)
	}
	if !p.Composer.Empty() {
		c := s.drawComposer(p.Composer.W, p.Composer.H)
		parts[composerPart] = c.lines
		if c.x >= 0 {
			d.X, d.Y = p.Composer.X+c.x, p.Composer.Y+c.y
		}
	}
	d.Lines = s.join(p, parts)
	return d
}

// listCursor returns where the cursor stands in the list: in the query while
// one is typed, at the selected row while the list has the keys.
func (s *Screen) listCursor(r ui.Rect) (x, y int) {
	if s.finder != nil {
		_, x := s.searchLine(r.W - 2)
		return r.X + 1 + x, r.Y + 1
	}
	if s.focus != ui.ListPane || len(s.list.win.Rows) == 0 {
		return -1, -1
	}
	y = r.Y + 1 + (s.list.pos-s.list.off)*linesPerRow
	if s.list.searching {
		y++
	}
	return r.X + 1, y
}

// join puts the parts together, unless they are those of the last time.
func (s *Screen) join(p ui.Plan, parts [5][]string) []string {
	if s.drawn.lines != nil && s.drawn.plan == p && sameParts(s.drawn.parts, parts) {
		return s.drawn.lines
	}
	var upper [][]string
	for _, part := range parts[:stripPart] {
		if part != nil {
			upper = append(upper, part)
		}
	}
	lower := append(append([]string{}, parts[stripPart]...), parts[composerPart]...)
	var lines []string
	switch {
	case len(upper) < 2 || p.Composer.Empty() || p.Composer.X == p.List.X:
		lines = append(append(lines, ui.Beside(upper...)...), lower...)
	default:
		right := append(append([]string{}, upper[1]...), lower...)
		lines = ui.Beside(upper[0], right)
	}
	s.drawn = drawing{parts, p, lines}
	return lines
}

func sameParts(a, b [5][]string) bool {
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
		if s.open.fresh {
			e.Title = "2 New mail"
		}
		return s.idle.frame.draw(s.look, e, r.W, s.idleBody(w, h))
	}
	e.Title = s.threadTitle(row)
	s.pane.SetBanner(s.bannerOf(row))
	body := s.pane.Draw(s.look, s.now, w, h)
	e.Foot = "follow " + s.look.Glyphs.Down
	switch {
	case s.pane.Picking():
		e.Foot = s.choosingWords(w)
	case !s.pane.Following():
		e.Foot = s.look.Hint("last", "newest "+s.look.Glyphs.Down)
	}
	return s.idle.thread.draw(s.look, e, r.W, body)
}

// choosingWords says how many messages are chosen and what can be done with
// them.
func (s *Screen) choosingWords(w int) string {
	parts := []string{
		strconv.Itoa(len(s.pane.Picked())) + " chosen", s.look.Hint("choose", "choose"), s.look.Hint("split", "split off"), s.look.Hint("move", "move"),
	}
	return s.look.Join(parts, " "+s.look.Glyphs.Dot+" ", w-6)
}

// threadTitle names the open conversation; the text is made once a row.
func (s *Screen) threadTitle(row *desk.Conversation) string {
	if s.idle.row != row {
		dot := " " + s.look.Glyphs.Dot + " "
		s.idle.row = row
		s.idle.banner = s.banner(row)
		s.idle.title = "2 " + safe.Name(row.Name).String() + dot + safe.Line(string(row.LastChannel())).String() + dot + "#" + s.Session.Short(row.ID)
	}
	return s.idle.title
}

// bannerOf returns what has to be decided about the open conversation; the
// text is made once a row.
func (s *Screen) bannerOf(row *desk.Conversation) string {
	s.threadTitle(row)
	return s.idle.banner
}

// idle is the thread pane while nothing is open.
type idle struct {
	key    idleKey
	body   []string
	frame  framed
	thread framed
	row    *desk.Conversation
	title  string
	banner string
}

type idleKey struct {
	look    *ui.Look
	w, h    int
	loading bool
	any     bool
	fresh   bool
}

func (s *Screen) idleBody(w, h int) []string {
	k := idleKey{s.look, w, h, s.open.loading, s.list.win.Total > 0, s.open.fresh}
	if s.idle.body != nil && s.idle.key == k {
		return s.idle.body
	}
	var lines []string
	switch {
	case k.fresh:
		lines = s.words("A new mail begins a conversation of its own. Tab walks from the address to the text, "+
			s.look.Hint(ActLetterSend, "sends it")+", esc leaves it as a draft, "+s.look.Hint(ActNewMail, "comes back to it")+".", w)
	case k.loading:
		lines = s.words("Opening"+s.look.Glyphs.Typing, w)
	default:
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
