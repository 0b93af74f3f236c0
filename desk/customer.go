package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/mail"
	"slices"
	"strings"
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

// LinkLife is how long a link opens where Options say nothing.
const LinkLife = 30 * 24 * time.Hour

// TokenHash returns the identity of a visitor's secret: the secret itself is
// never kept.
func TokenHash(token string) Identity {
	return secretHash(VisitorToken, "hark visitor", token)
}

// linkHash returns the identity of a link's secret.
func linkHash(token string) Identity { return secretHash(LinkToken, "hark link", token) }

func secretHash(t IdentityType, domain, secret string) Identity {
	sum := sha256.Sum256([]byte(domain + "\x00" + secret))
	return Identity{t, hex.EncodeToString(sum[:])}
}

// Visitor returns what the desk knows of a token; all zero for a new one.
func (d *Desk) Visitor(token string) Visitor { return d.visitor(d.state.ContactBy(TokenHash(token))) }

// LinkVisitor returns what the desk knows of a link's secret.
func (d *Desk) LinkVisitor(token string) (Visitor, error) {
	contact, err := d.linked(token)
	if err != nil {
		return Visitor{}, err
	}
	if contact == nil {
		return Visitor{}, Errorf(NotFound, "this link opens nothing; it may be mistyped")
	}
	v := d.visitor(contact)
	v.Expires = contact.expiry(linkHash(token))
	return v, nil
}

// linked returns the contact of a link's secret, nil for a new one.
func (d *Desk) linked(token string) (*Contact, error) {
	who := linkHash(token)
	contact := d.state.ContactBy(who)
	if contact != nil && time.Now().After(contact.expiry(who)) {
		return nil, Errorf(Denied, "this link has expired; please write to us anew")
	}
	return contact, nil
}

// expiry returns when a link of the contact ends.
func (c *Contact) expiry(who Identity) time.Time {
	for _, l := range c.Links {
		if l.Hash == who.Value {
			return l.Expires
		}
	}
	return time.Time{}
}

func (d *Desk) visitor(contact *Contact) Visitor {
	if contact == nil {
		return Visitor{}
	}
	v := Visitor{Contact: contact.ID}
	if c := d.current(contact); c != nil {
		v.Conversation, v.Ord, v.Status, v.Read, v.Notice = c.ID, c.Ord, c.Status, c.SeenBy, c.Notice
	}
	return v
}

// current returns the contact's conversation that a new message belongs to or
// would follow: the newest that the customer began, where it goes on now. What
// staff split off is theirs alone.
func (d *Desk) current(c *Contact) *Conversation {
	for _, id := range slices.Backward(c.Conversations) {
		now := d.state.Conversation(id)
		if now == nil || !now.From.IsZero() {
			continue
		}
		for range c.Conversations { // a merge of merges
			next := d.state.Conversation(now.Merged)
			if next == nil {
				break
			}
			now = next
		}
		return now
	}
	return nil
}

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

// meet returns who the visitor is and what is to be kept of them. The contact's
// own return, if there is one, comes behind it with a fixed count: what is
// learned of a known contact goes without one.
func (d *Desk) meet(contact *Contact, who Identity, w Words) ([]Entry, Actor) {
	actor := Actor{Kind: ActorContact}
	if contact != nil {
		actor.ID = contact.ID
		return nil, actor
	}
	actor.ID = DeriveID([]byte("visitor contact"), []byte(who.Value))
	created := ContactCreated{Name: visitorName(w.Name, actor.ID)}
	bodies := []Body{nil}
	if w.Form {
		bodies = append(bodies, d.link(who))
	} else {
		created.Identities = []Identity{who}
	}
	bodies[0] = created
	if w.Mail != "" {
		bodies = append(bodies, w.mailField())
	}
	var entries []Entry
	for n, b := range bodies {
		entries = append(entries, contactEntry(actor.ID, uint64(n), actor, b))
	}
	return entries, actor
}

