package desk

import (
	"slices"
	"strings"
	"time"
)

// Query is a search over rows: words and conditions that must all hold.
//
//	refund from:ana tag:vip is:open ch:mail queue:billing to:bo priority:high
//	before:2026-11-03 after:7d -tag:spam "exact words"
type Query struct {
	conditions []condition
	done       bool // resolved conversations may match
	open       bool // those that are not resolved may match
}

type condition struct {
	not   bool
	holds func(*lookup, *Conversation) bool
}

// lookup is what conditions ask beside the row.
type lookup struct {
	s       *State // locked
	routing *Routing
	me      ID
	now     time.Time
}

// field is one word of the search language before a colon.
type field struct {
	name, right string // right completes "…: must be"
	parse       func(value string, now time.Time) (func(*lookup, *Conversation) bool, bool)
}

// queryFields is the one table of what stands before a colon.
func queryFields() []field {
	return []field{
		{"from", "a part of the customer's name or address", parseFrom},
		{"to", "a member of staff, me or nobody", parseTo},
		{"tag", "a tag", parseTagged},
		{"is", "open, new, waiting, snoozed, resolved, unassigned, mine, unread, offered or breached", parseIs},
		{"ch", "chat, email or voice", parseChannel},
		{"queue", "a queue's name", parseQueue},
		{"priority", "low, normal, high or urgent", parsePriorityField},
		{"before", "a day such as 2026-11-03, or a time ago such as 7d or 12h", parseBefore},
		{"after", "a day such as 2026-11-03, or a time ago such as 7d or 12h", parseAfter},
	}
}

// QueryFields lists the words of the search language, with what may follow
// each.
func QueryFields() [][2]string {
	var all [][2]string
	for _, f := range queryFields() {
		all = append(all, [2]string{f.name, f.right})
	}
	return all
}

// ParseQuery reads a search. Days are taken in the zone of now. Errors are
// sentences that say what would be right.
func ParseQuery(text string, now time.Time) (Query, error) {
	q := Query{}
	words, err := splitQuery(text)
	if err != nil {
		return q, err
	}
	for _, w := range words {
		c, err := w.condition(now)
		if err != nil {
			return q, err
		}
		q.conditions = append(q.conditions, c)
		if !w.not {
			q.note(w)
		}
	}
	if !q.done && !q.open {
		q.open = true
	}
	return q, nil
}

// note keeps which lists can hold what is looked for.
func (q *Query) note(w queryWord) {
	if w.field == "is" && w.value == "resolved" {
		q.done = true
	}
}

// queryWord is one word of a search: -field:"value".
type queryWord struct {
	not    bool
	field  string
	value  string
	quoted bool
}

// splitQuery cuts a search into words; quotes keep blanks together.
func splitQuery(text string) ([]queryWord, error) {
	var words []queryWord
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		var w queryWord
		w.not, rest = strings.HasPrefix(rest, "-") && len(rest) > 1, trimOne(rest, "-")
		if i := strings.IndexAny(rest, ": \t\""); i > 0 && rest[i] == ':' {
			w.field, rest = strings.ToLower(rest[:i]), rest[i+1:]
		}
		if strings.HasPrefix(rest, `"`) {
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 {
				return nil, Errorf(Invalid, "a quote is opened and not closed: end it with \"")
			}
			w.value, w.quoted, rest = rest[1:1+end], true, rest[end+2:]
		} else {
			end := strings.IndexAny(rest, " \t")
			if end < 0 {
				end = len(rest)
			}
			w.value, rest = rest[:end], rest[end:]
		}
		words = append(words, w)
	}
	return words, nil
}

// trimOne takes one leading mark off a word that is longer than it.
func trimOne(s, mark string) string {
	if len(s) > len(mark) {
		return strings.TrimPrefix(s, mark)
	}
	return s
}

