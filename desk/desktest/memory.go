// Package desktest is a desk on memory for tests, and the conformance test
// that every journal must pass.
package desktest

import (
	"context"
	"sync"
	"time"

	"hark/desk"
)

// Journal keeps events in memory. It encodes and decodes every event, so that
// a body that does not survive the disk does not survive a test either.
type Journal struct {
	mu        sync.Mutex
	events    []desk.Event
	byID      map[desk.ID]uint64
	streams   map[desk.ID][]int // indexes into events
	followers []func([]desk.Event)
	last      time.Time
	fail      error
}

var _ desk.Journal = (*Journal)(nil)

// NewJournal returns an empty journal.
func NewJournal() *Journal {
	return &Journal{byID: map[desk.ID]uint64{}, streams: map[desk.ID][]int{}}
}

// Fail makes appends fail with err until it is called with nil.
func (j *Journal) Fail(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fail = err
}

// Append implements desk.Journal.
func (j *Journal) Append(ctx context.Context, entries ...desk.Entry) ([]desk.Event, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fail != nil {
		return nil, j.fail
	}
	added := map[desk.ID]uint64{}
	fresh := map[desk.ID]bool{}
	for _, e := range entries {
		if seq, ok := j.byID[e.ID]; ok || fresh[e.ID] {
			return nil, &desk.DuplicateError{ID: e.ID, Seq: seq}
		}
		n := uint64(len(j.streams[e.Stream.ID])) + added[e.Stream.ID]
		if e.Expect != desk.AnyN && e.Expect != n {
			return nil, desk.ErrConflict
		}
		fresh[e.ID] = true
		added[e.Stream.ID]++
	}
	return j.add(entries)
}

func (j *Journal) add(entries []desk.Entry) ([]desk.Event, error) {
	at := time.Now().UTC().Truncate(time.Millisecond)
	if at.Before(j.last) {
		at = j.last
	}
	events := make([]desk.Event, len(entries))
	n := map[desk.ID]uint64{}
	for i, e := range entries {
		n[e.Stream.ID]++
		h := desk.Header{
			ID: e.ID, Stream: e.Stream.ID, Class: e.Class, At: at,
			N: uint64(len(j.streams[e.Stream.ID])) + n[e.Stream.ID],
		}
		secret, err := desk.AppendSecret(nil, e.Stream.Type, e.Actor, e.Body.Masked(desk.Mask))
		if err != nil {
			return nil, err
		}
		if events[i], err = desk.ParseEvent(h, secret); err != nil {
			return nil, err
		}
		events[i].Seq = uint64(len(j.events) + i + 1)
	}
	j.last = at
	for _, e := range events {
		j.byID[e.ID] = e.Seq
		j.streams[e.Stream.ID] = append(j.streams[e.Stream.ID], len(j.events))
		j.events = append(j.events, e)
	}
	for _, fn := range j.followers {
		fn(events)
	}
	return events, nil
}

// Read implements desk.Journal.
func (j *Journal) Read(_ context.Context, from uint64, limit int) ([]desk.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	from = max(from, 1)
	if from > uint64(len(j.events)) {
		return nil, nil
	}
	rest := j.events[from-1:]
	return append([]desk.Event(nil), rest[:min(limit, len(rest))]...), nil
}

// ReadStream implements desk.Journal.
func (j *Journal) ReadStream(_ context.Context, stream desk.ID, fromN uint64, limit int) ([]desk.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	at := j.streams[stream]
	fromN = max(fromN, 1)
	if fromN > uint64(len(at)) {
		return nil, nil
	}
	at = at[fromN-1:]
	events := make([]desk.Event, 0, min(limit, len(at)))
	for _, i := range at[:min(limit, len(at))] {
		events = append(events, j.events[i])
	}
	return events, nil
}

// Follow implements desk.Journal.
func (j *Journal) Follow(_ context.Context, from uint64, fn func([]desk.Event)) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if from = max(from, 1); from <= uint64(len(j.events)) {
		fn(j.events[from-1:])
	}
	j.followers = append(j.followers, fn)
	return nil
}

// Head implements desk.Journal.
func (j *Journal) Head() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return uint64(len(j.events))
}
