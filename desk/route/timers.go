package route

import (
	"container/heap"
	"time"
)

// timer is a moment at which something is to be looked at again. Looking early
// or twice does no harm: what is to be done follows from the rows.
type timer struct {
	at    time.Time
	place int // in the heap, from 1; 0: not armed
	look  func(now time.Time)
}

// timers is the one heap of due times. Moments are of the wall clock.
type timers struct{ heap timerHeap }

// set arms t for a moment, in place of an older one; the zero time disarms.
func (ts *timers) set(t *timer, at time.Time) {
	switch {
	case at.IsZero() && t.place > 0:
		heap.Remove(&ts.heap, t.place-1)
	case at.IsZero():
	case t.place > 0:
		if !t.at.Equal(at) {
			t.at = at
			heap.Fix(&ts.heap, t.place-1)
		}
	default:
		t.at = at
		heap.Push(&ts.heap, t)
	}
}

// next returns the earliest moment; the zero time when nothing is armed.
func (ts *timers) next() time.Time {
	if len(ts.heap) == 0 {
		return time.Time{}
	}
	return ts.heap[0].at
}

// fire looks at everything that is due at now, each once.
func (ts *timers) fire(now time.Time) {
	var due []*timer
	for len(ts.heap) > 0 && !ts.heap[0].at.After(now) {
		due = append(due, heap.Pop(&ts.heap).(*timer)) //nolint:forcetypeassert // the heap holds nothing else
	}
	for _, t := range due {
		t.look(now)
	}
}

// timerHeap implements heap.Interface.
type timerHeap []*timer

func (h timerHeap) Len() int           { return len(h) }
func (h timerHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }

func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i+1, j+1
}

// Push implements heap.Interface.
func (h *timerHeap) Push(x any) {
	t := x.(*timer) //nolint:forcetypeassert // the heap holds nothing else
	*h = append(*h, t)
	t.place = len(*h)
}

// Pop implements heap.Interface.
func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	t.place = 0
	return t
}

// earliest returns the earlier of two moments; a zero time is never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
