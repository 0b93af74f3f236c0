package mail

import (
	"context"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/desk/mailbox"
)

// Prepare implements mailbox.Outbox.
func (s *Store) Prepare(ctx context.Context, l mailbox.Letter) error {
	if l.Item.IsZero() || len(l.To) == 0 {
		return desk.Errorf(desk.Invalid, "a letter needs an item and a recipient")
	}
	return s.write(ctx, func() error {
		found, err := s.one(`SELECT 1 FROM letter WHERE item = ?`, nothingMore, l.Item[:])
		if found || err != nil {
			return err
		}
		if err := s.ensure(ctx, []desk.ID{l.Item}); err != nil {
			return err
		}
		return s.prepareNew(l)
	})
}

func (s *Store) prepareNew(l mailbox.Letter) error {
	aead, err := s.cipher(l.Item)
	if err != nil {
		return err
	}
	state := stateNumber(mailbox.Ready)
	err = s.run(`INSERT INTO letter (item, at, state, value, outcome) VALUES (?, ?, ?, ?, ?)`,
		l.Item[:], millis(l.At), int64(state),
		aead.Seal(nil, nil, encodeLetter(l, int64(len(l.Bytes))), aboutLetter(l.Item)),
		aead.Seal(nil, nil, encodeOutcome(mailbox.Outcome{}), aboutOutcome(l.Item, state)))
	if err != nil {
		return err
	}
	return s.putContent(content{heap: letterHeap(), id: l.Item, n: s.db.LastInsertRowID(), aead: aead}, l.Bytes)
}

// letter is a row of the outbox.
type letter struct {
	mailbox.Letter
	content
}

const letterColumns = `SELECT n, item, state, value, outcome FROM letter `

// scanLetter reads a row of the outbox.
func (s *Store) scanLetter(st *sqlite3.Stmt) (*letter, error) {
	item := columnID(st, 1)
	state, ok := stateOf(st.ColumnInt64(2))
	if !ok {
		return nil, damaged("letter", item.Hex(), -1, errShort)
	}
	aead, err := s.cipher(item)
	if err != nil {
		return nil, err
	}
	l := &letter{}
	raw, err := aead.Open(nil, nil, st.ColumnRawBlob(3), aboutLetter(item))
	if err == nil {
		l.Letter, l.size, err = decodeLetter(raw)
	}
	if err == nil {
		raw, err = aead.Open(nil, nil, st.ColumnRawBlob(4), aboutOutcome(item, stateNumber(state)))
	}
	if err == nil {
		l.Outcome, err = decodeOutcome(raw)
	}
	if err != nil {
		return nil, damaged("letter", item.Hex(), -1, err)
	}
	l.Item, l.State = item, state
	l.heap, l.id, l.n, l.aead = letterHeap(), item, st.ColumnInt64(0), aead
	return l, nil
}

func (s *Store) findLetter(item desk.ID) (l *letter, err error) {
	found, err := s.one(letterColumns+`WHERE item = ?`, func(st *sqlite3.Stmt) (err error) {
		l, err = s.scanLetter(st)
		return err
	}, item[:])
	if err == nil && !found {
		err = errNoLetter
	}
	return l, err
}

// Outbox implements mailbox.Outbox. When a row is damaged, the others are
// returned with the error: they can be sent.
func (s *Store) Outbox(ctx context.Context) (all []mailbox.Letter, err error) {
	var bad error
	err = s.read(ctx, func() error {
		return s.all(letterColumns+`WHERE state < 8 ORDER BY at, n`, func(st *sqlite3.Stmt) error {
			l, err := s.scanLetter(st)
			if err != nil {
				bad = err
				return passDamage(err)
			}
			all = append(all, l.Letter)
			return nil
		})
	})
	if err == nil {
		err = bad
	}
	return all, err
}

// Letter implements mailbox.Outbox.
func (s *Store) Letter(ctx context.Context, item desk.ID) (found mailbox.Letter, err error) {
	err = s.read(ctx, func() error {
		l, err := s.findLetter(item)
		if err == nil {
			found = l.Letter
		}
		return err
	})
	return found, err
}

// LetterBytes implements mailbox.Outbox.
func (s *Store) LetterBytes(ctx context.Context, item desk.ID) (b []byte, err error) {
	err = s.read(ctx, func() error {
		l, err := s.findLetter(item)
		if err != nil {
			return err
		}
		b = make([]byte, 0, l.size)
		for i := range l.chunks() {
			plain, err := s.chunk(&l.content, i, b[len(b):])
			if err != nil {
				return err
			}
			b = b[:len(b)+len(plain)]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// Mark implements mailbox.Outbox.
func (s *Store) Mark(ctx context.Context, item desk.ID, state mailbox.OutState, o mailbox.Outcome) error {
	return s.write(ctx, func() error {
		l, err := s.findLetter(item)
		if err != nil {
			return err
		}
		if !l.State.May(state) {
			return desk.Errorf(desk.Conflict, "a letter that is %s cannot become %s", l.State, state)
		}
		sealed := l.aead.Seal(nil, nil, encodeOutcome(o), aboutOutcome(item, stateNumber(state)))
		return s.run(`UPDATE letter SET state = ?, outcome = ? WHERE n = ?`, int64(stateNumber(state)), sealed, l.n)
	})
}
