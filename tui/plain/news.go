package plain

import (
	"slices"
	"strings"
	"time"

	"hark/desk"
)

// newsScope says which conversations are told of without being open.
type newsScope string

const (
	newsMine newsScope = "mine" // one's own, offers, and what begins without anybody
	newsAll  newsScope = "all"
	newsOff  newsScope = "off"
)

// mark is what has been told of a row.
type mark struct {
	n          uint64
	unanswered int
	status     desk.Status
	assignee   desk.ID
	offer      desk.ID
	breached   bool
	trouble    int // mails of ours that somebody must look after
}

func markOf(c *desk.Conversation) mark {
	return mark{c.N, c.Unanswered, c.Status, c.Assignee, c.Offer.To, c.Breached, len(c.Trouble)}
}

// markPage is how many rows are read at once.
const markPage = 500

// mark takes every row as told.
func (s *sitting) mark() {
	for from := 0; ; from += markPage {
		w, err := s.desk.Window(desk.All, from, markPage)
		if err != nil || len(w.Rows) == 0 {
			return
		}
		for _, row := range w.Rows {
			s.marks[row.ID] = markOf(row)
		}
	}
}

// touch takes what the person did to a conversation as told. Words that the
// customer said meanwhile are not.
func (s *sitting) touch(id desk.ID) {
	row := s.desk.Row(id)
	if row == nil {
		return
	}
	m := markOf(row)
	if old, ok := s.marks[id]; ok {
		m.n, m.unanswered = old.n, min(old.unanswered, row.Unanswered)
	}
	s.marks[id] = m
	if s.room != nil && s.room.id == id {
		s.room.mine = row.N
	}
}

// rows makes facts of changed rows.
func (s *sitting) rows(b desk.Batch[desk.Frame]) {
	for _, f := range b.Items {
		switch {
		case f.Signal != nil:
			s.signal(f.Signal)
		case f.Row != nil:
			s.row(f.Row)
		}
	}
	if b.Resync {
		s.again()
	}
}

// again reads all rows: some changes were left out.
func (s *sitting) again() {
	for from := 0; ; from += markPage {
		w, err := s.desk.Window(desk.All, from, markPage)
		if err != nil || len(w.Rows) == 0 {
			return
		}
		for _, row := range w.Rows {
			s.row(row)
		}
	}
}

// row tells what is new in a row, where that is for this person.
func (s *sitting) row(c *desk.Conversation) {
	old, known := s.marks[c.ID]
	if c.N <= old.n {
		return
	}
	s.marks[c.ID] = markOf(c)
	if s.room != nil && s.room.id == c.ID {
		return // its events tell
	}
	me := s.desk.Actor().ID
	where := s.caseName(c)
	switch {
	case c.Offer.To == me && old.offer != me:
		s.add("Offered to you: " + where + s.lastWords(c) + ", until " + s.clock(c.Offer.Until) + ". Say accept or decline.")
		return
	case old.offer == me && c.Offer.To != me && c.Assignee != me:
		s.add("The offer of " + where + " is over, " + s.clock(c.At))
	case s.scope == newsOff:
		return
	case known && c.Assignee == me && old.assignee != me:
		s.add(where + " is yours now, " + s.clock(c.At))
	case known && old.assignee == me && c.Assignee != me:
		s.add(where + " is " + s.possessive(c.Assignee) + " now, " + s.clock(c.At))
	}
	s.rowNews(c, old, known)
}

// rowNews tells what the customer or the clock did.
func (s *sitting) rowNews(c *desk.Conversation, old mark, known bool) {
	mine := c.Assignee == s.desk.Actor().ID
	nobodys := c.Assignee.IsZero() && !c.Offer.Live()
	switch {
	case s.scope == newsOff || s.scope == newsMine && !mine && !nobodys:
	case c.Unanswered > old.unanswered && c.Side == desk.In && (mine || s.scope == newsAll):
		s.add(name(c.Name) + " in " + s.desk.Short(c.ID) + ": " + oneLine(c.Last) + ", " + s.clock(c.At))
	case c.Unanswered > old.unanswered && c.Side == desk.In && (!known || old.unanswered == 0):
		s.nobodys(c)
	case len(c.Trouble) > old.trouble:
		s.add("A mail of ours to " + s.caseName(c) + " was not delivered, as far as is known; open it to hear why")
	case c.Breached && !old.breached:
		s.add(s.caseName(c) + " waits longer than promised, " + s.clock(s.now()))
	case old.status == desk.StatusSnoozed && c.NeedsUs() && mine:
		s.add(s.caseName(c) + " is back from its snooze, " + s.clock(s.now()))
	}
}

// offerTime is how long the desk may take to find somebody for a customer who
// comes. Until then it is no news that nobody has the conversation.
const offerTime = 2 * time.Second

// nobodys tells that nobody has a conversation: at once where people take what
// they like, otherwise once it shows that it is offered to nobody.
func (s *sitting) nobodys(c *desk.Conversation) {
	if w, err := s.desk.Explain(c.ID); err == nil && w.Code == "off" {
		s.add(s.nobodysFact(c))
		return
	}
	s.alone = append(s.alone, alone{c.ID, time.Now()})
}

// alone is a conversation that nobody had at a time.
type alone struct {
	id desk.ID
	at time.Time
}

func (s *sitting) nobodysFact(c *desk.Conversation) string {
	return "Nobody has " + s.caseName(c) + s.lastWords(c) + ", " + s.clock(c.At)
}

// stillAlone tells of those that nobody was found for.
func (s *sitting) stillAlone() {
	s.alone = slices.DeleteFunc(s.alone, func(a alone) bool {
		if time.Since(a.at) < offerTime {
			return false
		}
		if c := s.desk.Row(a.id); c != nil && c.NeedsUs() && c.Assignee.IsZero() && !c.Offer.Live() {
			s.add(s.nobodysFact(c))
		}
		return true
	})
}

// signal tells of the moment what staff must know: that the hub is not well.
func (s *sitting) signal(sig *desk.Signal) {
	if sig.Kind != desk.SignalLamp {
		return
	}
	words := "The " + sig.Lamp.Part + " is well again"
	if !sig.Lamp.OK {
		words = "The " + sig.Lamp.Part + " is not well: " + strings.TrimSuffix(sig.Lamp.Words, ".")
	}
	s.add(words + ", " + s.clock(s.now()))
}

// caseName names a conversation: the customer and the number to type.
func (s *sitting) caseName(c *desk.Conversation) string {
	return name(c.Name) + ", " + s.desk.Short(c.ID)
}

func (s *sitting) lastWords(c *desk.Conversation) string {
	if c.Last == "" {
		return ""
	}
	return ": " + oneLine(c.Last)
}

func (s *sitting) possessive(id desk.ID) string {
	if id.IsZero() {
		return "nobody's"
	}
	return name(s.desk.AccountName(id)) + "'s"
}
