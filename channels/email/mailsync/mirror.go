package mailsync

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
)

// mirrorMost is how many mails may wait for their flags. More are forgotten:
// the mirror is a courtesy.
const mirrorMost = 20_000

// mirror collects flags until they are written together.
type mirror struct {
	mu      sync.Mutex
	waiting map[mailbox.Place][]string
	since   time.Time
	bell    chan struct{} // capacity 1
}

func newMirror() *mirror {
	return &mirror{waiting: map[mailbox.Place][]string{}, bell: make(chan struct{}, 1)}
}

func (m *mirror) add(p mailbox.Place, flags []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, there := m.waiting[p]
	if !there && len(m.waiting) >= mirrorMost {
		return
	}
	known = append(slices.Clone(known), flags...)
	slices.Sort(known)
	m.waiting[p] = slices.Compact(known)
	if m.since.IsZero() {
		m.since = time.Now()
		ring(m.bell)
	}
}

// next returns when flags are to be written, if any wait.
func (m *mirror) next(delay time.Duration) (at time.Time, waiting bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.since.Add(delay), len(m.waiting) > 0
}

func (m *mirror) due(now time.Time, delay time.Duration) bool {
	at, waiting := m.next(delay)
	return waiting && !now.Before(at)
}

// take returns what waits and forgets it.
func (m *mirror) take() map[mailbox.Place][]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	taken := m.waiting
	m.waiting, m.since = map[mailbox.Place][]string{}, time.Time{}
	return taken
}

// writeFlags writes what has been collected. What the server refuses is
// forgotten; what a broken connection kept back is tried once more by the next.
// Flags for places of another UIDVALIDITY are dropped: their mails lie elsewhere
// now.
func (s *session) writeFlags(ctx context.Context) error {
	waiting := s.e.mirror.take()
	for _, f := range s.e.follows {
		sets := map[string][]uint32{}
		for p, flags := range waiting {
			if p.Account == s.e.o.Account && p.Box == f.name && p.Validity == f.cursor.Validity {
				set := strings.Join(flags, " ")
				sets[set] = append(sets[set], p.UID)
			}
		}
		if err := s.writeSets(ctx, f, sets); err != nil {
			for p, flags := range waiting {
				s.e.mirror.add(p, flags)
			}
			return err
		}
	}
	return nil
}

// writeSets adds flags to mails of one mailbox; a set is what several have in
// common.
func (s *session) writeSets(ctx context.Context, f *follow, sets map[string][]uint32) error {
	if len(sets) == 0 || f.closed {
		return nil
	}
	validity := f.cursor.Validity
	if err := s.use(ctx, f); err != nil || f.closed || f.cursor.Validity != validity {
		return err // UIDs that mean other mails now are not touched
	}
	for set, uids := range sets {
		if err := s.addFlags(ctx, uids, strings.Fields(set)); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) addFlags(ctx context.Context, uids []uint32, flags []string) error {
	slices.Sort(uids)
	for some := range slices.Chunk(uids, s.e.limits.Window) {
		err := s.list(ctx, func(ctx context.Context) error { return s.box.Store(ctx, some, flags, nil) })
		if lost(err) {
			return err
		}
		if err != nil {
			s.e.log.Info("the server refused flags", "kind", imap.KindOf(err), "mails", len(some))
		}
	}
	return nil
}

// readFlags hands on which flags changed since the last time, or all of them
// where that is not known. The modification sequence to go on from is the one
// of the selection: what changed since is told twice rather than never.
func (s *session) readFlags(ctx context.Context, f *follow, sel imap.Selected) error {
	if s.e.o.Flags == nil {
		return nil
	}
	since := f.cursor.ModSeq
	if sel.ModSeq == 0 || sel.ModSeq < since || !s.box.Caps().CondStore {
		since = 0
	}
	if since != 0 && since == sel.ModSeq {
		return nil
	}
	var changed []imap.Flags
	err := s.list(ctx, func(ctx context.Context) (err error) {
		changed, err = s.box.Changes(ctx, since)
		return err
	})
	switch {
	case lost(err):
		return err
	case err != nil:
		s.e.log.Info("the server does not tell flags", "kind", imap.KindOf(err))
		return nil
	}
	s.e.o.Flags(f.name, f.cursor.Validity, changed)
	f.cursor.ModSeq = sel.ModSeq
	return nil
}
