package plain

import (
	"context"

	"hark/desk"
)

// cmdMail writes a mail that belongs to no conversation yet.
func cmdMail(s *sitting, arg string) error {
	if why := s.desk.Why(desk.ActReply); why != nil {
		return why
	}
	l := letter{slot: desk.NewMailDraft(s.desk.Actor().ID)}
	var draft desk.Draft
	err := s.do(func(ctx context.Context) (err error) {
		draft, err = s.desk.Draft(ctx, l.slot)
		return err
	})
	if err != nil {
		return err
	}
	if desk.IsOutgoing(draft.Text) {
		if l, err = s.fromDraft(l, draft.Text); err != nil {
			return err
		}
		if arg != "" {
			return desk.Errorf(desk.Conflict, "you are writing a mail to %s already; mail alone goes on with it", addresses(l.o.Everyone()))
		}
		return s.writeMail(l)
	}
	return s.from(l, arg)
}

// from asks which account a mail goes out from, where there are several.
func (s *sitting) from(l letter, to string) error {
	accounts := s.desk.MailAccounts()
	if len(accounts) == 0 {
		return desk.Errorf(desk.Unavailable, "this desk has no mail account; add a [mail.NAME] to hark.toml")
	}
	if len(accounts) == 1 {
		l.o.Account = accounts[0].Name
		return s.addressed(l, to)
	}
	q := question{ask: "Number of the account it goes out from"}
	for _, a := range accounts {
		q.choices = append(q.choices, choice{name(a.Name) + ", " + name(a.Address.String()), func() error {
			l.o.Account = a.Name
			return s.addressed(l, to)
		}})
	}
	return s.ask(q)
}

// addressed asks for the head of a mail, field by field in their order: whom
// it goes to, who gets a copy, and what it is about. What is there is kept by
// an empty line.
func (s *sitting) addressed(l letter, to string) error {
	cc := func(l letter) error {
		return s.askAddresses("Copies to, or enter for none", l, func(o *desk.Outgoing) *[]desk.Address { return &o.Cc }, true, s.askSubject)
	}
	field := func(o *desk.Outgoing) *[]desk.Address { return &o.To }
	if to == "" {
		return s.askAddresses("To", l, field, len(l.o.To) > 0, cc)
	}
	all, err := desk.ParseAddresses(to)
	if err != nil {
		return err
	}
	l.o.To = all
	return cc(l)
}

// askAddresses asks for the addresses of one field; with empty an empty line
// leaves it as it is.
func (s *sitting) askAddresses(ask string, l letter, field func(*desk.Outgoing) *[]desk.Address, empty bool, then func(letter) error) error {
	q := question{ask: ask}
	q.free = func(words string) error {
		all, err := desk.ParseAddresses(words)
		if err != nil {
			s.question = &q
			return err
		}
		*field(&l.o) = all
		return then(l)
	}
	if empty {
		q.empty = func() error { return then(l) }
	}
	return s.ask(q)
}

func (s *sitting) askSubject(l letter) error {
	ask := "Subject"
	if l.o.Subject != "" {
		ask = "Subject, or enter for " + name(l.o.Subject)
	}
	return s.ask(question{
		ask:   ask,
		free:  func(words string) error { l.o.Subject = words; return s.writeMail(l) },
		empty: func() error { return s.writeMail(l) },
	})
}
