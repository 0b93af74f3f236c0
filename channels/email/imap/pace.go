package imap

import (
	"net"
	"sync"
	"time"
)

// pace reads from a connection and holds it to the limits of waiting. While
// nobody waits for an answer there is no limit. While somebody does, a line
// must be complete within the time given to begin, and a literal must not
// stall and must bring its bytes at a least speed. Only time spent waiting for
// the other side counts: a slow consumer on this side is not the server's
// fault.
type pace struct {
	conn  net.Conn
	stall time.Duration
	speed int64 // bytes a second

	mu      sync.Mutex
	waiting bool
	since   time.Time     // when the waiting began
	silence time.Duration // a line's limit
	step    time.Duration // how long one read may take
	budget  time.Duration // what the current line or literal may still take
}

// begin says that an answer is waited for, each line of it at most that long.
func (p *pace) begin(silence time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting, p.since, p.silence = true, time.Now(), silence
	p.line()
	_ = p.conn.SetReadDeadline(p.since.Add(silence)) // fails when closed, which ends the reading too
}

// end says that nothing is waited for any more.
func (p *pace) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = false
	_ = p.conn.SetReadDeadline(time.Time{})
}

// nextLine and nextLiteral tell what is read from here on.
func (p *pace) nextLine() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line()
}

func (p *pace) line() { p.step, p.budget = p.silence, p.silence }

func (p *pace) nextLiteral(size int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.step = p.stall
	p.budget = p.stall + time.Duration(size/p.speed)*time.Second
}

// progress says that the other side took something from us: it lives.
func (p *pace) progress() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting {
		p.since = time.Now()
		_ = p.conn.SetReadDeadline(p.since.Add(p.step))
	}
}

// Read reads within the limits; beyond them it fails as a deadline does.
func (p *pace) Read(b []byte) (int, error) {
	start := time.Now()
	p.mu.Lock()
	deadline := time.Time{}
	if p.waiting {
		deadline = start.Add(min(p.step, p.budget))
	}
	_ = p.conn.SetReadDeadline(deadline)
	p.mu.Unlock()
	n, err := p.conn.Read(b)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting {
		if p.since.After(start) {
			start = p.since
		}
		p.budget -= time.Since(start)
	}
	return n, err
}

// patience returns how long one read may take now.
func (p *pace) patience() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.step
}
