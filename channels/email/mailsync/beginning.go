package mailsync

import (
	"context"
	"slices"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
)

// fetchBeginning keeps the header and the first bytes of a mail that is too
// large to be fetched unasked, or that does not arrive whole; the rest is then
// left to the connection for large mails.
func (s *session) fetchBeginning(ctx context.Context, f *follow, bad *suspect) (missing []uint32, err error) {
	var header, text []byte
	err = within(ctx, s.e.limits.Answer+s.e.limits.Stall, func(ctx context.Context) (err error) {
		header, text, err = s.box.Start(ctx, bad.uid, s.e.limits.Start)
		return err
	})
	if err != nil {
		return []uint32{bad.uid}, err
	}
	s.e.board.seen()
	if len(header) == 0 {
		return []uint32{bad.uid}, nil
	}
	bad.meta.UID = bad.uid
	a := s.e.arrival(f, bad.meta, slices.Concat(header, text))
	a.Partial = len(header) >= imap.HeaderLimit || int64(len(text)) >= s.e.limits.Start
	if err := s.keep(ctx, f, []mailbox.Arrival{a}); err != nil {
		return []uint32{bad.uid}, err
	}
	if a.Partial && a.Size <= s.e.limits.Hard {
		h := s.oversized(f, bad.meta)
		h.partial = true
		s.e.large.push(h)
	}
	return nil, nil
}

// resumePartial queues, once, the partial mails in the ledger whose rest was
// never fetched: an earlier process may have ended before. It looks at one
// mailbox at a time.
func (s *session) resumePartial(ctx context.Context) (did bool, err error) {
	if s.e.large.takeLost() {
		for _, f := range s.e.follows {
			f.resumed = false
		}
	}
	for _, f := range s.e.follows {
		if f.resumed || f.closed {
			continue
		}
		rows, err := s.e.o.Store.Partials(ctx, s.e.o.Account, f.name, f.cursor.Validity)
		if err != nil {
			return false, &keepError{err}
		}
		f.resumed = true
		for _, r := range rows {
			if s.unfinished(r) {
				rest := s.oversized(f, imap.Meta{UID: r.UID, Size: r.Size, Received: r.Received})
				rest.partial, rest.past = true, r.Past
				s.e.large.push(rest)
			}
		}
		return true, nil
	}
	return false, nil
}

// unfinished reports whether the rest of a mail is still to be fetched.
func (s *session) unfinished(r mailbox.Row) bool {
	kept := r.Stage == mailbox.Raw || r.Stage == mailbox.Threaded
	return kept && r.Size <= s.e.limits.Hard
}
