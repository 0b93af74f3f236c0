package plain

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"hark/desk"
	"hark/desk/when"
)

// listSize is how many conversations are told at once.
const listSize = 10

// listing is the list that was told last; its numbers can be said.
type listing struct {
	what  string // "mine", a saved view's name, or a search
	query string // "" for a view of the desk
	view  desk.View
	rows  []desk.ID
	next  int // where more begins
	total int
}

// overview says how much there is.
func (s *sitting) overview() string {
	c := s.desk.Counts()
	words := "Yours: " + count(c[desk.Mine], "conversation")
	if n := len(s.needing()); n > 0 {
		words += ", " + strconv.Itoa(n) + " of them need you"
	}
	words += ". Nobody's: " + count(c[desk.Unassigned], "conversation") + "."
	if n := len(s.desk.Offers()); n > 0 {
		words += " " + count(n, "offer") + " to you."
	}
	return words
}

// cmdList tells a view, a saved view or what a search finds.
func cmdList(s *sitting, arg string) error {
	s.list = listing{}
	word := strings.ToLower(arg)
	switch word {
	case "":
		s.list.what, s.list.view = "mine", desk.Mine
	case "mine", "unassigned", "all", "resolved":
		s.list.what, s.list.view = word, desk.View(word)
	default:
		s.list.what, s.list.query = arg, arg
		for _, v := range s.desk.Views() {
			if strings.EqualFold(v.Name, arg) {
				s.list.what, s.list.query = v.Name, v.Query
			}
		}
	}
	return s.more()
}

func cmdMore(s *sitting, _ string) error {
	if s.list.next == 0 || s.list.next >= s.list.total {
		s.out.line("There is no more in this list.")
		return nil
	}
	return s.more()
}

// more tells the next part of the list.
func (s *sitting) more() error {
	l := &s.list
	var w desk.Window
	var err error
	if l.query != "" {
		w, err = s.desk.Search(l.query, l.next, listSize)
	} else {
		w, err = s.desk.Window(l.view, l.next, listSize)
	}
	if err != nil {
		return err
	}
	l.total = w.Total
	if l.next == 0 {
		s.out.line(sentence(s.listTitle(w.Total)))
	}
	for _, row := range w.Rows {
		l.rows = append(l.rows, row.ID)
		s.out.line(strconv.Itoa(len(l.rows)) + ". " + s.rowLine(row))
	}
	l.next += len(w.Rows)
	if l.next < l.total {
		s.out.line("There are " + strconv.Itoa(l.total-l.next) + " more: say more.")
	}
	return nil
}

func (s *sitting) listTitle(total int) string {
	what := "the search " + name(s.list.what)
	if s.list.query == "" {
		what = map[desk.View]string{desk.Mine: "your list", desk.Unassigned: "the list of nobody's", desk.All: "the list of all", desk.Done: "the list of resolved ones"}[s.list.view]
	}
	if total > 0 {
		return what + ": " + count(total, "conversation")
	}
	if s.list.view == desk.Mine {
		if n := s.desk.Counts()[desk.Unassigned]; n > 0 {
			return what + " is empty; list unassigned tells " + count(n, "conversation") + " that nobody has"
		}
	}
	return what + " is empty"
}

// rowLine says a conversation on one line: who, how it stands, the last words
// and their time.
func (s *sitting) rowLine(c *desk.Conversation) string {
	words := name(c.Name) + ", " + s.about(c)
	if c.Last != "" {
		from := ""
		if c.Side == desk.Out {
			from = "we wrote: "
		}
		about := ""
		if c.Subject != "" && c.LastChannel() == desk.Email {
			about = name(c.Subject) + ": "
		}
		words += ": " + from + about + oneLine(c.Last)
	}
	return words + ", " + s.clock(c.At)
}

// about says how a conversation stands.
func (s *sitting) about(c *desk.Conversation) string {
	parts := []string{s.statusWords(c)}
	add := func(yes bool, words string) {
		if yes {
			parts = append(parts, words)
		}
	}
	add(c.Unread(), "unread")
	if c.NeedsUs() && !c.Since.IsZero() {
		parts = append(parts, "waiting "+when.Long(s.now().Sub(c.Since)))
		switch s.desk.Clock(c).State {
		case desk.ClockBreach:
			parts = append(parts, "overdue")
		case desk.ClockWarn:
			parts = append(parts, "due soon")
		}
	}
	add(c.Priority.Or() != desk.Normal, "priority "+string(c.Priority))
	add(c.LastChannel() != desk.Chat, string(c.LastChannel()))
	add(c.Queue != "", "queue "+name(c.Queue))
	add(len(c.Tags) > 0, "tagged "+series(cleaned(c.Tags), "and"))
	add(c.Offer.To == s.desk.Actor().ID, "offered to you")
	parts = append(parts, s.troubleWords(c)...)
	add(true, s.holder(c.Assignee))
	return strings.Join(parts, ", ")
}

