package inbox

import (
	"hark/desk"
)

// views in the order in which [ and ] walk through them.
func views() []desk.View { return []desk.View{desk.Mine, desk.Unassigned, desk.All, desk.Done} }

// list is the part of a view that is in sight, and the conversation that keys
// act on. It holds what it shows and nothing else, however long the view is.
type list struct {
	session *desk.Session
	view    desk.View
	chosen  bool // the person asked for the view
	counts  map[desk.View]int
	win     desk.Window
	sel     desk.ID // zero when the view is empty
	pos     int     // of sel in the view
	off     int     // of the first row in sight
	height  int     // lines
	gen     int
	cache   map[desk.ID]*rowDrawing
	key     listKey
	body    []string
	frame   framed
}

// linesPerRow is how many lines a conversation takes in the list.
const linesPerRow = 2

func newList(s *desk.Session) list {
	return list{session: s, view: desk.Mine, height: 20, cache: map[desk.ID]*rowDrawing{}}
}

func (l *list) setHeight(h int) {
	if h > 0 && h != l.height {
		l.height = h
		l.refresh()
	}
}

func (l *list) room() int { return max(l.height/linesPerRow, 1) }

// show switches to a view and selects its first row.
func (l *list) show(v desk.View) {
	l.view, l.chosen, l.sel, l.pos, l.off = v, true, desk.ID{}, 0, 0
	l.refresh()
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
	total := l.counts[l.view]
	at := -1
	if !l.sel.IsZero() {
		at = l.session.Index(l.view, l.sel)
	}
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
	win, err := l.session.Window(l.view, l.off, l.room())
	if err != nil {
		win = desk.Window{}
	}
	l.win = win
	l.sel = desk.ID{}
	if i := l.pos - l.off; i >= 0 && i < len(win.Rows) {
		l.sel = win.Rows[i].ID
	}
}

// move goes to a position in the view.
func (l *list) move(to int) {
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

// seek goes to the next conversation in a direction that is wanted, around the
// end of the list. It reports false when there is none but this one.
func (l *list) seek(by int, wanted func(*desk.Conversation) bool) bool {
	const page = 256
	total := l.win.Total
	for step := 1; step < total; {
		from := ((l.pos+by*step)%total + total) % total
		start, n := from, min(page, total-from)
		if by < 0 {
			start = max(from-page+1, 0)
			n = from - start + 1
		}
		win, err := l.session.Window(l.view, start, n)
		if err != nil || len(win.Rows) == 0 {
			return false
		}
		for i := range win.Rows {
			at := i
			if by < 0 {
				at = len(win.Rows) - 1 - i
			}
			if to := start + at; to != l.pos && wanted(win.Rows[at]) {
				l.move(to)
				return true
			}
		}
		step += len(win.Rows)
	}
	return false
}
