package desk

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"sync"

	"hark/desk/sorted"
)

// StateVersion is the version of the rows that a State gives out. A stored
// state of another version is thrown away and folded again.
const StateVersion = 3

// State is what the journal adds up to: every row a screen or a rule asks for.
// It is safe for concurrent use; the rows it hands out are immutable.
type State struct {
	mu            sync.RWMutex
	seq           uint64
	info          Info
	conversations map[ID]*Conversation
	contacts      map[ID]*Contact
	accounts      map[ID]*Account
	identities    map[Identity]ID
	lists         map[listKey]*sorted.Set[listItem]
	ids           *sorted.Set[ID] // conversations by identifier, for typed prefixes
	tags          map[string]int
	offers        map[ID]map[ID]struct{} // account → conversations it is asked to take
	posting       map[ID]struct{}        // conversations with mails that are still to go out
	dirty         map[rowKey]struct{}
	watchers      []func([]Applied)
}

// Applied is an event that the state has taken in, with the conversation as it
// was right after it (nil for other streams). Ord is the event's public
// ordinal, 0 when the customer must not see it.
type Applied struct {
	Event
	Row *Conversation
	Ord uint64
}

// NewState returns the state of an empty journal.
func NewState() *State {
	return &State{
		conversations: map[ID]*Conversation{},
		contacts:      map[ID]*Contact{},
		accounts:      map[ID]*Account{},
		identities:    map[Identity]ID{},
		lists:         map[listKey]*sorted.Set[listItem]{},
		ids:           sorted.New(func(a, b ID) bool { return string(a[:]) < string(b[:]) }),
		tags:          map[string]int{},
		offers:        map[ID]map[ID]struct{}{},
		posting:       map[ID]struct{}{},
		dirty:         map[rowKey]struct{}{},
	}
}

// Watch calls fn with every event applied from now on, in order. fn must not
// block. It is for the start of a hub: watchers cannot be removed.
func (s *State) Watch(fn func([]Applied)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers = append(s.watchers, fn)
}

// Apply folds events into the state, in order, and tells the watchers. Events
// that it has seen are passed over. Only one goroutine may call it at a time.
func (s *State) Apply(events []Event) {
	applied := make([]Applied, 0, len(events))
	s.mu.Lock()
	for _, e := range events {
		if e.Seq <= s.seq {
			continue
		}
		applied = append(applied, s.apply(e))
		s.seq = e.Seq
	}
	watchers := s.watchers
	s.mu.Unlock()
	if len(applied) == 0 {
		return
	}
	for _, fn := range watchers {
		fn(applied)
	}
}

func (s *State) apply(e Event) Applied {
	a := Applied{Event: e}
	switch e.Stream.Type {
	case ConversationStream:
		a.Row = s.applyConversation(e)
		if a.Row != nil && Public(e.Body) {
			a.Ord = a.Row.Ord
		}
	case ContactStream:
		s.applyContact(e)
	case AccountStream:
		next := value(s.accounts[e.Stream.ID]).after(e)
		s.accounts[e.Stream.ID] = &next
		s.dirty[rowKey{rowAccount, e.Stream.ID}] = struct{}{}
	case DeskStream:
		switch e.Body.(type) {
		case DeskCreated, NoticePublished:
			s.info = s.info.after(e)
			s.dirty[rowKey{kind: rowInfo}] = struct{}{}
		}
	case AuditStream:
	}
	return a
}

func (s *State) applyConversation(e Event) *Conversation {
	old := s.conversations[e.Stream.ID]
	next := value(old).after(e)
	if next.ID.IsZero() {
		return nil // its beginning was erased
	}
	if old == nil {
		s.joinContact(&next)
	}
	s.put(old, &next)
	s.dirty[rowKey{rowConversation, next.ID}] = struct{}{}
	return &next
}

// joinContact enters a new conversation at its contact.
func (s *State) joinContact(c *Conversation) {
	contact := s.contacts[c.Contact]
	if contact == nil {
		return
	}
	c.Name = contact.Name
	next := *contact
	next.Conversations = append(slices.Clone(contact.Conversations), c.ID)
	s.contacts[next.ID] = &next
	s.dirty[rowKey{rowContact, next.ID}] = struct{}{}
}

