package main

import (
	"context"
	"os"
	"runtime/debug"
	"time"
)

// A hub holds many small things for long, visitors above all. With Go's own
// settings what they left behind while they came in would stay as large as
// they are; so the collector runs at half the growth, and once the hub comes
// to rest, memory goes back to the system.
// A hub with mail holds a few large things for short, the windows and the large
// mails of a first sync, which takes as long with a quarter of that growth and
// 30 MB less.
const (
	collectAt     = 50 // percent of growth between collections
	collectMailAt = 20
	restAfter     = 3 * time.Second
)

// rest gives memory back whenever the journal has grown and then stood still.
// GOGC in the environment has the last word.
func (h *hub) rest(ctx context.Context) {
	if os.Getenv("GOGC") == "" {
		percent := collectAt
		if h.mail != nil {
			percent = collectMailAt
		}
		debug.SetGCPercent(percent)
	}
	tick := time.NewTicker(restAfter)
	defer tick.Stop()
	rested := uint64(0)
	for last := uint64(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := h.rec.State().Seq()
		if now == last && now != rested {
			debug.FreeOSMemory()
			rested = now
		}
		last = now
	}
}
