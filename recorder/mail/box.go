package mail

import (
	"context"
	"strconv"

	"github.com/ncruces/go-sqlite3"

	"hark/desk/mailbox"
)

// box is a mailbox of an account.
type box struct {
	n             int64
	hash          []byte
	account, name string
}

// boxes are the mailboxes that are in the file. There are a few for an account.
type boxes struct {
	byHash map[string]*box
	byN    map[int64]*box
	stale  bool // some of them may not be in the file
}

func (b *boxes) forget() { b.stale = true }

// loadBoxes reads all mailboxes.
func (s *Store) loadBoxes() error {
	s.boxes = boxes{byHash: map[string]*box{}, byN: map[int64]*box{}}
	return s.all(`SELECT n, hash, name FROM box`, func(st *sqlite3.Stmt) (err error) {
		b := &box{n: st.ColumnInt64(0), hash: columnBlob(st, 1)}
		raw, err := s.rows.Open(nil, nil, st.ColumnRawBlob(2), aboutBox(b.hash))
		if err == nil {
			b.account, b.name, err = decodeNames(raw)
		}
		if err != nil {
			return damaged("box", strconv.FormatInt(b.n, 10), -1, err)
		}
		s.boxes.byHash[string(b.hash)], s.boxes.byN[b.n] = b, b
		return nil
	})
}

// freshBoxes makes sure that the mailboxes in memory are those in the file.
func (s *Store) freshBoxes() error {
	if !s.boxes.stale {
		return nil
	}
	return s.loadBoxes()
}

// findBox returns a mailbox, nil when it is not in the file.
func (s *Store) findBox(account, name string) (*box, error) {
	if err := s.freshBoxes(); err != nil {
		return nil, err
	}
	return s.boxes.byHash[string(s.hashBox(account, name))], nil
}

// makeBox returns a mailbox, putting it into the file when it is not there.
func (s *Store) makeBox(account, name string) (*box, error) {
	b, err := s.findBox(account, name)
	if b != nil || err != nil {
		return b, err
	}
	b = &box{hash: s.hashBox(account, name), account: account, name: name}
	sealed := s.rows.Seal(nil, nil, encodeNames(account, name), aboutBox(b.hash))
	err = s.run(`INSERT INTO box (hash, account, name) VALUES (?, ?, ?)`, b.hash, s.hash("account", []byte(account)), sealed)
	if err != nil {
		return nil, err
	}
	b.n = s.db.LastInsertRowID()
	s.boxes.byHash[string(b.hash)], s.boxes.byN[b.n] = b, b
	return b, nil
}

// boxOf returns the mailbox with a number.
func (s *Store) boxOf(n int64) (*box, error) {
	if err := s.freshBoxes(); err != nil {
		return nil, err
	}
	if b := s.boxes.byN[n]; b != nil {
		return b, nil
	}
	return nil, damaged("box", strconv.FormatInt(n, 10), -1, errMissing)
}

// Cursor implements mailbox.Ledger.
func (s *Store) Cursor(ctx context.Context, account, name string) (c mailbox.Cursor, err error) {
	err = s.read(ctx, func() error {
		b, err := s.findBox(account, name)
		if b == nil || err != nil {
			return err
		}
		_, err = s.one(`SELECT cursor FROM box WHERE n = ? AND cursor IS NOT NULL`, func(st *sqlite3.Stmt) error {
			raw, err := s.rows.Open(nil, nil, st.ColumnRawBlob(0), aboutCursor(b.hash))
			if err == nil {
				c, err = decodeCursor(raw)
			}
			if err != nil {
				return damaged("box", strconv.FormatInt(b.n, 10), -1, err)
			}
			return nil
		}, b.n)
		return err
	})
	c.Account, c.Box = account, name
	return c, err
}

// SetCursor implements mailbox.Ledger.
func (s *Store) SetCursor(ctx context.Context, c mailbox.Cursor) error {
	return s.write(ctx, func() error {
		b, err := s.makeBox(c.Account, c.Box)
		if err != nil {
			return err
		}
		return s.run(`UPDATE box SET cursor = ? WHERE n = ?`, s.rows.Seal(nil, nil, encodeCursor(c), aboutCursor(b.hash)), b.n)
	})
}
