package mailsync

import (
	"cmp"
	"context"
	"time"

	"hark/channels/email/imap"
	"hark/desk"
	"hark/desk/mailbox"
)

// synthetic is the lowest UIDVALIDITY that is invented here, for servers that
// have none, or one that cannot be trusted. Real ones are numbers of seconds
// since 1970 on most servers and small on others; this one would be in 2105.
const synthetic = 0xff000000

// trust makes sure that the cursor's UIDVALIDITY is one under which the UIDs of
// this connection name the mails that the ledger has for them. Where that is
// not certain the mails are compared; where it is not so they are recognised by
// content and get new places.
func (s *session) trust(ctx context.Context, f *follow, sel imap.Selected) error {
	told, before := s.trusted[f]
	lowered := sel.Next != 0 && sel.Next < f.cursor.Next
	known := before && told == sel.Validity && !lowered
	same := sel.Validity == f.cursor.Validity && !lowered && !f.reused && !s.box.Caps().Quirks.UnstableUIDs
	var err error
	switch {
	case f.cursor.Validity == 0:
		err = s.first(ctx, f, cmp.Or(sel.Validity, synthetic))
	case !known && !same:
		err = s.doubt(ctx, f, sel.Validity)
	}
	if err == nil {
		f.reused = false
		s.trusted[f] = sel.Validity
	}
	return err
}

// doubt compares a mailbox by content, and gives its mails new places where
// theirs are no longer right.
func (s *session) doubt(ctx context.Context, f *follow, told uint32) error {
	s.e.board.set(desk.MailSyncing, "comparing the mails with those on the server, by their content", time.Time{})
	rows, err := s.e.o.Store.Heads(ctx, s.e.o.Account, f.name)
	if err != nil {
		return &keepError{err}
	}
	cards, err := s.cards(ctx, f)
	if err != nil {
		return err
	}
	if told == 0 || told == f.cursor.Validity || f.cursor.Validity >= synthetic {
		right, err := s.fits(ctx, f.cursor.Validity, rows, cards)
		if err != nil {
			return err
		}
		if right {
			f.cursor.Next = 0 // whatever the server says it is now
			return nil
		}
	}
	target := invented(rows)
	if told != 0 && told != f.cursor.Validity {
		free, err := s.fits(ctx, told, rows, cards)
		if err != nil {
			return err
		}
		if free {
			target = told
		}
	}
	return s.remap(ctx, f, target, rows, cards)
}

// invented returns a UIDVALIDITY that no row has been at.
func invented(rows []mailbox.Head) uint32 {
	next := uint32(synthetic)
	for _, r := range rows {
		if r.Validity >= next {
			next = r.Validity + 1
		}
	}
	return next
}

// oncePerPlace fails when a mail arrives at the place of another one that had
// vanished: the server gave a UID twice without saying so. The ledger keeps
// what it has at a place, so the new mail would be lost. Mails above all that was
// seen at the last comparison need no look.
func (s *session) oncePerPlace(ctx context.Context, f *follow, arrivals []mailbox.Arrival) error {
	for _, a := range arrivals {
		if !f.cursor.Done || a.UID >= f.upTo {
			continue
		}
		row, err := s.e.o.Store.Row(ctx, a.ID())
		if desk.CodeOf(err) == desk.NotFound || err == nil && (row.Place != a.Place || !row.Vanished) {
			continue
		}
		if err != nil {
			return &keepError{err}
		}
		same, err := s.sameBytes(ctx, mailbox.Head{Row: row}, a.Bytes)
		if err != nil {
			return err
		}
		if !same && !row.Partial {
			f.reused, s.advanced = true, true
			return &imap.Trouble{Kind: imap.Closed, Words: "the mail server gave a new mail the number of an old one; all are compared"}
		}
	}
	return nil
}

// fits reports whether no row at a UIDVALIDITY, vanished or not, is another
// mail than the one that the server shows under its UID.
func (s *session) fits(ctx context.Context, validity uint32, rows []mailbox.Head, cards map[uint32]card) (bool, error) {
	for _, r := range rows {
		c, shown := cards[r.UID]
		if r.Validity != validity || !shown || quick(r) == c.key && c.key.certain() {
			continue
		}
		p, kept, err := s.printOf(ctx, r)
		if err != nil {
			return false, err
		}
		if kept && p != c.print {
			return false, nil
		}
	}
	return true, nil
}
