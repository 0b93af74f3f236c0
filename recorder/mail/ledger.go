package mail

import (
	"context"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/desk/mailbox"
)

// Known implements mailbox.Ledger.
func (s *Store) Known(ctx context.Context, account, box string, validity uint32) (uids []uint32, err error) {
	err = s.read(ctx, func() error {
		b, err := s.findBox(account, box)
		if b == nil || err != nil {
			return err
		}
		return s.all(`SELECT uid FROM mail WHERE box = ? AND validity = ? AND gone = 0 ORDER BY uid`, func(st *sqlite3.Stmt) error {
			uids = append(uids, uint32(st.ColumnInt64(0)))
			return nil
		}, b.n, int64(validity))
	})
	return uids, err
}

// Vanish implements mailbox.Ledger.
func (s *Store) Vanish(ctx context.Context, account, box string, validity uint32, uids []uint32) error {
	return s.write(ctx, func() error {
		b, err := s.findBox(account, box)
		if b == nil || err != nil {
			return err
		}
		for _, uid := range uids {
			err := s.run(`UPDATE mail SET gone = 1 WHERE box = ? AND validity = ? AND uid = ? AND gone = 0`, b.n, int64(validity), int64(uid))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Map implements mailbox.Ledger.
func (s *Store) Map(ctx context.Context, moves ...mailbox.Move) error {
	return s.write(ctx, func() error {
		for _, m := range moves {
			if err := s.mapOne(m.From, m.To); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) mapOne(from, to mailbox.Place) error {
	m, err := s.at(from)
	if err != nil {
		return err
	}
	other, err := s.at(to)
	switch {
	case err != nil:
		return err
	case m == nil && other != nil && other.id == from.ID():
		return nil // done before
	case m == nil:
		return errNoMail
	case other != nil && other.n != m.n:
		return desk.Errorf(desk.Conflict, "another mail lies there")
	}
	return s.move(m, to)
}

// move binds a row to another place.
func (s *Store) move(m *mail, to mailbox.Place) (err error) {
	if m.box, err = s.makeBox(to.Account, to.Box); err != nil {
		return err
	}
	m.place = to
	return s.run(`UPDATE mail SET box = ?, validity = ?, uid = ?, gone = 0, head = ? WHERE n = ?`,
		m.box.n, int64(to.Validity), int64(to.UID), s.rows.Seal(nil, nil, m.encode(), m.about()), m.n)
}

// Heads implements mailbox.Ledger. Of a damaged row it gives what can be known.
func (s *Store) Heads(ctx context.Context, account, box string) (heads []mailbox.Head, err error) {
	err = s.read(ctx, func() error {
		b, err := s.findBox(account, box)
		if b == nil || err != nil {
			return err
		}
		return s.all(columns+`WHERE box = ? ORDER BY validity, uid`, func(st *sqlite3.Stmt) error {
			m, err := s.scan(st)
			if err != nil {
				heads = append(heads, mailbox.Head{Row: m.row()})
				return passDamage(err)
			}
			h, err := s.full(m)
			heads = append(heads, h)
			return passDamage(err)
		}, b.n)
	})
	return heads, err
}

// Partials implements mailbox.Ledger. A damaged row is left out: there is no
// telling how much of it is kept.
func (s *Store) Partials(ctx context.Context, account, box string, validity uint32) (rows []mailbox.Row, err error) {
	err = s.read(ctx, func() error {
		b, err := s.findBox(account, box)
		if b == nil || err != nil {
			return err
		}
		return s.all(columns+`WHERE part = 1 AND box = ? AND validity = ? AND gone = 0 ORDER BY uid`, func(st *sqlite3.Stmt) error {
			m, err := s.scan(st)
			if err == nil && m.partial {
				rows = append(rows, m.row())
			}
			return passDamage(err)
		}, b.n, int64(validity))
	})
	return rows, err
}

// Waiting implements mailbox.Ledger. A damaged row is among them, so that
// whoever reads it finds out and puts it into quarantine.
func (s *Store) Waiting(ctx context.Context, most int) (rows []mailbox.Row, err error) {
	err = s.read(ctx, func() error {
		return s.all(columns+`WHERE stage = 1 ORDER BY received DESC, n DESC LIMIT ?`, func(st *sqlite3.Stmt) error {
			m, err := s.scan(st)
			rows = append(rows, m.row())
			return passDamage(err)
		}, int64(max(0, most)))
	})
	return rows, err
}

// Row implements mailbox.Ledger.
func (s *Store) Row(ctx context.Context, id desk.ID) (found mailbox.Row, err error) {
	err = s.read(ctx, func() error {
		m, err := s.find(id)
		if err != nil {
			return err
		}
		found, err = s.rowOf(m)
		return err
	})
	return found, err
}

// rowOf returns a row with why it is quarantined.
func (s *Store) rowOf(m *mail) (mailbox.Row, error) {
	if m.stage != mailbox.Quarantined {
		return m.row(), nil
	}
	h, err := s.full(m)
	return h.Row, err
}

// Erase implements mailbox.Ledger. The key goes first: from then on nothing of
// the mail can be read, in this file or in any copy of it, even if the row
// stays as it is.
func (s *Store) Erase(ctx context.Context, id desk.ID) error {
	if err := s.read(ctx, func() error { return s.exists(id) }); err != nil {
		return err
	}
	return s.erase(ctx, id)
}

// exists fails with errNoMail unless there is a row, damaged or not.
func (s *Store) exists(id desk.ID) error {
	found, err := s.one(`SELECT 1 FROM mail WHERE id = ?`, nothingMore, id[:])
	if err == nil && !found {
		err = errNoMail
	}
	return err
}

func (s *Store) erase(ctx context.Context, id desk.ID) error {
	if err := s.keys.Destroy(ctx, pair(id)); err != nil {
		return err
	}
	return s.write(ctx, func() error { return s.empty(id) })
}

// empty leaves of a mail what keeps it from being fetched again.
func (s *Store) empty(id desk.ID) error {
	m, err := s.find(id)
	if err = passDamage(err); err != nil {
		return err
	}
	if m.box == nil {
		return damaged("mail", id.Hex(), -1, errMissing)
	}
	m.head, m.stage, m.sealed, m.same, m.turn = head{kept: nothing}, mailbox.Dropped, nil, nil, 0
	if err := s.forget(m.place); err != nil {
		return err
	}
	if err := s.dropContent(mailHeap(), m.n); err != nil {
		return err
	}
	if err := s.run(`DELETE FROM ref WHERE item = ?`, id[:]); err != nil {
		return err
	}
	return s.save(m)
}
