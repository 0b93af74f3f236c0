package journal

import (
	"sync/atomic"
	"time"

	"hark/desk"
)

// writer is the one goroutine that adds to the record.
type writer struct {
	j       *Journal
	now     func() time.Time
	file    *recordWriter // nil while the record is not held
	eyes    reader        // looks things up in the index
	last    uint64        // sequence number of the newest event
	lastAt  time.Time     // its time
	heads   heads
	plan    plan
	reserve reserve
	trouble *trouble                // nil: all is well
	tried   time.Time               // to get over it
	renewed time.Time               // the index, or tried to
	halted  atomic.Pointer[trouble] // set by others: nothing more may be written
	ended   chan struct{}
}

// run writes until the queue is closed and empty.
func (w *writer) run() {
	defer close(w.ended)
	var batch []*request
	for !w.j.queue.drained() {
		if batch = w.j.queue.take(batch); len(batch) > 0 {
			w.process(batch)
			clear(batch)
			continue
		}
		w.rest()
	}
}

// rest waits for something to do. While something is wrong that may pass, it
// looks about once a second whether it has.
func (w *writer) rest() {
	_, broken := w.j.index.usable()
	if broken == nil && (w.trouble == nil || !w.trouble.passing()) {
		<-w.j.queue.wake
		w.look()
		return
	}
	t := time.NewTimer(w.j.limits.retryEvery)
	defer t.Stop()
	select {
	case <-w.j.queue.wake:
	case <-t.C:
		w.recover()
	}
	w.look()
}

// look sees to what was noticed elsewhere.
func (w *writer) look() {
	if t := w.halted.Swap(nil); t != nil {
		w.stumble(t)
	}
	if _, err := w.j.index.usable(); err != nil {
		w.renewIndex()
	}
}

// process gives every request of the batch its answer.
func (w *writer) process(batch []*request) {
	if w.file != nil {
		w.j.keeper.finishMove(w.file)
	}
	w.look()
	if w.trouble != nil {
		w.recover()
	}
	left := batch
	if w.trouble == nil {
		left = w.write(batch)
	}
	if len(left) > 0 && w.trouble.full() {
		left = w.writeReserved(left)
	}
	if len(left) > 0 {
		refuse(left, w.trouble.err(w.j.record))
	}
}

// write commits what can be appended and answers everybody. It returns the
// requests that trouble with the disk leaves unanswered.
func (w *writer) write(batch []*request) (left []*request) {
	if err := w.decide(batch); err != nil {
		refuse(batch, err)
		return nil
	}
	if len(w.plan.events) > 0 {
		if err := w.file.store(w.plan.seal(batch)); err != nil {
			w.stumble(troubleOf(err))
			if !w.settled() {
				return batch
			}
		}
		w.publish()
	}
	answer(batch)
	return nil
}

// publish makes what was committed known: it can be found, then it is told.
func (w *writer) publish() {
	events := w.plan.events
	newest := &events[len(events)-1]
	w.last, w.lastAt = newest.Seq, newest.At
	w.j.index.add(w.plan.placed())
	w.j.tell(events)
	if w.file != nil {
		w.j.keeper.notice(w.file.pages)
	}
}

// answer lets the callers go.
func answer(batch []*request) {
	for _, r := range batch {
		r.done <- struct{}{}
	}
}

// refuse gives every request the same error.
func refuse(batch []*request, err error) {
	for _, r := range batch {
		r.events, r.err = nil, err
	}
	answer(batch)
}

// decide settles who may append what, and gives events their numbers.
func (w *writer) decide(batch []*request) error {
	at := w.now().UTC().Truncate(time.Millisecond)
	if at.Before(w.lastAt) {
		at = w.lastAt
	}
	w.plan.begin(batch, time.UnixMilli(at.UnixMilli()).UTC())
	for _, r := range batch {
		start := len(w.plan.events)
		r.events, r.err = nil, w.admit(r, start)
		if r.err == nil {
			r.events = w.plan.events[start:len(w.plan.events):len(w.plan.events)]
			continue
		}
		w.withdraw(start)
		if !isRefusal(r.err) {
			w.heads.forget()
			return r.err
		}
	}
	return nil
}

// admit plans the events of a request, those of earlier ones counting.
func (w *writer) admit(r *request, start int) error {
	for i := range r.entries {
		e := &r.entries[i]
		if err := w.unseen(e.ID, start); err != nil {
			return err
		}
		n, err := w.head(e.Stream.ID)
		if err != nil {
			return err
		}
		if e.Expect != desk.AnyN && e.Expect != *n {
			return desk.ErrConflict
		}
		*n++
		w.plan.ids[e.ID] = len(w.plan.events)
		w.plan.events = append(w.plan.events, desk.Event{
			Seq: w.last + uint64(len(w.plan.events)) + 1,
			ID:  e.ID, Stream: e.Stream, Class: e.Class, N: *n, At: w.plan.at, Actor: e.Actor, Body: r.bodies[i],
		})
	}
	return nil
}

// withdraw takes back the planned events from index start on.
func (w *writer) withdraw(start int) {
	for _, e := range w.plan.events[start:] {
		*w.heads.at(e.Stream.ID)--
		delete(w.plan.ids, e.ID)
	}
	w.plan.events = w.plan.events[:start]
}

// unseen returns nil for an identifier that is new, and an error that says
// where it is when it is not.
func (w *writer) unseen(id desk.ID, start int) error {
	if i, ok := w.plan.ids[id]; ok {
		if i >= start { // twice in one Append: it is nowhere yet
			return &desk.DuplicateError{ID: id}
		}
		return &desk.DuplicateError{ID: id, Seq: w.plan.events[i].Seq}
	}
	seq, err := w.j.index.seqOf(w.lookUp, id)
	if err != nil {
		return w.j.indexError(err)
	}
	if seq != 0 {
		return &desk.DuplicateError{ID: id, Seq: seq}
	}
	return nil
}

func (w *writer) lookUp() (*indexReader, error) { return w.eyes.lookUp(w.j.index) }

// head returns where the length of a stream is kept.
func (w *writer) head(stream desk.ID) (*uint64, error) {
	if n := w.heads.at(stream); n != nil {
		return n, nil
	}
	look, err := w.lookUp()
	if err != nil {
		return nil, err
	}
	n, err := w.j.index.headOf(look, stream)
	if err != nil {
		return nil, w.j.indexError(err)
	}
	return w.heads.learn(stream, n), nil
}
