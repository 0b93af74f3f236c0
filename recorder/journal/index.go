package journal

import (
	"errors"
	"slices"
	"sync"

	"hark/desk"
)

// index finds events by identifier and by place in their stream: what it has
// written in its file, the rest in memory.
type index struct {
	file   file
	record desk.ID

	mu         sync.RWMutex
	now        *tail // what is not in the file
	writing    *tail // what is being written into the file, nil for none
	runs       []run // of identifiers in the file; never changed in place
	shape      int   // rises when runs is replaced
	generation int   // how often the file was made anew
	broken     error // why the file cannot be used, until it is made anew
}

func newIndex(f file, record desk.ID) *index {
	return &index{file: f, record: record, now: newTail()}
}

// add tells the index of events.
func (x *index) add(places []place) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, p := range places {
		x.now.add(p)
	}
}

// waiting returns how many events are not in the file.
func (x *index) waiting() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n := x.now.size()
	if x.writing != nil {
		n += x.writing.size()
	}
	return n
}

// flush writes what waits into the file. After a failure it waits on.
func (x *index) flush(w *indexWriter) error {
	t := x.take()
	if t == nil {
		return nil
	}
	runs, err := w.write(x.record, t, x.runs) // only a flush replaces runs
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.writing = nil
	x.reshape(runs)
	return nil
}

func (x *index) reshape(runs []run) {
	x.runs = runs
	x.shape++
}

// load learns which runs the file has.
func (x *index) load(w *indexWriter) error {
	runs, err := readRuns(w.c)
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.reshape(runs)
	return nil
}

func (x *index) take() *tail {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.writing == nil && x.now.size() > 0 {
		x.writing, x.now = x.now, newTail()
	}
	return x.writing
}

// usable returns the generation of the file, or why it cannot be used.
func (x *index) usable() (generation int, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.generation, x.broken
}

// fail notes that the file cannot be used. It reports whether err says so.
func (x *index) fail(err error) bool {
	if !rotten(err) && !errors.Is(err, errIndex) {
		return false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.broken = err
	return true
}

// renew begins with an empty file again: what is in the record has to be told
// once more.
func (x *index) renew() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.now, x.writing = newTail(), nil
	x.reshape(nil)
	x.generation++
}

// repaired ends what fail began.
func (x *index) repaired() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.broken = nil
}

// seqOf returns the sequence number of an event, 0 when there is none. What
// leaves memory is in the file before, so memory is asked first. When runs were
// merged meanwhile, the look-up may have missed what moved, and begins again.
func (x *index) seqOf(look func() (*indexReader, error), id desk.ID) (uint64, error) {
	for {
		x.mu.RLock()
		seq := x.now.ids[id]
		if seq == 0 && x.writing != nil {
			seq = x.writing.ids[id]
		}
		runs, shape := x.runs, x.shape
		x.mu.RUnlock()
		if seq != 0 || !slices.ContainsFunc(runs, func(r run) bool { return r.filter.has(id) }) {
			return seq, nil
		}
		r, err := look()
		if err != nil {
			return 0, err
		}
		if seq, err = r.seqOf(runs, id); err != nil || seq != 0 || x.unchanged(shape) {
			return seq, err
		}
	}
}

func (x *index) unchanged(shape int) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.shape == shape
}

// headOf returns the length of a stream.
func (x *index) headOf(r *indexReader, stream desk.ID) (uint64, error) {
	x.mu.RLock()
	n := x.now.head(stream)
	if n == 0 && x.writing != nil {
		n = x.writing.head(stream)
	}
	x.mu.RUnlock()
	if n != 0 {
		return n, nil
	}
	return r.headOf(stream)
}

// from returns up to limit sequence numbers of a stream, from number n on.
func (x *index) from(r *indexReader, stream desk.ID, n uint64, limit int) ([]uint64, error) {
	memory := x.stretches(stream)
	seqs, err := r.from(stream, n, limit)
	if err != nil {
		return nil, err
	}
	for _, s := range memory {
		seqs = s.from(n+uint64(len(seqs)), limit-len(seqs), seqs)
	}
	return seqs, nil
}

// stretches returns what memory has of a stream, in order. The numbers in it
// are never changed, so they can be read without the lock.
func (x *index) stretches(stream desk.ID) []stretch {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var all []stretch
	if x.writing != nil && x.writing.streams[stream] != nil {
		all = append(all, *x.writing.streams[stream])
	}
	if s := x.now.streams[stream]; s != nil {
		all = append(all, *s)
	}
	return all
}
