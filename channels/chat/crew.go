package chat

import (
	"context"
	"sync/atomic"
)

// crewKept is how many workers wait for the next job instead of ending.
const crewKept = 64

// crew does for connections what needs a deep stack: deciding and journaling a
// message takes some 16 KB of it. If the reader of each connection did that
// itself, thousands of idle connections would hold on to as many deep stacks.
type crew struct {
	jobs    chan job
	waiting atomic.Int32
}

type job struct {
	c *conn
	f frame
}

func newCrew() *crew { return &crew{jobs: make(chan job)} }

// do has a frame handled and waits for it, so that one connection's frames are
// handled in order. No connection waits for another's.
func (w *crew) do(ctx context.Context, c *conn, f frame) {
	j := job{c, f}
	select {
	case w.jobs <- j:
	default:
		go w.work(ctx, j)
	}
	<-c.done
}

func (w *crew) work(ctx context.Context, j job) {
	for {
		j.run()
		if w.waiting.Add(1) > crewKept {
			w.waiting.Add(-1)
			return
		}
		select {
		case j = <-w.jobs:
			w.waiting.Add(-1)
		case <-ctx.Done():
			return
		}
	}
}

func (j job) run() {
	defer func() { j.c.done <- struct{}{} }()
	defer j.c.contain()
	j.c.handle(j.f)
}
