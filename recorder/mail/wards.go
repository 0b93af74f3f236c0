package mail

import (
	"context"
	"errors"
	"slices"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/desk/mailbox"
)

// Attempt implements mailbox.Wards. Why an attempt failed is not kept: the
// quarantine says it at last.
func (s *Store) Attempt(ctx context.Context, p mailbox.Place, stage, _ string) (n int, err error) {
	err = s.write(ctx, func() error {
		place, step := s.hashPlace(p), s.hash("step", []byte(stage))
		err := s.run(`INSERT INTO attempt (place, step, count) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1`, place, step)
		if err != nil {
			return err
		}
		_, err = s.one(`SELECT count FROM attempt WHERE place = ? AND step = ?`, func(st *sqlite3.Stmt) error {
			n = st.ColumnInt(0)
			return nil
		}, place, step)
		return err
	})
	return n, err
}

// forget forgets the failed attempts at a place.
func (s *Store) forget(p mailbox.Place) error {
	return s.run(`DELETE FROM attempt WHERE place = ?`, s.hashPlace(p))
}

// forgetAll forgets the failed attempts at the places of arrivals. There are
// hardly ever any.
func (s *Store) forgetAll(arrivals []mailbox.Arrival) error {
	if tried, err := s.tried(); !tried || err != nil {
		return err
	}
	for _, a := range arrivals {
		if err := s.forget(a.Place); err != nil {
			return err
		}
	}
	return nil
}

// tried reports whether any attempt is counted.
func (s *Store) tried() (bool, error) { return s.one(`SELECT 1 FROM attempt LIMIT 1`, nothingMore) }

// Quarantine implements mailbox.Wards.
func (s *Store) Quarantine(ctx context.Context, p mailbox.Problem) error {
	return s.write(ctx, func() error {
		m, err := s.at(p.Place)
		switch {
		case m != nil && passDamage(err) == nil:
			err = s.mend(m, err != nil)
		case err == nil:
			m, err = s.strange(ctx, p)
		}
		if err != nil {
			return err
		}
		if m.stage == mailbox.Dropped {
			return errDropped
		}
		return s.quarantine(m, p)
	})
}

// mend gives a damaged row a new head. How many bytes are kept is counted;
// that they are the mail's own is proved when they are read.
func (s *Store) mend(m *mail, damaged bool) error {
	if !damaged {
		return nil
	}
	_, err := s.one(`SELECT count(*), coalesce(sum(length(value)), 0) FROM mail_chunk WHERE n BETWEEN ? AND ?`, func(st *sqlite3.Stmt) error {
		if chunks := st.ColumnInt64(0); chunks > 0 {
			m.kept = max(0, st.ColumnInt64(1)-chunks*overhead)
		}
		return nil
	}, m.n<<chunkBits, (m.n+1)<<chunkBits-1)
	return err
}

var errDropped = desk.Errorf(desk.Conflict, "the mail was dropped")

// strange makes a row for a mail that could not be fetched.
func (s *Store) strange(ctx context.Context, p mailbox.Problem) (*mail, error) {
	id := p.ID
	if id.IsZero() {
		id = p.Place.ID()
	}
	id, err := s.name(id)
	if err != nil {
		return nil, err
	}
	if err := s.ensure(ctx, []desk.ID{id}); err != nil {
		return nil, err
	}
	m := &mail{id: id, place: p.Place, stage: mailbox.Quarantined, head: head{kept: nothing, partial: true}}
	if m.box, err = s.makeBox(p.Account, p.Box); err != nil {
		return nil, err
	}
	return m, s.insert(m)
}

func (s *Store) quarantine(m *mail, p mailbox.Problem) error {
	n, err := s.note(m)
	if err = passDamage(err); err != nil {
		return err
	}
	m.stage, n.why, n.step, n.at, n.attempts = mailbox.Quarantined, p.Why, p.Stage, p.At, uint32(max(0, p.Attempts))
	if err := s.setNote(m, n); err != nil {
		return err
	}
	m.same, m.turn = nil, 0
	if m.kept == nothing && p.Raw != nil {
		m.kept = int64(len(p.Raw))
		if err := s.putBytes(m, p.Raw); err != nil {
			return err
		}
	}
	return s.save(m)
}

// Problems implements mailbox.Wards. Of a damaged row it gives what can be
// known.
func (s *Store) Problems(ctx context.Context) (all []mailbox.Problem, err error) {
	err = s.read(ctx, func() error {
		return s.all(columns+`WHERE stage = 4 ORDER BY n`, func(st *sqlite3.Stmt) error {
			m, err := s.scan(st)
			var n note
			if err == nil {
				n, err = s.note(m)
			}
			all = append(all, mailbox.Problem{Place: m.place, ID: m.id, Stage: n.step, Why: n.why, At: n.at, Attempts: int(n.attempts)})
			return passDamage(err)
		})
	})
	slices.SortStableFunc(all, func(a, b mailbox.Problem) int { return a.At.Compare(b.At) })
	return all, err
}

// ward returns a quarantined mail.
func (s *Store) ward(id desk.ID) (*mail, error) {
	m, err := s.find(id)
	if err == nil && m.stage != mailbox.Quarantined {
		err = desk.Errorf(desk.Conflict, "the mail is no longer in quarantine")
	}
	return m, err
}

// Release implements mailbox.Wards.
func (s *Store) Release(ctx context.Context, id desk.ID) error {
	return s.write(ctx, func() error {
		m, err := s.ward(id)
		if err != nil {
			return err
		}
		if err := s.forget(m.place); err != nil {
			return err
		}
		if m.kept != nothing && !m.partial {
			m.stage, m.sealed = mailbox.Raw, nil
			return s.save(m)
		}
		if err := s.dropContent(mailHeap(), m.n); err != nil {
			return err
		}
		return s.run(`DELETE FROM mail WHERE n = ?`, m.n)
	})
}

// Drop implements mailbox.Wards.
func (s *Store) Drop(ctx context.Context, id desk.ID) error {
	err := s.read(ctx, func() error {
		_, err := s.ward(id)
		return passDamage(err)
	})
	if err != nil {
		return err
	}
	return s.erase(ctx, id)
}

// passDamage lets a list go on where one row is damaged: whoever asks for that
// row alone is told.
func passDamage(err error) error {
	var d *DamageError
	if errors.As(err, &d) {
		return nil
	}
	return err
}
