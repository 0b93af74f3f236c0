package state

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/recorder/disk"
)

// File is the name of the file in the data folder.
const File = "state.db"

// format is the version of the tables; the version of the rows is the desk's.
const format = 1

const schema = `
	CREATE TABLE row (
		key BLOB NOT NULL PRIMARY KEY,
		value BLOB NOT NULL
	) STRICT, WITHOUT ROWID;
	CREATE TABLE mark (
		one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
		version INTEGER NOT NULL,
		value BLOB NOT NULL
	) STRICT;`

// store is an open state.db.
type store struct {
	*sealer
	db   *sqlite3.Conn
	mark mark // as it is in the file
	get  *sqlite3.Stmt
	put  *sqlite3.Stmt
	sign *sqlite3.Stmt
}

// openStore opens the file and reads nothing yet.
func openStore(file disk.SQLite, seal *sealer) (_ *store, err error) {
	s := &store{sealer: seal}
	if s.db, err = file.Open(); err != nil {
		return nil, err
	}
	var errs [3]error
	s.get, _, errs[0] = s.db.Prepare(`SELECT substr(value, 1, 12) FROM row WHERE key = ?`)
	s.put, _, errs[1] = s.db.Prepare(`INSERT INTO row (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`)
	s.sign, _, errs[2] = s.db.Prepare(`INSERT INTO mark (one, version, value) VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version, value = excluded.value`)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *store) close() error {
	return errors.Join(s.get.Close(), s.put.Close(), s.sign.Close(), s.db.Close())
}

// save keeps rows and says that they, with those kept before, stand for the
// events up to at. It keeps all of that or nothing.
func (s *store) save(rows []desk.Row, at point) error {
	next := s.mark
	next.point = at
	if err := s.db.Exec(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	err := s.write(rows, &next)
	if err == nil {
		err = s.db.Exec(`COMMIT`)
	}
	if err != nil && !s.db.GetAutocommit() {
		err = errors.Join(err, s.db.Exec(`ROLLBACK`))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", File, err)
	}
	s.mark = next
	return nil
}

func (s *store) write(rows []desk.Row, next *mark) error {
	t := s.tally()
	for _, r := range rows {
		if err := s.replace(t, r, next); err != nil {
			return err
		}
	}
	err := errors.Join(s.sign.BindInt64(1, int64(s.version)), s.sign.BindBlob(2, s.seal(nil, next.encode())))
	return errors.Join(err, s.sign.Exec())
}

// replace seals and writes a row and brings the mark up to it.
func (s *store) replace(t tally, r desk.Row, next *mark) error {
	if err := s.get.BindBlob(1, r.Key[:]); err != nil {
		return err
	}
	if s.get.Step() {
		old := s.get.ColumnRawBlob(0)
		if len(old) < nonceSize {
			return errDamaged
		}
		t.add(&next.sum, r.Key[:], old)
		next.count--
	}
	if err := s.get.Reset(); err != nil {
		return err
	}
	sealed := s.seal(r.Key[:], r.Value)
	t.add(&next.sum, r.Key[:], sealed)
	next.count++
	return errors.Join(s.put.BindBlob(1, r.Key[:]), s.put.BindBlob(2, sealed), s.put.Exec())
}
