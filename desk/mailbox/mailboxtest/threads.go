package mailboxtest

import (
	"context"
	"slices"

	"hark/desk"
	"hark/desk/mailbox"
)

// Thread implements mailbox.Threads.
func (m *Memory) Thread(ctx context.Context, all ...mailbox.Threading) error {
	return m.in(ctx, func() error {
		for _, t := range all {
			if r, err := m.row(t.ID); err != nil {
				return err
			} else if r.Stage == mailbox.Dropped {
				return desk.Errorf(desk.Conflict, "the mail was dropped")
			}
		}
		for _, t := range all {
			m.thread(m.rows[t.ID], t)
		}
		return nil
	})
}

func (m *Memory) thread(r *row, t mailbox.Threading) {
	m.forget(r.Place)
	if r.threaded == 0 || r.identity != t.Identity {
		r.threaded = m.next()
	}
	r.Conversation, r.identity, r.messageID, r.Why, r.problem = t.Conversation, t.Identity, t.MessageID, "", mailbox.Problem{}
	if !t.CopyOf.IsZero() {
		r.Stage, r.threaded = mailbox.Copy, 0
		return
	}
	r.Stage = mailbox.Threaded
	m.bear(t.MessageID, t.Conversation, t.ID)
	for _, ref := range t.Refs {
		m.haunt(ref, t.Conversation)
	}
}

// bear notes who bears a Message-ID; its ghost in the conversation is gone.
func (m *Memory) bear(messageID string, conversation, item desk.ID) {
	if messageID == "" {
		return
	}
	refs := slices.DeleteFunc(m.refs[messageID], func(r mailbox.Reference) bool { return r.Ghost && r.Conversation == conversation })
	m.refs[messageID] = refs
	if at := slices.IndexFunc(refs, func(r mailbox.Reference) bool { return r.Mail == item }); at >= 0 {
		refs[at].Conversation = conversation
		return
	}
	at := slices.IndexFunc(refs, func(r mailbox.Reference) bool { return r.Ghost })
	if at < 0 {
		at = len(refs)
	}
	m.refs[messageID] = slices.Insert(refs, at, mailbox.Reference{MessageID: messageID, Conversation: conversation, Mail: item})
}

// haunt notes that a conversation refers to a Message-ID.
func (m *Memory) haunt(messageID string, conversation desk.ID) {
	if messageID == "" || slices.ContainsFunc(m.refs[messageID], func(r mailbox.Reference) bool { return r.Conversation == conversation }) {
		return
	}
	m.refs[messageID] = append(m.refs[messageID], mailbox.Reference{MessageID: messageID, Conversation: conversation, Ghost: true})
}

// Find implements mailbox.Threads.
func (m *Memory) Find(ctx context.Context, messageIDs ...string) (all []mailbox.Reference, err error) {
	err = m.in(ctx, func() error {
		for _, id := range messageIDs {
			refs := m.refs[id]
			all = append(all, refs[:min(len(refs), mailbox.FindMost)]...)
		}
		return nil
	})
	return all, err
}

// Alias implements mailbox.Threads.
func (m *Memory) Alias(ctx context.Context, messageID string, conversation, item desk.ID) error {
	return m.in(ctx, func() error {
		m.bear(messageID, conversation, item)
		return nil
	})
}

// Same implements mailbox.Threads.
func (m *Memory) Same(ctx context.Context, identity [32]byte) (found mailbox.Row, ok bool, err error) {
	err = m.in(ctx, func() error {
		var first *row
		for _, r := range m.rows {
			if r.Stage == mailbox.Threaded && r.identity == identity && identity != [32]byte{} && (first == nil || r.threaded < first.threaded) {
				first = r
			}
		}
		if ok = first != nil; ok {
			found = first.Row
		}
		return nil
	})
	return found, ok, err
}

// Bury implements mailbox.Threads.
func (m *Memory) Bury(ctx context.Context, identity [32]byte) error {
	return m.in(ctx, func() error {
		m.buried[identity] = true
		return nil
	})
}

// Buried implements mailbox.Threads.
func (m *Memory) Buried(ctx context.Context, identity [32]byte) (ok bool, err error) {
	err = m.in(ctx, func() error {
		ok = m.buried[identity]
		return nil
	})
	return ok, err
}
