package email

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"hark/channels/email/mailsync"
	"hark/channels/email/read"
	"hark/channels/email/thread"
	"hark/desk"
)

// Accounts implements desk.Mailroom. The list is as new as half a second ago,
// and is not to be changed.
func (s *Server) Accounts() []desk.MailAccount { return *s.board.Load() }

// survey looks how every account is. Counters that cannot be had are as they
// were before.
func (s *Server) survey(ctx context.Context, before *[]desk.MailAccount) *[]desk.MailAccount {
	all := make([]desk.MailAccount, 0, len(s.accounts))
	for _, a := range s.accounts {
		status := a.engine.Status()
		m := desk.MailAccount{
			Name: a.Name, Address: a.Address, Signature: a.Signature, Queue: a.Queue,
			State: status.State, Words: s.words(status), Since: status.Since, Fresh: status.Fresh,
			Done: status.Done, Total: status.Total, Rate: status.Rate, Posting: s.outbox.Posting(a.Name),
		}
		m.Counters = countersOf(before, a.Name)
		if c, err := s.o.Store.Counters(ctx, a.Name); err == nil {
			m.Counters = desk.MailCount{
				Fetched: c.Fetched, Threaded: c.Threaded, Copies: c.Copies, Waiting: c.Waiting, Quarantined: c.Quarantined, Dropped: c.Dropped,
			}
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b desk.MailAccount) int { return strings.Compare(a.Name, b.Name) })
	return &all
}

// countersOf returns an account's counters of an earlier survey.
func countersOf(before *[]desk.MailAccount, name string) desk.MailCount {
	if before == nil {
		return desk.MailCount{}
	}
	i := slices.IndexFunc(*before, func(m desk.MailAccount) bool { return m.Name == name })
	if i < 0 {
		return desk.MailCount{}
	}
	return (*before)[i].Counters
}

// Stamp implements desk.Mailroom.
func (s *Server) Stamp(account string, conversation, item desk.ID, subject string) desk.Stamp {
	stamp := desk.Stamp{Subject: subject}
	for _, a := range s.accounts {
		if a.Name != account {
			continue
		}
		stamp.MessageID = s.keys.MessageID(conversation, item, a.Address.Domain())
		if a.Plus {
			stamp.ReplyTo = []desk.Address{{Name: a.Address.Name, Mail: s.keys.Plus(a.Address.Mail, conversation)}}
		}
		if a.Tag {
			stamp.Subject = strings.TrimSpace(thread.Untagged(subject) + " " + s.keys.Tag(conversation).String())
		}
	}
	return stamp
}

// Raw implements desk.Mailroom.
func (s *Server) Raw(ctx context.Context, mail desk.ID) (io.ReadCloser, int64, error) {
	r, size, err := s.o.Store.Open(ctx, mail)
	if desk.CodeOf(err) != desk.NotFound {
		return r, size, err
	}
	b, sent := s.o.Store.LetterBytes(ctx, mail)
	if sent != nil {
		return nil, 0, desk.Errorf(desk.NotFound, "the bytes of this mail are not here: it has not left yet, or it was erased")
	}
	return io.NopCloser(bytes.NewReader(b)), int64(len(b)), nil
}

// Part implements desk.Mailroom.
func (s *Server) Part(ctx context.Context, mail desk.ID, n int) (io.ReadCloser, error) {
	raw, size, err := s.o.Store.Open(ctx, mail)
	if err != nil {
		return nil, err
	}
	_, r, err := read.PartReader(raw, size, n)
	if err != nil {
		_ = raw.Close() // it was only read
		return nil, err
	}
	return closing{r, raw}, nil
}

// Quarantine implements desk.Mailroom.
func (s *Server) Quarantine(ctx context.Context) ([]desk.Quarantined, error) {
	problems, err := s.o.Store.Problems(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]desk.Quarantined, 0, len(problems))
	for _, p := range slices.Backward(problems) {
		q := desk.Quarantined{
			ID: p.ID, Account: p.Account, Box: p.Box, UID: p.UID, Stage: p.Stage, Why: p.Why, At: p.At, Attempts: p.Attempts,
		}
		if r, size, err := s.o.Store.Open(ctx, p.ID); err == nil {
			q.Size = size
			_ = r.Close() // nothing was read
		}
		all = append(all, q)
	}
	return all, nil
}

// QuarantineRaw implements desk.Mailroom.
func (s *Server) QuarantineRaw(ctx context.Context, id desk.ID) (io.ReadCloser, error) {
	r, _, err := s.o.Store.Open(ctx, id)
	if desk.CodeOf(err) == desk.NotFound {
		return nil, desk.Errorf(desk.NotFound, "nothing of this mail could be fetched; its account's mailbox has it")
	}
	return r, err
}

// RetryQuarantined implements desk.Mailroom.
func (s *Server) RetryQuarantined(ctx context.Context, id desk.ID) error {
	if err := s.o.Store.Release(ctx, id); err != nil {
		return err
	}
	s.intake.Wake()
	s.Poke("")
	return nil
}

// DropQuarantined implements desk.Mailroom.
func (s *Server) DropQuarantined(ctx context.Context, id desk.ID) error {
	defer s.ring()
	return s.o.Store.Drop(ctx, id)
}

// Resend implements desk.Mailroom.
func (s *Server) Resend(ctx context.Context, item desk.ID) error { return s.outbox.Resend(ctx, item) }

// Poke implements desk.Mailroom.
func (s *Server) Poke(account string) {
	for _, a := range s.accounts {
		if account == "" || a.Name == account {
			a.engine.Poke()
			s.outbox.Poke(a.Name)
		}
	}
	s.ring()
}

// words says how an account is, and when it is tried again.
func (s *Server) words(status mailsync.Status) string {
	if !status.Next.IsZero() && status.Words != "" {
		return status.Words + "; next try at " + status.Next.In(s.zone()).Format("15:04:05")
	}
	if status.Words != "" {
		return status.Words
	}
	switch status.State {
	case desk.MailConnecting:
		return "connecting"
	case desk.MailSyncing:
		return progress(status)
	case desk.MailIdle, desk.MailPolling:
		return "ok"
	case desk.MailTrouble, desk.MailRefused:
	}
	return string(status.State)
}
