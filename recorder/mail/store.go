package mail

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/ncruces/go-sqlite3"

	"hark/desk/mailbox"
	"hark/recorder/disk"
)

// Options say what a Store needs.
type Options struct {
	Dir  string // the data folder
	Key  []byte // the store's own key: random, and the same as long as the file lives
	Keys Keys
	// Layer is for tests of crashes.
	Layer disk.Layer
}

// Store keeps mail. It is safe for concurrent use.
type Store struct {
	*sealer
	keys Keys

	graves atomic.Bool // there are tombstones, or may be
	mu     sync.Mutex  // guards what follows, one user at a time
	db     *sqlite3.Conn
	stmts  map[string]*sqlite3.Stmt
	boxes  boxes
	sealed []byte // a chunk on its way to the disk
	broken error  // the disk failed to keep something: nothing is written any more
}

var _ mailbox.Store = (*Store)(nil)

// Open opens mail.db, making it when it is not there.
func Open(o Options) (*Store, error) {
	seal, err := newSealer(o.Key)
	if err != nil {
		return nil, err
	}
	s := &Store{sealer: seal, keys: o.Keys, stmts: map[string]*sqlite3.Stmt{}}
	file := disk.SQLite{
		Path: filepath.Join(o.Dir, File), Sync: disk.Full, Format: format, Schema: schema, Layer: o.Layer, Sums: true, Page: pageSize,
	}
	if s.db, err = file.Open(); err != nil {
		return nil, err
	}
	if err := s.begin(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// begin sets the connection up. Without the first setting SQLite compiles a
// statement anew whenever another limit is bound to it.
func (s *Store) begin() error {
	if _, err := s.db.Config(sqlite3.DBCONFIG_ENABLE_QPSG, true); err != nil {
		return err
	}
	found, err := s.one(`SELECT 1 FROM buried LIMIT 1`, nothingMore)
	if err != nil {
		return err
	}
	s.graves.Store(found)
	return s.loadBoxes()
}

// Close closes the file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return nil
	}
	var errs []error
	for _, st := range s.stmts {
		errs = append(errs, st.Close())
	}
	errs = append(errs, s.db.Close())
	s.db = nil
	return errors.Join(errs...)
}

// read runs fn while nobody else uses the connection.
func (s *Store) read(ctx context.Context, fn func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return errClosed
	}
	return readError(fn())
}

// write runs fn in a transaction that is durable when it returns. When fn or
// the disk fails, nothing of it is kept.
func (s *Store) write(ctx context.Context, fn func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.db == nil:
		return errClosed
	case s.broken != nil:
		return s.broken
	}
	err := s.transact(fn)
	if plain(err) {
		return err
	}
	err = writeError(err)
	if !disk.FaultOf(err).Passing() {
		s.broken = err // what the disk failed to keep once is not tried again
	}
	return err
}

func (s *Store) transact(fn func() error) error {
	if err := s.run(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	err := fn()
	if err == nil {
		err = s.run(`COMMIT`)
	}
	if err == nil {
		return nil
	}
	s.boxes.forget() // one of them may not be in the file
	if s.db.GetAutocommit() {
		return err
	}
	if rerr := s.run(`ROLLBACK`); rerr != nil {
		s.broken = writeError(rerr)
		return errors.Join(err, rerr)
	}
	return err
}

// Count returns how many mails and letters there are, or why nothing can be
// written.
func (s *Store) Count(ctx context.Context) (mails, letters int, err error) {
	err = s.read(ctx, func() error {
		_, err := s.one(`SELECT (SELECT sum(count) FROM tally), (SELECT count(*) FROM letter)`, func(st *sqlite3.Stmt) error {
			mails, letters = st.ColumnInt(0), st.ColumnInt(1)
			return nil
		})
		return errors.Join(err, s.broken)
	})
	return mails, letters, err
}
