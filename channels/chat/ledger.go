package chat

import (
	"net/netip"
	"sync"
	"time"

	"hark/desk"
)

// pendingFor is how long a file waits for its message. The recorder removes it
// after the same time.
const pendingFor = 24 * time.Hour

// ledger counts what visitors have uploaded and not sent yet, so that nobody
// fills the disk with it. A hub that starts anew begins with an empty one; the
// recorder's own bound holds in any case.
type ledger struct {
	visitor, address, total int64 // bytes
	number                  int

	mu        sync.Mutex
	all       map[*loan]struct{}
	byFile    map[desk.ID]*loan
	byVisitor map[string]int64
	byAddress map[netip.Addr]int64
	bytes     int64
	swept     time.Time
}

// loan is one file.
type loan struct {
	visitor string
	address netip.Addr
	file    desk.ID // zero while it arrives
	size    int64
	at      time.Time
}

func newLedger(l Limits) *ledger {
	return &ledger{
		visitor: l.VisitorFiles, address: l.AddressFiles, total: l.PendingFiles, number: l.PendingNumber,
		all: map[*loan]struct{}{}, byFile: map[desk.ID]*loan{}, byVisitor: map[string]int64{}, byAddress: map[netip.Addr]int64{},
	}
}

// take sets bytes aside for a file that is about to arrive, or returns nil
// when there are too many.
func (l *ledger) take(now time.Time, visitor string, address netip.Addr, size int64) *loan {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	if len(l.all) >= l.number || l.bytes+size > l.total ||
		l.byVisitor[visitor]+size > l.visitor || l.byAddress[address]+size > l.address {
		return nil
	}
	n := &loan{visitor: visitor, address: address, at: now}
	l.all[n] = struct{}{}
	l.resize(n, size)
	return n
}

// arrived notes which file it became, and that it has so many bytes.
func (l *ledger) arrived(n *loan, f desk.File) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.all[n]; !ok {
		return
	}
	n.file = f.ID
	l.byFile[f.ID] = n
	l.resize(n, f.Size)
}

// failed gives back what was set aside for a file that did not arrive.
func (l *ledger) failed(n *loan) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(n)
}

// sent says that a message has the files now.
func (l *ledger) sent(files []desk.ID) {
	if len(files) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range files {
		if n := l.byFile[id]; n != nil {
			l.remove(n)
		}
	}
}

// sweep forgets what has been removed meanwhile, at most once a minute.
func (l *ledger) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	for n := range l.all {
		if now.Sub(n.at) > pendingFor {
			l.remove(n)
		}
	}
}

func (l *ledger) remove(n *loan) {
	if _, ok := l.all[n]; !ok {
		return
	}
	l.resize(n, 0)
	delete(l.all, n)
	delete(l.byFile, n.file)
}

func (l *ledger) resize(n *loan, size int64) {
	by := size - n.size
	n.size = size
	l.bytes += by
	if l.byVisitor[n.visitor] += by; l.byVisitor[n.visitor] == 0 {
		delete(l.byVisitor, n.visitor)
	}
	if l.byAddress[n.address] += by; l.byAddress[n.address] == 0 {
		delete(l.byAddress, n.address)
	}
}
