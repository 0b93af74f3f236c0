package journal

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/desk"
)

var kills = flag.Int("kills", 25, "how often the process that appends is killed")

// childDir names the folder to the process that is going to be killed.
const childDir = "HARK_TEST_JOURNAL_CHILD"

// TestMain lets the test's own program be the process that is killed.
func TestMain(m *testing.M) {
	flag.Parse()
	if dir := os.Getenv(childDir); dir != "" {
		if err := appendForever(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// appendForever appends from many goroutines and prints what is acknowledged,
// until it is killed.
func appendForever(dir string) error {
	j, err := Open(context.Background(), Options{Dir: dir, Keys: anyKeys(), limits: small()})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			s := testStream(byte(w))
			for i := 0; ; i++ {
				events, err := j.Append(context.Background(), message(s, fmt.Sprint(w, i)), message(testStream(99), "shared"))
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				fmt.Printf("%v %v\n", events[0].ID, events[1].ID) // one write a line
			}
		})
	}
	wg.Wait()
	return nil
}

// TestKill kills a process under load again and again, and holds what is there
// afterwards against what it had acknowledged.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	acked := map[desk.ID]bool{}
	n := *kills
	if testing.Short() {
		n = min(n, 5)
	}
	for i := range n {
		if err := runAndKill(t, dir, acked); err != nil {
			t.Fatal(err)
		}
		if err := afterKill(dir, acked); err != nil {
			t.Fatalf("kill %d: %v", i+1, err)
		}
	}
	t.Logf("%d acknowledged events after %d kills", len(acked), n)
}

// runAndKill runs the process for a moment and notes what it acknowledges.
func runAndKill(t *testing.T, dir string, acked map[desk.ID]bool) error {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), childDir+"="+dir)
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	for first := true; lines.Scan(); first = false {
		if first {
			time.AfterFunc(time.Duration(rand.IntN(100))*time.Millisecond, func() { _ = c.Process.Kill() })
		}
		ids := strings.Fields(lines.Text())
		if len(ids) != 2 || len(ids[1]) != len(ids[0]) {
			continue // the kill cut the line
		}
		for _, text := range ids {
			id, err := desk.ParseID(text)
			if err != nil {
				return err
			}
			acked[id] = true
		}
	}
	_ = c.Wait() // it was killed
	if stderr.Len() > 0 {
		return errors.New(stderr.String())
	}
	return nil
}

// afterKill checks that every acknowledged event is there, in order, once.
func afterKill(dir string, acked map[desk.ID]bool) (err error) {
	j, err := Open(context.Background(), Options{Dir: dir, Keys: anyKeys(), limits: small()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	seen, n, next := map[desk.ID]bool{}, map[desk.ID]uint64{}, uint64(1)
	var wrong error
	err = j.Follow(context.Background(), 1, func(events []desk.Event) {
		for _, e := range events {
			if n[e.Stream.ID]++; e.Seq != next || e.N != n[e.Stream.ID] || seen[e.ID] {
				wrong = fmt.Errorf("event %d, number %d, in the place of event %d, number %d, seen before %v", e.Seq, e.N, next, n[e.Stream.ID], seen[e.ID])
			}
			seen[e.ID] = true
			next++
		}
	})
	if err = errors.Join(err, wrong); err != nil {
		return err
	}
	for id := range acked {
		if !seen[id] {
			return fmt.Errorf("event %v: %w", id, errLost)
		}
	}
	return sampleFound(j, acked, n)
}

// sampleFound checks that the index knows some of the events.
func sampleFound(j *Journal, acked map[desk.ID]bool, lengths map[desk.ID]uint64) error {
	some := 0
	for id := range acked {
		e := message(testStream(7, 7), "again")
		e.ID = id
		if _, err := j.Append(context.Background(), e); !errors.Is(err, desk.ErrDuplicate) {
			return fmt.Errorf("event %v can be appended again: %w", id, err)
		}
		if some++; some == 200 {
			break
		}
	}
	for stream, n := range lengths {
		got, err := j.ReadStream(context.Background(), stream, n, 10)
		if err != nil || len(got) != 1 || got[0].N != n {
			return fmt.Errorf("the last event of a stream is %v, not number %d: %w", got, n, err)
		}
	}
	return nil
}
