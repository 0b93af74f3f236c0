package state

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

var testKey = []byte("an even key of thirty-two bytes.")

// open opens a projector on a journal and closes it with the test.
func open(t testing.TB, dir string, j desk.Journal) *Projector {
	t.Helper()
	p, err := Open(t.Context(), Options{Dir: dir, Key: testKey, Journal: j})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func closed(t testing.TB, p *Projector) {
	t.Helper()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// busyDesk returns a journal with n conversations in it.
func busyDesk(t testing.TB, n int) *desktest.Env {
	t.Helper()
	e := desktest.New(t)
	for i := range n {
		e.Says(fmt.Sprintf("visitor %d", i), "the parcel has not come and I have waited for more than a week now; where is it?")
	}
	return e
}

// start is what a start did: how many events it folded and why it threw the
// stored state away, if it did.
type start struct {
	folded uint64
	reason string
}

// startOn opens and closes a projector and checks that it has everything.
func startOn(t testing.TB, dir string, j desk.Journal, change func(*Options)) start {
	t.Helper()
	var s start
	var log strings.Builder
	o := Options{
		Dir: dir, Key: testKey, Journal: j, Progress: func(done, _ uint64) { s.folded = done },
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	}
	if change != nil {
		change(&o)
	}
	p, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	equalToFold(t, p.State(), j)
	closed(t, p)
	_, s.reason, _ = strings.Cut(log.String(), "reason=")
	return s
}

// equalToFold compares a state, through everything it shows, with a fold of
// the journal from the beginning.
func equalToFold(t interface {
	Helper()
	Fatalf(string, ...any)
}, got *desk.State, j desk.Journal,
) {
	t.Helper()
	shown, folded := "", ""
	for { // again if a timer journaled delivery marks meanwhile
		seq := got.Seq()
		events, err := j.Read(context.Background(), 1, int(seq))
		if err != nil {
			t.Fatalf("%v", err)
		}
		want := desk.NewState()
		want.Apply(events)
		shown, folded = show(got), show(want)
		if got.Seq() == seq {
			break
		}
	}
	g, w := strings.Split(shown, "\n"), strings.Split(folded, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("line %d differs from a fold:\n%.400s\ninstead of\n%.400s", i, g[i], w[i])
		}
	}
	if len(g) != len(w) {
		t.Fatalf("%d lines instead of %d", len(g), len(w))
	}
}

// show writes down everything that a state tells.
func show(s *desk.State) string {
	var b strings.Builder
	rows, seq := s.Rows()
	fmt.Fprintf(&b, "%d %v\n", seq, s.Info())
	for _, r := range rows {
		fmt.Fprintf(&b, "%x %x\n", r.Key, r.Value)
		id := desk.ID(r.Key[1:])
		if c := s.Contact(id); c != nil {
			for _, i := range c.Identities {
				fmt.Fprintf(&b, " by %s: %v", i.Value, s.ContactBy(i).ID)
			}
		}
		if c := s.Conversation(id); c != nil {
			fmt.Fprintf(&b, " %+v short %s\n", *c, s.Short(id))
		}
	}
	for _, a := range append(s.Accounts(), &desk.Account{}) {
		counts := s.Counts(a.ID) // which leave out, or count as none, what is empty
		fmt.Fprintf(&b, "%+v\n", *a)
		for _, v := range []desk.View{desk.Mine, desk.Unassigned, desk.All, desk.Done} {
			w := s.Window(v, a.ID, 0, 1000)
			fmt.Fprintf(&b, "%s %d %d:", v, counts[v], w.Total)
			for _, c := range w.Rows {
				fmt.Fprintf(&b, " %v", c.ID)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func BenchmarkOpen10000Conversations(b *testing.B) {
	e := busyDesk(b, 10_000)
	dir := b.TempDir()
	closed(b, open(b, dir, e.Journal))
	info, err := os.Stat(filepath.Join(dir, File))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		began := time.Now()
		p := open(b, dir, e.Journal)
		b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms/open")
		if p.State().Seq() != e.Journal.Head() {
			b.Fatal("not all there")
		}
		b.StopTimer()
		closed(b, p)
		b.StartTimer()
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB")
}

func TestStartFoldsOnlyWhatIsNew(t *testing.T) {
	e, dir := busyDesk(t, 20), t.TempDir()
	if s := startOn(t, dir, e.Journal, nil); s.folded != e.Journal.Head() {
		t.Errorf("the first start folded %d events of %d", s.folded, e.Journal.Head())
	}
	e.Says("visitor 3", "are you there?") // changes rows that are stored
	before := e.Journal.Head()
	if s := startOn(t, dir, e.Journal, nil); s.folded != 1 || s.reason != "" {
		t.Errorf("the second start folded %d events: %s", s.folded, s.reason)
	}
	if s := startOn(t, dir, e.Journal, nil); s.folded != 0 || e.Journal.Head() != before {
		t.Errorf("the third start folded %d events", s.folded)
	}
}

func TestEmptyJournal(t *testing.T) {
	dir, j := t.TempDir(), desktest.NewJournal()
	for range 2 {
		if s := startOn(t, dir, j, nil); s.folded != 0 || s.reason != "" {
			t.Errorf("%+v", s)
		}
	}
}

// TestChangesAreStoredLazily follows the clock: a second after a change it is
// stored, and nothing is written while nothing happens.
func TestChangesAreStoredLazily(t *testing.T) {
	e, dir := busyDesk(t, 3), t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		p := open(t, dir, e.Journal)
		stored := func() uint64 {
			p.storing.Lock()
			defer p.storing.Unlock()
			return p.store.mark.seq
		}
		if n := stored(); n != 0 {
			t.Errorf("%d events are stored at once", n)
		}
		time.Sleep(every + time.Millisecond)
		synctest.Wait()
		if n := stored(); n != p.State().Seq() {
			t.Errorf("%d of %d events are stored after a second", n, p.State().Seq())
		}
		changes := p.store.db.TotalChanges()
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := p.store.db.TotalChanges(); n != changes {
			t.Errorf("%d rows were written while nothing happened", n-changes)
		}
		closed(t, p)
	})
}