func (s *sitting) holder(id desk.ID) string {
	switch id {
	case desk.ID{}:
		return "nobody's"
	case s.desk.Actor().ID:
		return "yours"
	}
	return s.possessive(id)
}

func (s *sitting) statusWords(c *desk.Conversation) string {
	switch c.Status {
	case desk.StatusNew:
		return "new"
	case desk.StatusOpen:
		return "needs an answer"
	case desk.StatusWaiting:
		return "waits for the customer"
	case desk.StatusSnoozed:
		return "asleep " + s.until(c.Until)
	case desk.StatusResolved:
		return "resolved"
	}
	return string(c.Status)
}

// number returns what a whole number says, 0 for anything else.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// target returns the conversation that a word means: a number of the list, the
// beginning of an identifier, or with no word the one at hand. What looks like
// both is a number.
func (s *sitting) target(word string) (*desk.Conversation, error) {
	if word == "" {
		if s.room == nil {
			return nil, desk.Errorf(desk.Invalid, "no conversation is open; say which one, by its number in the list")
		}
		if row := s.desk.Row(s.room.id); row != nil {
			return row, nil
		}
		return nil, desk.Errorf(desk.NotFound, "the conversation is gone")
	}
	if n := number(word); n > 0 && n <= len(s.list.rows) {
		if row := s.desk.Row(s.list.rows[n-1]); row != nil {
			return row, nil
		}
	}
	if n := number(word); n > 0 && len(word) < 4 {
		return nil, desk.Errorf(desk.NotFound, "there is no number %d in the last list; list tells it again", n)
	}
	return s.desk.Resolve(word)
}

// openConversation opens what a word means. When that fails nothing is open:
// what is typed next must not go elsewhere.
func (s *sitting) openConversation(word string) error {
	row, err := s.target(word)
	switch {
	case err != nil && s.room != nil:
		s.closeRoom()
		return desk.Errorf(desk.CodeOf(err), "%s; no conversation is open now", desk.Sentence(err))
	case err != nil:
		return err
	}
	return s.openRoom(row.ID)
}

func cmdOpen(s *sitting, arg string) error {
	if arg == "" && s.room == nil {
		return cmdList(s, "")
	}
	return s.openConversation(arg)
}

func cmdClose(s *sitting, _ string) error {
	if s.room == nil {
		s.out.line("No conversation is open.")
		return nil
	}
	words := s.roomName()
	s.closeRoom()
	s.out.line("Left the conversation with " + words + ". " + s.overview())
	return nil
}

// needing returns one's own conversations in which the customer waits, the
// most urgent first.
func (s *sitting) needing() []*desk.Conversation {
	var rows []*desk.Conversation
	for from := 0; ; from += markPage {
		w, err := s.desk.Window(desk.Mine, from, markPage)
		if err != nil || len(w.Rows) == 0 {
			break
		}
		for _, c := range w.Rows {
			if c.NeedsUs() {
				rows = append(rows, c)
			}
		}
	}
	slices.SortFunc(rows, s.desk.Sooner)
	return rows
}

// cmdNext opens the next conversation that needs the person.
func cmdNext(s *sitting, _ string) error {
	for _, c := range s.needing() {
		if s.room == nil || s.room.id != c.ID {
			return s.openRoom(c.ID)
		}
	}
	switch n := len(s.desk.Offers()); {
	case n > 0:
		return cmdOffers(s, "")
	case s.room != nil && s.needsMe(s.room.id):
		s.out.line("Only the one that is open needs you.")
	default:
		s.out.line("Nobody waits for you. " + s.overview())
	}
	return nil
}

func (s *sitting) needsMe(id desk.ID) bool {
	row := s.desk.Row(id)
	return row != nil && row.NeedsUs() && row.Assignee == s.desk.Actor().ID
}

func cmdRead(s *sitting, arg string) error {
	return s.readAgain(arg, false)
}

func cmdNumbers(s *sitting, arg string) error {
	return s.readAgain(arg, true)
}

// readAgain tells the newest messages and notes, ten or as many as are asked
// for.
func (s *sitting) readAgain(arg string, numbered bool) error {
	n := tellItems
	if arg != "" {
		if n = number(arg); n < 1 {
			return desk.Errorf(desk.Invalid, "say how many messages, as in: read 20")
		}
	}
	row, err := s.target("")
	if err != nil {
		return err
	}
	s.room.rewind()
	s.header(row)
	return s.do(func(ctx context.Context) error { return s.tellPast(ctx, min(n, 1000), numbered) })
}

func cmdOlder(s *sitting, arg string) error {
	if _, err := s.target(""); err != nil {
		return err
	}
	if s.room.begun && len(s.room.past) == 0 {
		s.out.line("There is nothing before what you have heard.")
		return nil
	}
	n := number(arg)
	if n < 1 {
		n = tellItems
	}
	return s.do(func(ctx context.Context) error { return s.tellPast(ctx, min(n, 1000), false) })
}
