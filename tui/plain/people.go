package plain

import (
	"context"
	"slices"
	"strings"
	"time"

	"hark/desk"
	"hark/desk/deed"
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
	return nil
}

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

// cmdViews tells the lists that have a name.
func cmdViews(s *sitting, _ string) error {
	counts := s.desk.Counts()
	for _, v := range []desk.View{desk.Mine, desk.Unassigned, desk.All, desk.Done} {
		s.out.line(string(v) + ": " + count(counts[v], "conversation") + ".")
	}
	for _, v := range s.desk.Views() {
		n := ""
		if w, err := s.desk.Search(v.Query, 0, 1); err == nil {
			n = count(w.Total, "conversation") + ", "
		}
		s.out.line(name(v.Name) + ": " + n + "the search " + name(v.Query) + ".")
	}
	return nil
}

// saveView gives the last search, or the one behind the name, a name.
func (s *sitting) saveView(arg string) error {
	title, query := cut(arg)
	if query == "" {
		query = s.list.query
	}
	if title == "" || query == "" {
		return desk.Errorf(desk.Invalid, "say a name and a search, as in: save view refunds tag:refund is:open")
	}
	var before string
	if i := slices.IndexFunc(s.desk.Views(), func(v desk.SavedView) bool { return v.Name == title }); i >= 0 {
		before = s.desk.Views()[i].Query
	}
	if err := s.do(func(ctx context.Context) error { return s.desk.SaveView(ctx, title, query) }); err != nil {
		return err
	}
	s.remember("the view "+title, func(ctx context.Context) error {
		if before == "" {
			return s.desk.RemoveView(ctx, title)
		}
		return s.desk.SaveView(ctx, title, before)
	})
	s.out.line("The search " + name(query) + " is the view " + name(title) + " now. List " + name(title) + " tells it.")
	return nil
}

// cmdForget takes a saved view away.
func cmdForget(s *sitting, arg string) error {
	_, title := cutWord(arg, "view")
	i := slices.IndexFunc(s.desk.Views(), func(v desk.SavedView) bool { return v.Name == title })
	if i < 0 {
		return desk.Errorf(desk.NotFound, "you have no view %q; views tells them", clip(title))
	}
	query := s.desk.Views()[i].Query
	if err := s.do(func(ctx context.Context) error { return s.desk.RemoveView(ctx, title) }); err != nil {
		return err
	}
	s.remember("the view "+title+" forgotten", func(ctx context.Context) error { return s.desk.SaveView(ctx, title, query) })
	s.out.line("The view " + name(title) + " is forgotten.")
	return nil
}

// cmdSearch tells what a search finds, or how one is written.
func cmdSearch(s *sitting, arg string) error {
	if arg != "" {
		s.list = listing{what: arg, query: arg}
		return s.more()
	}
	s.out.line(`Search takes words, "several words" in quotes, a dash in front for what must not be there, and:`)
	for _, f := range desk.QueryFields() {
		s.out.line(f[0] + ", " + f[1])
	}
	return nil
}
