package mailsync

import (
	"context"
	"slices"
	"time"

	"hark/channels/email/imap"
)

// use selects a mailbox unless it is.
func (s *session) use(ctx context.Context, f *follow) error {
	if s.selected == f {
		return nil
	}
	_, err := s.open(ctx, f)
	return err
}

// open selects a mailbox and finds out whether its UIDs still mean what the
// ledger takes them to mean.
func (s *session) open(ctx context.Context, f *follow) (imap.Selected, error) {
	if f.closed = f.excluded; f.closed {
		return imap.Selected{}, nil
	}
	if err := s.readCursor(ctx, f); err != nil {
		return imap.Selected{}, err
	}
	s.selected = nil
	var sel imap.Selected
	err := s.call(ctx, func(ctx context.Context) (err error) {
		sel, err = s.box.Select(ctx, f.name)
		return err
	})
	if f.closed = err != nil && !lost(err) && len(s.e.follows) > 1; f.closed {
		f.odd = wordsOf(err)
		return sel, nil
	}
	if err != nil {
		return sel, err
	}
	s.selected = f
	if f.compared && int(sel.Count) != f.total {
		f.soon(s.e.limits.Settle) // no word comes of what happened while another mailbox was open
	}
	return sel, s.trust(ctx, f, sel)
}

// excludeAll leaves out, beside others, the mailbox that shows every mail of
// all of them once more.
func (s *session) excludeAll(ctx context.Context) error {
	if len(s.e.follows) < 2 || !s.box.Caps().Quirks.AllMail {
		return nil
	}
	var boxes []imap.BoxInfo
	err := s.call(ctx, func(ctx context.Context) (err error) {
		boxes, err = s.box.Boxes(ctx)
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range s.e.follows {
		f.excluded = slices.ContainsFunc(boxes, func(b imap.BoxInfo) bool { return b.Name == f.name && b.Role == imap.RoleAll })
		if f.excluded {
			f.odd = "the mailbox that holds all mails cannot be followed beside others; leave one of them out in boxes ="
		}
	}
	return nil
}

// readCursor reads the cursor of a mailbox once.
func (s *session) readCursor(ctx context.Context, f *follow) error {
	if f.loaded {
		return nil
	}
	c, err := s.e.o.Store.Cursor(ctx, s.e.o.Account, f.name)
	if err != nil {
		return &keepError{err}
	}
	f.cursor, f.kept, f.loaded = c, c, true
	return nil
}

// keepCursors writes down how far the mailboxes were followed. Only what lies
// below everything that is left to fetch counts. It must be called between two
// steps, when nothing is on its way.
func (s *session) keepCursors(ctx context.Context) error {
	s.kept = time.Now()
	for _, f := range s.e.follows {
		if f.closed || !f.compared {
			continue
		}
		f.cursor.Next = f.top
		for _, left := range []uint32{f.lowest(), s.e.large.lowest(f.name)} {
			if left != 0 {
				f.cursor.Next = min(f.cursor.Next, left)
			}
		}
		if !f.behind() && !f.doubted {
			f.cursor.Done, f.sifting = true, false
		}
		if f.cursor == f.kept {
			continue
		}
		if err := s.e.o.Store.SetCursor(ctx, f.cursor); err != nil {
			return &keepError{err}
		}
		f.kept = f.cursor
	}
	return nil
}

// first begins to follow a mailbox.
func (s *session) first(ctx context.Context, f *follow, validity uint32) error {
	f.cursor.Validity, f.cursor.FirstSync = validity, time.Now().UTC()
	if err := s.e.o.Store.SetCursor(ctx, f.cursor); err != nil {
		return &keepError{err}
	}
	f.kept = f.cursor
	return nil
}
