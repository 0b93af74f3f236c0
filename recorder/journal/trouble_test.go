package journal

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"hark/desk"
	"hark/recorder/powercut"
)

// faulty opens a journal whose disk can be made to fail.
func faulty(t *testing.T) (*Journal, *powercut.Disk, *lamps) {
	t.Helper()
	var l lamps
	o := Options{Dir: t.TempDir(), limits: small(), Lamp: l.set}
	d := powercut.New(t, o.Dir)
	o.VFS = d.VFS()
	return start(t, o), d, &l
}

func add(t *testing.T, j *Journal, text string) desk.Event {
	t.Helper()
	events, err := j.Append(t.Context(), message(testStream(1), text))
	if err != nil {
		t.Fatalf("append: %v", err)
	}
	return events[0]
}

// unavailable fails the test unless err says, to a person, that nothing can be
// kept, in the words that the lamp has too.
func unavailable(t *testing.T, err error, l *lamps, words string) {
	t.Helper()
	var e *desk.Error
	if !errors.As(err, &e) || e.Code != desk.Unavailable || !strings.Contains(e.Msg, words) {
		t.Fatalf("the error is %v, not one that says %q", err, words)
	}
	if lamp := l.last(); lamp.OK || lamp.Part != "journal" || lamp.Words != e.Msg {
		t.Fatalf("the lamp says %+v, the error %q", lamp, e.Msg)
	}
}

// eventually waits until fn is true.
func eventually(t *testing.T, what string, fn func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if fn() {
			return
		}
	}
	t.Fatalf("%s: not within 10 s", what)
}

func fault(kind powercut.Kind, err error) func(powercut.Op) error {
	return func(op powercut.Op) error {
		if op.Kind == kind {
			return err
		}
		return nil
	}
}

func TestTroubleThatPasses(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		words string
	}{
		{"full", vfs.SystemError(syscall.ENOSPC, sqlite3.FULL), "the disk is full"},
		{"quota", syscall.EDQUOT, "the disk is full"},
		{"read-only", syscall.EROFS, "cannot be written"},
		{"no permission", syscall.EACCES, "cannot be written"},
	} {
		t.Run(c.name, func(t *testing.T) {
			j, d, l := faulty(t)
			first := add(t, j, "before")
			d.Fault(fault(powercut.Write, c.err))
			for range 3 {
				_, err := j.Append(t.Context(), message(testStream(1), "during"))
				unavailable(t, err, l, c.words)
				time.Sleep(2 * time.Millisecond)
			}
			if got, err := j.Read(t.Context(), 1, 10); err != nil || len(got) != 1 || got[0].ID != first.ID {
				t.Errorf("reading gives %d events and %v", len(got), err)
			}
			d.Fault(nil)
			eventually(t, "writing goes on by itself", func() bool { return l.last().OK })
			if l.last().Words != "ok" {
				t.Errorf("the lamp says %q when all is well", l.last().Words)
			}
			if e := add(t, j, "after"); e.Seq != 2 || e.N != 2 {
				t.Errorf("the next event has seq %d and n %d: something that failed was kept", e.Seq, e.N)
			}
		})
	}
}

// TestEveryOperationFails makes each operation of a commit fail in turn. What
// was answered with success is there, what was refused is not.
func TestEveryOperationFails(t *testing.T) {
	full := vfs.SystemError(syscall.ENOSPC, sqlite3.FULL)
	for nth := range 12 {
		j, d, _ := faulty(t)
		add(t, j, "before")
		var count atomic.Int32
		d.Fault(func(op powercut.Op) error {
			if op.Kind == powercut.Write && int(count.Add(1)) == nth+1 {
				return full
			}
			return nil
		})
		var kept []desk.ID
		for i := range 20 {
			e := message(testStream(1), fmt.Sprint(i))
			_, err := j.Append(t.Context(), e)
			if err == nil {
				kept = append(kept, e.ID)
			} else if desk.CodeOf(err) != desk.Unavailable {
				t.Errorf("operation %d: %v", nth, err)
			}
			time.Sleep(time.Millisecond)
		}
		d.Fault(nil)
		events, err := j.Read(t.Context(), 2, 100)
		if err != nil || len(events) != len(kept) {
			t.Fatalf("operation %d: %d events where %d were acknowledged: %v", nth, len(events), len(kept), err)
		}
		for i, e := range events {
			if e.ID != kept[i] {
				t.Fatalf("operation %d: event %d is not the one that was acknowledged", nth, e.Seq)
			}
		}
	}
}

