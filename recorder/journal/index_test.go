package journal

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"hark/desk"
	"hark/recorder/disk"
)

// testIndex is an index file with its writer and a reader.
type testIndex struct {
	*index
	w *indexWriter
	r *indexReader
}

func openIndex(t *testing.T) *testIndex {
	t.Helper()
	name, err := registerLayer("")
	if err != nil {
		t.Fatal(err)
	}
	f := file{
		path: filepath.Join(t.TempDir(), indexName), vfs: name, sync: disk.Off,
		application: indexApplication, format: indexFormat, schema: indexSchema,
	}
	x := &testIndex{index: newIndex(f, desk.NewID())}
	if x.w, err = openIndexWriter(f); err != nil {
		t.Fatal(err)
	}
	if x.r, err = openIndexReader(f); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(x.r.close(), x.w.close()); err != nil {
			t.Error(err)
		}
	})
	return x
}

func (x *testIndex) look() (*indexReader, error) { return x.r, nil }

// TestIndexAgainstModel adds events of many streams, flushing now and then, and
// holds every look-up against plain maps.
func TestIndexAgainstModel(t *testing.T) {
	x := openIndex(t)
	rng := rand.New(rand.NewPCG(3, 4))
	ids, streams := map[desk.ID]uint64{}, map[desk.ID][]uint64{}
	names := make([]desk.ID, 40)
	for i := range names {
		names[i] = desk.NewID()
	}
	for seq := uint64(1); seq <= 30_000; seq++ {
		s := names[rng.IntN(1+rng.IntN(len(names)))]
		p := place{id: desk.NewID(), stream: s, n: uint64(len(streams[s])) + 1, seq: seq}
		ids[p.id] = seq
		streams[s] = append(streams[s], seq)
		x.add([]place{p})
		if rng.IntN(120) == 0 {
			if err := x.flush(x.w); err != nil {
				t.Fatal(err)
			}
		}
	}
	for id, seq := range ids {
		if got, err := x.seqOf(x.look, id); err != nil || got != seq {
			t.Fatalf("event %d is found at %d, %v", seq, got, err)
		}
	}
	for range 1000 {
		if got, err := x.seqOf(x.look, desk.NewID()); err != nil || got != 0 {
			t.Fatalf("an event that is not there is found at %d, %v", got, err)
		}
	}
	for s, seqs := range streams {
		if n, err := x.headOf(x.r, s); err != nil || n != uint64(len(seqs)) {
			t.Fatalf("a stream of %d has %d events, %v", len(seqs), n, err)
		}
		for range 20 {
			from, limit := rng.IntN(len(seqs))+1, rng.IntN(300)+1
			got, err := x.from(x.r, s, uint64(from), limit)
			want := seqs[from-1 : min(from-1+limit, len(seqs))]
			if err != nil || !slices.Equal(got, want) {
				t.Fatalf("%d events from %d on are %v, not %v: %v", limit, from, got, want, err)
			}
		}
	}
	x.checkRuns(t, len(ids))
}

// checkRuns holds the runs against what bounds them.
func (x *testIndex) checkRuns(t *testing.T, events int) {
	t.Helper()
	levels := map[int]int{}
	total := x.now.size()
	for _, r := range x.runs {
		levels[r.level()]++
		total += r.count
	}
	for level, n := range levels {
		if n >= runsMerged && level < runLevels {
			t.Errorf("there are %d runs of level %d", n, level)
		}
	}
	if total != events {
		t.Errorf("the runs have %d events of %d", total, events)
	}
	stored, err := readRuns(x.w.c)
	if err != nil || len(stored) != len(x.runs) {
		t.Fatalf("the file has %d runs, not %d: %v", len(stored), len(x.runs), err)
	}
	for i, r := range x.runs {
		j := slices.IndexFunc(stored, func(s run) bool { return s.number == r.number })
		if j < 0 || stored[j].count != r.count || !bytes.Equal(stored[j].filter, r.filter) {
			t.Errorf("run %d is not in the file as it is in memory", i)
		}
	}
}

// TestFailedFlushWaits keeps what could not be written and loses nothing.
func TestFailedFlushWaits(t *testing.T) {
	x := openIndex(t)
	first, second := place{desk.NewID(), desk.NewID(), 1, 1}, place{desk.NewID(), desk.NewID(), 1, 2}
	x.add([]place{first})
	if err := x.w.c.Exec(`PRAGMA query_only=on`); err != nil {
		t.Fatal(err)
	}
	if err := x.flush(x.w); err == nil {
		t.Fatal("a flush succeeds although nothing can be written")
	}
	x.add([]place{second})
	found := func() {
		t.Helper()
		for _, p := range []place{first, second} {
			if got, err := x.seqOf(x.look, p.id); err != nil || got != p.seq {
				t.Errorf("event %d is found at %d, %v", p.seq, got, err)
			}
			if n, err := x.headOf(x.r, p.stream); err != nil || n != 1 {
				t.Errorf("its stream has %d events, %v", n, err)
			}
		}
	}
	found()
	if err := x.w.c.Exec(`PRAGMA query_only=off`); err != nil {
		t.Fatal(err)
	}
	for x.waiting() > 0 {
		if err := x.flush(x.w); err != nil {
			t.Fatal(err)
		}
	}
	found()
}

func TestFilter(t *testing.T) {
	for _, count := range []int{1, 100, 10_000, filterLarge} {
		f := newFilter(count)
		ids := make([]desk.ID, count)
		for i := range ids {
			ids[i] = desk.NewID()
			f.add(ids[i])
		}
		for _, id := range ids {
			if !f.has(id) {
				t.Fatalf("a filter of %d forgets", count)
			}
		}
		wrong := 0
		for range 100_000 {
			if f.has(desk.NewID()) {
				wrong++
			}
		}
		if wrong > 1000 {
			t.Errorf("a filter of %d is wrong %d times in 100000", count, wrong)
		}
		t.Logf("%d: wrong %d times in 100000", count, wrong)
	}
}

// TestHeads remembers what is used and forgets what is not.
func TestHeads(t *testing.T) {
	var h heads
	used := desk.NewID()
	h.learn(used, 7)
	for range 5 * headsLimit {
		h.learn(desk.NewID(), 1)
		if n := h.at(used); n == nil || *n != 7 {
			t.Fatal("a stream in use was forgotten")
		}
	}
	if got := len(h.now) + len(h.before); got > 2*headsLimit {
		t.Errorf("%d streams are remembered", got)
	}
}
