package desk

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// Unposted is a mail that is still to go out.
type Unposted struct {
	Conversation, Item ID
	At                 time.Time // when it was written; zero where that was before the hub's start
	Undo               time.Time // until when it can be taken back; zero as At
	parent             ID        // the item that it answers
}

// MailMark says what staff did with mails, for the marks of the mailbox that
// they lie in.
type MailMark struct {
	Conversation ID
	Answered     ID     // the mail that an answer went out to; zero for none
	Read         uint64 // so many more of the conversation's mails were read, the newest ones
}

// marksMax is how many marks wait to be told. They are a courtesy to who looks
// at the mailbox elsewhere: more are forgotten.
const marksMax = 1024

// posts knows of outgoing mails what is only of the moment.
type posts struct {
	mu    sync.Mutex
	bell  chan struct{}
	known map[ID]Unposted // by item
	gone  map[ID]bool     // taken: it can no longer be taken back
	marks chan MailMark
	read  map[ID]uint64 // by conversation: mails read when last looked at
}

func newPosts() posts {
	return posts{bell: make(chan struct{}, 1), known: map[ID]Unposted{}, gone: map[ID]bool{}, marks: make(chan MailMark, marksMax), read: map[ID]uint64{}}
}

func (p *posts) taken(item ID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.gone[item]
}

// again forgets that an item was taken.
func (p *posts) again(item ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.gone, item)
}

// watch is a State's watcher: it rings when mails are to go out.
func (p *posts) watch(applied []Applied) {
	rings := false
	p.mu.Lock()
	for _, a := range applied {
		switch b := a.Body.(type) {
		case Message:
			if b.Mail != nil && b.Direction == Out {
				p.known[a.ID] = Unposted{Conversation: a.Row.ID, Item: a.ID, At: a.At, Undo: b.Mail.Undo, parent: b.Mail.Parent}
				rings = true
			}
		case Read:
			p.markRead(a.Row, a.Actor)
		case MailPosted:
			if known, ok := p.known[b.Item]; ok && b.State == PostSent && !known.parent.IsZero() {
				p.mark(MailMark{Conversation: a.Row.ID, Answered: known.parent})
			}
			if p.gone[b.Item] = b.State != PostRetry || p.gone[b.Item]; b.State.Finished() {
				delete(p.known, b.Item)
				delete(p.gone, b.Item)
			}
		case MailWithdrawn:
			delete(p.known, b.Item)
		case MailResent:
			rings = true
		}
	}
	p.mu.Unlock()
	if rings {
		p.ring()
	}
}

// markRead tells how many more mails were read. The caller holds mu.
func (p *posts) markRead(c *Conversation, by Actor) {
	if by.Kind != ActorAccount || c.Mails == 0 {
		return
	}
	if n := c.MailsSeen; n > p.read[c.ID] {
		p.mark(MailMark{Conversation: c.ID, Read: n - p.read[c.ID]})
	}
	p.read[c.ID] = c.MailsSeen
}

func (p *posts) mark(m MailMark) {
	select {
	case p.marks <- m:
	default:
	}
}

func (p *posts) ring() {
	select {
	case p.bell <- struct{}{}:
	default:
	}
}

func (d *Desk) ringPost() { d.posts.ring() }

// PostBell rings when there may be mails to go out: see Unposted. One listener
// hears each ring.
func (d *Desk) PostBell() <-chan struct{} { return d.posts.bell }

// MailMarks tells what staff did with mails. One listener hears each mark.
func (d *Desk) MailMarks() <-chan MailMark { return d.posts.marks }

// Unposted returns the mails that are still to go out, oldest conversation
// first.
func (d *Desk) Unposted() []Unposted {
	var all []Unposted
	for _, c := range d.state.Posting() {
		d.posts.mu.Lock()
		for _, item := range c.Outbox {
			u, ok := d.posts.known[item]
			if !ok {
				u = Unposted{Conversation: c.ID, Item: item}
			}
			all = append(all, u)
		}
		d.posts.mu.Unlock()
	}
	return all
}

// Posting returns the conversations with mails that are still to go out.
func (s *State) Posting() []*Conversation {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rows := make([]*Conversation, 0, len(s.posting))
	for id := range s.posting {
		rows = append(rows, s.conversations[id])
	}
	slices.SortFunc(rows, func(a, b *Conversation) int { return a.Opened.Compare(b.Opened) })
	return rows
}

// Posted journals how far an outgoing mail has come. To take one that was
// withdrawn is a Conflict: it must not go out.
func (d *Desk) Posted(ctx context.Context, conversation ID, p MailPosted) error {
	for range retries {
		c := d.state.Conversation(conversation)
		if c == nil {
			return Errorf(NotFound, "there is no such conversation")
		}
		if p.State == PostTaken && !slices.Contains(c.Outbox, p.Item) {
			return Errorf(Conflict, "the mail was taken back")
		}
		expect := c.N
		if p.State != PostTaken {
			expect = AnyN // facts about the world do not depend on what others do here
		}
		err := d.append(ctx, chatEntry(p.event(), c.ID, expect, Hub(), p))
		switch {
		case errors.Is(err, ErrDuplicate):
			return nil
		case !errors.Is(err, ErrConflict):
			return err
		}
	}
	return Errorf(Unavailable, "the conversation changes too fast to do that; it is tried again")
}

// event returns the identifier of the event that p becomes: what a report says
// of a mail is said once, however often the report is read.
func (b MailPosted) event() ID {
	if b.Report.IsZero() {
		return NewID()
	}
	return DeriveID([]byte("mail posted"), b.Item[:], b.Report[:])
}

// AutoReply journals an automatic answer to a mail. It counts as nobody's
// answer: the customer goes on waiting for a person. The identifier is derived
// from the parent, so that one mail gets one automatic answer at most.
func (d *Desk) AutoReply(ctx context.Context, conversation ID, to Address, subject, text string, parent ID) (ID, error) {
	item := DeriveID([]byte("automatic answer"), parent[:])
	e, err := d.Item(ctx, conversation, parent)
	if err != nil {
		return ID{}, err
	}
	m := messageOf(e)
	room, err := d.room()
	if err != nil {
		return ID{}, err
	}
	if m == nil || m.Mail == nil {
		return ID{}, Errorf(Invalid, "only a mail gets an automatic answer")
	}
	account, err := d.mailAccount(m.Mail.Account)
	if err != nil {
		return ID{}, err
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	stamp := room.Stamp(account.Name, conversation, item, subject)
	l := Letter{
		Account: account.Name, MessageID: stamp.MessageID, ReplyTo: stamp.ReplyTo, Subject: stamp.Subject,
		InReplyTo: m.Mail.MessageID, References: m.Mail.chain(), From: account.Address, To: []Address{to},
		Date: now, Undo: now, Automatic: autoReplied, Parent: parent,
	}
	err = d.append(ctx, chatEntry(item, conversation, AnyN, Hub(), Message{
		Direction: Out, Channel: Email, Text: text, Author: account.Address.Called(), Mail: &l,
	}))
	if errors.Is(err, ErrDuplicate) {
		return item, nil
	}
	return item, err
}