func (w Words) mailField() ContactField {
	source := "chat"
	if w.Form {
		source = "form"
	}
	return ContactField{Field{Name: "mail", Value: w.Mail, Class: Direct, Source: source}}
}

// learn keeps what a known visitor tells of themselves with a later message.
// It is not part of the message: words never fail for it.
func (d *Desk) learn(ctx context.Context, who Identity, w Words) {
	contact := d.state.ContactBy(who)
	if contact == nil {
		return
	}
	actor := Actor{Kind: ActorContact, ID: contact.ID}
	var entries []Entry
	if w.Name != "" && contact.Name == visitorName("", contact.ID) {
		entries = append(entries, contactEntry(contact.ID, AnyN, actor, ContactNamed{Name: w.Name}))
	}
	if f, _ := contact.Field("mail"); w.Mail != "" && f.Value != w.Mail {
		entries = append(entries, contactEntry(contact.ID, AnyN, actor, w.mailField()))
	}
	if w.Form {
		entries = append(entries, d.renewal(contact, who)...)
	}
	if len(entries) == 0 {
		return
	}
	if err := d.append(ctx, entries...); err != nil {
		d.log.Warn("what a visitor said of themselves was not kept", "error", err)
	}
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

func (w Words) valid() (Words, error) {
	if !ValidToken(w.Token) {
		return w, Errorf(Invalid, "the visitor's token is malformed")
	}
	if w.Client == "" || len(w.Client) > ClientMax || !printable(w.Client) {
		return w, Errorf(Invalid, "the message's own identifier is malformed")
	}
	text, err := validWords(w.Text, w.Files)
	if err != nil {
		return w, err
	}
	w.Text = text
	w.Name = strings.TrimSpace(strings.ToValidUTF8(w.Name, "\uFFFD"))
	if len(w.Name) > nameLimit {
		return w, Errorf(Invalid, "the name is too long: %d bytes at most", nameLimit)
	}
	w.Mail = strings.TrimSpace(w.Mail)
	if w.Mail != "" && !mailAddress(w.Mail) {
		return w, Errorf(Invalid, "%q is not a mail address; leave it out or write it as name@example.com", w.Mail)
	}
	if len(w.Notice.Version) > ClientMax || len(w.Notice.Lang) > ClientMax {
		return w, Errorf(Invalid, "the notice's version is malformed")
	}
	if len(w.Page) > visitorTxt || !utf8.ValidString(w.Page) {
		w.Page = ""
	}
	return w, nil
}

// mailAddress reports whether s has the form of a bare address. Whether it
// reaches anybody only a mail can tell.
func mailAddress(s string) bool {
	if len(s) > mailMax || strings.ContainsAny(s, "\r\n\x00") {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
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

// Preview tells staff who have opened the conversation what the customer has
// typed and not sent. It is of the moment: nothing of it is kept.
func (d *Desk) Preview(conversation ID, text string) {
	c := d.state.Conversation(conversation)
	if c == nil {
		return
	}
	d.feed.signal(Signal{
		Kind: SignalUnsent, Conversation: conversation, Who: c.Name, Customer: true,
		Active: text != "", Text: hideDigits(Mask(cutBytes(text, visitorTxt))),
	})
}

// cutBytes returns the beginning of s of up to n bytes, of whole characters.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// digitsShown is how many digits in a row a preview shows at most: a card
// number that is still being typed is not a card number yet.
const digitsShown = 4

// hideDigits puts a dot in the place of each digit of a long number, also of
// one with blanks and dashes between.
func hideDigits(s string) string {
	var r run
	var out strings.Builder
	done := 0
	for i := 0; i < len(s); {
		r.read(s, i)
		if len(r.digits) == 0 {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			continue
		}
		end := r.ends[len(r.ends)-1]
		if len(r.digits) > digitsShown {
			out.WriteString(s[done:r.starts[0]])
			out.WriteString(strings.Repeat("·", len(r.digits)))
			done = end
		}
		i = end
	}
	out.WriteString(s[done:])
	return out.String()
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
