package inbox

import (
	"strconv"
	"time"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// listKey is everything that the list's drawing depends on.
type listKey struct {
	gen  int
	look *ui.Look
	w, h int
	now  time.Time
	open desk.ID
	find string
	mail int // what is known of the mail accounts
}

func (s *Screen) drawList(r ui.Rect) []string {
	k := listKey{s.list.gen, s.look, r.W - 2, r.H - 2, s.now, s.open.id, s.list.query, s.mails.gen}
	if s.list.body == nil || s.list.key != k {
		s.list.key, s.list.body = k, s.listBody(r.W-2, r.H-2)
	}
	place := "0/0"
	if s.list.win.Total > 0 {
		place = strconv.Itoa(s.list.pos+1) + "/" + strconv.Itoa(s.list.win.Total)
	}
	dot := " " + s.look.Glyphs.Dot + " "
	e := ui.Edge{Title: "1 Inbox" + dot + s.list.title(), Foot: place, Focus: s.focus == ui.ListPane}
	if n := len(s.marks.on); n > 0 {
		e.Foot = strconv.Itoa(n) + " marked" + dot + place
	}
	return s.list.frame.draw(s.look, e, r.W, s.list.body)
}

func (s *Screen) listBody(w, h int) []string {
	lines := make([]string, 0, h)
	if s.list.searching {
		line, _ := s.searchLine(w)
		lines = append(lines, line)
	}
	for _, row := range s.list.win.Rows {
		drawn := s.row(row, w)
		lines = append(lines, drawn[:]...)
	}
	if len(s.list.win.Rows) == 0 || s.wrongQuery() != "" {
		lines = append(lines[:min(len(lines), 1)], s.words(s.emptyList(), w)...)
	}
	return ui.Fill(lines, w, h)
}

// wrongQuery says what is wrong with the query that is being typed, if
// anything.
func (s *Screen) wrongQuery() string {
	if s.finder != nil {
		return s.finder.wrong
	}
	return s.list.wrong
}

// emptyList says why there is nothing and what to do about it.
func (s *Screen) emptyList() string {
	if wrong := s.wrongQuery(); wrong != "" {
		return wrong
	}
	if s.list.name != "" {
		return "Nothing is in this view now. g v goes to another one, / changes the search."
	}
	if s.list.finds() {
		return "Nothing is found. esc goes back; tag:NAME, from:NAME, is:open, is:resolved and words can be combined, -word leaves out."
	}
	switch s.list.view {
	case desk.Mine:
		return s.nothingMine()
	case desk.Unassigned:
		return "Every conversation has somebody. g m takes you to yours, g a to all."
	case desk.Done:
		return "Nothing is resolved yet: e resolves a conversation. g m takes you to yours."
	case desk.All:
	}
	return s.nothingAtAll()
}

// nothingAtAll says where conversations come from, and what keeps mails from
// coming.
func (s *Screen) nothingAtAll() string {
	if len(s.mails.accounts) == 0 {
		return "No conversations yet: they appear when a visitor writes in the chat."
	}
	text := "No conversations yet: they appear when a visitor writes in the chat or a mail comes."
	for _, a := range s.mails.accounts {
		if !a.State.Well() || a.Done < a.Total {
			text += "\n\nmail " + safe.Name(a.Name).String() + ": " + safe.Line(stateWords(a)).String()
		}
	}
	return text + "\n\n" + s.look.Hint("go.mailboxes", "shows every mailbox.")
}

func (s *Screen) nothingMine() string {
	switch n := s.list.counts[desk.Unassigned]; n {
	case 0:
		return "Nothing is assigned to you, and nobody waits. New conversations appear under g u."
	case 1:
		return "Nothing is assigned to you. g u takes you to 1 unassigned conversation."
	default:
		return "Nothing is assigned to you. g u takes you to " + strconv.Itoa(n) + " unassigned conversations."
	}
}
