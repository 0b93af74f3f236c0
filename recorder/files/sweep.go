package files

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"hark/desk"
)

// sweepEvery is how often files that wait too long are looked for.
const sweepEvery = time.Hour

// removeWait is how long removing one file may take.
const removeWait = 10 * time.Second

func (s *Store) run() {
	defer close(s.done)
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		s.sweep(time.Now().Add(-PendingFor))
		select {
		case <-s.stop:
			return
		case <-tick.C:
		}
	}
}

// sweep removes the files that have waited since before then.
func (s *Store) sweep(then time.Time) {
	for _, id := range s.older(then) {
		s.discard(id)
	}
}

// older claims the files that wait since before then.
func (s *Store) older(then time.Time) (ids []desk.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, w := range s.pending {
		if !w.busy && w.at.Before(then) {
			w.busy = true
			ids = append(ids, id)
		}
	}
	return ids
}

// discard removes a pending file that the caller has claimed: first its key,
// because without the name nothing would tell that there is one.
func (s *Store) discard(id desk.ID) {
	ctx, cancel := context.WithTimeout(context.Background(), removeWait)
	defer cancel()
	err := s.keys.Destroy(ctx, pair(id))
	if err == nil {
		err = s.dir.remove(id.Hex() + pendingEnd)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.pending[id]
	if err != nil {
		s.log.Warn("a file that no message has could not be removed; it is tried again", "error", plainPath(err))
		w.busy, w.at = false, time.Time{}
		return
	}
	s.waits -= w.size
	delete(s.pending, id)
}
