package plain

import (
	"context"
	"strconv"
	"strings"

	"hark/desk"
)

// cmdQuarantine tells the mails that could not be taken in; "quarantine 2"
// tells what there is of one, "quarantine retry 2" tries again, "quarantine
// drop 2 junk" gives it up.
func cmdQuarantine(s *sitting, arg string) error {
	var all []desk.Quarantined
	err := s.do(func(ctx context.Context) (err error) {
		all, err = s.desk.Quarantine(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if arg == "" {
		s.tellQuarantine(all)
		return nil
	}
	what, rest := cut(arg)
	if number(what) == 0 {
		arg = rest
	} else {
		what = ""
	}
	word, words := cut(arg)
	n := number(word)
	if n < 1 || n > len(all) {
		return desk.Errorf(desk.NotFound, "there is no number %s in quarantine; quarantine tells them", clip(word))
	}
	m := all[n-1]
	switch strings.ToLower(what) {
	case "":
		return s.do(func(ctx context.Context) error {
			r, err := s.desk.QuarantineRaw(ctx, m.ID)
			if err != nil {
				return err
			}
			return s.tellRaw(r, strings.EqualFold(words, "all"))
		})
	case "retry":
		if err := s.do(func(ctx context.Context) error { return s.desk.RetryQuarantined(ctx, m.ID) }); err != nil {
			return err
		}
		s.out.line("Tried again; what can be read comes into the inbox.")
		return nil
	case "drop":
		return s.dropQuarantined(m, words)
	}
	return desk.Errorf(desk.Invalid, "say quarantine, quarantine 2, quarantine retry 2, or quarantine drop 2 and why")
}

func (s *sitting) dropQuarantined(m desk.Quarantined, why string) error {
	if why == "" {
		return desk.Errorf(desk.Invalid, "say why, as in: quarantine drop 2 junk")
	}
	return s.sure("It leaves the quarantine and does not come back: "+quarantinedName(m)+".", func() error {
		if err := s.do(func(ctx context.Context) error { return s.desk.DropQuarantined(ctx, m.ID, why) }); err != nil {
			return err
		}
		s.out.line("Given up.")
		return nil
	})
}

func quarantinedName(m desk.Quarantined) string {
	return name(m.Account) + ", " + name(m.Box) + ", mail " + strconv.FormatUint(uint64(m.UID), 10)
}

func (s *sitting) tellQuarantine(all []desk.Quarantined) {
	if len(all) == 0 {
		s.out.line("No mail is in quarantine: everything that was fetched could be read.")
		return
	}
	for i, m := range all {
		s.out.line(strconv.Itoa(i+1) + ". " + quarantinedName(m) + ": " + oneLine(m.Why) + ", failed to " + name(m.Stage) + " " + count(m.Attempts, "time") + ", " + s.clock(m.At))
	}
	s.out.line("Quarantine and a number tells what there is of one; retry or drop before the number tries again or gives it up.")
}

// cmdMailboxes tells how every mail account is; "mailboxes now" asks all of
// them now.
func cmdMailboxes(s *sitting, arg string) error {
	if strings.EqualFold(arg, "now") {
		if err := s.do(func(ctx context.Context) error { return s.desk.PokeMail(ctx, "") }); err != nil {
			return err
		}
		s.out.line("Every mailbox is asked now.")
		return nil
	}
	all := s.desk.MailAccounts()
	if len(all) == 0 {
		s.out.line("This desk has no mail account.")
	}
	for _, a := range all {
		s.out.line(s.accountLine(a))
	}
	return nil
}

func (s *sitting) accountLine(a desk.MailAccount) string {
	words := "Mail " + name(a.Name) + ", " + name(a.Address.String()) + ": " + oneLine(a.Words)
	if a.Words == "" {
		words = "Mail " + name(a.Name) + ", " + name(a.Address.String()) + ": " + string(a.State)
	}
	if !a.Fresh.IsZero() {
		words += ", up to date as of " + s.clock(a.Fresh)
	}
	if a.Done < a.Total {
		words += ", first synchronisation " + strconv.Itoa(a.Done) + " of " + strconv.Itoa(a.Total)
	}
	c := a.Counters
	words += ". " + strconv.Itoa(c.Fetched) + " fetched: " + strconv.Itoa(c.Threaded) + " in conversations, " + strconv.Itoa(c.Copies) + " copied, " + strconv.Itoa(c.Waiting) + " not read yet, " + strconv.Itoa(c.Quarantined) + " in quarantine, " + strconv.Itoa(c.Dropped) + " given up"
	return sentence(words)
}

// tellMailboxes tells at the beginning of those mail accounts that are not
// well.
func (s *sitting) tellMailboxes() {
	for _, a := range s.desk.MailAccounts() {
		if !a.State.Well() || a.Counters.Quarantined > 0 {
			s.out.line(s.accountLine(a))
		}
	}
}
