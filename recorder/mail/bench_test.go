package mail

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// flood is a mailbox of n mails, 25 KB on average, with two of 35 MB.
func flood(n int) (sizes []int) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		size := 2000 + rng.IntN(12000)
		switch {
		case i == n/3 || i == n/2:
			size = 35 << 20
		case rng.IntN(12) == 0:
			size = 50_000 + rng.IntN(250_000)
		}
		sizes = append(sizes, size)
	}
	return sizes
}

// windows puts mails as the sync does: at most 500 and 16 MB at once, unless
// one alone has more.
func windows(b testing.TB, s *Store, sizes []int, bytes []byte) (windows int) {
	b.Helper()
	var window []mailbox.Arrival
	total := 0
	put := func() {
		if err := s.Put(b.Context(), window...); err != nil {
			b.Fatal(err)
		}
		window, total = window[:0], 0
		windows++
	}
	for i, size := range sizes {
		if len(window) == 500 || len(window) > 0 && total+size > 16<<20 {
			put()
		}
		window = append(window, mailbox.Arrival{
			Place: mailbox.Place{Account: "support", Box: "INBOX", Validity: 7, UID: uint32(i + 1)},
			Size:  int64(size), Received: time.Unix(int64(1e9+i*60), 0), Bytes: bytes[:size],
		})
		total += size
	}
	put()
	return windows
}

// BenchmarkFirstSync keeps, reads and threads a mailbox of 30,000 mails.
func BenchmarkFirstSync(b *testing.B) {
	bytes := make([]byte, 35<<20)
	for i := range bytes {
		bytes[i] = byte(rand.Uint32())
	}
	sizes := flood(30000)
	for b.Loop() {
		s := newPlace(b).open(b)
		start := time.Now()
		windows(b, s, sizes, bytes)
		b.ReportMetric(time.Since(start).Seconds(), "s-put")
		start = time.Now()
		readAll(b, s)
		b.ReportMetric(time.Since(start).Seconds(), "s-read+thread")
		start = time.Now()
		if uids, err := s.Known(b.Context(), "support", "INBOX", 7); err != nil || len(uids) != len(sizes) {
			b.Fatal(len(uids), err)
		}
		b.ReportMetric(time.Since(start).Seconds()*1000, "ms-known")
		start = time.Now()
		if heads, err := s.Heads(b.Context(), "support", "INBOX"); err != nil || len(heads) != len(sizes) {
			b.Fatal(len(heads), err)
		}
		b.ReportMetric(time.Since(start).Seconds()*1000, "ms-heads")
	}
}

// readAll reads what waits and threads it, fifty mails at once.
func readAll(b testing.TB, s *Store) {
	b.Helper()
	for i := 0; ; i++ {
		rows, err := s.Waiting(b.Context(), 50)
		if err != nil {
			b.Fatal(err)
		}
		if len(rows) == 0 {
			return
		}
		var done []mailbox.Threading
		for j, r := range rows {
			m, _, err := s.Open(b.Context(), r.ID)
			if err != nil {
				b.Fatal(err)
			}
			if _, err = io.Copy(io.Discard, m); err != nil {
				b.Fatal(err)
			}
			if err := m.Close(); err != nil {
				b.Fatal(err)
			}
			t := mailbox.Threading{ID: r.ID, Conversation: desk.NewID(), MessageID: fmt.Sprint(i, j), Refs: []string{fmt.Sprint(i, j-1), fmt.Sprint(i, j-2)}}
			t.Identity[0], t.Identity[1], t.Identity[2] = byte(i), byte(i>>8), byte(j)
			if _, err := s.Find(b.Context(), append(t.Refs, t.MessageID)...); err != nil {
				b.Fatal(err)
			}
			done = append(done, t)
		}
		if err := s.Thread(b.Context(), done...); err != nil {
			b.Fatal(err)
		}
	}
}
