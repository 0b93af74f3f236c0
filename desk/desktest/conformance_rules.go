package desktest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
)

// at returns the entry with an expectation.
func at(n uint64, e desk.Entry) desk.Entry {
	e.Expect = n
	return e
}

func testExpect(b *bench) {
	s, other := stream(), stream()
	b.refused(desk.ErrConflict, at(1, says(s, "too early")))
	b.must(at(0, says(s, "first")))
	b.refused(desk.ErrConflict, at(0, says(s, "too late")))
	b.must(at(1, says(s, "second")), at(2, says(s, "third")), at(0, says(other, "other")), says(s, "fourth"), at(4, says(s, "fifth")))
	b.refused(desk.ErrConflict, at(5, says(s, "sixth")), at(5, says(s, "its own sixth is before it")))
	b.must(at(5, says(s, "sixth")))
	if got := len(b.inStream(s)); got != 6 {
		b.Errorf("the stream has %d events, not 6", got)
	}
	b.reopen()
	b.refused(desk.ErrConflict, at(5, says(s, "late")))
	b.must(at(6, says(s, "seventh")))
}

func testAtomic(b *bench) {
	s1, s2 := stream(), stream()
	b.must(says(s1, "one"))
	b.refused(desk.ErrConflict, says(s1, "two"), says(s2, "x"), at(9, says(s2, "y")))
	dup := says(s2, "x")
	b.refused(desk.ErrDuplicate, says(s1, "two"), dup, dup)
	want := b.must(at(1, says(s1, "two")), at(0, dup))
	b.same("journal", b.from(2), want)
	if len(b.inStream(s2)) != 1 {
		b.Errorf("the second stream has %d events, not 1", len(b.inStream(s2)))
	}
}

func testDuplicates(b *bench) {
	s, other := stream(), stream()
	first := b.must(says(s, "a"), says(s, "b"))
	again := func(i int) desk.Entry {
		e := says(other, "again")
		e.ID = first[i].ID
		return e
	}
	b.at(1, b.refusal(desk.ErrDuplicate, again(0)))
	b.at(2, b.refusal(desk.ErrDuplicate, says(s, "c"), again(1)))
	b.at(2, b.refusal(desk.ErrDuplicate, at(77, again(1)))) // a retry is known before it conflicts
	twice := says(s, "twice")
	b.at(0, b.refusal(desk.ErrDuplicate, twice, twice))
	b.must(twice)
	b.reopen()
	b.at(2, b.refusal(desk.ErrDuplicate, again(1)))
	b.at(3, b.refusal(desk.ErrDuplicate, twice))
	if b.Head() != 3 {
		b.Errorf("head is %d, not 3", b.Head())
	}
}

// at fails the test unless a DuplicateError says where the first one is.
func (b *bench) at(seq uint64, err error) {
	b.Helper()
	var d *desk.DuplicateError
	if !errors.As(err, &d) || d.Seq != seq || d.ID.IsZero() {
		b.Errorf("the error is %#v: it does not say that event %d is the first", err, seq)
	}
}

func testFollow(b *bench) {
	s := stream()
	for i := range 2500 {
		if i%10 == 0 {
			batch := make([]desk.Entry, 10)
			for k := range batch {
				batch[k] = says(s, fmt.Sprint(i, k))
			}
			b.must(batch...)
		}
	}
	var got [4][]desk.Event
	from := []uint64{0, 1, 1234, 2501}
	for i := range got {
		if err := b.Follow(b.Context(), from[i], func(e []desk.Event) { got[i] = append(got[i], e...) }); err != nil {
			b.Fatal(err)
		}
		b.same(fmt.Sprintf("follower from %d", from[i]), got[i], b.from(max(1, from[i])))
	}
	b.must(says(s, "new"), says(s, "newer"))
	b.must(says(s, "newest"))
	for i := range got {
		b.same(fmt.Sprintf("follower from %d, later", from[i]), got[i], b.from(max(1, from[i])))
	}
}

