package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// MailUndo is how long a mail can be taken back after it was sent.
const MailUndo = 5 * time.Second

// ReplyDraft returns whom an answer goes to: the writer of the newest mail, and
// with all everybody who had it. In a conversation without a mail it goes to
// the address that the customer gave.
func (s *Session) ReplyDraft(ctx context.Context, id ID, all bool) (Outgoing, error) {
	c, err := s.mailRow(ctx, id)
	if err != nil {
		return Outgoing{}, err
	}
	last, item, err := s.d.lastMail(ctx, c)
	if err != nil {
		return Outgoing{}, err
	}
	if last == nil {
		return s.firstMail(c)
	}
	o := Outgoing{Account: s.d.accountFor(last.Mail.Account), Subject: replySubject(headerText(last.Mail.Subject)), Parent: item}
	o.To, o.Cc = s.d.answered(last, all)
	return o, nil
}

// mailRow passes the door and returns a conversation that a mail can be written
// in.
func (s *Session) mailRow(ctx context.Context, id ID) (*Conversation, error) {
	c := s.d.state.Conversation(id)
	if c == nil {
		return nil, Errorf(NotFound, "there is no such conversation; hark ls shows them")
	}
	if err := s.check(ctx, ActReply, id, ""); err != nil {
		return nil, err
	}
	return c, s.enter(ctx, id, s.purposeFor(id), "open")
}

// accountFor returns the name of an account that is there, "" where it is gone.
func (d *Desk) accountFor(name string) string {
	if a, err := d.mailAccount(name); err == nil {
		return a.Name
	}
	return ""
}

// firstMail answers a chat by mail.
func (s *Session) firstMail(c *Conversation) (Outgoing, error) {
	o := Outgoing{Account: s.d.accountFor(c.Account)}
	contact := s.d.state.Contact(c.Contact)
	if contact == nil {
		return o, Errorf(NotFound, "nobody knows a mail address of this customer; write one behind To")
	}
	a := Address{Name: contact.Name}
	for _, id := range contact.Identities {
		if id.Type == MailAddress {
			a.Mail = id.Value
		}
	}
	if f, ok := contact.Field("mail"); ok && a.Mail == "" {
		a.Mail = f.Value
	}
	if strings.HasPrefix(a.Name, "Visitor ") || a.Name == a.Mail {
		a.Name = ""
	}
	parsed, err := ParseAddresses(a.String())
	if err != nil || a.Mail == "" {
		return o, Errorf(NotFound, "nobody knows a mail address of this customer; write one behind To")
	}
	o.To = parsed
	return o, nil
}

// lastMail returns the newest mail of a conversation that a person wrote, from
// the customers' side where there is one.
func (d *Desk) lastMail(ctx context.Context, c *Conversation) (last *Message, item ID, err error) {
	hidden := map[ID]bool{}
	type mail struct {
		m  *Message
		id ID
		at time.Time
	}
	var mails []mail
	for _, id := range append(slices.Clone(c.Sources), c.ID) {
		err = d.each(ctx, id, func(e Event) {
			if out, ok := e.Body.(MovedOut); ok {
				for _, id := range out.Items {
					hidden[id] = true
				}
			}
			if back, ok := e.Body.(MovedBack); ok {
				for _, id := range back.Items {
					delete(hidden, id)
				}
			}
			if m := messageOf(e); m != nil && m.Mail != nil && !m.Mail.Muted && m.Mail.Automatic != autoReplied {
				mails = append(mails, mail{m, e.ID, m.saidAt(e)})
			}
		})
		if err != nil {
			return nil, ID{}, err
		}
	}
	var at time.Time
	for _, m := range mails {
		newer := last == nil || last.Direction == m.m.Direction && !m.at.Before(at) || last.Direction == Out && m.m.Direction == In
		if !hidden[m.id] && newer && (last == nil || last.Direction == Out || m.m.Direction == In) {
			last, item, at = m.m, m.id, m.at
		}
	}
	return last, item, nil
}

// answered returns who gets an answer to a mail: without the desk itself, each
// once.
func (d *Desk) answered(m *Message, all bool) (to, cc []Address) {
	seen := map[string]bool{}
	take := func(list []Address) (kept []Address) {
		for _, a := range list {
			if a.Mail != "" && !seen[a.Mail] && !d.ours(a.Mail) {
				seen[a.Mail] = true
				a.Name = CleanName(a.Name)
				kept = append(kept, a)
			}
		}
		return kept
	}
	l := m.Mail
	if m.Direction == Out {
		to = take(l.To)
		if all {
			cc = take(l.Cc)
		}
		return to, cc
	}
	if to = take(l.ReplyTo); len(to) == 0 {
		to = take([]Address{l.From})
	}
	if all {
		cc = append(take(l.To), take(l.Cc)...)
	}
	return to, cc
}

