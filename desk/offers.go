package desk

import (
	"context"
	"time"
)

// Router decides who is asked to take what. The desk keeps working without
// one: people then take what they like.
type Router interface {
	// Explain says why a conversation is where it is.
	Explain(id ID) Waiting
	// Place says where a waiting customer stands in line.
	Place(id ID) Place
}

// Waiting says, for a conversation, what its customer waits for.
type Waiting struct {
	Conversation ID        `json:"conversation"`
	Waits        bool      `json:"waits"`           // the customer waits for a word of ours
	Offer        Offer     `json:"offer,omitzero"`  // who is being asked
	Code         string    `json:"code"`            // the reason in a word, such as "offered", "closed", "full"
	Reason       string    `json:"reason"`          // the reason as a sentence
	Until        time.Time `json:"until,omitzero"`  // when it changes by itself
	Queue        string    `json:"queue,omitempty"` // where it waits
}

// Place is where a customer stands in line. Position 0 is not in line: somebody
// serves them, or they wait for nothing.
type Place struct {
	Position int
	Wait     time.Duration // until somebody takes it, as far as it can be told
	Known    bool          // Wait is more than a guess
}

// SetRouter gives the desk its router. It is for the start of a hub.
func (d *Desk) SetRouter(r Router) { d.router.Store(&r) }

// Routing returns how the desk routes. It must not be changed.
func (d *Desk) Routing() *Routing { return &d.routing }

// Explain says why a conversation is where it is.
func (s *Session) Explain(id ID) (Waiting, error) {
	if why := s.Why(ActList); why != nil {
		return Waiting{}, why
	}
	if s.d.state.Conversation(id) == nil {
		return Waiting{}, Errorf(NotFound, "there is no such conversation; hark ls shows them")
	}
	if r := s.d.router.Load(); r != nil {
		return (*r).Explain(id), nil
	}
	return Waiting{Conversation: id, Code: "off", Reason: "nothing is offered here: people take what they like"}, nil
}

// Place says where a customer stands in line.
func (d *Desk) Place(conversation ID) Place {
	if r := d.router.Load(); r != nil {
		return (*r).Place(conversation)
	}
	return Place{}
}

// TellPlace tells the customer's channel where the customer stands in line.
func (d *Desk) TellPlace(conversation ID, p Place) {
	if c := d.state.Conversation(conversation); c != nil {
		d.feed.place(conversation, c.Contact, p)
	}
}

// Clock returns how the queue's promise stands for a conversation.
func (d *Desk) Clock(c *Conversation, now time.Time) Clock {
	if !c.NeedsUs() && c.Status != StatusSnoozed {
		return Clock{}
	}
	return d.routing.Queue(c.Queue).ClockOf(c, now)
}

// Clock returns how the queue's promise stands for a conversation, now.
func (s *Session) Clock(c *Conversation) Clock { return s.d.Clock(c, time.Now()) }

// Offers returns what the session's account is asked to take, the offer that
// ends first at the front.
func (s *Session) Offers() []*Conversation { return s.d.state.Offers(s.actor.ID) }

// Decline says no to an offer; somebody else is asked. To accept is to claim.
func (s *Session) Decline(ctx context.Context, id ID) error {
	return s.decide(ctx, ActClaim, id, func(c *Conversation) ([]Body, error) {
		if c.Offer.To != s.actor.ID {
			return nil, Errorf(Conflict, "this conversation is no longer offered to you")
		}
		return []Body{OfferEnded{To: s.actor.ID, Why: Declined}}, nil
	})
}

// Offer asks an account to take a conversation that waits, until a time.
func (d *Desk) Offer(ctx context.Context, id, to ID, until time.Time) error {
	return d.decide(ctx, id, func(c *Conversation) ([]Body, error) {
		switch {
		case !c.NeedsUs():
			return nil, Errorf(Conflict, "nobody waits there")
		case !c.Assignee.IsZero():
			return nil, Errorf(Conflict, "%s has this conversation", d.accountName(c.Assignee))
		case c.Offer.Live():
			return nil, Errorf(Conflict, "%s is being asked", d.accountName(c.Offer.To))
		}
		return []Body{Offered{To: to, Until: until.Truncate(time.Millisecond).UTC()}}, nil
	})
}

