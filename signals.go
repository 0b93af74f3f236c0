package main

import (
	"context"
	"math"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// signals returns a context that a signal ends; a second one ends the process
// at once. ctrl+c is not for us while an editor has the terminal.
func (p *program) signals() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	came := make(chan os.Signal, 1)
	signal.Notify(came, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for sig := range came {
			if sig == os.Interrupt && p.lent.to(time.Now()) {
				continue
			}
			signal.Stop(came)
			cancel()
			return
		}
	}()
	return ctx
}

// lending says whether an editor has the terminal.
type lending struct{ until atomic.Int64 } // Unix nanoseconds

// lendingEnds is how long a ctrl+c may come behind the end of the editor that
// it ended: the system tells both at once, and the editor can be gone before
// its signal is looked at here. A console of ours gets ctrl+c as a key.
const lendingEnds = time.Second

// set begins or ends the lending.
func (l *lending) set(on bool) {
	if on {
		l.until.Store(math.MaxInt64)
		return
	}
	l.until.Store(time.Now().Add(lendingEnds).UnixNano())
}

// to reports whether a signal of a time was the editor's.
func (l *lending) to(at time.Time) bool { return at.UnixNano() < l.until.Load() }