// ForwardDraft returns a mail that passes an item on, with all that hangs on
// it. Whom it goes to is still to be written.
func (s *Session) ForwardDraft(ctx context.Context, id, item ID) (Outgoing, error) {
	c, err := s.mailRow(ctx, id)
	if err != nil {
		return Outgoing{}, err
	}
	e, err := s.d.Item(ctx, id, item)
	if err != nil {
		return Outgoing{}, err
	}
	m := messageOf(e)
	if m == nil {
		return Outgoing{}, Errorf(Invalid, "only messages can be forwarded; a note stays here")
	}
	o := Outgoing{Account: s.d.accountFor(c.Account), Subject: "Fwd: " + c.Name, Parent: item, Quote: true, Forward: true}
	for _, f := range m.Files {
		o.Carry = append(o.Carry, f.ID)
	}
	if m.Mail == nil {
		return o, nil
	}
	o.Account = s.d.accountFor(m.Mail.Account)
	o.Subject = "Fwd: " + BareSubject(headerText(m.Mail.Subject))
	for _, p := range m.Mail.Parts {
		if p.Kind != PartSignature && p.Kind != PartReport {
			o.Carry = append(o.Carry, p.ID)
		}
	}
	return o, nil
}

// Recipients compares who gets a mail with who had the last one of the
// conversation; the zero ID stands for a new one.
func (s *Session) Recipients(ctx context.Context, id ID, o Outgoing) (Recipients, error) {
	var r Recipients
	var before []Address
	c := s.d.state.Conversation(id)
	if c != nil && !o.Forward {
		last, _, err := s.d.lastMail(ctx, c)
		if err != nil {
			return r, err
		}
		if last != nil {
			to, cc := s.d.answered(last, true)
			before = append(to, cc...)
		}
	}
	now := o.Everyone()
	has := func(all []Address, a Address) bool {
		return slices.ContainsFunc(all, func(b Address) bool { return a.Mail == b.Mail })
	}
	for _, a := range now {
		if has(before, a) {
			continue
		}
		r.Added = append(r.Added, a)
		if s.d.outside(c, a) {
			r.Outside = append(r.Outside, a)
		}
	}
	for _, a := range before {
		if !has(now, a) {
			r.Dropped = append(r.Dropped, a)
		}
	}
	return r, nil
}

// outside reports whether an address is new here: it takes no part in the
// conversation, no contact has it, and its domain is not the desk's.
func (d *Desk) outside(c *Conversation, a Address) bool {
	if c != nil {
		if _, takesPart := slices.BinarySearch(c.Parties, a.Mail); takesPart {
			return false
		}
		if contact := d.state.Contact(c.Contact); contact != nil && contact.gave(a.Mail) {
			return false
		}
	}
	if d.state.ContactBy(Identity{MailAddress, a.Mail}) != nil {
		return false
	}
	return !slices.ContainsFunc(d.mailAccounts(), func(own MailAccount) bool { return own.Address.Domain() == a.Domain() })
}

// SendMail journals a mail and returns where it is. It leaves once MailUndo is
// over; until then Withdraw takes it back. With the zero ID, and with Forward,
// it begins a conversation of its own. Addresses that are new here need
// o.Outside; without it the error has the code NeedsYes and names them.
func (s *Session) SendMail(ctx context.Context, id ID, o Outgoing) (conversation, item ID, err error) {
	if err := s.check(ctx, ActReply, id, ""); err != nil {
		return ID{}, ID{}, err
	}
	o, err = o.valid()
	if err != nil {
		return ID{}, ID{}, err
	}
	account, err := s.d.mailAccount(o.Account)
	if err != nil {
		return ID{}, ID{}, err
	}
	o.Account = account.Name
	if err := s.mayReach(ctx, id, o); err != nil {
		return ID{}, ID{}, err
	}
	files, err := s.d.attached(ctx, accountOwner(s.actor.ID), o.Files)
	if err != nil {
		return ID{}, ID{}, err
	}
	p := posting{s: s, o: o, account: account, files: files, item: NewID(), conversation: id}
	if p.conversation.IsZero() || o.Forward {
		p.conversation = NewID()
	}
	if err := p.addressed(ctx, id); err != nil {
		return ID{}, ID{}, err
	}
	if err := p.append(ctx, id); err != nil {
		return ID{}, ID{}, err
	}
	s.d.uploads.sent(files)
	s.d.ringPost()
	return p.conversation, p.item, nil
}

