package journal

import (
	"context"
	"errors"

	"hark/desk"
)

// Read implements desk.Journal.
func (j *Journal) Read(ctx context.Context, from uint64, limit int) ([]desk.Event, error) {
	from = max(from, 1)
	head := j.Head()
	if from > head || limit <= 0 {
		return nil, ctx.Err()
	}
	var events []desk.Event
	err := j.readers.with(ctx, func(r *reader) (err error) {
		events, err = j.read(ctx, r.record, from, head, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	return events, nil
}

// read returns up to limit events from the sequence number from up to head.
func (j *Journal) read(ctx context.Context, r *recordReader, from, head uint64, limit int) ([]desk.Event, error) {
	o := opener{keys: j.keys}
	var events []desk.Event
	last, err := r.frames(from, func(f frame) error {
		for seq := max(from, f.first); seq <= min(head, f.last()); seq++ {
			e, ok, err := o.at(f, int(seq-f.first))
			if err != nil {
				return err
			}
			if ok {
				events = append(events, e)
			}
			if len(events) == limit {
				return errStop
			}
		}
		if f.last() >= head {
			return errStop
		}
		return ctx.Err()
	})
	if err == nil && last < head && len(events) < limit {
		err = damage(last+1, desk.ID{}, errMissing)
	}
	return events, err
}

// ReadStream implements desk.Journal.
func (j *Journal) ReadStream(ctx context.Context, stream desk.ID, fromN uint64, limit int) ([]desk.Event, error) {
	if limit <= 0 {
		return nil, ctx.Err()
	}
	s := streamReader{j: j, stream: stream, n: max(fromN, 1), head: j.Head(), opener: opener{keys: j.keys}}
	err := j.readers.with(ctx, func(r *reader) error {
		s.r = r
		return s.read(ctx, limit)
	})
	if err != nil {
		return nil, err
	}
	return s.events, nil
}

// streamReader reads events of one stream.
type streamReader struct {
	j      *Journal
	r      *reader
	stream desk.ID
	n      uint64 // the next event's number
	head   uint64 // the newest event that may be read
	opener opener
	events []desk.Event
}

// read reads until there are limit events that can be opened.
func (s *streamReader) read(ctx context.Context, limit int) error {
	look, err := s.r.lookUp(s.j.index)
	if err != nil {
		return err
	}
	for len(s.events) < limit {
		seqs, err := s.j.index.from(look, s.stream, s.n, limit-len(s.events))
		if err != nil {
			return s.j.indexError(err)
		}
		if now, err := s.j.index.usable(); err != nil || now != s.r.generation {
			return indexBusy(err) // it may have missed what was only in memory
		}
		for len(seqs) > 0 && seqs[len(seqs)-1] > s.head {
			seqs = seqs[:len(seqs)-1]
		}
		if len(seqs) == 0 {
			return nil
		}
		if err := s.fetch(ctx, seqs); err != nil {
			return err
		}
	}
	return nil
}

// fetch reads the events with the sequence numbers, frame by frame.
func (s *streamReader) fetch(ctx context.Context, seqs []uint64) error {
	for len(seqs) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := 0
		err := s.r.record.frameAt(seqs[0], func(f frame) error {
			for ; n < len(seqs) && seqs[n] <= f.last(); n++ {
				if err := s.take(f, seqs[n]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		seqs = seqs[n:]
	}
	return nil
}

// take adds an event of a frame, if it can be opened. The event has to be the
// one that the index promised.
func (s *streamReader) take(f frame, seq uint64) error {
	h, sealed, err := f.event(int(seq - f.first))
	if err != nil {
		return damage(seq, h.ID, err)
	}
	if h.Stream != s.stream || h.N != s.n {
		return s.j.indexError(errIndex)
	}
	s.n++
	e, ok, err := s.opener.open(seq, h, sealed)
	if ok {
		s.events = append(s.events, e)
	}
	return err
}

// indexError notes a failed look-up: a damaged index is made anew.
func (j *Journal) indexError(err error) error {
	if !j.index.fail(err) {
		return errors.Join(errors.New("look up in "+indexName), err)
	}
	j.queue.stir()
	return indexBusy(err)
}
