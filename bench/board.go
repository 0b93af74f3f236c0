package main

import (
	"bytes"
	"strconv"
	"sync"
	"time"
)

// mark stands before the number of a message in its text; every feed that
// carries the text shows it.
const mark = "bench-"

// markDigits is how many digits follow the mark.
const markDigits = 9

// board notes when each message left its visitor and when it came to the
// agent. Numbers count up from 0 over all measurements of a run.
type board struct {
	mu      sync.Mutex
	sent    []time.Time
	arrived []time.Time
	open    int // sent and not arrived
	twice   int
	change  chan struct{} // capacity 1: something arrived
}

func newBoard() *board { return &board{change: make(chan struct{}, 1)} }

// leave gives the next message its number; at is when its time counts from.
func (b *board) leave(at time.Time) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, at)
	b.arrived = append(b.arrived, time.Time{})
	b.open++
	return len(b.sent) - 1
}

// arrive notes every message that a piece of the feed carries.
func (b *board) arrive(feed []byte, at time.Time) {
	for {
		i := bytes.Index(feed, []byte(mark))
		if i < 0 || len(feed) < i+len(mark)+markDigits {
			return
		}
		digits := feed[i+len(mark):][:markDigits]
		feed = feed[i+len(mark)+markDigits:]
		if n, err := strconv.Atoi(string(digits)); err == nil {
			b.note(n, at)
		}
	}
}

func (b *board) note(n int, at time.Time) {
	b.mu.Lock()
	if n < len(b.sent) {
		if b.arrived[n].IsZero() {
			b.arrived[n] = at
			b.open--
		} else {
			b.twice++
		}
	}
	b.mu.Unlock()
	select {
	case b.change <- struct{}{}:
	default:
	}
}

// begin returns the number of the next message and how many of the earlier
// ones have not arrived.
func (b *board) begin() (first, open int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.sent), b.open
}

// duplicates returns how many messages arrived more than once.
func (b *board) duplicates() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.twice
}

// outcome is what became of the messages of one measurement.
type outcome struct {
	sent    int
	took    samples // of those that arrived
	missing int
}

// outcome looks at the messages from number first on.
func (b *board) outcome(first int) outcome {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := outcome{sent: len(b.sent) - first}
	for n := first; n < len(b.sent); n++ {
		if b.arrived[n].IsZero() {
			o.missing++
			continue
		}
		o.took = append(o.took, b.arrived[n].Sub(b.sent[n]))
	}
	return o
}

// settle waits until no more than open messages are on their way, or limit has
// passed without any that came.
func (b *board) settle(open int, limit time.Duration) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		if _, now := b.begin(); now <= open {
			return
		}
		select {
		case <-b.change:
			timer.Reset(limit)
		case <-timer.C:
			return
		}
	}
}

// words returns a message's text: the mark, the number, and as much prose as
// people write.
func words(n int) string {
	digits := strconv.Itoa(n)
	return mark + "000000000"[len(digits):] + digits + " hello, my lamp came today and the shade has a dent, what can we do?"
}
