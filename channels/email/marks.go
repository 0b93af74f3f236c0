package email

import (
	"context"

	"hark/desk"
)

// The marks of RFC 9051, section 2.3.2, that follow what staff do.
const (
	flagSeen     = `\Seen`
	flagAnswered = `\Answered`
)

// mirror marks on the server what staff have read and answered, for people who
// look at the mailbox elsewhere.
func (s *Server) mirror(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-s.o.Desk.MailMarks():
			s.mark(ctx, m)
		}
	}
}

func (s *Server) mark(ctx context.Context, m desk.MailMark) {
	if !m.Answered.IsZero() {
		s.flag(ctx, m.Answered, flagSeen, flagAnswered)
	}
	if m.Read == 0 {
		return
	}
	items, err := s.o.Desk.MailItems(ctx, m.Conversation)
	if err != nil {
		s.log.Warn("what was read is not marked on the mail server", "error", desk.CodeOf(err))
		return
	}
	for _, item := range items[max(0, len(items)-int(min(m.Read, uint64(len(items))))):] {
		s.flag(ctx, item, flagSeen)
	}
}

// flag marks a mail where it lies; one that lies nowhere any more is passed
// over.
func (s *Server) flag(ctx context.Context, mail desk.ID, flags ...string) {
	row, err := s.o.Store.Row(ctx, mail)
	if err != nil || row.Vanished {
		return
	}
	for _, a := range s.accounts {
		if a.Name == row.Account {
			a.engine.Flag(row.Place, flags...)
		}
	}
}
