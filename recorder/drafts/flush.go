package drafts

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"hark/desk"
	"hark/recorder/disk"
	"hark/recorder/keys"
)

// run writes drafts a second after the first change, and waits longer after
// failures.
func (s *Store) run() {
	defer close(s.done)
	pause := every
	for {
		select {
		case <-s.stop:
			return
		case <-s.kick:
		}
		select {
		case <-s.stop:
			return
		case <-time.After(pause):
		}
		err := s.flush()
		if err == nil {
			pause = every
			continue
		}
		s.log.Warn("drafts cannot be written; they are kept in memory", "error", err)
		pause = min(2*pause, retryMost)
		s.again()
	}
}

// again makes run try once more although nothing was saved.
func (s *Store) again() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// flush writes what waits. After a failure it waits again, except where a
// newer draft took its place.
func (s *Store) flush() error {
	s.disk.Lock()
	defer s.disk.Unlock()
	s.mu.Lock()
	s.writing, s.waiting = s.waiting, map[slot]desk.Draft{}
	all := s.writing
	s.mu.Unlock()
	if len(all) == 0 {
		return nil
	}
	err := s.write(all)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing = nil
	if err != nil {
		maps.Copy(all, s.waiting)
		s.waiting = all
	}
	return err
}

// write writes drafts in one commit. The caller holds disk.
func (s *Store) write(all map[slot]desk.Draft) error {
	if s.broken != nil {
		return s.broken
	}
	sealed, err := s.seal(all)
	if err != nil {
		return fmt.Errorf("seal drafts: %w", err)
	}
	if err = s.transact(sealed); err == nil {
		return nil
	}
	err = fmt.Errorf("write %s: %w", File, err)
	if !disk.FaultOf(err).Passing() {
		s.broken = err
	}
	return err
}

// seal seals drafts. Those that are empty, or whose conversation was erased,
// have nothing to seal.
func (s *Store) seal(all map[slot]desk.Draft) (map[slot][]byte, error) {
	sealed := make(map[slot][]byte, len(all))
	for k, d := range all {
		aead, err := k.cipher(s.keys)
		switch {
		case errors.Is(err, keys.ErrNoKey), err == nil && d.Text == "":
			sealed[k] = nil
		case err != nil:
			return nil, err
		default:
			sealed[k] = aead.Seal(nil, nil, encode(d), k.about())
		}
	}
	return sealed, nil
}

func (s *Store) transact(sealed map[slot][]byte) error {
	if err := s.db.Exec(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	var err error
	for k, value := range sealed {
		if err = s.put(k, value); err != nil {
			break
		}
	}
	if err == nil {
		err = s.db.Exec(`COMMIT`)
	}
	if err != nil && !s.db.GetAutocommit() {
		err = errors.Join(err, s.db.Exec(`ROLLBACK`))
	}
	return err
}

// put writes one sealed draft, or removes it when there is none.
func (s *Store) put(k slot, value []byte) error {
	if value == nil {
		return s.exec(`DELETE FROM draft WHERE conversation = ? AND author = ?`, k.conversation[:], k.author[:])
	}
	return s.exec(`INSERT INTO draft (conversation, author, value) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET value = excluded.value`, k.conversation[:], k.author[:], value)
}

func (s *Store) exec(query string, args ...[]byte) (err error) {
	st, _, err := s.db.Prepare(query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	for i, a := range args {
		if err := st.BindBlob(i+1, a); err != nil {
			return err
		}
	}
	return st.Exec()
}
