package plain

import (
	"context"

	"hark/desk"
	"hark/desk/deed"
	"hark/desk/when"
)

// cmdQueue puts the conversation at hand into a queue, or tells the queues.
func cmdQueue(s *sitting, arg string) error {
	if arg == "" {
		return s.queues()
	}
	c, err := s.target("")
	if err != nil {
		return err
	}
	who := name(c.Name)
	return s.perform(c, deed.Enqueue(s.desk, arg), who+" is in the queue "+name(arg)+" now", "the queue of "+who, who+" is in that queue already")
}

func (s *sitting) queues() error {
	if why := s.desk.Why(desk.ActList); why != nil {
		return why
	}
	all := s.desk.Queues()
	if len(all) == 0 {
		s.out.line("There are no queues here: every conversation is for everybody.")
	}
	for _, q := range all {
		words := name(q.Queue.Name) + ": "
		switch {
		case q.Open:
			words += "open, "
		case q.Opens.IsZero():
			words += "closed, "
		default:
			words += "closed until " + s.clock(q.Opens) + ", "
		}
		words += count(q.Waiting, "customer") + " waiting"
		if q.Waiting > 0 && !q.Oldest.IsZero() {
			words += ", the first for " + when.Long(s.now().Sub(q.Oldest))
		}
		s.out.line(words + ", " + count(q.Agents, "agent") + " available.")
	}
	return nil
}

// cmdOffers tells what the person is asked to take; its numbers are those of
// the last list.
func cmdOffers(s *sitting, _ string) error {
	offers := s.desk.Offers()
	if len(offers) == 0 {
		s.out.line("Nothing is offered to you.")
		return nil
	}
	s.list = listing{what: "offers", total: len(offers)}
	for i, c := range offers {
		s.list.rows = append(s.list.rows, c.ID)
		s.out.line(count(i+1, "") + ". " + s.rowLine(c) + ", until " + s.clock(c.Offer.Until))
	}
	s.out.line("Accept or decline, with a number where there are several.")
	return nil
}

// offered returns the offer that a word means, or the most urgent one.
func (s *sitting) offered(word string) (*desk.Conversation, error) {
	offers := s.desk.Offers()
	if len(offers) == 0 {
		return nil, desk.Errorf(desk.NotFound, "nothing is offered to you now")
	}
	if word == "" {
		if len(offers) > 1 {
			return nil, desk.Errorf(desk.Invalid, "%d conversations are offered to you; say which one, offers tells them", len(offers))
		}
		return offers[0], nil
	}
	return s.target(word)
}

// cmdAccept takes what is offered and opens it.
func cmdAccept(s *sitting, arg string) error {
	c, err := s.offered(arg)
	if err != nil {
		return err
	}
	if err := s.assign(c, s.desk.Actor().ID, "You have "+name(c.Name)+" now"); err != nil {
		return err
	}
	return s.openRoom(c.ID)
}

func cmdDecline(s *sitting, arg string) error {
	c, err := s.offered(arg)
	if err != nil {
		return err
	}
	if err := s.do(func(ctx context.Context) error { return s.desk.Decline(ctx, c.ID) }); err != nil {
		return err
	}
	s.touch(c.ID)
	s.out.line("Declined " + name(c.Name) + ". Somebody else is asked.")
	return nil
}