func TestFailedSyncStopsWriting(t *testing.T) {
	j, d, l := faulty(t)
	add(t, j, "before")
	d.Fault(fault(powercut.Sync, vfs.SystemError(syscall.EIO, sqlite3.IOERR_FSYNC)))
	_, err := j.Append(t.Context(), message(testStream(1), "during"))
	unavailable(t, err, l, "restart hark")
	d.Fault(nil)
	time.Sleep(50 * time.Millisecond) // several times what it would take to try again
	writes := d.Len()
	_, err = j.Append(t.Context(), message(testStream(1), "after"))
	unavailable(t, err, l, "restart hark")
	if d.Len() != writes {
		t.Error("something was written after the disk failed to keep something")
	}
	if got, err := j.Read(t.Context(), 1, 10); err != nil || len(got) != 1 {
		t.Errorf("reading gives %d events and %v", len(got), err)
	}
}

// TestFailedSyncOfTheMoveStopsWriting is the same for the sync behind the
// writer's back, when the log is moved into the record.
func TestFailedSyncOfTheMoveStopsWriting(t *testing.T) {
	j, d, l := faulty(t)
	d.Fault(func(op powercut.Op) error {
		if op.Kind == powercut.Sync && op.File == recordName {
			return vfs.SystemError(syscall.EIO, sqlite3.IOERR_FSYNC)
		}
		return nil
	})
	var err error
	for i := 0; err == nil && i < 1000; i++ {
		_, err = j.Append(t.Context(), message(testStream(1), "x"))
	}
	unavailable(t, err, l, "restart hark")
}

// TestOneFailureRefusesAll has many appends in one commit that fails: all hear
// of it, none is kept, and the duplicates among them are not told that the
// first one is there.
func TestOneFailureRefusesAll(t *testing.T) {
	j, d, _ := faulty(t)
	add(t, j, "before")
	d.Fault(fault(powercut.Write, vfs.SystemError(syscall.ENOSPC, sqlite3.FULL)))
	e := message(testStream(1), "x")
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			if _, err := j.Append(context.Background(), e); desk.CodeOf(err) != desk.Unavailable {
				t.Errorf("append gives %v", err)
			}
		})
	}
	wg.Wait()
	d.Fault(nil)
	eventually(t, "one append works", func() bool {
		_, err := j.Append(t.Context(), e)
		return err == nil
	})
}

// TestContextEndsWhileWaiting lets go of a caller whose time is over while the
// writer is busy. What becomes of the entry shows later.
func TestContextEndsWhileWaiting(t *testing.T) {
	j, d, _ := faulty(t)
	hold := make(chan struct{})
	d.Fault(func(op powercut.Op) error {
		if op.Kind == powercut.Sync {
			<-hold
		}
		return nil
	})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	e := message(testStream(1), "slow")
	if _, err := j.Append(ctx, e); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("append gives %v", err)
	}
	close(hold)
	d.Fault(nil)
	var dup *desk.DuplicateError
	if _, err := j.Append(t.Context(), e); !errors.As(err, &dup) || dup.Seq != 1 {
		t.Errorf("the retry gives %v", err)
	}
}

// TestLockedByAnother has another program hold the record's lock.
func TestLockedByAnother(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as the journal waits for a lock")
	}
	var l lamps
	dir := t.TempDir()
	j := start(t, Options{Dir: dir, limits: small(), Lamp: l.set})
	add(t, j, "before")
	other, err := sqlite3.Open(filepath.Join(dir, recordName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := other.Exec(`BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	_, err = j.Append(t.Context(), message(testStream(1), "during"))
	unavailable(t, err, &l, "another program")
	if err := other.Exec(`ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	eventually(t, "writing goes on by itself", func() bool { return l.last().OK })
	if e := add(t, j, "after"); e.Seq != 2 {
		t.Errorf("the next event has seq %d", e.Seq)
	}
}
