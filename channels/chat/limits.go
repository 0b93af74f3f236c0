package chat

import (
	"net/netip"
	"sync"
	"time"
)

// Rate is how often something may happen: a burst at once, then so many a
// second.
type Rate struct {
	PerSecond float64
	Burst     float64
}

// Limits bound what strangers can cost. A zero field takes the value of
// DefaultLimits.
type Limits struct {
	Frame       int // bytes of one message of the socket
	Connections int // open connections in all
	PerAddress  int // open connections of one address

	Messages        Rate // what one visitor writes
	AddressMessages Rate // what one address writes
	AddressConnects Rate // sockets that one address opens
	Frames          Rate // frames of any kind on one connection
	Bytes           Rate // bytes received on one connection

	Hello time.Duration // until the first frame
	Ping  time.Duration // between pings to an idle connection
	Idle  time.Duration // without a sign of life until it is closed
	Write time.Duration // for one frame to leave
	Close time.Duration // for everybody to be told that the hub goes
}

// DefaultLimits suit a site behind which people write by hand.
func DefaultLimits() Limits {
	return Limits{
		Frame:           16 << 10,
		Connections:     20_000,
		PerAddress:      100,
		Messages:        Rate{PerSecond: 1, Burst: 20},
		AddressMessages: Rate{PerSecond: 20, Burst: 200},
		AddressConnects: Rate{PerSecond: 5, Burst: 100},
		Frames:          Rate{PerSecond: 20, Burst: 100},
		Bytes:           Rate{PerSecond: 32 << 10, Burst: 256 << 10},
		Hello:           10 * time.Second,
		Ping:            30 * time.Second,
		Idle:            90 * time.Second,
		Write:           15 * time.Second,
		Close:           5 * time.Second,
	}
}

// withDefaults fills the fields that are zero.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	fill(&l.Frame, d.Frame)
	fill(&l.Connections, d.Connections)
	fill(&l.PerAddress, d.PerAddress)
	fill(&l.Messages, d.Messages)
	fill(&l.AddressMessages, d.AddressMessages)
	fill(&l.AddressConnects, d.AddressConnects)
	fill(&l.Frames, d.Frames)
	fill(&l.Bytes, d.Bytes)
	fill(&l.Hello, d.Hello)
	fill(&l.Ping, d.Ping)
	fill(&l.Idle, d.Idle)
	fill(&l.Write, d.Write)
	fill(&l.Close, d.Close)
	return l
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

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

func (t *rates) take(now time.Time, a netip.Addr, n float64) (wait time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bucket(now, a).take(now, t.rate, n)
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
