package journal

import "sync"

// The limits of one commit: more than that waits for the next, so that nobody
// waits long.
const (
	batchEvents = 256
	batchBytes  = 1 << 20
)

// queue holds the requests that wait for the writer. Their callers wait too,
// so it is as long as there are callers.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	closed  bool
	wake    chan struct{} // capacity 1
}

func newQueue() queue { return queue{wake: make(chan struct{}, 1)} }

// add queues a request, unless the queue is closed.
func (q *queue) add(r *request) bool {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return false
	}
	q.waiting = append(q.waiting, r)
	q.mu.Unlock()
	q.stir()
	return true
}

// stir wakes the writer.
func (q *queue) stir() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take moves the requests of the next commit into batch.
func (q *queue) take(batch []*request) []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	batch = batch[:0]
	events, size := 0, 0
	for _, r := range q.waiting {
		events += len(r.entries)
		size += r.size()
		if len(batch) > 0 && (events > batchEvents || size > batchBytes) {
			break
		}
		batch = append(batch, r)
	}
	left := copy(q.waiting, q.waiting[len(batch):])
	clear(q.waiting[left:])
	q.waiting = q.waiting[:left]
	return batch
}

// close refuses further requests. It reports whether it was open.
func (q *queue) close() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.closed = true
	q.stir()
	return true
}

// drained reports whether the queue is closed and empty.
func (q *queue) drained() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed && len(q.waiting) == 0
}