// EndOffer ends the offer to an account, where there still is one.
func (d *Desk) EndOffer(ctx context.Context, id, to ID, why OfferEnd) error {
	return d.decide(ctx, id, func(c *Conversation) ([]Body, error) {
		if c.Offer.To != to {
			return nil, nil
		}
		return []Body{OfferEnded{To: to, Why: why}}, nil
	})
}

// Free takes a conversation from an account that is not there for it; why is
// a word for the record, such as "lease".
func (d *Desk) Free(ctx context.Context, id, from ID, why string) error {
	return d.decide(ctx, id, func(c *Conversation) ([]Body, error) {
		if c.Assignee != from {
			return nil, nil
		}
		return []Body{Assigned{Why: why}}, nil
	})
}

// WakeDue ends a snooze whose time has come.
func (d *Desk) WakeDue(ctx context.Context, id ID) error {
	return d.decide(ctx, id, func(c *Conversation) ([]Body, error) {
		if c.Status != StatusSnoozed || c.Until.IsZero() || time.Now().Before(c.Until) {
			return nil, nil
		}
		return []Body{Woken{}}, nil
	})
}

// Breach puts on record that a customer waited longer than promised.
func (d *Desk) Breach(ctx context.Context, id ID, target Target, due time.Time) error {
	return d.decide(ctx, id, func(c *Conversation) ([]Body, error) {
		if c.Breached || c.Since.IsZero() {
			return nil, nil
		}
		return []Body{Breached{Target: target, Due: due.Truncate(time.Millisecond).UTC()}}, nil
	})
}

// Situation is how the desk stands towards somebody who thinks of writing.
type Situation struct {
	Queue  string
	Open   bool      // within the queue's hours
	Agents int       // who are at work and available
	Opens  time.Time // closed: when it opens; zero for not foreseen
}

// Situation returns how the queue of a page stands.
func (d *Desk) Situation(page string) Situation { return d.situation(d.routing.For(page)) }

// SituationOf returns how the queue of a conversation stands.
func (d *Desk) SituationOf(id ID) Situation {
	name := ""
	if c := d.state.Conversation(id); c != nil {
		name = c.Queue
	}
	return d.situation(d.routing.Queue(name))
}

func (d *Desk) situation(q *Queue) Situation {
	now := time.Now()
	s := Situation{Queue: q.Name, Open: q.Hours.Open(now)}
	if !s.Open {
		s.Opens, _ = q.Hours.Opens(now)
	}
	s.Agents = d.available(q, now)
	return s
}

// available counts who of a queue is at work and takes more.
func (d *Desk) available(q *Queue, now time.Time) (n int) {
	for id, duty := range d.Staffing() {
		acc := d.state.Account(id)
		if duty.Sessions > 0 && acc != nil && q.Has(acc) && acc.PresenceAt(now) == Available {
			n++
		}
	}
	return n
}

// QueueInfo is a queue as of this moment.
type QueueInfo struct {
	Queue   *Queue
	Open    bool
	Opens   time.Time // closed: when it opens; zero for not foreseen
	Waiting int       // customers whom nobody has
	Oldest  time.Time // since when the first of them waits
	Agents  int       // who are at work and available
}

// Queues returns every queue.
func (s *Session) Queues() []QueueInfo {
	if s.Why(ActList) != nil {
		return nil
	}
	now := time.Now()
	all := make([]QueueInfo, len(s.d.routing.Queues))
	place := map[string]int{}
	for i := range all {
		q := &s.d.routing.Queues[i]
		all[i] = QueueInfo{Queue: q, Open: q.Hours.Open(now), Agents: s.d.available(q, now)}
		if !all[i].Open {
			all[i].Opens, _ = q.Hours.Opens(now)
		}
		place[q.Name] = i
	}
	s.d.state.Each(Unassigned, ID{}, func(c *Conversation) bool {
		i, ok := place[s.d.routing.Queue(c.Queue).Name]
		if !ok || !c.NeedsUs() {
			return true
		}
		all[i].Waiting++
		if !c.Since.IsZero() && (all[i].Oldest.IsZero() || c.Since.Before(all[i].Oldest)) {
			all[i].Oldest = c.Since
		}
		return true
	})
	return all
}

// decide is Session.decide for what the hub does by itself.
func (d *Desk) decide(ctx context.Context, id ID, f func(*Conversation) ([]Body, error)) error {
	s := &Session{d: d, actor: Hub()}
	return s.settle(ctx, id, f, func(*Conversation) []Entry { return nil })
}