func (w queryWord) condition(now time.Time) (condition, error) {
	if w.field == "" {
		return condition{w.not, holdsWords(w.value)}, nil
	}
	for _, f := range queryFields() {
		if f.name != w.field {
			continue
		}
		value := strings.ToLower(strings.TrimSpace(w.value))
		holds, ok := f.parse(value, now)
		if !ok || value == "" {
			return condition{}, Errorf(Invalid, "%s:%s cannot be searched for; after %s: comes %s", w.field, w.value, w.field, f.right)
		}
		return condition{w.not, holds}, nil
	}
	if strings.Contains(w.field, "http") { // an address that was pasted
		return condition{w.not, holdsWords(w.field + ":" + w.value)}, nil
	}
	var names []string
	for _, f := range queryFields() {
		names = append(names, f.name+":")
	}
	return condition{}, Errorf(Invalid, "there is no %s: to search by; there are %s", w.field, list(names))
}

// holdsWords looks for text in what a row shows.
func holdsWords(text string) func(*lookup, *Conversation) bool {
	text = strings.ToLower(text)
	return func(_ *lookup, c *Conversation) bool {
		return contains(c.Last, text) || contains(c.Name, text) || strings.HasPrefix(c.ID.String(), strings.TrimPrefix(text, "#"))
	}
}

func contains(s, lower string) bool { return strings.Contains(strings.ToLower(s), lower) }

func parseFrom(v string, _ time.Time) (func(*lookup, *Conversation) bool, bool) {
	return func(l *lookup, c *Conversation) bool {
		if contains(c.Name, v) {
			return true
		}
		contact := l.s.contacts[c.Contact]
		return contact != nil && slices.ContainsFunc(contact.Fields, func(f Field) bool {
			return f.Class == Direct && contains(f.Value, v)
		})
	}, true
}

func parseTo(v string, _ time.Time) (func(*lookup, *Conversation) bool, bool) {
	return func(l *lookup, c *Conversation) bool {
		switch v {
		case "me":
			return c.Assignee == l.me
		case "nobody":
			return c.Assignee.IsZero()
		}
		acc := l.s.accounts[c.Assignee]
		return acc != nil && (acc.Name == v || contains(acc.Display, v))
	}, true
}

func parseTagged(v string, _ time.Time) (func(*lookup, *Conversation) bool, bool) {
	v = strings.TrimPrefix(v, "#")
	return func(_ *lookup, c *Conversation) bool { return slices.Contains(c.Tags, v) }, true
}

func parseIs(v string, _ time.Time) (func(*lookup, *Conversation) bool, bool) {
	switch s := Status(v); s {
	case StatusNew, StatusWaiting, StatusSnoozed, StatusResolved:
		return func(_ *lookup, c *Conversation) bool { return c.Status == s }, true
	case StatusOpen: // as people use the word: somebody waits for us
		return func(_ *lookup, c *Conversation) bool { return c.NeedsUs() }, true
	}
	switch v {
	case "unassigned":
		return func(_ *lookup, c *Conversation) bool { return c.Assignee.IsZero() }, true
	case "mine":
		return func(l *lookup, c *Conversation) bool { return c.Assignee == l.me }, true
	case "unread":
		return func(_ *lookup, c *Conversation) bool { return c.Unread() }, true
	case "offered":
		return func(_ *lookup, c *Conversation) bool { return c.Offer.Live() }, true
	case "breached":
		return func(l *lookup, c *Conversation) bool {
			return c.Breached || l.routing.Queue(c.Queue).ClockOf(c, l.now).State == ClockBreach
		}, true
	}
	return nil, false
}

func parseChannel(v string, _ time.Time) (func(*lookup, *Conversation) bool, bool) {
	if v == "mail" {
		v = string(Email)
	}
	ch := Channel(v)
	return func(_ *lookup, c *Conversation) bool { return slices.Contains(c.Channels, ch) },
		ch == Chat || ch == Email || ch == Voice
}

func parseQueue(v string, _ time.Time) (func(*lookup, *Conversation) bool, bool) {
	return func(l *lookup, c *Conversation) bool { return l.routing.Queue(c.Queue).Name == v }, true
}

