package mailsync

import (
	"context"
	"time"

	"hark/desk/mailbox"
)

// moved finds out which new mails of a mailbox were moved there from another
// one that is followed, and gives their rows the new places; the rest is to be
// fetched. Only what the other mailboxes no longer show can have been moved; a
// mail that is in both is two.
func (s *session) moved(ctx context.Context, f *follow, uids []uint32) (rest []uint32, err error) {
	if len(s.e.follows) < 2 || !f.cursor.Done {
		return uids, nil
	}
	var rows []mailbox.Head
	for _, other := range s.e.follows {
		if other == f || other.closed || !other.compared {
			continue
		}
		gone, err := s.goneFrom(ctx, other)
		if err != nil {
			return uids, err
		}
		rows = append(rows, gone...)
	}
	if err := s.use(ctx, f); err != nil || f.closed || len(rows) == 0 {
		return uids, err
	}
	return s.takeOver(ctx, f, uids, rows)
}

// goneFrom returns the rows whose mails a mailbox no longer shows.
func (s *session) goneFrom(ctx context.Context, f *follow) ([]mailbox.Head, error) {
	sel, err := s.open(ctx, f)
	if err != nil || f.closed {
		return nil, err
	}
	shown, whole, err := s.shown(ctx, f, sel)
	if err != nil || !whole {
		return nil, err
	}
	known, err := s.e.o.Store.Known(ctx, s.e.o.Account, f.name, f.cursor.Validity)
	if err != nil {
		return nil, &keepError{err}
	}
	if _, gone := differences(shown, known); len(gone) > 0 {
		f.soon(s.e.limits.Settle)
		f.vanished(gone)
	}
	if time.Since(f.goneAt) > s.e.limits.Reconcile {
		f.gone = nil
	}
	if len(f.gone) == 0 {
		return nil, nil
	}
	heads, err := s.e.o.Store.Heads(ctx, s.e.o.Account, f.name)
	if err != nil {
		return nil, &keepError{err}
	}
	wanted := make(map[uint32]bool, len(f.gone))
	for _, uid := range f.gone {
		wanted[uid] = true
	}
	var rows []mailbox.Head
	for _, h := range heads {
		if h.Validity == f.cursor.Validity && wanted[h.UID] {
			rows = append(rows, h)
		}
	}
	return rows, nil
}

// takeOver gives rows the places of new mails that are the same.
func (s *session) takeOver(ctx context.Context, f *follow, uids []uint32, rows []mailbox.Head) (rest []uint32, err error) {
	cards := make(map[uint32]card, len(uids))
	if err := s.addCards(ctx, uids, cards); err != nil {
		f.suspicious(uids)
		return nil, err
	}
	r := newRecognition(rows, cards)
	pairs, err := r.pairs(func(h mailbox.Head) (print, bool, error) { return s.printOf(ctx, h) }, nil)
	if err != nil {
		return uids, err
	}
	found := make(map[uint32]bool, len(pairs))
	if err := s.move(ctx, f.name, f.cursor.Validity, pairs); err != nil {
		return uids, err
	}
	for _, p := range pairs {
		found[p.uid] = true
	}
	for _, uid := range uids {
		if !found[uid] {
			rest = append(rest, uid)
		}
	}
	return rest, nil
}
