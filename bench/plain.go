package main

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
)

// plain is the same events in SQLite as one would write it first: a row and a
// transaction an event, durable, nothing sealed.
type plain struct {
	mu      sync.Mutex
	conn    *sqlite3.Conn
	insert  *sqlite3.Stmt
	n       []int64
	streams []desk.ID
}

const plainSchema = `PRAGMA journal_mode=wal; PRAGMA synchronous=full;
CREATE TABLE events (seq INTEGER PRIMARY KEY, id BLOB UNIQUE, stream BLOB, n INTEGER, event BLOB, UNIQUE (stream, n))`

func openPlain(_ context.Context, dir string, writers int) (store, error) {
	conn, err := sqlite3.Open(filepath.Join(dir, "plain.db"))
	if err != nil {
		return nil, err
	}
	if err := conn.Exec(plainSchema); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	insert, _, err := conn.Prepare(`INSERT INTO events (id, stream, n, event) VALUES (?, ?, ?, ?)`)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &plain{conn: conn, insert: insert, n: make([]int64, writers), streams: streams(writers)}, nil
}

func (s *plain) append(_ context.Context, writer int) error {
	e := entry(s.streams[writer])
	b, err := encoded(e)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n[writer]++
	err = errors.Join(
		s.insert.BindBlob(1, e.ID[:]), s.insert.BindBlob(2, e.Stream.ID[:]),
		s.insert.BindInt64(3, s.n[writer]), s.insert.BindBlob(4, b))
	if err != nil {
		return err
	}
	return errors.Join(s.insert.Exec(), s.insert.Reset())
}

func (s *plain) close() error { return errors.Join(s.insert.Close(), s.conn.Close()) }
