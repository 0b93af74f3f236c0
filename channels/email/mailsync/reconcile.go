package mailsync

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hark/channels/email/imap"
)

// reconcile compares the whole of a mailbox with the ledger, plans what is
// missing, and notes what is gone.
func (s *session) reconcile(ctx context.Context, f *follow) error {
	began := time.Now()
	f.due = began.Add(s.e.limits.Reconcile)
	sel, err := s.open(ctx, f)
	if err != nil || f.closed {
		return err
	}
	shown, whole, err := s.shown(ctx, f, sel)
	if err != nil {
		return err
	}
	known, err := s.e.o.Store.Known(ctx, s.e.o.Account, f.name, f.cursor.Validity)
	if err != nil {
		return &keepError{err}
	}
	missing, gone := differences(shown, known)
	if whole && len(gone) > 0 {
		if err := s.e.o.Store.Vanish(ctx, s.e.o.Account, f.name, f.cursor.Validity, gone); err != nil {
			return &keepError{err}
		}
		f.vanished(gone)
	}
	f.total = len(shown)
	if f.top = max(f.top, 1); len(shown) > 0 {
		f.top = max(f.top, shown[len(shown)-1]+1)
	}
	f.upTo = f.top
	if len(f.proofs) == 0 {
		f.proofs = slices.Clone(known[max(0, len(known)-4):])
	}
	f.compared, f.took = true, time.Since(began)
	f.plan(s.e.large.without(f.name, missing))
	s.report()
	return s.readFlags(ctx, f, sel)
}

// shown returns the UIDs that the server shows. Whole is false when it names
// fewer than it says there are: then none of them is taken for gone.
func (s *session) shown(ctx context.Context, f *follow, sel imap.Selected) (uids []uint32, whole bool, err error) {
	err = s.list(ctx, func(ctx context.Context) (err error) {
		uids, err = s.box.UIDs(ctx, 1)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	whole = len(uids) >= int(sel.Count)
	f.doubted = !whole
	f.odd = ""
	if !whole {
		f.odd = fmt.Sprintf("the mail server says that there are %d mails and names %d", sel.Count, len(uids))
		f.soon(s.e.limits.Beat)
	}
	return uids, whole, nil
}

// differences compares two ascending lists.
func differences(shown, known []uint32) (missing, gone []uint32) {
	for len(shown) > 0 || len(known) > 0 {
		switch {
		case len(known) == 0 || len(shown) > 0 && shown[0] < known[0]:
			missing, shown = append(missing, shown[0]), shown[1:]
		case len(shown) == 0 || known[0] < shown[0]:
			gone, known = append(gone, known[0]), known[1:]
		default:
			shown, known = shown[1:], known[1:]
		}
	}
	return missing, gone
}

// told looks for new mail after word came that the watched mailbox changed.
func (s *session) told(ctx context.Context) error {
	s.e.board.hears(true)
	return s.news(ctx, s.e.follows[0])
}

// allNews looks for new mail in every mailbox.
func (s *session) allNews(ctx context.Context) error {
	s.beat = time.Now().Add(s.e.limits.Beat)
	for i, f := range s.e.follows {
		before := f.top
		if err := s.news(ctx, f); err != nil {
			return err
		}
		if i == 0 && before > 0 && f.top > before && len(s.e.dirty) == 0 {
			s.e.board.hears(false) // though it should have been told
		}
	}
	return nil
}

// news looks for new mail in a mailbox. What else has changed is found out by
// comparing the whole, soon.
func (s *session) news(ctx context.Context, f *follow) error {
	if f.closed {
		return nil
	}
	if err := s.use(ctx, f); err != nil || f.closed || !f.compared {
		return err // what was not compared yet is due anyway
	}
	var changed bool
	err := s.call(ctx, func(ctx context.Context) (err error) {
		changed, err = s.box.Noop(ctx)
		return err
	})
	if err != nil {
		return err
	}
	var uids []uint32
	err = s.list(ctx, func(ctx context.Context) (err error) {
		uids, err = s.box.UIDs(ctx, f.top)
		return err
	})
	if err != nil {
		return err
	}
	f.arrive(uids)
	if changed {
		f.soon(s.e.limits.Settle)
	}
	s.report()
	return nil
}
