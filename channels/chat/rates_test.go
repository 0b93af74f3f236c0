package chat

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
)

func address(i int) netip.Addr {
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, uint32(i))))
}

func TestBucketFillsAgain(t *testing.T) {
	var b bucket
	now := time.Now()
	r := Rate{PerSecond: 2, Burst: 3}
	for i := range 3 {
		if _, ok := b.take(now, r, 1); !ok {
			t.Fatalf("take %d of a full bucket fails", i)
		}
	}
	wait, ok := b.take(now, r, 1)
	if ok || wait != 500*time.Millisecond {
		t.Errorf("an empty bucket says %v, wait %v", ok, wait)
	}
	if _, ok := b.take(now.Add(wait), r, 1); !ok {
		t.Error("after the wait there is nothing")
	}
	if _, ok := b.take(now.Add(-time.Hour), r, 1); ok {
		t.Error("a clock that goes back gives tokens")
	}
}

func TestTableOfAddressesIsBounded(t *testing.T) {
	rates := newRates(Rate{PerSecond: 1, Burst: 2}, 100)
	now := time.Now()
	taken := 0
	for i := range 10_000 {
		if _, ok := rates.take(now, address(i)); ok {
			taken++
		}
	}
	if len(rates.by) > 100 || taken > 102 {
		t.Errorf("%d addresses are kept and %d were let in", len(rates.by), taken)
	}
	if _, ok := rates.take(now.Add(time.Minute), address(10_001)); !ok || len(rates.by) != 1 {
		t.Errorf("when all have been quiet, a new one gets %v among %d", ok, len(rates.by))
	}
}

func TestSeatsAreGivenBack(t *testing.T) {
	s := newSeats(3)
	a, b := address(1), address(2)
	for i, c := range []struct {
		address netip.Addr
		want    bool
	}{{a, true}, {a, true}, {a, false}, {b, true}, {b, false}} {
		if got := s.take(c.address, 2); got != c.want {
			t.Errorf("seat %d: %v, want %v", i, got, c.want)
		}
	}
	s.release(a)
	s.release(a)
	s.release(b)
	if len(s.by) != 0 || s.taken != 0 {
		t.Errorf("%d seats are still taken by %d", s.taken, len(s.by))
	}
}

func TestPagesLoseWhatIsPersonal(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.test/x?token=1#y":     "https://a.test/x",
		"https://mo:pw@a.test/x":         "https://a.test/x",
		"http://a.test":                  "http://a.test",
		"javascript:alert(1)":            "",
		"file:///etc/passwd":             "",
		"/x":                             "",
		"https://a.test/" + "%zz":        "",
		"":                               "",
		"https://a.test/?":               "https://a.test/",
		"https://a.test/\x1b]0;title\a/": "",
	} {
		if got := page(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
