package mailsync

import (
	"context"
	"slices"
	"time"

	"hark/channels/email/imap"
)

// unknownSize stands for the size of a mail whose size the server does not
// tell.
const unknownSize = 64 << 10

// step fetches the most urgent window of a mailbox that has one.
func (s *session) step(ctx context.Context, f *follow) error {
	if err := s.use(ctx, f); err != nil {
		return err
	}
	if f.closed {
		f.plan(nil) // until it can be selected and compared again
		return nil
	}
	switch {
	case len(f.fresh) > 0:
		return s.stepFresh(ctx, f)
	case len(f.groups) > 0:
		return s.fetchGroup(ctx, f)
	case len(f.alone) > 0 && f.alone[0].attempts == 0:
		return s.fetchAlone(ctx, f)
	case len(f.ready) > 0:
		return s.fetchReady(ctx, f)
	case len(f.todo) > 0:
		n := min(s.e.limits.Window, len(f.todo))
		uids := f.todo[:n:n]
		f.todo = f.todo[n:]
		return s.measure(ctx, f, uids, false)
	case len(f.alone) > 0:
		return s.fetchAlone(ctx, f)
	}
	return nil
}

// stepFresh prepares what has just arrived, the newest first.
func (s *session) stepFresh(ctx context.Context, f *follow) error {
	n := max(0, len(f.fresh)-s.e.limits.Window)
	uids := slices.Clone(f.fresh[n:])
	f.fresh = f.fresh[:n]
	slices.Reverse(uids)
	validity := f.cursor.Validity
	uids, err := s.moved(ctx, f, uids)
	if err != nil || len(uids) == 0 || f.closed || f.cursor.Validity != validity {
		return err
	}
	return s.measure(ctx, f, uids, true)
}

// measure asks how large mails are and cuts them into windows, which come
// before those that are ready. Large ones go their own way.
func (s *session) measure(ctx context.Context, f *follow, uids []uint32, news bool) error {
	meta, err := s.sizes(ctx, uids)
	if err != nil {
		f.suspicious(uids)
		s.advanced = true
		return err
	}
	small := make([]uint32, 0, len(uids))
	for _, uid := range uids {
		m, known := meta[uid]
		switch {
		case !known || m.Size <= s.e.limits.Large:
			small = append(small, uid)
		case m.Size > s.e.limits.Size:
			f.alone = append([]*suspect{{uid: uid, way: beginning, meta: m}}, f.alone...)
		default:
			s.e.large.push(s.oversized(f, m))
		}
	}
	f.ready = append([]window{{uids: small, meta: meta, news: news}}, f.ready...)
	if len(small) == 0 {
		f.ready = f.ready[1:]
	}
	return nil
}

// sizes asks for sizes and dates of mails.
func (s *session) sizes(ctx context.Context, uids []uint32) (map[uint32]imap.Meta, error) {
	meta := make(map[uint32]imap.Meta, len(uids))
	err := s.list(ctx, func(ctx context.Context) error {
		all, err := s.box.Sizes(ctx, uids)
		for _, m := range all {
			meta[m.UID] = m
		}
		return err
	})
	return meta, err
}

// fetchReady fetches as much of the next window as the pace allows.
func (s *session) fetchReady(ctx context.Context, f *follow) error {
	w := f.ready[0]
	n := s.pace.cut(w)
	now := window{uids: w.uids[:n:n], meta: w.meta}
	if f.ready[0].uids = w.uids[n:]; n == len(w.uids) {
		f.ready = f.ready[1:]
	}
	began := time.Now()
	missing, err := s.fetch(ctx, f, now)
	if err == nil && len(missing) == 0 {
		s.pace.took(time.Since(began))
		return nil
	}
	return s.audit(ctx, f, missing, err)
}

// cut says how many mails from the beginning of a window are fetched at once.
func (p *pace) cut(w window) int {
	var bytes int64
	for n, uid := range w.uids {
		size := int64(unknownSize)
		if m, ok := w.meta[uid]; ok {
			size = m.Size
		}
		bytes += size
		if n > 0 && (n == p.mails || bytes > p.bytes) {
			return n
		}
	}
	return len(w.uids)
}
