package intake

import (
	"context"
	"slices"

	"hark/channels/email/thread"
	"hark/desk"
	"hark/desk/mailbox"
)

// factsMost bounds how many mails and references are remembered.
const factsMost = 1 << 17

// index is what the sequencer decides by: the store and the state, and over
// them what it has decided and what is not there yet. Only the sequencer's
// goroutine uses it.
type index struct {
	o       *Options
	own     []string // the desk's addresses
	account string   // of the mail that is being placed

	refs   map[string][]mailbox.Reference // of mails on their way
	topics map[desk.ID]*pending
	facts  map[desk.ID]*facts
	kept   int // their sizes together
	same   map[[32]byte]mailbox.Row
}

// pending is a conversation with mails on their way.
type pending struct {
	mails   int
	subject string
	parties []string
	opened  bool // by one of them
	writer  int  // who journals them, in order
}

// facts are what is remembered of a conversation's mails.
type facts struct {
	all  []thread.Fact
	ids  map[desk.ID]bool // of the mails
	refs map[string][]int // by what they refer to
	by   map[string]int   // by their Message-IDs
	size int              // entries in all
}

// add remembers a mail once.
func (f *facts) add(id desk.ID, fact thread.Fact) {
	if f.ids[id] {
		return
	}
	f.ids[id] = true
	for _, r := range fact.Refs {
		f.refs[r] = append(f.refs[r], len(f.all))
	}
	if fact.MessageID != "" {
		f.by[fact.MessageID] = len(f.all)
	}
	f.all = append(f.all, fact)
	f.size += 1 + len(fact.Refs)
}

func newIndex(o *Options) *index {
	return &index{
		o: o, own: o.own(), refs: map[string][]mailbox.Reference{}, topics: map[desk.ID]*pending{},
		facts: map[desk.ID]*facts{}, same: map[[32]byte]mailbox.Row{},
	}
}

var _ thread.Index = (*index)(nil)

// Find implements thread.Index. Of mails with one Message-ID, those of the
// account that is being served stand first, and known ones before ghosts.
func (x *index) Find(ctx context.Context, messageIDs ...string) ([]mailbox.Reference, error) {
	stored, err := x.o.Store.Find(ctx, messageIDs...)
	if err != nil {
		return nil, err
	}
	byID := map[string][]mailbox.Reference{}
	for _, r := range stored {
		byID[r.MessageID] = append(byID[r.MessageID], r)
	}
	var all []mailbox.Reference
	for _, id := range messageIDs {
		for _, r := range x.refs[id] {
			if !slices.ContainsFunc(byID[id], func(o mailbox.Reference) bool { return o.Mail == r.Mail && o.Conversation == r.Conversation }) {
				byID[id] = append(byID[id], r)
			}
		}
		refs := byID[id]
		slices.SortStableFunc(refs, func(a, b mailbox.Reference) int { return x.rank(a) - x.rank(b) })
		for _, r := range refs {
			if r.Conversation, err = x.whereabouts(ctx, r); err != nil {
				return nil, err
			}
			all = append(all, r)
		}
	}
	return all, nil
}

func (x *index) rank(r mailbox.Reference) int {
	switch c := x.o.State.Conversation(r.Conversation); {
	case r.Ghost:
		return 2
	case c != nil && c.Account != x.account:
		return 1
	}
	return 0
}

// whereabouts follows a mail that a person moved.
func (x *index) whereabouts(ctx context.Context, r mailbox.Reference) (desk.ID, error) {
	if c := x.o.State.Conversation(r.Conversation); c == nil || !c.Moved || r.Ghost {
		return r.Conversation, nil
	}
	return x.o.Desk.Whereabouts(ctx, r.Conversation, r.Mail)
}

// now returns where a conversation goes on.
func (x *index) now(id desk.ID) desk.ID {
	for range 32 {
		c := x.o.State.Conversation(id)
		if c == nil || c.Merged.IsZero() {
			return id
		}
		id = c.Merged
	}
	return id
}

// Topic implements thread.Index.
func (x *index) Topic(_ context.Context, id desk.ID) (thread.Topic, bool, error) {
	id = x.now(id)
	c, p := x.o.State.Conversation(id), x.topics[id]
	if c == nil && (p == nil || !p.opened) {
		return thread.Topic{}, false, nil
	}
	t := thread.Topic{ID: id}
	if c != nil {
		t.Subject, t.Parties = c.Subject, c.Parties
		if c.Status == desk.StatusResolved {
			t.Resolved = c.Resolved
		}
	}
	if p != nil {
		t.Parties = append(slices.Clone(t.Parties), p.parties...)
		if t.Subject == "" {
			t.Subject = p.subject
		}
	}
	return t, true, nil
}

// Answers implements thread.Index.
func (x *index) Answers(ctx context.Context, id desk.ID, messageID string) ([]thread.Fact, error) {
	f, err := x.factsOf(ctx, x.now(id))
	if err != nil {
		return nil, err
	}
	var all []thread.Fact
	for _, at := range f.refs[messageID] {
		all = append(all, f.all[at])
	}
	return all, nil
}

// Fact implements thread.Index.
func (x *index) Fact(ctx context.Context, id desk.ID, messageID string) (thread.Fact, bool, error) {
	f, err := x.factsOf(ctx, x.now(id))
	if err != nil {
		return thread.Fact{}, false, err
	}
	at, ok := f.by[messageID]
	if !ok {
		return thread.Fact{}, false, nil
	}
	return f.all[at], true, nil
}

// Prefixed implements thread.Index.
func (x *index) Prefixed(_ context.Context, letters string) ([]desk.ID, error) {
	c, err := x.o.State.Resolve(letters)
	if err != nil {
		return nil, nil // none, or nobody knows which
	}
	return []desk.ID{c.ID}, nil
}

// Alike implements thread.Index. The newest one is taken.
func (x *index) Alike(_ context.Context, sender, topic string) (desk.ID, bool, error) {
	contact := x.o.State.ContactBy(desk.Identity{Type: desk.MailAddress, Value: sender})
	if contact == nil {
		return desk.ID{}, false, nil
	}
	const looked = 20
	all := contact.Conversations
	for _, id := range slices.Backward(all[max(0, len(all)-looked):]) {
		c := x.o.State.Conversation(id)
		if c != nil && c.Merged.IsZero() && c.Status != desk.StatusResolved && thread.About(c.Subject) == topic {
			return id, true, nil
		}
	}
	return desk.ID{}, false, nil
}
