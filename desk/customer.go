package desk

import (
	"context"
	"errors"
	"time"
)

// Words is what a visitor writes. Token is the secret that the browser made;
// Client is the identifier it gave the message, so that a message sent twice
// is kept once.
type Words struct {
	Token  string
	Client string
	Text   string
	Name   string // what the visitor wants to be called; may be empty
	Page   string // the address of the page, without its query
	Mail   string // where an answer may be sent; may be empty
	Files  []ID   // what the visitor has uploaded for it; with files Text may be empty
	Notice NoticeRef
	// Form says that Token is the secret of a link: who has no script writes
	// and reads by an address that expires.
	Form bool
}

// Visitor is what the desk knows of a token.
type Visitor struct {
	Contact      ID
	Conversation ID // the current one; zero before the first message
	Ord          uint64
	Status       Status
	Read         uint64    // staff have read the visitor's words up to here
	Notice       NoticeRef // what the visitor was told before the first word
	Expires      time.Time // of a link: when it opens no more
}

// Limits on what a visitor names itself, in bytes.
const (
	TokenMin   = 22 // 128 bits in base 64
	TokenMax   = 128
	ClientMax  = 64
	visitorTxt = 2048
	mailMax    = 254 // RFC 5321, section 4.5.3.1.3
)

// Say journals what a visitor wrote, once however often it is sent, and
// returns the conversation it went to. The first words make the contact and
// the conversation.
func (d *Desk) Say(ctx context.Context, w Words) (conversation ID, err error) {
	w, err = w.valid()
	if err != nil {
		return ID{}, err
	}
	who := w.who()
	if w.Form {
		if _, err := d.linked(w.Token); err != nil {
			return ID{}, err
		}
	}
	files, err := d.attached(ctx, visitorOwner(who), w.Files)
	if err != nil {
		return d.saidBefore(ctx, who, w, err)
	}
	id := DeriveID([]byte("chat message"), []byte(who.Value), []byte(w.Client))
	for range retries {
		entries, conversation := d.say(who, id, w, files)
		err = d.append(ctx, entries...)
		switch {
		case errors.Is(err, ErrDuplicate):
			return d.visitor(d.state.ContactBy(who)).Conversation, nil
		case !errors.Is(err, ErrConflict):
			if err == nil {
				d.uploads.sent(files)
				d.learn(ctx, who, w)
			}
			return conversation, err
		}
	}
	return ID{}, Errorf(Unavailable, "the message could not be placed; it is kept in the browser and sent again")
}

// who returns the identity of who wrote.
func (w Words) who() Identity {
	if w.Form {
		return linkHash(w.Token)
	}
	return TokenHash(w.Token)
}

// saidBefore looks whether words whose files are unknown now are in the journal
// already: a hub that starts anew knows no uploads, and the browser sends again
// what it has no answer to.
func (d *Desk) saidBefore(ctx context.Context, who Identity, w Words, unknown error) (ID, error) {
	contact := d.state.ContactBy(who)
	if contact == nil {
		return ID{}, unknown
	}
	for _, file := range w.Files {
		if f, err := d.publicFile(ctx, contact, file); err != nil || f.ID.IsZero() {
			return ID{}, errors.Join(unknown, err)
		}
	}
	return d.visitor(contact).Conversation, nil
}

// say decides which entries a visitor's words come to.
func (d *Desk) say(who Identity, id ID, w Words, files []File) ([]Entry, ID) {
	contact := d.state.ContactBy(who)
	entries, actor := d.meet(contact, who, w)
	var current *Conversation
	if contact != nil {
		current = d.current(contact)
	}
	var previous ID
	if current != nil && current.Status == StatusResolved && time.Since(current.Resolved) > ReopenWithin {
		previous, current = current.ID, nil
	}
	message := Message{Direction: In, Channel: Chat, Text: w.Text, Client: w.Client, Files: files}
	if current != nil {
		return append(entries, chatEntry(id, current.ID, AnyN, actor, message)), current.ID
	}
	conversation := NewID()
	opened := ConversationOpened{
		Contact: actor.ID, Channel: Chat, Page: w.Page, Previous: previous, Queue: d.routing.For(w.Page).Name,
	}
	entries = append(entries, chatEntry(NewID(), conversation, 0, actor, opened))
	n := uint64(1)
	if w.Notice != (NoticeRef{}) {
		entries = append(entries, chatEntry(NewID(), conversation, n, actor, NoticeShown{w.Notice}))
		n++
	}
	entries = append(entries, chatEntry(id, conversation, n, actor, message))
	if contact != nil { // two first messages at once must not open two conversations
		entries = append(entries, contactEntry(contact.ID, contact.N, actor, ContactReturned{Conversation: conversation}))
	}
	return entries, conversation
}

func contactEntry(contact ID, expect uint64, actor Actor, body Body) Entry {
	return Entry{
		ID: NewID(), Stream: Stream{ContactStream, contact}, Class: ClassContact, Expect: expect, Actor: actor, Body: body,
	}
}

func chatEntry(id, conversation ID, expect uint64, actor Actor, body Body) Entry {
	return Entry{
		ID: id, Stream: Stream{ConversationStream, conversation}, Class: ClassTranscript,
		Expect: expect, Actor: actor, Body: body,
	}
}

func visitorName(name string, id ID) string {
	if name != "" {
		return name
	}
	return "Visitor " + id.String()[:shortest]
}

// PublicItems returns up to max of what the customer may see of a conversation,
// behind the ordinal after, in order.
func (d *Desk) PublicItems(ctx context.Context, conversation ID, after uint64, max int) ([]PublicItem, error) {
	c := d.state.Conversation(conversation)
	if c == nil || after >= c.Ord {
		return nil, nil
	}
	var items []PublicItem
	var n, ord uint64
	for {
		events, err := d.journal.ReadStream(ctx, conversation, n+1, pageSize)
		if err != nil || len(events) == 0 {
			return items, err
		}
		for _, e := range events {
			n = e.N
			item, ok := publicItem(e, ord+1)
			if !ok {
				continue
			}
			ord++
			if ord > after {
				items = append(items, item)
			}
			if len(items) == max {
				return items, nil
			}
		}
	}
}

// FollowPublic subscribes a channel to the public items of all conversations.
func (d *Desk) FollowPublic(limit int) *Subscription[PublicFrame] {
	return d.feed.subscribePublic(limit)
}

// CustomerTyping tells staff that the customer writes, or stopped.
func (d *Desk) CustomerTyping(conversation ID, active bool) {
	c := d.state.Conversation(conversation)
	if c == nil {
		return
	}
	d.typing.set(typingWho{conversation, c.Contact}, active, func(active bool) {
		d.feed.signal(Signal{Kind: SignalTyping, Conversation: conversation, Who: c.Name, Customer: true, Active: active})
	})
}

// Leave ends the visitor's chat: the matter is over until somebody writes.
func (d *Desk) Leave(ctx context.Context, token string) error {
	v := d.Visitor(token)
	if v.Conversation.IsZero() {
		return nil
	}
	s := &Session{d: d, actor: Actor{Kind: ActorContact, ID: v.Contact}}
	return s.settle(ctx, v.Conversation, func(c *Conversation) ([]Body, error) {
		if c.Status == StatusResolved {
			return nil, nil
		}
		return []Body{Resolved{}}, nil
	}, func(*Conversation) []Entry { return nil })
}