// mayReach asks for a yes to addresses that are new here.
func (s *Session) mayReach(ctx context.Context, id ID, o Outgoing) error {
	if o.Outside || id.IsZero() {
		return nil
	}
	r, err := s.Recipients(ctx, id, o)
	if err != nil || len(r.Outside) == 0 {
		return err
	}
	return Errorf(NeedsYes, "nobody here has had to do with %s; send it there all the same?", JoinAddresses(r.Outside))
}

// posting is a mail on its way into the journal.
type posting struct {
	s            *Session
	o            Outgoing
	account      MailAccount
	files        []File
	item         ID
	conversation ID // the one that it goes into
	letter       Letter
}

// addressed writes the letter: what of it does not depend on the moment.
func (p *posting) addressed(ctx context.Context, from ID) error {
	room, err := p.s.d.room()
	if err != nil {
		return err
	}
	sender := p.account.Address
	if sender.Name == "" {
		sender.Name = p.s.Account().Display
	}
	stamp := room.Stamp(p.account.Name, p.conversation, p.item, p.o.Subject)
	p.letter = Letter{
		Account: p.account.Name, MessageID: stamp.MessageID, ReplyTo: stamp.ReplyTo, Subject: stamp.Subject, From: sender, To: p.o.To, Cc: p.o.Cc, Bcc: p.o.Bcc,
		Parent: p.o.Parent, Quote: p.o.Quote, Carry: p.o.Carry, Forward: p.o.Forward,
	}
	p.letter.Own = p.s.d.ownOf(&p.letter)
	if p.o.Parent.IsZero() {
		return nil
	}
	e, err := p.s.d.Item(ctx, from, p.o.Parent)
	if err != nil {
		return err
	}
	if m := messageOf(e); m != nil && m.Mail != nil && !p.o.Forward {
		p.letter.InReplyTo, p.letter.References = m.Mail.MessageID, m.Mail.chain()
	}
	return nil
}

// chain returns the References of an answer to the mail (RFC 5322, section
// 3.6.4).
func (l *Letter) chain() []string {
	chain := slices.Clone(l.References)
	if len(chain) == 0 && l.InReplyTo != "" {
		chain = append(chain, l.InReplyTo)
	}
	if l.MessageID != "" {
		chain = append(chain, l.MessageID)
	}
	return capReferences(chain)
}

// append journals the mail, deciding again where others were first.
func (p *posting) append(ctx context.Context, from ID) error {
	for range retries {
		entries, err := p.entries(from)
		if err != nil {
			return err
		}
		err = p.s.d.append(ctx, entries...)
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return Errorf(Unavailable, "the conversation changes too fast to do that; try again")
}

func (p *posting) entries(from ID) ([]Entry, error) {
	c := p.s.d.state.Conversation(p.conversation)
	if c == nil {
		return p.opening(from), nil
	}
	if !c.Merged.IsZero() {
		return nil, Errorf(Conflict, "this conversation goes on in %s; answer there", p.s.d.state.Short(c.Merged))
	}
	var entries []Entry
	n := c.N
	if c.Assignee.IsZero() {
		entries = append(entries, chatEntry(DeriveID(p.item[:], []byte("claim")), c.ID, n, p.s.actor, Assigned{To: p.s.actor.ID, Claim: true}))
		n++
	}
	return append(entries, chatEntry(p.item, c.ID, n, p.s.actor, p.message(c))), nil
}

// opening begins a conversation with the mail. Whom it goes to first is its
// contact.
func (p *posting) opening(from ID) []Entry {
	d := p.s.d
	actor := Actor{Kind: ActorContact}
	entries := d.writer(p.o.Everyone()[0], &actor)
	opened := ConversationOpened{Contact: actor.ID, Channel: Email, Previous: from, Queue: d.routing.Queue(p.account.Queue).Name}
	bodies := []Body{opened, Assigned{To: p.s.actor.ID, Claim: true}, p.message(&Conversation{Status: StatusOpen})}
	for i, b := range bodies {
		id := p.item
		if i < len(bodies)-1 {
			id = DeriveID(p.item[:], []byte(b.Kind()))
		}
		entries = append(entries, chatEntry(id, p.conversation, uint64(i), p.s.actor, b))
	}
	return entries
}

// message returns the mail as it goes out from a conversation that stands so.
func (p *posting) message(c *Conversation) Message {
	l := p.letter
	now := time.Now().UTC().Truncate(time.Millisecond)
	l.Date, l.Undo = now, now.Add(MailUndo)
	l.Before = &Standing{c.Status, c.Since, c.Unanswered, c.Answered, c.Breached}
	return Message{
		Direction: Out, Channel: Email, Text: p.o.Text, Author: p.s.Account().Display, Files: p.files, Mail: &l,
	}
}
