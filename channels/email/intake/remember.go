package intake

import (
	"context"
	"slices"

	"hark/channels/email/loop"
	"hark/channels/email/read"
	"hark/channels/email/thread"
	"hark/desk"
	"hark/desk/mailbox"
)

// factsOf returns what is known of a conversation's mails, read from the
// journal when it is not remembered.
func (x *index) factsOf(ctx context.Context, id desk.ID) (*facts, error) {
	if f := x.facts[id]; f != nil {
		return f, nil
	}
	f := &facts{ids: map[desk.ID]bool{}, refs: map[string][]int{}, by: map[string]int{}}
	err := x.o.Desk.EachMail(ctx, id, func(item desk.ID, m *desk.Message) { f.add(item, factOf(m.Mail)) })
	if err != nil {
		return nil, err
	}
	x.facts[id] = f
	x.kept += f.size
	x.forget(id)
	return f, nil
}

// factOf returns what a letter of the journal tells a decision.
func factOf(l *desk.Letter) thread.Fact {
	m := &read.Mail{
		MessageID: l.MessageID, InReplyTo: l.InReplyTo, References: l.References, Subject: l.Subject,
		From: l.From, ReplyTo: l.ReplyTo, To: l.To, Cc: l.Cc, Auth: l.Auth, Forwarded: l.Forward,
	}
	received := l.Received
	if received.IsZero() {
		received = l.Date // one of ours: our own clock
	}
	f := thread.FactOf(thread.Mail{Mail: m, Received: received})
	f.List = l.Automatic == loop.ByList
	return f
}

// group returns the mails on their way into a conversation. One writer has all
// of them, and that of a conversation which they are linked with.
func (x *index) group(id desk.ID, links ...desk.ID) *pending {
	t := x.topics[id]
	if t != nil {
		return t
	}
	t = &pending{writer: int(id[0])}
	for _, link := range links {
		if other := x.topics[link]; other != nil {
			t.writer = other.writer
		}
	}
	x.topics[id] = t
	return t
}

// take remembers that a mail is on its way into a conversation.
func (x *index) take(id desk.ID, t *pending, p parsed, m thread.Mail, f *facts) {
	if t.subject == "" {
		t.subject = p.mail.Subject
	}
	t.mails++
	fact := thread.FactOf(m)
	if !p.class.Muted {
		for _, a := range fact.People {
			if !slices.Contains(t.parties, a) && !slices.Contains(x.own, thread.Bare(a)) {
				t.parties = append(t.parties, a)
			}
		}
	}
	x.kept -= f.size
	f.add(p.row.ID, fact)
	x.kept += f.size
	x.refer(p.mail.MessageID, mailbox.Reference{Conversation: id, Mail: p.row.ID})
	for _, r := range ghosts(m, p) {
		x.refer(r, mailbox.Reference{Conversation: id, Ghost: true})
	}
	x.forget(id)
}

// ghosts returns the Message-IDs that a mail pulls towards its conversation:
// none for one that hands a mail on, or that is only about one.
func ghosts(m thread.Mail, p parsed) []string {
	if p.class.Bounce || thread.FactOf(m).Forward {
		return nil
	}
	refs := thread.Refs(p.mail)
	slices.Reverse(refs)
	return refs
}

// refer enters a Message-ID of a mail on its way.
func (x *index) refer(messageID string, r mailbox.Reference) {
	if messageID == "" {
		return
	}
	r.MessageID = messageID
	x.refs[messageID] = append(x.refs[messageID], r)
}

// leave forgets a mail that is no longer on its way: the store and the state
// know it, or it will come again.
func (x *index) leave(o *outcome) {
	if !o.message {
		return
	}
	drop := func(messageID string, ghost bool) {
		refs := x.refs[messageID]
		at := slices.IndexFunc(refs, func(r mailbox.Reference) bool {
			return r.Ghost == ghost && r.Conversation == o.conversation && (ghost || r.Mail == o.row.ID)
		})
		if at < 0 {
			return
		}
		if refs = slices.Delete(refs, at, at+1); len(refs) == 0 {
			delete(x.refs, messageID)
			return
		}
		x.refs[messageID] = refs
	}
	drop(o.threading.MessageID, false)
	for _, r := range o.threading.Refs {
		drop(r, true)
	}
	if x.same[o.threading.Identity].ID == o.row.ID {
		delete(x.same, o.threading.Identity)
	}
	if t := x.topics[o.conversation]; t != nil {
		if t.mails--; t.mails == 0 {
			delete(x.topics, o.conversation)
		}
	}
}

// forget drops what is remembered of quiet conversations but one when it is too
// much: it can be read again.
func (x *index) forget(but desk.ID) {
	if x.kept <= factsMost {
		return
	}
	for id, f := range x.facts {
		if id == but || x.topics[id] != nil {
			continue
		}
		x.kept -= f.size
		delete(x.facts, id)
		if x.kept <= factsMost/2 {
			return
		}
	}
}

// joined takes in that one conversation goes on in another.
func (x *index) joined(from, into desk.ID) {
	for _, id := range []desk.ID{from, into} {
		if f := x.facts[id]; f != nil {
			x.kept -= f.size
			delete(x.facts, id)
		}
	}
}
