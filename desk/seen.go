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
	d.seen.add(seenKey{conversation, Hub(), false}, ord)
}

// ReadTo says that everything up to ord was before the customer's eyes. It is
// journaled at most once a second a conversation.
func (d *Desk) ReadTo(conversation ID, ord uint64) {
	c := d.state.Conversation(conversation)
	if c == nil || ord <= c.ReadBy || ord > c.Ord {
		return
	}
	d.seen.add(seenKey{conversation, Actor{Kind: ActorContact, ID: c.Contact}, true}, ord)
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

// seen gathers marks.
type seen struct {
	mu    sync.Mutex
	ords  map[seenKey]uint64
	timer *time.Timer
	flush func(map[seenKey]uint64)
}

func (s *seen) add(k seenKey, ord uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ords == nil {
		s.ords = map[seenKey]uint64{}
	}
	s.ords[k] = max(s.ords[k], ord)
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

// appendSeen journals marks. One that is lost is only said again.
func (d *Desk) appendSeen(ords map[seenKey]uint64) {
	entries := make([]Entry, 0, len(ords))
	for k, ord := range ords {
		if c := d.state.Conversation(k.conversation); c != nil {
			if b := k.mark(c, ord); b != nil {
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
func (k seenKey) mark(c *Conversation, ord uint64) Body {
	switch {
	case !k.read && ord > c.Delivered:
		return Delivered{Channel: Chat, Ord: ord}
	case k.read && k.by.Kind == ActorContact && ord > c.ReadBy, k.read && k.by.Kind == ActorAccount && ord > c.SeenBy:
		return Read{Ord: ord}
	}
	return nil
}
