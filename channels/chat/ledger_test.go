package chat

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"hark/desk"
)

// TestLedgerAddsUp lets visitors upload, fail, send and forget at random, and
// counts again what the ledger says.
func TestLedgerAddsUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	l := newLedger(Limits{VisitorFiles: 500, AddressFiles: 800, PendingFiles: 2000, PendingNumber: 40})
	now := time.Unix(0, 0)
	var arriving []*loan
	var there []desk.ID
	for range 20_000 {
		now = now.Add(time.Duration(rng.IntN(300)) * time.Second)
		who := netip.AddrFrom4([4]byte{10, 0, 0, byte(rng.IntN(5))})
		switch rng.IntN(4) {
		case 0, 1:
			if n := l.take(now, string(rune('a'+rng.IntN(8))), who, int64(1+rng.IntN(200))); n != nil {
				arriving = append(arriving, n)
			}
		case 2:
			if len(arriving) == 0 {
				continue
			}
			n := arriving[0]
			arriving = arriving[1:]
			if rng.IntN(3) == 0 {
				l.failed(n)
				continue
			}
			f := desk.File{ID: desk.NewID(), Size: min(n.size, int64(rng.IntN(200)))}
			l.arrived(n, f)
			there = append(there, f.ID)
		default:
			if n := min(len(there), rng.IntN(3)); n > 0 {
				l.sent(there[:n])
				l.sent(there[:n]) // a message that is sent twice
				there = there[n:]
			}
		}
		addsUp(t, l)
	}
	for _, n := range arriving {
		l.failed(n)
	}
	l.sent(there)
	if len(l.all) != 0 || len(l.byFile) != 0 || len(l.byVisitor) != 0 || len(l.byAddress) != 0 || l.bytes != 0 {
		t.Errorf("at the end there are %+v", l)
	}
}

func addsUp(t *testing.T, l *ledger) {
	t.Helper()
	var sum int64
	visitors, addresses := map[string]int64{}, map[netip.Addr]int64{}
	for n := range l.all {
		sum += n.size
		visitors[n.visitor] += n.size
		addresses[n.address] += n.size
	}
	if sum != l.bytes || sum > l.total || len(l.all) > l.number {
		t.Fatalf("%d files with %d bytes are counted as %d", len(l.all), sum, l.bytes)
	}
	for v, n := range visitors {
		if l.byVisitor[v] != n || n > l.visitor {
			t.Fatalf("%d bytes of a visitor are counted as %d", n, l.byVisitor[v])
		}
	}
	for a, n := range addresses {
		if l.byAddress[a] != n || n > l.address {
			t.Fatalf("%d bytes of an address are counted as %d", n, l.byAddress[a])
		}
	}
}

func TestLedgerForgets(t *testing.T) {
	l := newLedger(Limits{VisitorFiles: 10, AddressFiles: 10, PendingFiles: 10, PendingNumber: 10})
	now := time.Now()
	n := l.take(now, "a", netip.Addr{}, 10)
	l.arrived(n, desk.File{ID: desk.NewID(), Size: 10})
	if l.take(now.Add(pendingFor-time.Minute), "b", netip.Addr{}, 1) != nil {
		t.Error("there is room while the file is there")
	}
	if l.take(now.Add(pendingFor+2*time.Minute), "b", netip.Addr{}, 10) == nil {
		t.Error("a file that has been removed takes room")
	}
}
