package plain

import (
	"context"
	"strings"
	"time"

	"hark/desk"
	"hark/desk/when"
)

// colleague finds an account by its handle or the name that customers see, of
// which a beginning is enough where only one has it.
func (s *sitting) colleague(word string) (*desk.Account, error) {
	var all []*desk.Account
	err := s.do(func(ctx context.Context) (err error) {
		all, err = s.desk.Accounts(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var found []*desk.Account
	low := strings.ToLower(word)
	for _, a := range all {
		if a.Name == low {
			return a, nil
		}
		if strings.HasPrefix(a.Name, low) || strings.HasPrefix(strings.ToLower(a.Display), low) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, desk.Errorf(desk.NotFound, "there is nobody called %s here; who tells who there is", clip(word))
	}
	var words []string
	for _, a := range found {
		words = append(words, a.Name)
	}
	return nil, desk.Errorf(desk.Invalid, "%s can be %s; type more of it", clip(word), series(words, "or"))
}

// askColleague asks for one of those who answer customers.
func (s *sitting) askColleague(ask string, then func(*desk.Account) error) error {
	q := question{ask: ask, free: func(word string) error {
		acc, err := s.colleague(word)
		if err != nil {
			return err
		}
		return then(acc)
	}}
	for _, a := range s.desk.Who() {
		q.choices = append(q.choices, choice{agentLine(a), func() error { return then(a.Account) }})
	}
	if len(q.choices) == 0 {
		return desk.Errorf(desk.NotFound, "nobody here answers customers")
	}
	return s.ask(q)
}

func agentLine(a desk.AgentNow) string {
	words := name(a.Account.Display) + ", " + name(a.Account.Name) + ", " + string(a.Presence)
	n := 0
	for _, load := range a.Load {
		n += load
	}
	words += ", " + count(n, "conversation")
	if a.Waiting > 0 {
		words += ", " + count(a.Waiting, "customer") + " waiting"
	}
	return words
}

func cmdWho(s *sitting, _ string) error {
	if why := s.desk.Why(desk.ActListUser); why != nil {
		return why
	}
	for _, a := range s.desk.Who() {
		words := agentLine(a)
		if !a.Until.IsZero() {
			words += ", until " + s.clock(a.Until)
		}
		s.out.line(words + ".")
	}
	return nil
}

func cmdWhy(s *sitting, c *desk.Conversation) error {
	w, err := s.desk.Explain(c.ID)
	if err != nil {
		return err
	}
	words := name(c.Name) + ": " + w.Reason
	if !w.Until.IsZero() {
		words += ", until " + s.clock(w.Until)
	}
	s.out.line(sentence(words))
	switch clock := s.desk.Clock(c); clock.State {
	case desk.ClockBreach:
		s.out.line("The answer was due at " + s.clock(clock.Due) + ".")
	default:
		if clock.Runs() {
			s.out.line("The answer is due by " + s.clock(clock.Due) + ".")
		}
	}
	return s.tellEvidence(c)
}

// cmdStatus tells or sets how the person is there: "status away", "status
// busy 1h".
func cmdStatus(s *sitting, arg string) error {
	word, rest := cut(arg)
	if word == "" {
		acc := s.desk.Account()
		words := "You are " + string(acc.PresenceAt(time.Now()))
		if acc.PresenceAt(time.Now()) == acc.Presence && !acc.Until.IsZero() {
			words += " until " + s.clock(acc.Until)
		}
		s.out.line(words + ". " + s.overview())
		return s.lamps()
	}
	p, err := s.presence(word)
	if err != nil {
		return err
	}
	var until time.Time
	if rest != "" {
		if until, err = when.Parse(rest, s.now()); err != nil {
			return err
		}
	}
	before := s.desk.Account()
	if err := s.do(func(ctx context.Context) error { return s.desk.SetPresence(ctx, p, until) }); err != nil {
		return err
	}
	s.remember("your status", func(ctx context.Context) error {
		return s.desk.SetPresence(ctx, before.PresenceAt(time.Now()), before.Until)
	})
	words := "You are " + string(p)
	if !until.IsZero() {
		words += " " + s.until(until)
	}
	s.out.line(words + ".")
	return nil
}

// presence reads a presence, of which a beginning is enough.
func (s *sitting) presence(word string) (desk.Presence, error) {
	var found []desk.Presence
	for _, p := range desk.Presences() {
		if strings.HasPrefix(string(p), strings.ToLower(word)) {
			found = append(found, p)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return desk.ParsePresence(word)
}

// lamps tells what of the hub is not well.
func (s *sitting) lamps() error {
	for _, l := range s.desk.Lamps() {
		if !l.OK {
			s.out.line("The " + name(l.Part) + " is not well: " + sentence(l.Words))
		}
	}
	return nil
}

// cmdCustomer tells what is known of the customer.
func cmdCustomer(s *sitting, c *desk.Conversation) error {
	contact := s.desk.Contact(c.Contact)
	if contact == nil {
		return desk.Errorf(desk.NotFound, "nothing is known of the customer")
	}
	s.out.line(name(contact.Name) + ", known since " + s.clock(contact.Since) + ".")
	for _, f := range contact.Fields {
		words := name(f.Name) + ": " + oneLine(f.Value)
		if f.Declined {
			words = name(f.Name) + ": not told when asked"
		}
		s.out.line(words + ".")
	}
	if c.Page != "" {
		s.out.line("Wrote from " + name(c.Page) + ".")
	}
	if c.Notice.Version != "" {
		s.out.line("Was shown the notice " + name(c.Notice.Version) + ".")
	}
	s.list = listing{what: "the customer's conversations"}
	for i, o := range s.others(c) {
		s.list.rows = append(s.list.rows, o.ID)
		s.out.line(count(i+1, "") + ". " + s.rowLine(o))
	}
	s.list.total, s.list.next = len(s.list.rows), len(s.list.rows)
	if len(s.list.rows) == 0 {
		s.out.line("There is no other conversation with this customer.")
	}
	return nil
}
