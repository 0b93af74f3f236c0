package mailsync

import (
	"bytes"
	"context"
	"io"
	"slices"

	"hark/desk/mailbox"
)

// remap gives the mails of a mailbox new places after their UIDs lost their
// meaning. Those that are recognised are neither fetched nor read again. It may
// be broken off at any point and done again: the cursor changes last.
func (s *session) remap(ctx context.Context, f *follow, validity uint32, rows []mailbox.Head, cards map[uint32]card) error {
	s.e.log.Info("the mailbox's UIDVALIDITY changed; its mails are recognised by content", "mails", len(cards))
	r := newRecognition(rows, cards)
	f.twins = map[uint32][]mailbox.Head{}
	pairs, err := r.pairs(func(h mailbox.Head) (print, bool, error) { return s.printOf(ctx, h) }, f.twins)
	if err != nil {
		return err
	}
	if err := s.move(ctx, f.name, validity, pairs); err != nil {
		return err
	}
	if err := s.vanishRest(ctx, f, rows, pairs); err != nil {
		return err
	}
	s.e.large.forget(f.name)
	*f = follow{name: f.name, cursor: f.cursor, kept: f.kept, loaded: true, twins: f.twins, sifting: true}
	f.cursor.Validity, f.cursor.Next, f.cursor.ModSeq = validity, 0, 0
	if err := s.e.o.Store.SetCursor(ctx, f.cursor); err != nil {
		return &keepError{err}
	}
	f.kept = f.cursor
	return nil
}

// move gives rows the places of the mails that they were recognised as.
func (s *session) move(ctx context.Context, box string, validity uint32, pairs []pair) error {
	for some := range slices.Chunk(pairs, s.e.limits.Window) {
		moves := make([]mailbox.Move, len(some))
		for i, p := range some {
			moves[i] = mailbox.Move{From: p.row.Place, To: mailbox.Place{Account: s.e.o.Account, Box: box, Validity: validity, UID: p.uid}}
		}
		if err := s.e.o.Store.Map(ctx, moves...); err != nil {
			return &keepError{err}
		}
		s.advanced = true
	}
	return nil
}

// vanishRest notes that rows that were not recognised are gone.
func (s *session) vanishRest(ctx context.Context, f *follow, rows []mailbox.Head, pairs []pair) error {
	mapped := make(map[mailbox.Place]bool, len(pairs))
	for _, p := range pairs {
		mapped[p.row.Place] = true
	}
	gone := map[uint32][]uint32{}
	for _, r := range rows {
		if !r.Vanished && !mapped[r.Place] {
			gone[r.Validity] = append(gone[r.Validity], r.UID)
		}
	}
	for validity, uids := range gone {
		if err := s.e.o.Store.Vanish(ctx, s.e.o.Account, f.name, validity, uids); err != nil {
			return &keepError{err}
		}
	}
	return nil
}

// pair is a row and the UID under which the server now shows its mail.
type pair struct {
	row mailbox.Head
	uid uint32
}

// recognition pairs rows and cards.
type recognition struct {
	rows  []mailbox.Head
	cards map[uint32]card
}

func newRecognition(rows []mailbox.Head, cards map[uint32]card) *recognition {
	return &recognition{rows: rows, cards: cards}
}

// pairs returns the pairs about which there is no doubt: by their keys, and of
// the rest by their prints. Of cards that fit several rows, or share the row
// with others, the rows are left in twins: their bodies must decide.
func (r *recognition) pairs(printOf func(mailbox.Head) (print, bool, error), twins map[uint32][]mailbox.Head) ([]pair, error) {
	sure := match(r.rows, r.cards, func(h mailbox.Head) (key, bool) { k := quick(h); return k, k.certain() },
		func(c card) key { return c.key }, nil)
	rows, cards := r.without(sure)
	var failed error
	prints := match(rows, cards, func(h mailbox.Head) (print, bool) {
		if failed != nil {
			return print{}, false
		}
		p, kept, err := printOf(h)
		failed = err
		return p, kept
	}, func(c card) print { return c.print }, twins)
	return append(sure, prints...), failed
}

// without returns what is not paired.
func (r *recognition) without(pairs []pair) (rows []mailbox.Head, cards map[uint32]card) {
	paired := make(map[mailbox.Place]bool, len(pairs))
	uids := make(map[uint32]bool, len(pairs))
	for _, p := range pairs {
		paired[p.row.Place], uids[p.uid] = true, true
	}
	for _, h := range r.rows {
		if !paired[h.Place] {
			rows = append(rows, h)
		}
	}
	cards = make(map[uint32]card)
	for uid, c := range r.cards {
		if !uids[uid] {
			cards[uid] = c
		}
	}
	return rows, cards
}

// match pairs rows and cards that have a sign in common which no other has.
func match[K comparable](rows []mailbox.Head, cards map[uint32]card, ofRow func(mailbox.Head) (K, bool), ofCard func(card) K,
	twins map[uint32][]mailbox.Head,
) (pairs []pair) {
	uids := make(map[K][]uint32)
	for uid, c := range cards {
		uids[ofCard(c)] = append(uids[ofCard(c)], uid)
	}
	found := make(map[K][]mailbox.Head)
	for _, h := range rows {
		if k, ok := ofRow(h); ok && len(uids[k]) > 0 {
			found[k] = append(found[k], h)
		}
	}
	for k, heads := range found {
		if len(heads) == 1 && len(uids[k]) == 1 {
			pairs = append(pairs, pair{heads[0], uids[k][0]})
			continue
		}
		if twins != nil {
			for _, uid := range uids[k] {
				twins[uid] = heads
			}
		}
	}
	return pairs
}

// recognise takes out of fetched mails those that are twins of rows, byte for
// byte, and gives these rows their places.
func (s *session) recognise(ctx context.Context, f *follow, arrivals []mailbox.Arrival) (rest []mailbox.Arrival, err error) {
	if len(f.twins) == 0 {
		return arrivals, nil
	}
	for _, a := range arrivals {
		found, err := s.twin(ctx, f, a)
		if err != nil {
			return nil, err
		}
		if !found {
			rest = append(rest, a)
		}
	}
	return rest, nil
}

// twin moves the row that has the same bytes as a fetched mail to its place.
func (s *session) twin(ctx context.Context, f *follow, a mailbox.Arrival) (found bool, err error) {
	for _, h := range f.twins[a.UID] {
		if f.taken[h.ID] {
			continue
		}
		same, err := s.sameBytes(ctx, h, a.Bytes)
		if err != nil {
			return false, err
		}
		if !same {
			continue
		}
		if err := s.e.o.Store.Map(ctx, mailbox.Move{From: h.Place, To: a.Place}); err != nil {
			return false, &keepError{err}
		}
		f.take(h.ID)
		return true, nil
	}
	return false, nil
}

// sameBytes compares what is kept of a row with a mail.
func (s *session) sameBytes(ctx context.Context, h mailbox.Head, want []byte) (bool, error) {
	raw, size, err := s.e.o.Store.Open(ctx, h.ID)
	if err != nil {
		return false, nil // nothing is kept of it: another mail as far as anybody can tell
	}
	defer func() { _ = raw.Close() }()
	if size != int64(len(want)) {
		return false, nil
	}
	kept, err := io.ReadAll(raw)
	if err != nil {
		return false, &keepError{err}
	}
	return bytes.Equal(kept, want), nil
}
