package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
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
}

// Visitor is what the desk knows of a token.
type Visitor struct {
	Contact      ID
	Conversation ID // the current one; zero before the first message
	Ord          uint64
	Status       Status
}

// Limits on what a visitor names itself, in bytes.
const (
	TokenMin   = 22 // 128 bits in base 64
	TokenMax   = 128
	ClientMax  = 64
	visitorTxt = 2048
)

// TokenHash returns the identity of a visitor's secret: the secret itself is
// never kept.
func TokenHash(token string) Identity {
	sum := sha256.Sum256([]byte("hark visitor\x00" + token))
	return Identity{VisitorToken, hex.EncodeToString(sum[:])}
}

// Visitor returns what the desk knows of a token; all zero for a new one.
func (d *Desk) Visitor(token string) Visitor {
	contact := d.state.ContactBy(TokenHash(token))
	if contact == nil {
		return Visitor{}
	}
	v := Visitor{Contact: contact.ID}
	if c := d.current(contact); c != nil {
		v.Conversation, v.Ord, v.Status = c.ID, c.Ord, c.Status
	}
	return v
}

// current returns the contact's conversation that a new message belongs to or
// would follow.
func (d *Desk) current(c *Contact) *Conversation {
	if len(c.Conversations) == 0 {
		return nil
	}
	return d.state.Conversation(c.Conversations[len(c.Conversations)-1])
}

// Say journals what a visitor wrote, once however often it is sent, and
// returns the conversation it went to. The first words make the contact and
// the conversation.
func (d *Desk) Say(ctx context.Context, w Words) (conversation ID, err error) {
	w, err = w.valid()
	if err != nil {
		return ID{}, err
	}
	who := TokenHash(w.Token)
	id := DeriveID([]byte("chat message"), []byte(who.Value), []byte(w.Client))
	for range retries {
		entries, conversation := d.say(who, id, w)
		err = d.append(ctx, entries...)
		switch {
		case errors.Is(err, ErrDuplicate):
			return d.Visitor(w.Token).Conversation, nil
		case !errors.Is(err, ErrConflict):
			return conversation, err
		}
	}
	return ID{}, Errorf(Unavailable, "the message could not be placed; it is kept in the browser and sent again")
}

// say decides which entries a visitor's words come to.
func (d *Desk) say(who Identity, id ID, w Words) ([]Entry, ID) {
	var entries []Entry
	contact := d.state.ContactBy(who)
	var current *Conversation
	actor := Actor{Kind: ActorContact}
	if contact == nil {
		actor.ID = DeriveID([]byte("visitor contact"), []byte(who.Value))
		entries = append(entries, Entry{
			ID: NewID(), Stream: Stream{ContactStream, actor.ID}, Class: ClassContact, Actor: actor,
			Body: ContactCreated{Name: visitorName(w.Name, actor.ID), Identities: []Identity{who}},
		})
	} else {
		actor.ID = contact.ID
		current = d.current(contact)
	}
	var previous ID
	if current != nil && current.Status == StatusResolved && time.Since(current.Resolved) > ReopenWithin {
		previous, current = current.ID, nil
	}
	message := Message{Direction: In, Channel: Chat, Text: w.Text, Client: w.Client}
	if current != nil {
		return append(entries, chatEntry(id, current.ID, AnyN, actor, message)), current.ID
	}
	conversation := NewID()
	opened := ConversationOpened{Contact: actor.ID, Channel: Chat, Page: w.Page, Previous: previous}
	entries = append(entries, chatEntry(NewID(), conversation, 0, actor, opened), chatEntry(id, conversation, 1, actor, message))
	if contact != nil { // two first messages at once must not open two conversations
		entries = append(entries, Entry{
			ID: NewID(), Stream: Stream{ContactStream, contact.ID}, Class: ClassContact,
			Expect: contact.N, Actor: actor, Body: ContactReturned{Conversation: conversation},
		})
	}
	return entries, conversation
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

func (w Words) valid() (Words, error) {
	if !ValidToken(w.Token) {
		return w, Errorf(Invalid, "the visitor's token is malformed")
	}
	if w.Client == "" || len(w.Client) > ClientMax || !printable(w.Client) {
		return w, Errorf(Invalid, "the message's own identifier is malformed")
	}
	text, err := validText(w.Text)
	if err != nil {
		return w, err
	}
	w.Text = text
	w.Name = strings.TrimSpace(strings.ToValidUTF8(w.Name, "\uFFFD"))
	if len(w.Name) > nameLimit {
		return w, Errorf(Invalid, "the name is too long: %d bytes at most", nameLimit)
	}
	if len(w.Page) > visitorTxt || !utf8.ValidString(w.Page) {
		w.Page = ""
	}
	return w, nil
}

// ValidToken reports whether a visitor's secret has the form of one: 22 to 128
// letters, digits, dashes and underscores.
func ValidToken(s string) bool {
	if len(s) < TokenMin || len(s) > TokenMax {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == "" && printable(s)
}

// printable reports whether s is visible ASCII throughout.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
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

// Seen says that the customer's device has shown everything up to ord. It is
// journaled at most once a second a conversation.
func (d *Desk) Seen(conversation ID, ord uint64) {
	c := d.state.Conversation(conversation)
	if c == nil || ord <= c.Delivered || ord > c.Ord {
		return
	}
	d.seen.add(conversation, ord)
}

// seenEvery is how long delivery marks are gathered.
const seenEvery = time.Second

// seen gathers delivery marks.
type seen struct {
	mu    sync.Mutex
	ords  map[ID]uint64
	timer *time.Timer
	flush func(map[ID]uint64)
}

func (s *seen) add(id ID, ord uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ords == nil {
		s.ords = map[ID]uint64{}
	}
	s.ords[id] = max(s.ords[id], ord)
	if s.timer == nil {
		s.timer = time.AfterFunc(seenEvery, s.fire)
	}
}

func (s *seen) fire() {
	s.mu.Lock()
	ords := s.ords
	s.ords, s.timer = nil, nil
	s.mu.Unlock()
	if len(ords) > 0 {
		s.flush(ords)
	}
}

func (s *seen) close() {
	s.mu.Lock()
	if s.timer != nil {
		s.timer.Stop()
	}
	s.mu.Unlock()
	s.fire()
}

// appendSeen journals delivery marks. One that is lost is only said again.
func (d *Desk) appendSeen(ords map[ID]uint64) {
	entries := make([]Entry, 0, len(ords))
	for id, ord := range ords {
		if c := d.state.Conversation(id); c != nil && ord > c.Delivered {
			entries = append(entries, chatEntry(NewID(), id, AnyN, Hub(), Delivered{Channel: Chat, Ord: ord}))
		}
	}
	if len(entries) == 0 {
		return
	}
	if err := d.append(context.Background(), entries...); err != nil {
		d.log.Warn("delivery marks were not kept", "count", len(entries), "error", err)
	}
}
