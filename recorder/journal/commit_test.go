package journal

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"hark/desk"
	"hark/recorder/powercut"
)

// together appends several requests, in order, so that they meet in one commit,
// and returns their answers.
func together(t *testing.T, j *Journal, d *powercut.Disk, requests [][]desk.Entry) (events [][]desk.Event, errs []error) {
	t.Helper()
	held, hold := make(chan struct{}, 1), make(chan struct{})
	d.Fault(func(op powercut.Op) error {
		if op.Kind == powercut.Sync && strings.HasPrefix(op.File, recordName) {
			signal(held)
			<-hold
		}
		return nil
	})
	events, errs = make([][]desk.Event, len(requests)), make([]error, len(requests))
	var wg sync.WaitGroup
	send := func(fn func()) {
		wg.Go(fn)
	}
	send(func() {
		if _, err := j.Append(t.Context(), message(testStream(50), "the commit before")); err != nil {
			t.Error(err)
		}
	})
	<-held
	for i, entries := range requests {
		send(func() { events[i], errs[i] = j.Append(t.Context(), entries...) })
		eventually(t, "the request is queued", func() bool {
			j.queue.mu.Lock()
			defer j.queue.mu.Unlock()
			return len(j.queue.waiting) == i+1
		})
	}
	close(hold)
	wg.Wait()
	d.Fault(nil)
	return events, errs
}

// TestOneCommit has requests that bear on each other in one commit: they are
// decided in order, and a refused one leaves no trace.
func TestOneCommit(t *testing.T) {
	j, d, _ := faulty(t)
	s, other := testStream(1), testStream(2)
	expect := func(n uint64, e desk.Entry) desk.Entry {
		e.Expect = n
		return e
	}
	a, b := message(s, "a"), message(s, "b")
	shared := message(other, "shared")
	requests := [][]desk.Entry{
		{expect(0, a)},
		{shared, expect(0, message(s, "too late"))}, // refused: shared is free again
		{expect(1, b), expect(0, shared)},           // counts the first one
		{expect(2, message(s, "c")), a},             // refused: a duplicate of the first
		{expect(2, message(s, "d"))},
		{expect(1, message(other, "e")), expect(2, message(other, "f"))},
	}
	events, errs := together(t, j, d, requests)
	for i, want := range []error{nil, desk.ErrConflict, nil, desk.ErrDuplicate, nil, nil} {
		if !errors.Is(errs[i], want) {
			t.Errorf("request %d gets %v, not %v", i, errs[i], want)
		}
	}
	var dup *desk.DuplicateError
	if !errors.As(errs[3], &dup) || dup.Seq != events[0][0].Seq {
		t.Errorf("the duplicate is said to be at %+v, not %d", dup, events[0][0].Seq)
	}
	got, err := j.Read(t.Context(), 2, 100)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, e := range got {
		texts = append(texts, fmt.Sprintf("%d %d %s", e.Seq, e.N, e.Body.(desk.Message).Text))
	}
	if want := "2 1 a, 3 2 b, 4 1 shared, 5 3 d, 6 2 e, 7 3 f"; strings.Join(texts, ", ") != want {
		t.Errorf("the journal has %q, not %q", strings.Join(texts, ", "), want)
	}
	if r := rows(t, j); r != 2 {
		t.Errorf("two commits made %d rows", r)
	}
}

// rows returns how many rows the record has.
func rows(t *testing.T, j *Journal) (n int) {
	t.Helper()
	err := j.readers.with(t.Context(), func(r *reader) (err error) {
		n, err = number(r.record.c, `SELECT count(*) FROM frames`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestFailedCommitRefusesDuplicatesToo has a duplicate wait in the commit that
// fails: it must not hear that the first one is there.
func TestFailedCommitRefusesDuplicatesToo(t *testing.T) {
	j, d, _ := faulty(t)
	add(t, j, "before")
	e := message(testStream(1), "x")
	d.Fault(fault(powercut.Write, vfs.SystemError(syscall.ENOSPC, sqlite3.FULL)))
	r1, err1 := j.encode(t.Context(), []desk.Entry{e})
	r2, err2 := j.encode(t.Context(), []desk.Entry{e})
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	j.queue.mu.Lock()
	j.queue.waiting = append(j.queue.waiting, r1, r2)
	j.queue.mu.Unlock()
	j.queue.stir()
	<-r1.done
	<-r2.done
	for i, r := range []*request{r1, r2} {
		if desk.CodeOf(r.err) != desk.Unavailable || r.events != nil {
			t.Errorf("request %d gets %v, %v", i+1, r.events, r.err)
		}
	}
}

// TestSettled finds out after a failure whether a commit happened.
func TestSettled(t *testing.T) {
	j := start(t, Options{Dir: t.TempDir(), limits: small()})
	events := []desk.Event{add(t, j, "a"), add(t, j, "b")}
	w := &writer{j: j} // not the one at work
	settled := func(last uint64, planned []desk.Event) (bool, kind) {
		w.last, w.plan.events, w.trouble = last, planned, &trouble{kind: noSpace}
		return w.settled(), w.trouble.kind
	}
	if ok, k := settled(0, events); !ok || k != noSpace {
		t.Errorf("a commit that happened: %v, %v", ok, k)
	}
	if ok, k := settled(2, []desk.Event{{ID: desk.NewID()}}); ok || k != noSpace {
		t.Errorf("a commit that did not happen: %v, %v", ok, k)
	}
	if ok, k := settled(1, []desk.Event{{ID: desk.NewID()}}); ok || k != forgotten {
		t.Errorf("another's commit: %v, %v", ok, k)
	}
}

// TestWhatIsReadAgainIsSafe crashes twice. A commit whose sync failed is in the
// system's memory all the same, and is there after a restart of the process.
// From then on it is shown, so a power cut must not take it away any more.
func TestWhatIsReadAgainIsSafe(t *testing.T) {
	o := Options{Dir: t.TempDir(), Keys: anyKeys(), limits: small()}
	d := powercut.New(t, o.Dir)
	plain := o
	o.VFS = d.VFS()
	j := start(t, o)
	add(t, j, "safe")
	d.Fault(fault(powercut.Sync, vfs.SystemError(syscall.EIO, sqlite3.IOERR_FSYNC)))
	if _, err := j.Append(t.Context(), message(testStream(1), "unsure")); desk.CodeOf(err) != desk.Unavailable {
		t.Fatal(err)
	}
	d.Fault(nil)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = start(t, o)
	shown, err := j.Read(t.Context(), 1, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(shown) != 2 {
		t.Fatalf("%d events are shown: the commit was not in memory, so this proves nothing", len(shown))
	}
	var done acks
	done.add(shown, d.Len())
	replay := d.Replay()
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		replay.Advance(replay.Len())
		if err := checkImage(t, replay, plain, &done, replay.Len(), rng); err != nil {
			t.Error(err)
		}
	}
}

// TestLogStaysShort appends without a pause. The write-ahead log begins again
// and again instead of growing on.
func TestLogStaysShort(t *testing.T) {
	dir := t.TempDir()
	j := start(t, Options{Dir: dir, limits: small()})
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 1500 {
				if _, err := j.Append(t.Context(), message(testStream(byte(w)), fmt.Sprint(i))); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	pages := size(j.record.path+"-wal") / pageSize
	t.Logf("12000 events, %d pages of log, to be kept at about %d", pages, small().keepPages)
	if pages > (tooLong+1)*int64(small().keepPages) {
		t.Errorf("the log has grown to %d pages", pages)
	}
}
