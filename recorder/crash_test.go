package recorder

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
	"hark/recorder/disk"
	"hark/recorder/powercut"
)

var everyCut = flag.Bool("every-cut", false, "crash at every operation of the disk instead of at some")

// ack is something that was acknowledged, and after how many operations.
type ack struct {
	conversation desk.ID
	text         string
	after        int
}

// acks notes what was acknowledged.
type acks struct {
	mu  sync.Mutex
	all []ack
}

func (a *acks) add(conversation desk.ID, text string, after int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = append(a.all, ack{conversation, text, after})
}

// before returns what was acknowledged by the operation at.
func (a *acks) before(at int) (some []ack) {
	for _, x := range a.all {
		if x.after <= at {
			some = append(some, x)
		}
	}
	return some
}

// visit has a visitor write and ana answer, each in a conversation of its own,
// so that keys are made all the time. done is told what was acknowledged.
func (o *office) visit(ctx context.Context, ana *desk.Session, who, n int, done func(desk.ID, string)) error {
	name := fmt.Sprintf("visitor %d of %d", n, who)
	for i := range 3 {
		text := fmt.Sprintf("%s says %d", name, i)
		id, err := o.Say(ctx, desk.Words{Token: desktest.Token(name), Client: fmt.Sprint(i), Text: text, Name: name})
		if err != nil {
			return err
		}
		done(id, text)
		answer := "an answer to " + text
		ana.SaveDraft(id, false, answer)
		if err := ana.Reply(ctx, id, answer); err != nil {
			return err
		}
		done(id, answer)
	}
	return nil
}

// cutWork lets a desk work on a noted disk: two starts, four visitors at once.
func cutWork(t *testing.T, p *place, d *powercut.Disk, layer disk.Layer) *acks {
	t.Helper()
	var done acks
	for start := range 2 {
		p.o.layer = layer
		o := p.open(t)
		if start == 0 {
			owner := desk.AccountCreated{Name: "ana", Display: "Ana", Roles: []desk.Role{desk.RoleAgent}}
			if err := o.Create(t.Context(), "Lamp shop", owner); err != nil {
				t.Fatal(err)
			}
		}
		ana := o.ana()
		var wg sync.WaitGroup
		for who := range 4 {
			wg.Go(func() {
				for n := range 5 {
					if err := o.visit(t.Context(), ana, who, 10*start+n, func(id desk.ID, text string) { done.add(id, text, d.Len()) }); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		if !o.rec.state.Flush() { // as it happens every second
			t.Error("the state is not stored")
		}
		if start == 0 {
			wg.Go(func() { time.Sleep(1100 * time.Millisecond) }) // and drafts
			wg.Wait()
		}
		o.close()
	}
	p.o.layer = disk.Layer{}
	return &done
}

// TestPowerCut cuts the power at the operations of keys, journal, state and
// drafts together: whatever was acknowledged is there, with its key.
func TestPowerCut(t *testing.T) {
	lost, _ := cutEverywhere(t, disk.Layer{}, 250)
	for _, err := range lost {
		t.Error(err)
	}
}

// TestPowerCutIsNotBlind runs the same without waiting for the disk, and must
// see losses.
func TestPowerCutIsNotBlind(t *testing.T) {
	lost, cuts := cutEverywhere(t, disk.Layer{Sync: disk.Off}, 60)
	if len(lost) == 0 {
		t.Errorf("%d power cuts, and nothing is lost although nothing waits for the disk", cuts)
	}
	t.Logf("%d of %d power cuts lost something; the first: %v", len(lost), cuts, lost[0])
}

// cutEverywhere makes a desk work and returns what is wrong with what power
// cuts leave of it.
func cutEverywhere(t *testing.T, layer disk.Layer, cuts int) (wrong []error, n int) {
	t.Helper()
	p := newPlace(t)
	r, err := Create(t.Context(), p.o)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	d := powercut.New(t, p.o.Dir)
	layer.VFS = d.VFS()
	done := cutWork(t, p, d, layer)
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 0))
	replay := d.Replay()
	t.Logf("seed %d, %d operations, %d acknowledged", seed, replay.Len(), len(done.all))
	if *everyCut {
		cuts = replay.Len()
	}
	for i := range cuts {
		from, to := i*replay.Len()/cuts, (i+1)*replay.Len()/cuts
		at := from + 1 + rng.IntN(max(1, to-from))
		replay.Advance(min(at, replay.Len()))
		if err := p.survives(t, replay, done.before(at), rng); err != nil {
			op, _ := replay.Next()
			wrong = append(wrong, fmt.Errorf("power cut at %d, before the %v of %s: %w", at, op.Kind, op.File, err))
		}
	}
	return wrong, cuts
}

// survives opens what a power cut leaves.
func (p *place) survives(t *testing.T, r *powercut.Replay, acked []ack, rng *rand.Rand) error {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := r.Write(dir, rng); err != nil {
		return err
	}
	o := p.o
	o.Dir = dir
	rec, err := Open(t.Context(), o)
	if err != nil {
		return err
	}
	return errors.Join(whole(t.Context(), rec, acked), rec.Close())
}

// whole checks that a desk has everything that was acknowledged, once and in
// order, that its state is a fold of its journal, and that it works.
func whole(ctx context.Context, r *Recorder, acked []ack) error {
	texts := map[desk.ID]map[string]int{}
	last, fold := uint64(0), desk.NewState()
	err := r.Journal().Follow(ctx, 1, func(events []desk.Event) {
		fold.Apply(events)
		for _, e := range events {
			if last++; e.Seq != last {
				last = 1 << 40
			}
			if m, ok := e.Body.(desk.Message); ok {
				if texts[e.Stream.ID] == nil {
					texts[e.Stream.ID] = map[string]int{}
				}
				texts[e.Stream.ID][m.Text]++
			}
		}
	})
	if err != nil {
		return err
	}
	if last != r.Journal().Head() {
		return fmt.Errorf("events are missing or out of order: %d of %d", last, r.Journal().Head())
	}
	for _, a := range acked {
		if n := texts[a.conversation][a.text]; n != 1 {
			return fmt.Errorf("%q is there %d times", a.text, n)
		}
	}
	if err := equal(r.State(), fold); err != nil {
		return err
	}
	return works(ctx, r, acked)
}

func equal(a, b *desk.State) error {
	got, seq := a.Rows()
	want, head := b.Rows()
	if seq != head || len(got) != len(want) {
		return fmt.Errorf("the state has %d rows for %d events, a fold %d for %d", len(got), seq, len(want), head)
	}
	for i := range got {
		if got[i].Key != want[i].Key || string(got[i].Value) != string(want[i].Value) {
			return fmt.Errorf("row %x of the state differs from a fold", got[i].Key)
		}
	}
	return nil
}

// works has a new visitor write and reads it again, and loads a draft.
func works(ctx context.Context, r *Recorder, acked []ack) error {
	d := desk.New(desk.Options{Journal: r.Journal(), State: r.State(), Drafts: r.Drafts()})
	defer d.Close()
	id, err := d.Say(ctx, desk.Words{Token: desktest.Token("late"), Client: "late", Text: "late"})
	if err != nil {
		return fmt.Errorf("it takes nothing new: %w", err)
	}
	items, err := d.PublicItems(ctx, id, 0, 10)
	if err != nil || len(items) != 1 {
		return fmt.Errorf("what is new cannot be read: %v, %w", items, err)
	}
	if len(acked) == 0 {
		return nil
	}
	_, err = r.Drafts().Load(ctx, acked[len(acked)-1].conversation, r.State().AccountNamed("ana").ID)
	return err
}
