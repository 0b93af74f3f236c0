package staff_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/desk"
	"hark/staff"
)

// event is what a script reads of a line of `tail --json`.
type event struct {
	Seq, N       uint64
	Conversation string
	Kind, Text   string
}

// tail starts a tail and returns its lines.
func (w *world) tail(as string, argv ...string) *bufio.Scanner {
	w.t.Helper()
	out, in := io.Pipe()
	c := w.dial(as)
	go func() {
		_, err := c.Run(w.t.Context(), append([]string{"tail"}, argv...), nil, staff.Streams{Out: in, Err: io.Discard})
		in.CloseWithError(err)
	}()
	w.t.Cleanup(func() { _ = out.Close() })
	s := bufio.NewScanner(out)
	s.Buffer(nil, 1<<20)
	w.awaitViewed()
	return s
}

// awaitViewed waits until a tail is on record: from then on it misses nothing.
func (w *world) awaitViewed() {
	w.t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for time.Now().Before(deadline) {
		events, err := w.Journal.Read(w.t.Context(), 1, 1<<20)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range events {
			if v, ok := e.Body.(desk.Viewed); ok && v.How == "tail" {
				time.Sleep(20 * time.Millisecond) // it subscribes right after
				return
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	w.t.Fatal("no tail went on record")
}

func next(t testing.TB, s *bufio.Scanner) event {
	t.Helper()
	if !s.Scan() {
		t.Fatalf("the tail ended: %v", s.Err())
	}
	var e event
	if err := json.Unmarshal(s.Bytes(), &e); err != nil {
		t.Fatalf("%v in %s", err, s.Text())
	}
	return e
}

func TestTailFollowsEverything(t *testing.T) {
	w := open(t)
	tail := w.tail("ana", "--json")
	id := w.Says("Mo", "first")
	w.Says("Ida", "other")
	w.Says("Mo", "second")
	var texts []string
	for len(texts) < 3 {
		if e := next(t, tail); e.Kind == "message" {
			texts = append(texts, e.Text)
			if e.Text == "second" && e.Conversation != id.String() {
				t.Errorf("conversation %s", e.Conversation)
			}
		}
	}
	if strings.Join(texts, " ") != "first other second" {
		t.Errorf("%q", texts)
	}
}

func TestTailOfOneBeginsWithThePastThatWasAskedFor(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "first")
	w.Says("Mo", "second")
	w.Says("Ida", "other")
	tail := w.tail("ana", id.String(), "--json", "-n", "1")
	w.Says("Mo", "third")
	if a, b := next(t, tail), next(t, tail); a.Text != "second" || b.Text != "third" || b.N != a.N+1 {
		t.Errorf("%+v, %+v", a, b)
	}
}

// A reader that is too slow for the queue loses nothing of one conversation:
// what was left out is read from the journal.
func TestSlowTailOfOneHasNoGap(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "first")
	tail := w.tail("ana", id.String(), "--json")
	const many = 12_000 // more than the queue and the pipes between hold
	text := strings.Repeat("x", 1000)
	for range many {
		w.Says("Mo", text)
	}
	want := uint64(2)
	for range many {
		want++
		if e := next(t, tail); e.N != want || e.Text != text {
			t.Fatalf("event %d where %d is next", e.N, want)
		}
	}
}

func TestSlowTailOfAllSaysThatItHasAGap(t *testing.T) {
	w := open(t)
	tail := w.tail("ana", "--json")
	text := strings.Repeat("x", 1000)
	const many = 12_000
	for range many {
		w.Says("Mo", text)
	}
	var last uint64
	for {
		e := next(t, tail)
		if e.Kind == "resync" {
			if e.Seq != last {
				t.Errorf("the gap is behind %d, and says %d", last, e.Seq)
			}
			return
		}
		last = e.Seq
	}
}

func TestEndedTailLeavesNothingBehind(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "hello")
	c := w.dial("ana")
	out, in := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = c.Run(t.Context(), []string{"tail", id.String()}, nil, staff.Streams{Out: in, Err: io.Discard})
	}()
	w.awaitViewed()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	_ = out.Close()
	<-done
	deadline := time.Now().Add(5 * time.Second)
	for time.Now().Before(deadline) {
		if w.allSittingsEnded() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("the end of the sitting was not journaled")
}

// allSittingsEnded reports whether every sitting that began has ended, but for those of
// the test itself.
func (w *world) allSittingsEnded() bool {
	events, err := w.Journal.Read(w.t.Context(), 1, 1<<20)
	if err != nil {
		w.t.Fatal(err)
	}
	open := map[desk.ID]bool{}
	for _, e := range events {
		switch b := e.Body.(type) {
		case desk.SessionStarted:
			open[b.Session] = b.Via != "test"
		case desk.SessionEnded:
			open[b.Session] = false
		}
	}
	for _, o := range open {
		if o {
			return false
		}
	}
	return true
}

// Thirty-two people want the same conversation: one gets it, and every other
// is told who.
func TestClaimRaceHasOneWinnerWhomEverybodyKnows(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "hello").String()
	const people = 32
	names := make([]string, people)
	for i := range names {
		names[i] = fmt.Sprintf("agent%d", i)
		w.As(names[i])
	}
	results := make([]result, people)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() {
			<-start
			results[i] = w.run(name, "", "claim", id)
		})
	}
	close(start)
	wg.Wait()
	winner := ""
	for i, r := range results {
		if r.status == staff.ExitOK {
			if winner != "" {
				t.Fatalf("%s and %s both have it", winner, names[i])
			}
			winner = names[i]
		}
	}
	if winner == "" {
		t.Fatal("nobody has it")
	}
	for i, r := range results {
		if names[i] != winner && (r.status != staff.ExitConflict || !strings.Contains(r.err, winner+" has this conversation")) {
			t.Errorf("%s was told %+v; %s has it", names[i], r, winner)
		}
	}
}