func testFollowFirst(b *bench) {
	var mu sync.Mutex
	seen := map[desk.ID]bool{}
	err := b.Follow(b.Context(), 1, func(events []desk.Event) {
		mu.Lock()
		defer mu.Unlock()
		for _, e := range events {
			seen[e.ID] = true
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	each(8, func(int) {
		s := stream()
		for range 50 {
			e := b.mustTry(says(s, "x"))
			mu.Lock()
			if !seen[e.ID] {
				b.Errorf("event %d was acknowledged before the follower saw it", e.Seq)
			}
			mu.Unlock()
			if got, err := b.Read(b.Context(), e.Seq, 1); err != nil || len(got) != 1 || got[0].ID != e.ID {
				b.Errorf("event %d cannot be read after the answer: %v", e.Seq, err)
			}
			if got, err := b.ReadStream(b.Context(), s.ID, e.N, 1); err != nil || len(got) != 1 || got[0].ID != e.ID {
				b.Errorf("event %d cannot be read from its stream after the answer: %v", e.Seq, err)
			}
		}
	})
}

// mustTry is must for goroutines that are not the test's own.
func (b *bench) mustTry(e desk.Entry) desk.Event {
	events, err := b.Append(b.Context(), e)
	if err != nil || len(events) != 1 {
		b.Errorf("append: %v", err)
		return desk.Event{}
	}
	return events[0]
}

// each runs fn n times at once and waits.
func each(n int, fn func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { fn(i) })
	}
	wg.Wait()
}

func testFollowConcurrent(b *bench) {
	const writers, events, followers = 8, 60, 6
	var seqs [followers][]uint64
	each(writers+followers, func(i int) {
		if i >= writers {
			i -= writers
			time.Sleep(time.Duration(i) * time.Millisecond)
			err := b.Follow(b.Context(), 1, func(events []desk.Event) {
				for _, e := range events {
					seqs[i] = append(seqs[i], e.Seq)
				}
			})
			if err != nil {
				b.Error(err)
			}
			return
		}
		s := stream()
		for range events {
			b.mustTry(says(s, "x"))
		}
	})
	for i := range seqs {
		if len(seqs[i]) != writers*events {
			b.Errorf("follower %d saw %d events, not %d", i, len(seqs[i]), writers*events)
		}
		for k, seq := range seqs[i] {
			if seq != uint64(k)+1 {
				b.Fatalf("follower %d saw event %d in place %d", i, seq, k+1)
			}
		}
	}
}

func testWriters(b *bench) {
	const writers, events = 64, 25
	streams := make([]desk.Stream, writers)
	each(writers, func(i int) {
		streams[i] = stream()
		for k := range events {
			e := b.mustTry(at(uint64(k), says(streams[i], fmt.Sprint(k))))
			if e.N != uint64(k)+1 {
				b.Errorf("event %d of a stream has n %d", k+1, e.N)
			}
		}
	})
	all := b.all()
	if len(all) != writers*events || b.Head() != writers*events {
		b.Fatalf("%d events and head %d instead of %d", len(all), b.Head(), writers*events)
	}
	for i, e := range all {
		if e.Seq != uint64(i)+1 {
			b.Fatalf("event %d is in place %d", e.Seq, i+1)
		}
	}
	for _, s := range streams {
		for k, e := range b.inStream(s) {
			if e.N != uint64(k)+1 || e.Body.(desk.Message).Text != fmt.Sprint(k) {
				b.Fatalf("place %d of a stream has n %d and %v", k+1, e.N, e.Body)
			}
		}
	}
}

func testRace(b *bench) {
	s := stream()
	for round := range 20 {
		var mu sync.Mutex
		won := 0
		each(32, func(int) {
			_, err := b.Append(b.Context(), at(uint64(round), entry(s, desk.Assigned{To: desk.NewID(), Claim: true})))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case !errors.Is(err, desk.ErrConflict):
				b.Errorf("a loser gets %v", err)
			}
		})
		if won != 1 {
			b.Fatalf("round %d has %d winners", round, won)
		}
	}
}

func testDuplicateRace(b *bench) {
	s := stream()
	var mu sync.Mutex
	for range 20 {
		e := says(s, "once")
		var winner uint64
		var others []uint64
		each(16, func(int) {
			events, err := b.Append(b.Context(), e)
			mu.Lock()
			defer mu.Unlock()
			var d *desk.DuplicateError
			switch {
			case err == nil:
				winner = events[0].Seq
			case errors.As(err, &d):
				others = append(others, d.Seq)
			default:
				b.Errorf("a duplicate gets %v", err)
			}
		})
		if len(others) != 15 || winner == 0 || slices.ContainsFunc(others, func(seq uint64) bool { return seq != winner }) {
			b.Fatalf("event %d was added; the others heard of %v", winner, others)
		}
	}
}

func testContext(b *bench) {
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	if _, err := b.Append(ctx, says(stream(), "x")); !errors.Is(err, context.Canceled) {
		b.Errorf("append with an ended context gives %v", err)
	}
	if b.Head() != 0 {
		b.Errorf("it was appended all the same")
	}
}

func testReopen(b *bench) {
	s := stream()
	var want []desk.Event
	for i := range 5 {
		for k := range 40 {
			want = append(want, b.must(at(uint64(i*40+k), says(s, fmt.Sprint(i, k))))...)
		}
		b.reopen()
		if b.Head() != uint64(len(want)) {
			b.Fatalf("head is %d after opening it again, not %d", b.Head(), len(want))
		}
		b.same("journal", b.all(), want)
		b.same("stream", b.inStream(s), want)
		var followed []desk.Event
		if err := b.Follow(b.Context(), 1, func(e []desk.Event) { followed = append(followed, e...) }); err != nil {
			b.Fatal(err)
		}
		b.same("follower", followed, want)
	}
	for i := 1; i < len(want); i++ {
		if want[i].At.Before(want[i-1].At) {
			b.Fatalf("event %d is earlier than the one before", i+1)
		}
	}
}

// testTime lets the journal live in times that turn back: what it kept is of
// now, and the fake clock that it is opened with next stands in the past.
func testTime(b *bench) {
	s := stream()
	kept := b.must(says(s, "now"))[0]
	past := &bench{T: b.T, open: b.open}
	b.Run("in the past", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			past.T, past.Journal = t, b.open()
			if !time.Now().Before(kept.At) {
				t.Fatal("the fake clock does not stand in the past")
			}
			if e := past.must(says(s, "past"))[0]; e.At.Before(kept.At) {
				t.Errorf("the time went back from %v to %v", kept.At, e.At)
			}
			if c, ok := past.Journal.(interface{ Close() error }); ok {
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	})
	b.reopen()
	if e := b.must(says(s, "later"))[0]; e.At.Before(kept.At) {
		b.Errorf("the time went back from %v to %v", kept.At, e.At)
	}
}
