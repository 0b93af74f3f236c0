package inbox

import (
	"slices"

	"hark/desk"
	"hark/tui/safe"
)

// list is the part of a view that is in sight, and the conversation that keys
// act on. It holds what it shows and nothing else, however long the view is.
type list struct {
	session *desk.Session
	source
	chosen    bool   // the person asked for it
	wrong     string // why there is nothing, when that is a mistake in the query
	looking   bool   // a search runs beside the screen
	again     bool   // something happened since it began
	searching bool   // the query takes the first line
	counts    map[desk.View]int
	win       desk.Window
	found     found   // around what is in sight of what a search finds
	sel       desk.ID // zero when the view is empty
	pos       int     // of sel in the view
	off       int     // of the first row in sight
	height    int     // lines
	gen       int
	cache     map[desk.ID]*rowDrawing
	key       listKey
	body      []string
	frame     framed
}

// source is where the rows of a list come from: a view, or what a search
// finds. name is that of a saved view.
type source struct {
	view  desk.View
	query string // instead of a view
	name  string
}

// finds reports whether the rows are what a search finds.
func (f source) finds() bool { return f.query != "" }

// title names the list in sight.
func (f source) title() string {
	switch {
	case f.name != "":
		return safe.Name(f.name).String()
	case f.finds():
		return "search"
	}
	return string(f.view)
}

// linesPerRow is how many lines a conversation takes in the list.
const linesPerRow = 2

func newList(s *desk.Session) list {
	return list{session: s, source: source{view: desk.Mine}, height: 20, cache: map[desk.ID]*rowDrawing{}}
}

func (l *list) setHeight(h int) {
	if h > 0 && h != l.height {
		l.height = h
		l.refresh()
	}
}

// room returns how many rows there is room for: a search takes a line.
func (l *list) room() int {
	h := l.height
	if l.searching {
		h--
	}
	return max(h/linesPerRow, 1)
}

// show switches to another list and selects its first row.
func (l *list) show(from source) {
	l.source, l.chosen, l.sel, l.pos, l.off, l.found = from, true, desk.ID{}, 0, 0, found{}
	l.refresh()
}

// lay makes room for the line of a search, or takes it back.
func (l *list) lay(searching bool) {
	l.searching = searching
	l.refresh()
}

// around is how many rows on either side of those in sight are kept of what a
// search finds: looking for them costs more than reading a view.
const around = 128

// window reads rows of the list.
func (l *list) window(from, limit int) (desk.Window, error) {
	if !l.finds() {
		return l.session.Window(l.view, from, limit)
	}
	if limit > 2*around {
		return l.session.Search(l.query, from, limit)
	}
	if !l.found.holds(from, limit) {
		if err := l.look(from); err != nil {
			return desk.Window{}, err
		}
	}
	return l.found.part(from, limit), nil
}

// found is a part of what a search finds.
type found struct {
	desk.Window
	query string
}

// holds reports whether rows are in the part, or behind the end of all.
func (f *found) holds(from, limit int) bool {
	return f.query != "" && from >= f.From && min(from+limit, f.Total) <= f.From+len(f.Rows)
}

// part returns rows out of it.
func (f *found) part(from, limit int) desk.Window {
	at := max(min(from-f.From, len(f.Rows)), 0)
	return desk.Window{Rows: f.Rows[at:min(at+limit, len(f.Rows))], From: from, Total: f.Total, Seq: f.Seq}
}

// look searches for what is around a place of the list.
func (l *list) look(from int) error {
	win, err := l.session.Search(l.query, max(from-around, 0), 3*around)
	if err != nil {
		l.found = found{}
		return err
	}
	l.found = found{win, l.query}
	return nil
}

// index returns the place of a conversation in the list, -1 when it is not
// there. What a search finds is looked through only around where it was.
func (l *list) index(id desk.ID) int {
	if id.IsZero() {
		return -1
	}
	if !l.finds() {
		return l.session.Index(l.view, id)
	}
	for i, c := range l.found.Rows {
		if c.ID == id {
			return l.found.From + i
		}
	}
	return -1
}

// total returns how many rows the list has.
func (l *list) total() int {
	if !l.finds() {
		return l.counts[l.view]
	}
	return l.found.Total
}

// refresh reads the view again. The selection stays on its conversation; when
// that has left the view, on the one that came into its place. At the top of
// the list new rows push the others down; further below the rows in sight stay
// where they are.
func (l *list) refresh() {
	l.counts = l.session.Counts()
	if !l.chosen && l.counts[desk.Mine] == 0 && l.counts[desk.Unassigned] > 0 {
		l.view = desk.Unassigned // begin where there is something to do
	}
	if l.finds() {
		if err := l.look(l.off); err != nil {
			l.found = found{}
		}
	}
	l.place()
}

// place brings the selection to where its conversation is now, and reads what
// is in sight.
func (l *list) place() {
	total := l.total()
	at := l.index(l.sel)
	if at >= 0 && l.off > 0 {
		l.off += at - l.pos
	}
	if at >= 0 {
		l.pos = at
	}
	l.pos = max(min(l.pos, total-1), 0)
	l.into(total)
	l.read()
}

// into moves the part in sight so that it holds the selection.
func (l *list) into(total int) {
	room := l.room()
	l.off = max(min(l.off, total-room), 0)
	l.off = min(l.off, l.pos)
	l.off = max(l.off, l.pos-room+1)
}

func (l *list) read() {
	l.gen++
	win, err := l.window(l.off, l.room())
	l.wrong = ""
	if err != nil {
		win = desk.Window{}
		l.wrong = safe.Line(desk.Sentence(err)).String()
	}
	l.win = win
	l.sel = desk.ID{}
	if i := l.pos - l.off; i >= 0 && i < len(win.Rows) {
		l.sel = win.Rows[i].ID
	}
}

// goTo goes to a conversation, where it is in the list.
func (l *list) goTo(id desk.ID) {
	at := l.index(id)
	if at < 0 && l.finds() { // far from what is in sight
		if win, err := l.window(0, max(l.win.Total, 1)); err == nil {
			at = slices.IndexFunc(win.Rows, func(c *desk.Conversation) bool { return c.ID == id })
		}
	}
	if at >= 0 {
		l.move(at)
	}
}

// move goes to a position in the view.
func (l *list) move(to int) {
	l.chosen = true // who moves here works here
	l.pos = max(min(to, l.win.Total-1), 0)
	l.into(l.win.Total)
	l.read()
}

// selected returns the conversation that keys act on, or nil.
func (l *list) selected() *desk.Conversation {
	if i := l.pos - l.off; i >= 0 && i < len(l.win.Rows) {
		return l.win.Rows[i]
	}
	return nil
}
