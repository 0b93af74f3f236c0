package plain

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"strings"

	"hark/desk"
)

// someMail returns a mail of the conversation at hand by its number, or the
// newest that a person wrote to us.
func (s *sitting) someMail(word string) (found desk.Applied, err error) {
	if _, err := s.target(""); err != nil {
		return found, err
	}
	var want uint64
	if word != "" {
		if want, err = strconv.ParseUint(word, 10, 32); err != nil {
			return found, desk.Errorf(desk.Invalid, "%q is not a number of a message; numbers tells them", clip(word))
		}
	}
	err = s.do(func(ctx context.Context) error {
		_, err := s.room.thread.Each(ctx, func(a desk.Applied) error {
			m := mailOf(a)
			switch {
			case m == nil || s.room.gone[a.ID]:
			case want != 0:
				if a.N == want {
					found = a
				}
			case m.Direction == desk.In && !m.Mail.Muted && (found.ID.IsZero() || !saidAt(a).Before(saidAt(found))):
				found = a
			}
			return nil
		})
		return err
	})
	if err == nil && found.ID.IsZero() {
		err = desk.Errorf(desk.NotFound, "there is no such mail here; numbers tells the messages with their numbers")
	}
	return found, err
}

// mailOf returns the mail that an event is or carries, nil for anything else.
func mailOf(a desk.Applied) *desk.Message {
	switch b := a.Body.(type) {
	case desk.Message:
		if b.Mail != nil {
			return &b
		}
	case desk.MovedIn:
		if b.Message != nil && b.Message.Mail != nil {
			return b.Message
		}
	}
	return nil
}

// cmdWhole tells all of a mail: also what it repeats, and its signature.
func cmdWhole(s *sitting, arg string) error {
	a, err := s.someMail(arg)
	if err != nil {
		return err
	}
	m := mailOf(a)
	s.out.line(s.mailHead(a.Event, *m) + ", subject " + name(m.Mail.Subject) + ", " + s.clock(saidAt(a)))
	for line := range strings.SplitSeq(m.Text, "\n") {
		if strings.TrimSpace(line) != "" {
			s.out.line("| " + line)
		}
	}
	for _, words := range m.Mail.Mended {
		s.out.line("On reading it was mended: " + sentence(words))
	}
	return nil
}

// How much of a raw mail is told: a few screens, and with all as much as can
// be listened to.
const (
	rawLines = 60
	rawMost  = 256 << 10
)

// cmdRaw tells a mail as it came or went, headers and all.
func cmdRaw(s *sitting, arg string) error {
	all, rest := cutWord(arg, "all")
	a, err := s.someMail(rest)
	if err != nil {
		return err
	}
	id := s.room.id
	return s.do(func(ctx context.Context) error {
		r, err := s.desk.RawMail(ctx, id, a.ID)
		if err != nil {
			return err
		}
		return s.tellRaw(r, all)
	})
}

// tellRaw tells a raw mail line by line, each with a bar before it: a line of
// its own could pretend to be somebody else's words.
func (s *sitting) tellRaw(r io.ReadCloser, all bool) error {
	defer func() { _ = r.Close() }() // it was only read
	lines := bufio.NewScanner(io.LimitReader(r, rawMost))
	lines.Buffer(make([]byte, 4096), rawMost+1)
	for n := 0; lines.Scan(); n++ {
		if n == rawLines && !all {
			s.out.line("There is more: say raw all.")
			return nil
		}
		s.out.line("| " + strings.TrimSuffix(lines.Text(), "\r"))
	}
	return lines.Err()
}

// tellEvidence says why each mail is in a conversation.
func (s *sitting) tellEvidence(c *desk.Conversation) error {
	if c.Subject == "" && c.Account == "" {
		return nil // it has no mail
	}
	var all []desk.MailEvidence
	err := s.do(func(ctx context.Context) (err error) {
		all, err = s.desk.WhyJoined(ctx, c.ID)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range all {
		s.out.line("The mail of " + name(m.From.String()) + ", " + s.clock(m.At) + ":")
		for _, e := range m.Evidence {
			words := oneLine(e.Words)
			if e.Refused {
				words = "not followed: " + words
			}
			if !e.Conversation.IsZero() && e.Conversation != c.ID {
				words += ", " + s.desk.Short(e.Conversation)
			}
			s.out.line(sentence(string(e.Rule) + ": " + words))
		}
	}
	return nil
}

// trouble runs an act on the mail that somebody must look after, or asks which.
func (s *sitting) trouble(act func(desk.ID) error) error {
	row, err := s.target("")
	switch {
	case err != nil:
		return err
	case len(row.Trouble) == 0:
		return desk.Errorf(desk.NotFound, "every mail of this conversation left, as far as is known")
	case len(row.Trouble) == 1:
		return act(row.Trouble[0].Item)
	}
	q := question{ask: "Number of the mail"}
	for _, t := range row.Trouble {
		q.choices = append(q.choices, choice{s.mailTo(t.Item) + ", " + string(t.State), func() error { return act(t.Item) }})
	}
	return s.ask(q)
}

// cmdAgain sends an undelivered mail once more, after a yes: whoever has it
// already gets it twice.
func cmdAgain(s *sitting, _ string) error {
	return s.trouble(func(item desk.ID) error {
		return s.sure("Whoever has "+s.mailTo(item)+" already gets it twice.", func() error {
			if err := s.do(func(ctx context.Context) error { return s.desk.Resend(ctx, s.room.id, item) }); err != nil {
				return err
			}
			s.out.line(firstUpper(s.mailTo(item)) + " goes out again.")
			return nil
		})
	})
}

// sure asks for a yes.
func (s *sitting) sure(words string, then func() error) error {
	s.out.line(words)
	return s.ask(question{ask: "Yes or no", free: func(answer string) error {
		if !strings.EqualFold(answer, "yes") {
			s.out.line("Left as it was.")
			return nil
		}
		return then()
	}})
}

// cmdSettle says that an undelivered mail is dealt with: "settle called her".
func cmdSettle(s *sitting, arg string) error {
	return s.trouble(func(item desk.ID) error {
		if err := s.do(func(ctx context.Context) error { return s.desk.Settle(ctx, s.room.id, item, arg) }); err != nil {
			return err
		}
		s.out.line("Dealt with " + s.mailTo(item) + ".")
		return nil
	})
}

// cmdJoin joins a conversation to the one that it may belong to.
func cmdJoin(s *sitting, c *desk.Conversation) error {
	var into desk.ID
	err := s.do(func(ctx context.Context) (err error) {
		into, err = s.desk.AcceptJoin(ctx, c.ID)
		return err
	})
	if err != nil {
		return err
	}
	gone := c.ID
	if into == gone {
		gone = c.Proposed
	}
	s.both(into, gone)
	s.rememberBoth("joined "+s.desk.Short(gone)+" to "+s.desk.Short(into), func(ctx context.Context) error { return s.desk.Unmerge(ctx, gone) }, into, gone)
	s.out.line("Joined. They go on in " + s.desk.Short(into) + ". Undo parts them again.")
	if s.room != nil && s.room.id == gone {
		return s.openRoom(into)
	}
	return nil
}

// cmdApart says that a conversation stands for itself.
func cmdApart(s *sitting, c *desk.Conversation) error {
	if c.Proposed.IsZero() {
		return desk.Errorf(desk.NotFound, "nothing says that it belongs to another conversation")
	}
	if err := s.do(func(ctx context.Context) error { return s.desk.DeclineJoin(ctx, c.ID) }); err != nil {
		return err
	}
	s.touch(c.ID)
	s.out.line("It stays a conversation of its own.")
	return nil
}
