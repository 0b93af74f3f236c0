package desk

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Incoming is a mail that has been read and has its place.
type Incoming struct {
	// ID is the event that it becomes, derived from where it lies on the
	// server: the same mail is journaled once however often it comes.
	ID ID
	// Conversation is where it belongs. One that is not there is opened under
	// this identifier; the zero ID stands for one derived from ID.
	Conversation ID
	Previous     ID // of a new conversation: the one that it follows
	Proposed     ID // of a new conversation: the one that it may belong to
	Queue        string
	Text         string
	Letter       Letter
}

// Receive journals a mail and returns the conversation that it is in, which is
// another than asked for when the mail was journaled there before. It makes the
// sender's contact, and follows merges.
func (d *Desk) Receive(ctx context.Context, in Incoming) (ID, error) {
	if in.ID.IsZero() || in.Letter.From.Mail == "" {
		return ID{}, Errorf(Invalid, "a mail needs an identifier and a sender")
	}
	if in.Conversation.IsZero() {
		in.Conversation = DeriveID([]byte("mail conversation"), in.ID[:])
	}
	m := d.mailMessage(in)
	for range retries {
		entries, conversation := d.receive(in, m)
		err := d.append(ctx, entries...)
		switch {
		case errors.Is(err, ErrDuplicate):
			return d.appendedIn(ctx, err, conversation)
		case !errors.Is(err, ErrConflict):
			return conversation, err
		}
	}
	return ID{}, Errorf(Unavailable, "the mail could not be placed; it is tried again")
}

// mailMessage returns the mail as a message within the desk's limits.
func (d *Desk) mailMessage(in Incoming) Message {
	l := in.Letter
	text, folds := maskFolded(in.Text, l.Folds)
	text, folds, cut := cutText(text, folds)
	l.Folds = folds
	if cut {
		l.Mended = append(slices.Clone(l.Mended), "the text is longer than is shown here; the raw mail has all of it")
	}
	l.References, l.Own = capReferences(l.References), d.ownOf(&l)
	return Message{Direction: In, Channel: Email, Text: text, Mail: &l}
}

// referencesMax bounds the identifiers kept of a long chain: the first one,
// which names the thread, and the newest ones.
const referencesMax = 50

func capReferences(ids []string) []string {
	if len(ids) <= referencesMax {
		return ids
	}
	return append([]string{ids[0]}, ids[len(ids)-referencesMax+1:]...)
}

// ownOf returns which addresses of a letter are the desk's.
func (d *Desk) ownOf(l *Letter) []string {
	var own []string
	for _, list := range [][]Address{{l.From}, l.ReplyTo, l.To, l.Cc, l.Bcc} {
		for _, a := range list {
			if !slices.Contains(own, a.Mail) && d.ours(a.Mail) {
				own = append(own, a.Mail)
			}
		}
	}
	return own
}

// receive decides which entries a mail comes to.
func (d *Desk) receive(in Incoming, m Message) ([]Entry, ID) {
	c := d.state.Conversation(in.Conversation)
	for c != nil && !c.Merged.IsZero() {
		next := d.state.Conversation(c.Merged)
		if next == nil {
			break
		}
		c = next
	}
	entries, actor := d.sender(c, m.Mail)
	if c != nil {
		return append(entries, chatEntry(in.ID, c.ID, AnyN, actor, m)), c.ID
	}
	queue := d.routing.Queue(in.Queue).Name
	bodies := []Body{ConversationOpened{Contact: actor.ID, Channel: Email, Previous: in.Previous, Queue: queue}}
	if !in.Proposed.IsZero() && d.state.Conversation(in.Proposed) != nil {
		bodies = append(bodies, MailProposed{Conversation: in.Proposed, Evidence: m.Mail.Evidence})
	}
	n := uint64(0)
	for _, b := range bodies {
		entries = append(entries, chatEntry(DeriveID(in.ID[:], []byte(b.Kind())), in.Conversation, n, actor, b))
		n++
	}
	return append(entries, chatEntry(in.ID, in.Conversation, n, actor, m)), in.Conversation
}

// sender returns who wrote a mail and what is to be journaled of them. Whom the
// desk has written to about c, and who answers with its signed token, is the
// person of c: their address becomes an identity of that contact.
func (d *Desk) sender(c *Conversation, l *Letter) ([]Entry, Actor) {
	who := Identity{MailAddress, l.From.Mail}
	actor := Actor{Kind: ActorContact}
	if other, ok := d.addressee(l); ok {
		if c != nil {
			actor.ID = c.Contact
			return nil, actor
		}
		return d.writer(other, &actor), actor
	}
	if known := d.state.ContactBy(who); known != nil {
		actor.ID = known.ID
		return nil, actor
	}
	if c != nil && l.proves() {
		if contact := d.state.Contact(c.Contact); contact != nil && contact.gave(l.From.Mail) {
			actor.ID = contact.ID
			return []Entry{contactEntry(contact.ID, contact.N, Hub(), ContactIdentified{Identity: who, Evidence: l.Evidence})}, actor
		}
	}
	return d.writer(l.From, &actor), actor
}

