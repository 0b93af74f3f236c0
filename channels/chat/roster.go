package chat

import (
	"context"
	"sync"
	"time"
)

// turns is in how many groups connections are pinged, one after the other, so
// that the work is spread over the interval.
const turns = 32

// roster holds the open connections.
type roster struct {
	mu      sync.Mutex
	groups  [turns]map[*conn]struct{}
	joined  int
	count   int
	closing bool
	empty   chan struct{} // closed when closing and nobody is left
}

func newRoster() *roster {
	r := &roster{empty: make(chan struct{})}
	for i := range r.groups {
		r.groups[i] = map[*conn]struct{}{}
	}
	return r
}

// enter adds a connection, unless the server is closing.
func (r *roster) enter(c *conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closing {
		return false
	}
	c.group = uint8(r.joined % turns)
	r.joined++
	r.count++
	r.groups[c.group][c] = struct{}{}
	return true
}

func (r *roster) exit(c *conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.groups[c.group][c]; !ok {
		return
	}
	delete(r.groups[c.group], c)
	r.count--
	if r.closing && r.count == 0 {
		close(r.empty)
	}
}

func (r *roster) group(i int) []*conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]*conn, 0, len(r.groups[i]))
	for c := range r.groups[i] {
		all = append(all, c)
	}
	return all
}

// pingAll pings every connection once an interval.
func (r *roster) pingAll(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(max(every/turns, time.Millisecond))
	defer tick.Stop()
	for i := 0; ; i = (i + 1) % turns {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, c := range r.group(i) {
			c.sendPing()
		}
	}
}

// farewell lets nobody in any more and tells everybody to come back later.
func (r *roster) farewell() {
	r.mu.Lock()
	r.closing = true
	if r.count == 0 {
		close(r.empty)
	}
	r.mu.Unlock()
	for i := range turns {
		for _, c := range r.group(i) {
			go c.fail(closeRestart, "the hub restarts")
		}
	}
}

// wait reports whether everybody left before ctx ended.
func (r *roster) wait(ctx context.Context) bool {
	select {
	case <-r.empty:
		return true
	case <-ctx.Done():
		return false
	}
}

// cut closes what is still open and returns how many that were.
func (r *roster) cut() int {
	n := 0
	for i := range turns {
		for _, c := range r.group(i) {
			_ = c.net.Close()
			n++
		}
	}
	return n
}
