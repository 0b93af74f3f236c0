package desk

import (
	"strings"
	"time"

	"hark/desk/sorted"
)

// View names a list of conversations.
type View string

// The views. Only resolved shows what is resolved.
const (
	Mine       View = "mine"
	Unassigned View = "unassigned"
	All        View = "all"
	Done       View = "resolved"
)

// listKey names one of the lists that are kept sorted: all open ones, the
// resolved ones, and one for each assignee (zero: nobody).
type listKey struct {
	view     View
	assignee ID
}

// listItem sorts newest first.
type listItem struct {
	at int64
	id ID
}

func newestFirst(a, b listItem) bool {
	if a.at != b.at {
		return a.at > b.at
	}
	return string(a.id[:]) < string(b.id[:])
}

func (c *Conversation) item() listItem { return listItem{c.At.UnixMilli(), c.ID} }

// keysOf returns the lists that a conversation stands in.
func (c *Conversation) keysOf() []listKey {
	if !c.Merged.IsZero() {
		return nil
	}
	if c.Status == StatusResolved {
		return []listKey{{view: Done}}
	}
	return []listKey{{view: All}, {view: Mine, assignee: c.Assignee}}
}

func (s *State) list(c *Conversation) {
	for _, k := range c.keysOf() {
		l := s.lists[k]
		if l == nil {
			l = sorted.New(newestFirst)
			s.lists[k] = l
		}
		l.Insert(c.item())
	}
}

func (s *State) unlist(c *Conversation) {
	for _, k := range c.keysOf() {
		if l := s.lists[k]; l != nil {
			l.Remove(c.item())
		}
	}
}

func viewKey(v View, account ID) listKey {
	switch v {
	case Mine:
		return listKey{Mine, account}
	case Unassigned:
		return listKey{view: Mine}
	case Done:
		return listKey{view: Done}
	case All:
	}
	return listKey{view: All}
}

// Window is the part of a list that a screen shows.
type Window struct {
	Rows  []*Conversation // newest first
	From  int             // position of the first row in the list
	Total int             // length of the list
	Seq   uint64          // the state it shows
}

// Window returns up to limit rows of a view from position from on. account
// decides what "mine" means.
func (s *State) Window(v View, account ID, from, limit int) Window {
	s.mu.RLock()
	defer s.mu.RUnlock()
	w := Window{From: max(from, 0), Seq: s.seq}
	l := s.lists[viewKey(v, account)]
	if l == nil {
		return w
	}
	w.Total = l.Len()
	w.Rows = make([]*Conversation, 0, min(limit, l.Len()))
	for it := range l.At(w.From) {
		if len(w.Rows) == limit {
			break
		}
		w.Rows = append(w.Rows, s.conversations[it.id])
	}
	return w
}

// Each calls fn with the rows of a view, newest first, until it returns false.
// fn must not call the state.
func (s *State) Each(v View, account ID, fn func(*Conversation) bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	l := s.lists[viewKey(v, account)]
	if l == nil {
		return
	}
	for it := range l.At(0) {
		if !fn(s.conversations[it.id]) {
			return
		}
	}
}

// Index returns the position of a conversation in a view, or -1.
func (s *State) Index(v View, account, id ID) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := s.conversations[id]
	l := s.lists[viewKey(v, account)]
	if c == nil || l == nil {
		return -1
	}
	if !l.Has(c.item()) {
		return -1
	}
	return l.Rank(c.item())
}

// Counts says how long the views are for an account.
func (s *State) Counts(account ID) map[View]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	counts := make(map[View]int, 4)
	for _, v := range []View{Mine, Unassigned, All, Done} {
		if l := s.lists[viewKey(v, account)]; l != nil {
			counts[v] = l.Len()
		}
	}
	return counts
}

// shortest is how many letters a short identifier has at least.
const shortest = 4

// Short returns the shortest beginning of a conversation's identifier, four
// letters at least, that no other conversation shares.
func (s *State) Short(id ID) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	text := id.String()
	need := shortest
	rank := s.ids.Rank(id)
	near := 0
	for other := range s.ids.At(max(rank-1, 0)) {
		if other != id {
			need = max(need, common(text, other.String())+1)
		}
		if near++; near == 3 {
			break
		}
	}
	return text[:min(need, len(text))]
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// Resolve finds the one conversation whose identifier begins with prefix.
func (s *State) Resolve(prefix string) (*Conversation, error) {
	prefix = strings.ToLower(strings.TrimPrefix(prefix, "#"))
	low, ok := lowest(prefix)
	if !ok {
		return nil, Errorf(Invalid, "%q is not a conversation's identifier: use the letters and digits that hark ls shows", prefix)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []*Conversation
	for id := range s.ids.From(low) {
		if len(found) == 2 || !strings.HasPrefix(id.String(), prefix) {
			break
		}
		found = append(found, s.conversations[id])
	}
	switch len(found) {
	case 0:
		return nil, Errorf(NotFound, "there is no conversation %s; hark ls shows them", prefix)
	case 1:
		return found[0], nil
	}
	return nil, Errorf(Invalid, "%s is the beginning of several conversations; type more of it", prefix)
}

// lowest returns the smallest ID whose text begins with prefix.
func lowest(prefix string) (ID, bool) {
	if prefix == "" || len(prefix) > idText {
		return ID{}, false
	}
	text := prefix + strings.Repeat("0", idText-len(prefix))
	id, err := ParseID(text)
	return id, err == nil
}

// Age returns how long ago the conversation last changed.
func (c *Conversation) Age(now time.Time) time.Duration { return max(now.Sub(c.At), 0) }
