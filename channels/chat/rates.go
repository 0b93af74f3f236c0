package chat

import (
	"net/netip"
	"sync"
	"time"
)

// bucket is a token bucket that has spent some of its burst. The zero value is
// full.
type bucket struct {
	spent float64
	at    time.Time
}

// take spends n tokens, or reports after how long they will be there.
func (b *bucket) take(now time.Time, r Rate, n float64) (wait time.Duration, ok bool) {
	b.refill(now, r)
	if over := b.spent + n - r.Burst; over > 0 {
		return time.Duration(over / r.PerSecond * float64(time.Second)), false
	}
	b.spent += n
	return 0, true
}

func (b *bucket) refill(now time.Time, r Rate) {
	if gone := now.Sub(b.at); gone > 0 {
		b.spent = max(b.spent-gone.Seconds()*r.PerSecond, 0)
		b.at = now
	}
}

// tableSize is how many addresses a table remembers. Those that do not fit
// share one entry, so that a flood of addresses costs no memory.
const tableSize = 1 << 16

// rates is a bounded table of token buckets by address.
type rates struct {
	mu    sync.Mutex
	rate  Rate
	size  int
	by    map[netip.Addr]*bucket
	rest  bucket // of all the addresses that do not fit
	swept time.Time
}

func newRates(r Rate, size int) *rates {
	return &rates{rate: r, size: size, by: map[netip.Addr]*bucket{}}
}

// take spends one token of the address.
func (t *rates) take(now time.Time, a netip.Addr) (wait time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bucket(now, a).take(now, t.rate, 1)
}

func (t *rates) bucket(now time.Time, a netip.Addr) *bucket {
	if b := t.by[a]; b != nil {
		return b
	}
	if len(t.by) >= t.size {
		t.sweep(now)
	}
	if len(t.by) >= t.size {
		return &t.rest
	}
	b := &bucket{}
	t.by[a] = b
	return b
}

// sweep forgets the buckets that are full again, at most once a second: they
// are as good as new ones.
func (t *rates) sweep(now time.Time) {
	if now.Sub(t.swept) < time.Second {
		return
	}
	t.swept = now
	for a, b := range t.by {
		if b.refill(now, t.rate); b.spent == 0 {
			delete(t.by, a)
		}
	}
}

// seats counts open connections, in all and by address.
type seats struct {
	mu    sync.Mutex
	taken int
	by    map[netip.Addr]int
	total int
}

func newSeats(total int) *seats { return &seats{by: map[netip.Addr]int{}, total: total} }

// take reports whether one more connection of the address is welcome where it
// may have so many; release gives the seat back.
func (s *seats) take(a netip.Addr, most int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken >= s.total || s.by[a] >= most {
		return false
	}
	s.taken++
	s.by[a]++
	return true
}

func (s *seats) release(a netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken--
	if s.by[a]--; s.by[a] <= 0 {
		delete(s.by, a)
	}
}
