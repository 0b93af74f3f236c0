package mailboxtest

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"hark/desk"
	"hark/desk/mailbox"
)

// Put implements mailbox.Ledger.
func (m *Memory) Put(ctx context.Context, arrivals ...mailbox.Arrival) error {
	return m.in(ctx, func() error {
		for _, a := range arrivals {
			m.put(a)
		}
		return nil
	})
}

func (m *Memory) put(a mailbox.Arrival) {
	m.forget(a.Place)
	r := m.at(a.Place)
	if r == nil {
		r = m.make(a.Place, a.ID())
		r.Stage, r.Received, r.Size, r.Partial, r.Past = mailbox.Raw, a.Received.UTC(), a.Size, a.Partial, a.Past
		r.bytes = append([]byte{}, a.Bytes...)
		return
	}
	r.Vanished = false
	if r.Partial && !a.Partial && r.Stage != mailbox.Dropped {
		r.Partial, r.Size, r.bytes = false, a.Size, append([]byte{}, a.Bytes...)
		if r.Stage == mailbox.Quarantined {
			r.Stage, r.Why, r.problem, r.Received = mailbox.Raw, "", mailbox.Problem{}, a.Received.UTC()
			r.identity, r.messageID = [32]byte{}, ""
		}
	}
}

// Known implements mailbox.Ledger.
func (m *Memory) Known(ctx context.Context, account, box string, validity uint32) (uids []uint32, err error) {
	err = m.in(ctx, func() error {
		for p, id := range m.places {
			if p.Account == account && p.Box == box && p.Validity == validity && !m.rows[id].Vanished {
				uids = append(uids, p.UID)
			}
		}
		slices.Sort(uids)
		return nil
	})
	return uids, err
}

// Vanish implements mailbox.Ledger.
func (m *Memory) Vanish(ctx context.Context, account, box string, validity uint32, uids []uint32) error {
	return m.in(ctx, func() error {
		for _, uid := range uids {
			if r := m.at(mailbox.Place{Account: account, Box: box, Validity: validity, UID: uid}); r != nil {
				r.Vanished = true
			}
		}
		return nil
	})
}

// Map implements mailbox.Ledger.
func (m *Memory) Map(ctx context.Context, moves ...mailbox.Move) error {
	return m.in(ctx, func() error {
		var undo []func()
		for _, v := range moves {
			if r := m.at(v.From); r != nil {
				before := r.Row
				undo = append(undo, func() {
					delete(m.places, r.Place)
					m.places[before.Place], r.Row = r.ID, before
				})
			}
			if err := m.move(v.From, v.To); err != nil {
				for _, back := range slices.Backward(undo) {
					back()
				}
				return err
			}
		}
		return nil
	})
}

func (m *Memory) move(from, to mailbox.Place) error {
	r, other := m.at(from), m.at(to)
	switch {
	case r == nil && other != nil && other.ID == from.ID():
		return nil // done before
	case r == nil:
		return errNoMail
	case r == other:
		r.Vanished = false
		return nil
	case other != nil:
		return desk.Errorf(desk.Conflict, "another mail lies there")
	}
	delete(m.places, from)
	m.places[to], r.Place, r.Vanished = r.ID, to, false
	return nil
}

// Heads implements mailbox.Ledger.
func (m *Memory) Heads(ctx context.Context, account, box string) (heads []mailbox.Head, err error) {
	err = m.in(ctx, func() error {
		for _, r := range m.rows {
			if r.Account == account && r.Box == box {
				heads = append(heads, mailbox.Head{Row: r.Row, Identity: r.identity, MessageID: r.messageID})
			}
		}
		slices.SortFunc(heads, func(a, b mailbox.Head) int {
			return cmp.Or(cmp.Compare(a.Validity, b.Validity), cmp.Compare(a.UID, b.UID))
		})
		return nil
	})
	return heads, err
}

// Partials implements mailbox.Ledger.
func (m *Memory) Partials(ctx context.Context, account, box string, validity uint32) (rows []mailbox.Row, err error) {
	err = m.in(ctx, func() error {
		for _, r := range m.rows {
			if r.Partial && !r.Vanished && r.Account == account && r.Box == box && r.Validity == validity {
				rows = append(rows, r.Row)
			}
		}
		slices.SortFunc(rows, func(a, b mailbox.Row) int { return cmp.Compare(a.UID, b.UID) })
		return nil
	})
	return rows, err
}

// Cursor implements mailbox.Ledger.
func (m *Memory) Cursor(ctx context.Context, account, name string) (c mailbox.Cursor, err error) {
	err = m.in(ctx, func() error {
		c = m.cursors[box{account, name}]
		c.Account, c.Box = account, name
		return nil
	})
	return c, err
}

// SetCursor implements mailbox.Ledger.
func (m *Memory) SetCursor(ctx context.Context, c mailbox.Cursor) error {
	return m.in(ctx, func() error {
		c.FirstSync = c.FirstSync.UTC()
		m.cursors[box{c.Account, c.Box}] = c
		return nil
	})
}

// Waiting implements mailbox.Ledger.
func (m *Memory) Waiting(ctx context.Context, most int) (rows []mailbox.Row, err error) {
	err = m.in(ctx, func() error {
		all := m.sorted(func(r *row) bool { return r.Stage == mailbox.Raw })
		slices.SortStableFunc(all, func(a, b *row) int {
			return cmp.Or(b.Received.Compare(a.Received), cmp.Compare(b.serial, a.serial))
		})
		for _, r := range all[:max(0, min(most, len(all)))] {
			rows = append(rows, r.Row)
		}
		return nil
	})
	return rows, err
}

// Row implements mailbox.Ledger.
func (m *Memory) Row(ctx context.Context, id desk.ID) (found mailbox.Row, err error) {
	err = m.in(ctx, func() error {
		r, err := m.row(id)
		if err == nil {
			found = r.Row
		}
		return err
	})
	return found, err
}

// content is a mail's bytes.
type content struct{ *bytes.Reader }

func (content) Close() error { return nil }

// Open implements mailbox.Ledger.
func (m *Memory) Open(ctx context.Context, id desk.ID) (b mailbox.Bytes, size int64, err error) {
	err = m.in(ctx, func() error {
		r, err := m.row(id)
		switch {
		case err != nil:
			return err
		case r.bytes == nil:
			return desk.Errorf(desk.NotFound, "nothing of this mail is kept")
		}
		b, size = content{bytes.NewReader(r.bytes)}, int64(len(r.bytes))
		return nil
	})
	return b, size, err
}

// Erase implements mailbox.Ledger.
func (m *Memory) Erase(ctx context.Context, id desk.ID) error {
	return m.in(ctx, func() error {
		r, err := m.row(id)
		if err == nil {
			m.erase(r)
		}
		return err
	})
}

// erase leaves of a mail what keeps it from being fetched again.
func (m *Memory) erase(r *row) {
	for id, refs := range m.refs {
		m.refs[id] = slices.DeleteFunc(refs, func(ref mailbox.Reference) bool { return ref.Mail == r.ID })
	}
	m.rows[r.ID] = &row{
		Row:    mailbox.Row{Place: r.Place, ID: r.ID, Stage: mailbox.Dropped, Vanished: r.Vanished},
		serial: r.serial,
	}
}
