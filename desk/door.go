package desk

import (
	"context"
	"slices"
)

// pageSize is how many events the door reads at once.
const pageSize = 256

// Thread is an open conversation: the only way to its words. It reads the past
// backwards in pages, or as a whole, and Live brings what happens from now on.
type Thread struct {
	s    *Session
	id   ID
	live *Subscription[Frame]
	n    uint64 // the newest event not yet handed out by Older
	ord  uint64 // public events up to n
}

// Open passes the door: it checks that the roles allow opening the
// conversation for the purpose and puts the look on record, once a sitting,
// before any content is returned. how is "open" or "tail". limit is how many
// live frames may wait before they turn into a resync.
func (s *Session) Open(ctx context.Context, id ID, p Purpose, how string, limit int) (*Thread, error) {
	if s.d.state.Conversation(id) == nil {
		return nil, Errorf(NotFound, "there is no such conversation; hark ls shows them")
	}
	if err := s.enter(ctx, id, p, how); err != nil {
		return nil, err
	}
	t := &Thread{s: s, id: id, live: s.d.feed.subscribe(id, true, limit)}
	t.Rewind()
	return t, nil
}

// TailAll passes the door for every conversation at once.
func (s *Session) TailAll(ctx context.Context, p Purpose, limit int) (*Subscription[Frame], error) {
	if err := s.enter(ctx, ID{}, p, "tail"); err != nil {
		return nil, err
	}
	return s.d.feed.subscribe(ID{}, true, limit), nil
}

// enter checks and puts on record. Tails and queries are recorded each time,
// openings once a sitting.
func (s *Session) enter(ctx context.Context, id ID, p Purpose, how string) error {
	if err := s.check(ctx, ActRead, id, p); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock() // a second look waits until the first is on record
	k := entry{id, p}
	if how == "open" && s.entered[k] {
		return nil
	}
	err := s.d.append(ctx, s.d.auditEntry(s.actor, Viewed{Conversation: id, Purpose: p, Sitting: s.id, How: how}))
	if err != nil {
		return err
	}
	s.entered[k] = true
	return nil
}

// Row returns the conversation as it is now.
func (t *Thread) Row() *Conversation { return t.s.d.state.Conversation(t.id) }

// Sources returns the conversations that were merged into this one; their
// words are behind the door as well.
func (t *Thread) Sources() []ID {
	if c := t.Row(); c != nil {
		return c.Sources
	}
	return nil
}

// Live is the subscription to the conversation's events and signals. An event
// may come both by Older and live: its N tells.
func (t *Thread) Live() *Subscription[Frame] { return t.live }

// Close ends the live subscription.
func (t *Thread) Close() { t.live.Close() }

// Rewind makes Older begin at the newest event again.
func (t *Thread) Rewind() {
	t.n, t.ord = 0, 0
	if c := t.Row(); c != nil {
		t.n, t.ord = c.N, c.Ord
	}
}

// Older returns the next page of up to max events towards the past, in order;
// an empty page is the beginning.
func (t *Thread) Older(ctx context.Context, max int) ([]Applied, error) {
	if t.n == 0 || max <= 0 {
		return nil, nil
	}
	from := uint64(1)
	if t.n > uint64(max) {
		from = t.n - uint64(max) + 1
	}
	events, err := t.s.d.journal.ReadStream(ctx, t.id, from, int(t.n-from+1))
	if err != nil {
		return nil, err
	}
	page := make([]Applied, len(events))
	for i, e := range slices.Backward(events) {
		page[i] = Applied{Event: e}
		if Public(e.Body) {
			page[i].Ord = t.ord
			t.ord--
		}
	}
	t.n = from - 1
	return page, nil
}

// Each calls fn with every event of the conversation, oldest first, until it
// fails, and returns the N of the last one.
func (t *Thread) Each(ctx context.Context, fn func(Applied) error) (uint64, error) {
	var n, ord uint64
	for {
		events, err := t.s.d.journal.ReadStream(ctx, t.id, n+1, pageSize)
		if err != nil || len(events) == 0 {
			return n, err
		}
		for _, e := range events {
			a := Applied{Event: e}
			if Public(e.Body) {
				ord++
				a.Ord = ord
			}
			if err := fn(a); err != nil {
				return n, err
			}
			n = e.N
		}
	}
}

// Delivery is how far a message has got.
type Delivery string

// The delivery states. Accepted means journaled; delivered that the customer's
// device said so; received is for messages that came in.
const (
	Received   Delivery = "received"
	Accepted   Delivery = "accepted"
	HandedOver Delivery = "delivered"
)

// DeliveryOf returns how far a message has got, "" for other events.
func (c *Conversation) DeliveryOf(a Applied) Delivery {
	m, ok := a.Body.(Message)
	switch {
	case !ok:
		return ""
	case m.Direction == In:
		return Received
	case a.Ord != 0 && a.Ord <= c.Delivered:
		return HandedOver
	}
	return Accepted
}