func parsePriorityField(v string, _ time.Time) (func(*lookup, *Conversation) bool, bool) {
	p, err := ParsePriority(v)
	return func(_ *lookup, c *Conversation) bool { return c.Priority.Or() == p }, err == nil
}

func parseBefore(v string, now time.Time) (func(*lookup, *Conversation) bool, bool) {
	t, ok := parseDay(v, now)
	return func(_ *lookup, c *Conversation) bool { return c.At.Before(t) }, ok
}

func parseAfter(v string, now time.Time) (func(*lookup, *Conversation) bool, bool) {
	t, ok := parseDay(v, now)
	return func(_ *lookup, c *Conversation) bool { return !c.At.Before(t) }, ok
}

// parseDay reads a day, or a time ago: 30m, 12h, 7d, 2w.
func parseDay(v string, now time.Time) (time.Time, bool) {
	if t, err := time.ParseInLocation(time.DateOnly, v, now.Location()); err == nil {
		return t, true
	}
	switch v {
	case "today":
		return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location()), true
	case "yesterday":
		return time.Date(now.Year(), now.Month(), now.Day()-1, 0, 0, 0, 0, now.Location()), true
	}
	if v == "" {
		return time.Time{}, false
	}
	units := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	unit, n := units[v[len(v)-1]], 0
	for _, r := range v[:len(v)-1] {
		if r < '0' || r > '9' || n > 10_000 {
			return time.Time{}, false
		}
		n = n*10 + int(r-'0')
	}
	if unit == 0 || len(v) < 2 {
		return time.Time{}, false
	}
	return now.Add(-time.Duration(n) * unit), true
}

// matches reports whether all conditions hold. The state is locked.
func (q Query) matches(l *lookup, c *Conversation) bool {
	for _, cond := range q.conditions {
		if cond.holds(l, c) == cond.not {
			return false
		}
	}
	return true
}

// Search returns up to limit rows that a query finds, from position from on,
// newest first: those that are not resolved before those that are.
func (s *State) Search(q Query, r *Routing, me ID, now time.Time, from, limit int) Window {
	s.mu.RLock()
	defer s.mu.RUnlock()
	w := Window{From: max(from, 0), Seq: s.seq}
	l := &lookup{s: s, routing: r, me: me, now: now}
	take := func(c *Conversation) {
		if !q.matches(l, c) {
			return
		}
		if w.Total >= w.From && len(w.Rows) < limit {
			w.Rows = append(w.Rows, c)
		}
		w.Total++
	}
	for _, v := range q.views() {
		if list := s.lists[listKey{view: v}]; list != nil {
			for it := range list.At(0) {
				take(s.conversations[it.id])
			}
		}
	}
	return w
}

func (q Query) views() []View {
	var views []View
	if q.open {
		views = append(views, All)
	}
	if q.done {
		views = append(views, Done)
	}
	return views
}

// Search finds rows: see ParseQuery. Only what rows show is searched.
func (s *Session) Search(query string, from, limit int) (Window, error) {
	if why := s.Why(ActList); why != nil {
		return Window{}, why
	}
	now := time.Now()
	q, err := ParseQuery(query, now)
	if err != nil {
		return Window{}, err
	}
	return s.d.state.Search(q, &s.d.routing, s.actor.ID, now, from, limit), nil
}

// Contact returns what is known of a customer, or nil.
func (s *Session) Contact(id ID) *Contact {
	if s.Why(ActList) != nil {
		return nil
	}
	return s.d.state.Contact(id)
}

// Past returns a customer's conversations, newest first, without those that go
// on in another.
func (s *Session) Past(contact ID) []*Conversation {
	c := s.Contact(contact)
	if c == nil {
		return nil
	}
	var rows []*Conversation
	for _, id := range slices.Backward(c.Conversations) {
		if row := s.d.state.Conversation(id); row != nil && row.Merged.IsZero() {
			rows = append(rows, row)
		}
	}
	return rows
}
