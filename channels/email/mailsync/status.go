package mailsync

import (
	"sync"
	"time"

	"hark/desk"
)

// Status is what is known of an account now.
type Status struct {
	State desk.MailState
	Words string    // what is the matter, for people; may hold words of the server
	Since time.Time // of State
	Fresh time.Time // when the server was last seen well
	Next  time.Time // of trouble: when it is tried again
	// Done of Total mails on the server are in the ledger, and Rate arrive a
	// second while they are fetched.
	Done, Total int
	Rate        float64
}

// reportPause is how often progress is told at most. A change of the state is
// told at once.
const reportPause = 250 * time.Millisecond

// board holds the status and tells of its changes, in their order.
type board struct {
	telling sync.Mutex // held while telling, so that two reports keep their order
	report  func(Status)

	mu       sync.Mutex
	now      Status
	watched  bool // the second connection waits for news
	missed   int  // how often in a row it should have told of news and did not
	told     time.Time
	measured time.Time // since when marked counts
	marked   int
}

func newBoard(report func(Status)) *board {
	if report == nil {
		report = func(Status) {}
	}
	return &board{report: report, now: Status{State: desk.MailConnecting, Since: time.Now()}}
}

// change applies a change and tells of it, at once or only now and then.
func (b *board) change(soon bool, apply func(*Status)) {
	b.telling.Lock()
	defer b.telling.Unlock()
	b.mu.Lock()
	before, at := b.now, time.Now()
	apply(&b.now)
	if b.now.State != before.State {
		b.now.Since = at
	}
	moved := b.now.State != before.State || b.now.Words != before.Words
	due := moved || soon && b.now != before || at.Sub(b.told) >= reportPause && b.now != before
	if due {
		b.told = at
	}
	status := b.now
	b.mu.Unlock()
	if due {
		b.report(status)
	}
}

// set enters a state that has nothing to do with progress.
func (b *board) set(state desk.MailState, words string, next time.Time) {
	b.change(true, func(s *Status) {
		s.State, s.Words, s.Next = state, words, next
		if state != desk.MailSyncing {
			s.Rate = 0
		}
	})
}

// seen notes that the server gave a sign of life.
func (b *board) seen() {
	b.change(false, func(s *Status) { s.Fresh = time.Now() })
}

// watching notes whether the second connection waits for news.
func (b *board) watching(yes bool) {
	b.change(true, func(s *Status) {
		b.watched = yes
		if s.State == desk.MailIdle || s.State == desk.MailPolling {
			s.State = b.settled()
		}
	})
}

// deaf is how often news may be found without having been told of, before the
// account counts as one that must be asked.
const deaf = 2

// hears notes whether word of news came when there was some: servers accept
// IDLE and then say nothing.
func (b *board) hears(yes bool) {
	b.change(true, func(s *Status) {
		if b.missed++; yes {
			b.missed = 0
		}
		if s.State == desk.MailIdle || s.State == desk.MailPolling {
			s.State = b.settled()
		}
	})
}

// settled is the state of an account that has all its mail. mu is held.
func (b *board) settled() desk.MailState {
	if b.watched && b.missed < deaf {
		return desk.MailIdle
	}
	return desk.MailPolling
}

// works enters the state of a connection that works, with what it has done.
// Behind says that there is enough left to fetch to speak of. Words may still
// tell of something odd that does not keep it from working.
func (b *board) works(done, total int, behind bool, words string) {
	b.change(false, func(s *Status) {
		s.State, s.Words, s.Next = desk.MailSyncing, words, time.Time{}
		switch {
		case words != "":
			s.State = desk.MailTrouble
		case !behind:
			s.State = b.settled()
		}
		s.Done, s.Total = done, total
		b.measure(s)
	})
}

// measure works out how many mails arrive a second. mu is held.
func (b *board) measure(s *Status) {
	at := time.Now()
	if s.State != desk.MailSyncing || b.measured.IsZero() || s.Done < b.marked {
		b.measured, b.marked = at, s.Done
		if s.State != desk.MailSyncing {
			s.Rate, b.measured = 0, time.Time{}
		}
		return
	}
	span := at.Sub(b.measured)
	if span < time.Second {
		return
	}
	rate := float64(s.Done-b.marked) / span.Seconds()
	if s.Rate > 0 {
		rate = 0.6*rate + 0.4*s.Rate
	}
	s.Rate, b.measured, b.marked = rate, at, s.Done
}

// status returns what is known now.
func (b *board) status() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}