// addressee returns whom a mail is about that the desk's own address wrote, by
// another program or before there was a desk: the first person it went to.
func (d *Desk) addressee(l *Letter) (Address, bool) {
	if l.Auth == "fail" || !d.ours(l.From.Mail) {
		return Address{}, false
	}
	for _, list := range [][]Address{l.To, l.Cc} {
		for _, a := range list {
			if a.Mail != "" && !d.ours(a.Mail) {
				return a, true
			}
		}
	}
	return Address{}, false
}

// writer returns the entries that make a contact of an address, and enters it
// as the actor.
func (d *Desk) writer(a Address, actor *Actor) []Entry {
	who := Identity{MailAddress, a.Mail}
	if known := d.state.ContactBy(who); known != nil {
		actor.ID = known.ID
		return nil
	}
	actor.ID = DeriveID([]byte("mail contact"), []byte(a.Mail))
	created := ContactCreated{Name: CleanName(a.Called()), Identities: []Identity{who}}
	return []Entry{contactEntry(actor.ID, 0, *actor, created)}
}

// proves reports whether the mail brought back a token that only we can make
// and only its addressee could read.
func (l *Letter) proves() bool {
	return l.Auth != "fail" && slices.ContainsFunc(l.Evidence, func(e Evidence) bool {
		return !e.Refused && (e.Rule == RuleToken || e.Rule == RulePlus)
	})
}

// gave reports whether the contact has named the address as theirs.
func (c *Contact) gave(address string) bool {
	f, ok := c.Field("mail")
	return ok && equalFold(f.Value, address)
}

// Whereabouts returns where an item of a conversation is now, after merges and
// moves.
func (d *Desk) Whereabouts(ctx context.Context, conversation, item ID) (ID, error) {
	for range movesMax {
		c := d.state.Conversation(conversation)
		if c == nil {
			return conversation, nil
		}
		next := c.Merged
		if c.Moved {
			to, err := d.movedTo(ctx, conversation, item)
			if err != nil {
				return ID{}, err
			}
			if !to.IsZero() {
				next = to
			}
		}
		if next.IsZero() {
			return conversation, nil
		}
		conversation = next
	}
	return conversation, nil
}

// movesMax bounds how often an item is followed.
const movesMax = 32

// movedTo returns where an item went from a conversation, zero where it is
// still there.
func (d *Desk) movedTo(ctx context.Context, conversation, item ID) (to ID, err error) {
	names := []ID{item}
	err = d.each(ctx, conversation, func(e Event) {
		switch b := e.Body.(type) {
		case MovedIn:
			if b.Item == item {
				names = append(names, e.ID)
			}
		case MovedOut:
			if slices.ContainsFunc(b.Items, func(id ID) bool { return slices.Contains(names, id) }) {
				to = b.To
			}
		case MovedBack:
			if slices.ContainsFunc(b.Items, func(id ID) bool { return slices.Contains(names, id) }) {
				to = ID{}
			}
		}
	})
	return to, err
}

// Item returns an item of a conversation: also one that was moved in, and one
// of the conversation that it was merged from or follows.
func (d *Desk) Item(ctx context.Context, conversation, item ID) (found Event, err error) {
	c := d.state.Conversation(conversation)
	if c == nil {
		return Event{}, Errorf(NotFound, "there is no such conversation; hark ls shows them")
	}
	for _, id := range append([]ID{c.ID, c.Previous, c.Merged}, c.Sources...) {
		if id.IsZero() {
			continue
		}
		err = d.each(ctx, id, func(e Event) {
			if in, ok := e.Body.(MovedIn); e.ID == item || ok && in.Item == item {
				found = e
			}
		})
		if err != nil || !found.ID.IsZero() {
			return found, err
		}
	}
	return Event{}, Errorf(NotFound, "there is no such message in this conversation")
}

// messageOf returns the message that an event is or carries, nil for none.
func messageOf(e Event) *Message {
	switch b := e.Body.(type) {
	case Message:
		return &b
	case MovedIn:
		return b.Message
	}
	return nil
}

// Said returns when what an event tells of was said or done: a mail when our
// server had it. The history of a mailbox comes into the journal newest first.
func (e Event) Said() time.Time {
	if m, ok := e.Body.(Message); ok {
		return m.saidAt(e)
	}
	return e.At
}

// saidAt returns when a message was said: a mail when our server had it.
func (m *Message) saidAt(e Event) time.Time {
	if m.Mail != nil && m.Direction == In && !m.Mail.Received.IsZero() {
		return m.Mail.Received
	}
	if in, ok := e.Body.(MovedIn); ok {
		return in.At
	}
	return e.At
}

// MailItems returns the mails that came into a conversation, in the order of
// the journal.
func (d *Desk) MailItems(ctx context.Context, conversation ID) (items []ID, err error) {
	err = d.each(ctx, conversation, func(e Event) {
		m := messageOf(e)
		if m == nil || m.Mail == nil || m.Direction != In {
			return
		}
		id := e.ID
		if in, ok := e.Body.(MovedIn); ok {
			id = in.Item
		}
		items = append(items, id)
	})
	return items, err
}