func (s *State) applyContact(e Event) {
	old := value(s.contacts[e.Stream.ID])
	next := old.after(e)
	if next.ID.IsZero() {
		return
	}
	s.contacts[next.ID] = &next
	s.identify(&next)
	s.dirty[rowKey{rowContact, next.ID}] = struct{}{}
	if next.Name == old.Name {
		return
	}
	for _, id := range next.Conversations {
		if c := s.conversations[id]; c != nil {
			renamed := *c
			renamed.Name = next.Name
			s.put(c, &renamed)
			s.dirty[rowKey{rowConversation, id}] = struct{}{}
		}
	}
}

// identify makes a contact known by all its identities.
func (s *State) identify(c *Contact) {
	for _, id := range c.Identities {
		s.identities[id] = c.ID
	}
	for _, l := range c.Links {
		s.identities[Identity{LinkToken, l.Hash}] = c.ID
	}
}

// put replaces a conversation and keeps the lists in step.
func (s *State) put(old, next *Conversation) {
	if old == nil {
		s.ids.Insert(next.ID)
	} else {
		s.unlist(old)
		s.countTags(old, -1)
		s.index(s.offers, old.Offer.To, old.ID, false)
	}
	s.countTags(next, 1)
	s.index(s.offers, next.Offer.To, next.ID, true)
	s.conversations[next.ID] = next
	if delete(s.posting, next.ID); len(next.Outbox) > 0 {
		s.posting[next.ID] = struct{}{}
	}
	s.list(next)
}

func (s *State) countTags(c *Conversation, n int) {
	for _, t := range c.Tags {
		if s.tags[t] += n; s.tags[t] == 0 {
			delete(s.tags, t)
		}
	}
}

// index enters a conversation under an account, or takes it out; the zero
// account has no entries.
func (s *State) index(by map[ID]map[ID]struct{}, account, conversation ID, in bool) {
	switch {
	case account.IsZero():
	case !in:
		delete(by[account], conversation)
		if len(by[account]) == 0 {
			delete(by, account)
		}
	default:
		if by[account] == nil {
			by[account] = map[ID]struct{}{}
		}
		by[account][conversation] = struct{}{}
	}
}

// Offers returns what an account is asked to take, the offer that ends first
// at the front.
func (s *State) Offers(account ID) []*Conversation {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rows := make([]*Conversation, 0, len(s.offers[account]))
	for id := range s.offers[account] {
		rows = append(rows, s.conversations[id])
	}
	slices.SortFunc(rows, func(a, b *Conversation) int {
		return cmp.Or(a.Offer.Until.Compare(b.Offer.Until), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return rows
}

// Tags returns every tag in use, sorted.
func (s *State) Tags() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.tags))
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// Seq returns the sequence number of the last event that was applied.
func (s *State) Seq() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.seq
}

// Info returns what the desk says of itself; its ID is zero for an empty desk.
func (s *State) Info() Info {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.info
}

// Conversation returns a row, or nil.
func (s *State) Conversation(id ID) *Conversation {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.conversations[id]
}

// Contact returns a contact, or nil.
func (s *State) Contact(id ID) *Contact {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.contacts[id]
}

// ContactBy returns the contact that has an identity, or nil.
func (s *State) ContactBy(id Identity) *Contact {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.contacts[s.identities[id]]
}

// Account returns an account, or nil.
func (s *State) Account(id ID) *Account {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.accounts[id]
}

// Accounts returns all accounts, by name.
func (s *State) Accounts() []*Account {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*Account, 0, len(s.accounts))
	for _, a := range s.accounts {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b *Account) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

// AccountNamed returns the account with a handle, or nil.
func (s *State) AccountNamed(name string) *Account {
	return s.accountWhere(func(a *Account) bool { return a.Name == name })
}

// AccountOfUID returns the account of an operating-system user, or nil.
func (s *State) AccountOfUID(uid string) *Account {
	return s.accountWhere(func(a *Account) bool { return a.UID == uid && uid != "" })
}

func (s *State) accountWhere(is func(*Account) bool) *Account {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, a := range s.accounts {
		if is(a) {
			return a
		}
	}
	return nil
}
