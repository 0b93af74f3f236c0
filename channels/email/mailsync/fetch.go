package mailsync

import (
	"context"
	"io"
	"time"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
)

// fetch fetches mails and keeps those that arrived. Missing are the others,
// whatever the reason; an error says no more than why the rest may not have
// come.
func (s *session) fetch(ctx context.Context, f *follow, w window) (missing []uint32, err error) {
	return s.load(ctx, f, w, false, s.e.limits.Size)
}

// load is fetch with a choice of what to ask for and of how large a mail may be.
func (s *session) load(ctx context.Context, f *follow, w window, bare bool, limit int64) (missing []uint32, err error) {
	s.batch.reset()
	got, err := raw(ctx, s.box, w.uids, bare, limit, s.e.limits.Stall, s.batch.add)
	if err == nil {
		s.e.board.seen()
	}
	complete := make(map[uint32]bool, len(got))
	for _, uid := range got {
		complete[uid] = true
	}
	var arrivals []mailbox.Arrival
	for _, uid := range w.uids {
		p, read := s.batch.mails[uid]
		if !complete[uid] || !read || p.from == p.to { // without bytes it is no mail
			missing = append(missing, uid)
			continue
		}
		arrivals = append(arrivals, s.e.arrival(f, merged(p.meta, w.meta[uid]), s.batch.bytes(p)))
	}
	if keepErr := s.keep(ctx, f, arrivals); keepErr != nil {
		return w.uids, keepErr
	}
	return missing, err
}

// merged fills in from b what a does not tell.
func merged(a, b imap.Meta) imap.Meta {
	if a.Size == 0 {
		a.Size = b.Size
	}
	if a.Received.IsZero() {
		a.Received = b.Received
	}
	return a
}

// keep puts mails into the ledger and tells of them.
func (s *session) keep(ctx context.Context, f *follow, arrivals []mailbox.Arrival) error {
	for _, a := range arrivals {
		f.proved(a.UID)
	}
	arrivals, err := s.recognise(ctx, f, arrivals)
	if err != nil || len(arrivals) == 0 {
		return err
	}
	if err := s.oncePerPlace(ctx, f, arrivals); err != nil {
		return err
	}
	if err := s.e.o.Store.Put(ctx, arrivals...); err != nil {
		return &keepError{err}
	}
	s.advanced = true
	s.e.o.Notify()
	return nil
}

// keepError is the ledger's: no mail and no server is to blame.
type keepError struct{ err error }

func (e *keepError) Error() string { return "keeping mail: " + e.err.Error() }

func (e *keepError) Unwrap() error { return e.err }

// raw fetches mails from a server that must keep sending.
func raw(ctx context.Context, box imap.Box, uids []uint32, bare bool, limit int64, stall time.Duration,
	take func(imap.Meta, io.Reader) error,
) (got []uint32, err error) {
	if len(uids) == 0 {
		return nil, nil
	}
	moving, cancel := context.WithCancel(ctx)
	defer cancel()
	watchdog := time.AfterFunc(stall, cancel)
	defer watchdog.Stop()
	got, err = box.Raw(moving, uids, bare, limit, func(m imap.Meta, r io.Reader) error {
		watchdog.Reset(stall)
		return take(m, movingReader{r, watchdog, stall})
	})
	if err != nil && ctx.Err() == nil && moving.Err() != nil {
		err = silent(err)
	}
	return got, err
}

// movingReader holds a watchdog off as long as bytes come.
type movingReader struct {
	io.Reader
	watchdog *time.Timer
	stall    time.Duration
}

func (r movingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if n > 0 {
		r.watchdog.Reset(r.stall)
	}
	return n, err
}
