package desk

import (
	"context"
	"sync"
	"time"
)

// Seen says that the customer's device has shown everything up to ord. It is
// journaled at most once a second a conversation.
func (d *Desk) Seen(conversation ID, ord uint64) {
	c := d.state.Conversation(conversation)
	if c == nil || ord <= c.Delivered || ord > c.Ord {
		return
	}
	d.seen.add(seenKey{conversation, Hub(), false}, seenTo{ord: ord})
}

// ReadTo says that everything up to ord was before the customer's eyes. It is
// journaled at most once a second a conversation.
func (d *Desk) ReadTo(conversation ID, ord uint64) {
	c := d.state.Conversation(conversation)
	if c == nil || ord <= c.ReadBy || ord > c.Ord {
		return
	}
	d.seen.add(seenKey{conversation, Actor{Kind: ActorContact, ID: c.Contact}, true}, seenTo{ord: ord})
}

// seenEvery is how long marks are gathered.
const seenEvery = time.Second

// seenKey names a mark: that a device has shown things, or that somebody read
// them.
type seenKey struct {
	conversation ID
	by           Actor
	read         bool
}

// seenTo is how far a mark goes: the public ordinal and the count of mails.
type seenTo struct{ ord, mails uint64 }

// seen gathers marks.
type seen struct {
	mu    sync.Mutex
	marks map[seenKey]seenTo
	timer *time.Timer
	flush func(map[seenKey]seenTo)
}

func (s *seen) add(k seenKey, to seenTo) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marks == nil {
		s.marks = map[seenKey]seenTo{}
	}
	s.marks[k] = seenTo{max(s.marks[k].ord, to.ord), max(s.marks[k].mails, to.mails)}
	if s.timer == nil {
		s.timer = time.AfterFunc(seenEvery, s.fire)
	}
}

func (s *seen) fire() {
	s.mu.Lock()
	marks := s.marks
	s.marks, s.timer = nil, nil
	s.mu.Unlock()
	if len(marks) > 0 {
		s.flush(marks)
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

// appendSeen journals marks. One that is lost is only said again.
func (d *Desk) appendSeen(marks map[seenKey]seenTo) {
	entries := make([]Entry, 0, len(marks))
	for k, to := range marks {
		if c := d.state.Conversation(k.conversation); c != nil {
			if b := k.mark(c, to); b != nil {
				entries = append(entries, chatEntry(NewID(), c.ID, AnyN, k.by, b))
			}
		}
	}
	if len(entries) == 0 {
		return
	}
	if err := d.append(context.Background(), entries...); err != nil {
		d.log.Warn("delivery and read marks were not kept", "count", len(entries), "error", err)
	}
}

// mark returns what is to be journaled, nil for what is known already. Reading
// is more than delivery: a mark of the first makes the second needless.
func (k seenKey) mark(c *Conversation, to seenTo) Body {
	switch {
	case !k.read && to.ord > c.Delivered:
		return Delivered{Channel: Chat, Ord: to.ord}
	case k.read && k.by.Kind == ActorContact && to.ord > c.ReadBy:
		return Read{Ord: to.ord}
	case k.read && k.by.Kind == ActorAccount && (to.ord > c.SeenBy || to.mails > c.MailsSeen):
		return Read{Ord: max(to.ord, c.SeenBy), Mails: max(to.mails, c.MailsSeen)}
	}
	return nil
}
