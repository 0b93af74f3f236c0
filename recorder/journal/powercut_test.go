package journal

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"sync"
	"testing"
	"time"

	"hark/desk"
	"hark/recorder/disk"
	"hark/recorder/powercut"
)

var everyCut = flag.Bool("every-cut", false, "cut the power at every operation instead of at some")

// small makes everything that happens now and then happen all the time.
func small() limits {
	return limits{
		keepEvery: 20 * time.Millisecond, keepEvents: 40, keepPages: 60,
		reserve: 64 << 10, reserveStep: 16 << 10,
		retryEvery: 10 * time.Millisecond, retryAtMost: time.Millisecond,
	}
}

// acks notes what was acknowledged, and when.
type acks struct {
	mu  sync.Mutex
	all []ack
}

type ack struct {
	event desk.Event
	after int // how many operations of the disk there were then
}

func (a *acks) add(events []desk.Event, after int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range events {
		a.all = append(a.all, ack{e, after})
	}
}

// work appends to the journal from several goroutines, opening it anew in
// between, and returns what was acknowledged.
func work(t *testing.T, d *powercut.Disk, o Options, rounds, appends int) *acks {
	t.Helper()
	var done acks
	o.VFS = d.VFS()
	for round := range rounds {
		j, err := Open(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for w := range 6 {
			wg.Go(func() {
				s := testStream(byte(w), byte(round))
				for i := range appends {
					entries := []desk.Entry{message(s, fmt.Sprint(round, w, i))}
					if i%5 == 0 {
						entries = append(entries, message(testStream(99), "shared"), message(s, fmt.Sprint("and ", i)))
					}
					events, err := j.Append(t.Context(), entries...)
					if err != nil {
						t.Error(err)
						return
					}
					done.add(events, d.Len())
					if i%7 == w {
						time.Sleep(time.Duration(i) * time.Millisecond / 4)
					}
				}
			})
		}
		wg.Wait()
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return &done
}

func testStream(b ...byte) desk.Stream {
	return desk.Stream{Type: desk.ConversationStream, ID: desk.DeriveID(b)}
}

func message(s desk.Stream, text string) desk.Entry {
	return desk.Entry{
		ID: desk.NewID(), Stream: s, Class: desk.ClassTranscript, Expect: desk.AnyN,
		Actor: desk.Hub(), Body: desk.Message{Direction: desk.In, Channel: desk.Chat, Text: text},
	}
}

// errLost says that an acknowledged event is gone or not what it was.
var errLost = errors.New("lost")

// survived checks that a journal that is found after a crash has every event
// that was acknowledged, in order and once, and that it works.
func survived(j *Journal, acked []desk.Event) error {
	ctx := context.Background()
	var all []desk.Event
	if err := j.Follow(ctx, 1, func(e []desk.Event) { all = append(all, e...) }); err != nil {
		return err
	}
	n := map[desk.ID]uint64{}
	for i, e := range all {
		if n[e.Stream.ID]++; e.Seq != uint64(i)+1 || e.N != n[e.Stream.ID] {
			return fmt.Errorf("event %d, number %d of its stream, is in place %d, number %d", e.Seq, e.N, i+1, n[e.Stream.ID])
		}
	}
	for _, e := range acked {
		if e.Seq > uint64(len(all)) || all[e.Seq-1].ID != e.ID || !reflect.DeepEqual(all[e.Seq-1].Body, e.Body) {
			return fmt.Errorf("event %d of %d: %w", e.Seq, len(all), errLost)
		}
	}
	if err := foundAgain(ctx, j, all); err != nil {
		return err
	}
	head := uint64(len(all))
	events, err := j.Append(ctx, message(testStream(99), "after"))
	if err != nil || events[0].Seq != head+1 || events[0].N != n[testStream(99).ID]+1 {
		return fmt.Errorf("the next append gives %v, %w", events, err)
	}
	return nil
}

// foundAgain checks that the index knows every event.
func foundAgain(ctx context.Context, j *Journal, all []desk.Event) error {
	streams := map[desk.ID][]desk.Event{}
	for _, e := range all {
		streams[e.Stream.ID] = append(streams[e.Stream.ID], e)
		again := message(testStream(7, 7, 7), "again")
		again.ID = e.ID
		var dup *desk.DuplicateError
		if _, err := j.Append(ctx, again); !errors.As(err, &dup) || dup.Seq != e.Seq {
			return fmt.Errorf("event %d can be appended again: %w", e.Seq, err)
		}
	}
	for id, want := range streams {
		got, err := j.ReadStream(ctx, id, 1, len(all)+1)
		if err != nil || len(got) != len(want) {
			return fmt.Errorf("a stream has %d events, not %d: %w", len(got), len(want), err)
		}
		for i := range got {
			if got[i].Seq != want[i].Seq {
				return fmt.Errorf("a stream has event %d in the place of %d", got[i].Seq, want[i].Seq)
			}
		}
	}
	return nil
}

// cut makes images of the folder at many moments and returns what is wrong
// with the journals in them.
func cut(t *testing.T, d *powercut.Disk, o Options, done *acks, cuts int) (wrong []error) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %d operations", seed, d.Len())
	rng := rand.New(rand.NewPCG(seed, 0))
	replay := d.Replay()
	if *everyCut {
		cuts = replay.Len()
	}
	for i := range cuts {
		at := (i + 1) * replay.Len() / cuts
		if !*everyCut {
			at = max(1, at-rng.IntN(max(1, replay.Len()/cuts)))
		}
		replay.Advance(at)
		if err := checkImage(t, replay, o, done, at, rng); err != nil {
			op, _ := replay.Next()
			wrong = append(wrong, fmt.Errorf("power cut at %d, before the %v of %s: %w", at, op.Kind, op.File, err))
		}
	}
	return wrong
}

func checkImage(t *testing.T, r *powercut.Replay, o Options, done *acks, at int, rng *rand.Rand) error {
	t.Helper()
	o.Dir, o.VFS, o.Sync = t.TempDir()+"/"+strconv.Itoa(at), "", ""
	if err := os.Mkdir(o.Dir, 0o700); err != nil {
		return err
	}
	defer func() {
		if err := os.RemoveAll(o.Dir); err != nil { // thousands of them would fill the disk
			t.Error(err)
		}
	}()
	if err := r.Write(o.Dir, rng); err != nil {
		return err
	}
	var acked []desk.Event
	for _, a := range done.all {
		if a.after <= at {
			acked = append(acked, a.event)
		}
	}
	j, err := Open(context.Background(), o)
	if err != nil {
		return err
	}
	return errors.Join(survived(j, acked), j.Close())
}

func TestPowerCut(t *testing.T) {
	o := Options{Dir: t.TempDir(), Keys: newFakeKeys(), limits: small()}
	d := powercut.New(t, o.Dir)
	done := work(t, d, o, 3, 30)
	for _, err := range cut(t, d, o, done, 150) {
		t.Error(err)
	}
}

// TestPowerCutSeesLoss proves that the test above is not blind: without waiting
// for the disk, events are lost.
func TestPowerCutSeesLoss(t *testing.T) {
	o := Options{Dir: t.TempDir(), Keys: newFakeKeys(), limits: small(), Sync: disk.Off}
	d := powercut.New(t, o.Dir)
	done := work(t, d, o, 2, 20)
	wrong := cut(t, d, o, done, 60)
	lost := 0
	for _, err := range wrong {
		if errors.Is(err, errLost) {
			lost++
		}
	}
	t.Logf("%d of 60 cuts lost something without a word, %d more left files that are refused", lost, len(wrong)-lost)
	if len(wrong) < 20 {
		t.Error("that is too few to trust a test that finds none")
	}
}
