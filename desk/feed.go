package desk

import (
	"context"
	"sync"
)

// Batch is what a subscription hands out at once: everything that waited.
// Resync says that items were left out because the subscriber was too slow (or
// has just begun): read the store again, then go on with Items, passing over
// what the store already had.
type Batch[T any] struct {
	Resync bool
	Items  []T
}

// Subscription is a bounded queue between the desk and one reader. The desk
// never waits for the reader: what must arrive turns into a resync when the
// queue is full, and what is only of the moment replaces its older self.
type Subscription[T any] struct {
	mu     sync.Mutex
	limit  int
	items  []T
	latest map[any]int // key → place in items of what may be overwritten
	resync bool
	closed bool
	wake   chan struct{} // capacity 1
	leave  func()
}

func newSubscription[T any](limit int, leave func(*Subscription[T])) *Subscription[T] {
	s := &Subscription[T]{limit: max(limit, 1), wake: make(chan struct{}, 1)}
	s.leave = func() { leave(s) }
	return s
}

// push queues what must arrive.
func (s *Subscription[T]) push(items ...T) {
	if len(items) == 0 {
		return
	}
	s.mu.Lock()
	switch {
	case s.closed:
	case len(s.items)+len(items) > s.limit:
		s.items, s.latest, s.resync = nil, nil, true
	default:
		s.items = append(s.items, items...)
	}
	s.mu.Unlock()
	s.signal()
}

// set queues what is only of the moment, over an older item of the same key.
func (s *Subscription[T]) set(key any, item T) {
	s.mu.Lock()
	defer s.signal()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if i, ok := s.latest[key]; ok {
		s.items[i] = item
		return
	}
	if len(s.items) >= s.limit {
		return
	}
	if s.latest == nil {
		s.latest = map[any]int{}
	}
	s.latest[key] = len(s.items)
	s.items = append(s.items, item)
}

func (s *Subscription[T]) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Next waits until there is something and returns all of it. It fails when ctx
// ends or the subscription is closed.
func (s *Subscription[T]) Next(ctx context.Context) (Batch[T], error) {
	for {
		if b, ok, err := s.take(); ok || err != nil {
			return b, err
		}
		select {
		case <-ctx.Done():
			return Batch[T]{}, ctx.Err()
		case <-s.wake:
		}
	}
}

func (s *Subscription[T]) take() (b Batch[T], ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return b, false, context.Canceled
	}
	if len(s.items) == 0 && !s.resync {
		return b, false, nil
	}
	b = Batch[T]{Resync: s.resync, Items: s.items}
	s.items, s.latest, s.resync = nil, nil, false
	return b, true, nil
}

// Close ends the subscription; a waiting Next returns.
func (s *Subscription[T]) Close() {
	s.mu.Lock()
	s.closed = true
	s.items, s.latest = nil, nil
	s.mu.Unlock()
	s.signal()
	s.leave()
}

// Frame is what staff hear: a row that changed, an event of a conversation
// that they opened, or a signal. Prev is the Seq of the frame before it for
// this subscriber; when it is not the one the reader last saw, something is
// missing and the store must be read again. Signals have neither.
type Frame struct {
	Prev, Seq uint64
	Row       *Conversation // the conversation after the event; nil for a signal
	Event     *Applied      // only where the door was passed
	Signal    *Signal
}

// PublicFrame is what a customer's channel hears. It carries public items and
// nothing else; Typing is the name of the colleague who writes, "" for nobody.
type PublicFrame struct {
	Conversation ID
	Contact      ID
	Item         *PublicItem
	Typing       *string
	Read         uint64 // staff have read the customer's words up to here; 0 for no news
	Place        *Place // where the customer stands in line
}

// staffSubscriber turns applied events into one subscriber's frames.
type staffSubscriber struct {
	*Subscription[Frame]
	only ID   // one conversation, or zero for all
	full bool // with events, not only rows
	last uint64
}

// feed hands out what happened. It is driven by one goroutine at a time.
type feed struct {
	mu     sync.Mutex
	staff  map[*Subscription[Frame]]*staffSubscriber
	public map[*Subscription[PublicFrame]]struct{}
	seq    uint64
}

func newFeed(seq uint64) *feed {
	return &feed{
		staff:  map[*Subscription[Frame]]*staffSubscriber{},
		public: map[*Subscription[PublicFrame]]struct{}{},
		seq:    seq,
	}
}

// publish is the State's watcher.
func (f *feed) publish(applied []Applied) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq = applied[len(applied)-1].Seq
	for _, s := range f.staff {
		s.push(s.frames(applied)...)
	}
	if len(f.public) == 0 {
		return
	}
	frames := publicFrames(applied)
	for s := range f.public {
		s.push(frames...)
	}
}

func (s *staffSubscriber) frames(applied []Applied) []Frame {
	var out []Frame
	for i := range applied {
		a := &applied[i]
		if a.Row == nil || !s.only.IsZero() && s.only != a.Row.ID {
			continue
		}
		fr := Frame{Prev: s.last, Seq: a.Seq, Row: a.Row}
		if s.full {
			fr.Event = a
		}
		s.last = a.Seq
		out = append(out, fr)
	}
	return out
}

func publicFrames(applied []Applied) []PublicFrame {
	var out []PublicFrame
	for _, a := range applied {
		if a.Row == nil {
			continue
		}
		if b, ok := a.Body.(Read); ok && a.Actor.Kind == ActorAccount && b.Ord > 0 {
			out = append(out, PublicFrame{Conversation: a.Row.ID, Contact: a.Row.Contact, Read: a.Row.SeenBy})
		}
		if a.Ord == 0 {
			continue
		}
		if item, ok := publicItem(a.Event, a.Ord); ok {
			out = append(out, PublicFrame{Conversation: a.Row.ID, Contact: a.Row.Contact, Item: &item})
		}
	}
	return out
}

// signal tells staff what is only of the moment.
func (f *feed) signal(sig Signal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.staff {
		if sig.Kind == SignalUnsent && !s.full {
			continue
		}
		if s.only.IsZero() || s.only == sig.Conversation || sig.Conversation.IsZero() {
			s.set(sig.key(), Frame{Signal: &sig})
		}
	}
}

type typingKey struct{ conversation ID }

// typing tells a customer's channel who of the staff writes.
func (f *feed) typing(conversation, contact ID, name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.public {
		s.set(typingKey{conversation}, PublicFrame{Conversation: conversation, Contact: contact, Typing: &name})
	}
}

type placeKey struct{ conversation ID }

// place tells a customer's channel where the customer stands in line.
func (f *feed) place(conversation, contact ID, p Place) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.public {
		s.set(placeKey{conversation}, PublicFrame{Conversation: conversation, Contact: contact, Place: &p})
	}
}

func (f *feed) subscribe(only ID, full bool, limit int) *Subscription[Frame] {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := newSubscription(limit, func(s *Subscription[Frame]) {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.staff, s)
	})
	f.staff[s] = &staffSubscriber{Subscription: s, only: only, full: full}
	return s
}

func (f *feed) subscribePublic(limit int) *Subscription[PublicFrame] {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := newSubscription(limit, func(s *Subscription[PublicFrame]) {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.public, s)
	})
	f.public[s] = struct{}{}
	return s
}
