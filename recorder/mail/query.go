package mail

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
)

// prepare returns a statement with its arguments: int64, []byte (nil for
// none) or bool. The caller holds mu and resets it.
func (s *Store) prepare(query string, args []any) (*sqlite3.Stmt, error) {
	st := s.stmts[query]
	if st == nil {
		var err error
		if st, _, err = s.db.PrepareFlags(query, sqlite3.PREPARE_PERSISTENT); err != nil {
			return nil, err
		}
		s.stmts[query] = st
	}
	for i, a := range args {
		if err := bind(st, i+1, a); err != nil {
			return nil, err
		}
	}
	return st, nil
}

func bind(st *sqlite3.Stmt, at int, arg any) error {
	switch a := arg.(type) {
	case int64:
		return st.BindInt64(at, a)
	case bool:
		return st.BindBool(at, a)
	case []byte:
		if a == nil {
			return st.BindNull(at)
		}
		return st.BindBlob(at, a)
	}
	return fmt.Errorf("cannot bind %T", arg)
}

// run runs a statement that yields no rows.
func (s *Store) run(query string, args ...any) error {
	st, err := s.prepare(query, args)
	if err != nil {
		return err
	}
	err = st.Exec()
	return errors.Join(err, st.ClearBindings()) // a chunk is not held on to
}

// all calls row with every row that a query yields. row must not run the same
// query.
func (s *Store) all(query string, row func(*sqlite3.Stmt) error, args ...any) (err error) {
	st, err := s.prepare(query, args)
	if err != nil {
		return err
	}
	defer func() {
		if rerr := st.Reset(); err == nil {
			err = rerr
		}
	}()
	for st.Step() {
		if err := row(st); err != nil {
			return err
		}
	}
	return st.Err()
}

// one calls row with the one row that a query yields, and reports whether
// there was one.
func (s *Store) one(query string, row func(*sqlite3.Stmt) error, args ...any) (found bool, err error) {
	err = s.all(query, func(st *sqlite3.Stmt) error {
		found = true
		return row(st)
	}, args...)
	return found, err
}

// nothingMore is what one calls when it matters only that there is a row.
func nothingMore(*sqlite3.Stmt) error { return nil }

// columnID reads an identifier; one of another length is damage, and comes out
// as none.
func columnID(st *sqlite3.Stmt, col int) (id desk.ID) {
	if b := st.ColumnRawBlob(col); len(b) == len(id) {
		copy(id[:], b)
	}
	return id
}

// columnBlob reads bytes that outlive the row.
func columnBlob(st *sqlite3.Stmt, col int) []byte {
	return append([]byte(nil), st.ColumnRawBlob(col)...)
}
