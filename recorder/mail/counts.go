package mail

import (
	"context"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hark/desk/mailbox"
)

// pruneMost is how many counts that are over are removed at once, so that none
// of the calls takes long.
const pruneMost = 64

// Tick implements mailbox.Counts. Counts of any key whose window is over are
// removed along the way.
func (s *Store) Tick(ctx context.Context, key string, at time.Time, window time.Duration) (n int, err error) {
	err = s.write(ctx, func() error {
		hash := s.hash("tick", []byte(key))
		err := s.run(`DELETE FROM tick WHERE rowid IN (SELECT rowid FROM tick WHERE ends <= ? LIMIT ?)`, at.UnixMilli(), int64(pruneMost))
		if err != nil {
			return err
		}
		err = s.run(`INSERT INTO tick (hash, at, ends) VALUES (?, ?, ?)`, hash, at.UnixMilli(), at.Add(window).UnixMilli())
		if err != nil {
			return err
		}
		n, err = s.ticks(hash, at, window)
		return err
	})
	return n, err
}

// Ticks implements mailbox.Counts.
func (s *Store) Ticks(ctx context.Context, key string, at time.Time, window time.Duration) (n int, err error) {
	err = s.read(ctx, func() error {
		n, err = s.ticks(s.hash("tick", []byte(key)), at, window)
		return err
	})
	return n, err
}

func (s *Store) ticks(hash []byte, at time.Time, window time.Duration) (n int, err error) {
	_, err = s.one(`SELECT count(*) FROM tick WHERE hash = ? AND at > ?`, func(st *sqlite3.Stmt) error {
		n = st.ColumnInt(0)
		return nil
	}, hash, at.Add(-window).UnixMilli())
	return n, err
}

// Counters implements mailbox.Counts.
func (s *Store) Counters(ctx context.Context, account string) (c mailbox.Counters, err error) {
	err = s.read(ctx, func() error {
		return s.all(`SELECT stage, count FROM tally WHERE box IN (SELECT n FROM box WHERE account = ?)`, func(st *sqlite3.Stmt) error {
			n := st.ColumnInt(1)
			c.Fetched += n
			stage, _ := stageOf(st.ColumnInt64(0))
			switch stage {
			case mailbox.Threaded:
				c.Threaded += n
			case mailbox.Copy:
				c.Copies += n
			case mailbox.Raw:
				c.Waiting += n
			case mailbox.Quarantined:
				c.Quarantined += n
			case mailbox.Dropped:
				c.Dropped += n
			}
			return nil
		}, s.hash("account", []byte(account)))
	})
	return c, err
}
