package desk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

// reader follows a conversation as a screen does: it reads the store when it
// must and passes over what it has.
type reader struct {
	t    *testing.T
	th   *desk.Thread
	last uint64 // Seq of the last frame
	n    []uint64
}

func (r *reader) reread() {
	r.n = r.n[:0]
	if _, err := r.th.Each(r.t.Context(), func(a desk.Applied) error { r.n = append(r.n, a.N); return nil }); err != nil {
		r.t.Error(err)
	}
}

func (r *reader) take(b desk.Batch[desk.Frame]) {
	if b.Resync {
		r.reread()
	}
	for i, f := range b.Items {
		if f.Event == nil {
			continue
		}
		if f.Prev != r.last && (!b.Resync || i > 0) {
			r.reread()
		}
		r.last = f.Seq
		if len(r.n) == 0 || f.Event.N > r.n[len(r.n)-1] {
			r.n = append(r.n, f.Event.N)
		}
	}
}

func TestASlowReaderMissesNothing(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	id := env.Says("Mo", "1")
	th, err := bo.Open(t.Context(), id, desk.Serve, "open", 5)
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{t: t, th: th}
	r.reread()
	const words = 400
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range words {
			env.Says("Mo", fmt.Sprint(i))
		}
	})
	resyncs := 0
	for len(r.n) < words+2 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		b, err := th.Live().Next(ctx)
		cancel()
		if err != nil {
			t.Fatalf("after %d events: %v", len(r.n), err)
		}
		if b.Resync {
			resyncs++
		}
		if rand.IntN(3) == 0 {
			time.Sleep(time.Millisecond)
		}
		r.take(b)
	}
	wg.Wait()
	for i, n := range r.n {
		if n != uint64(i+1) {
			t.Fatalf("event %d of the reader has n %d", i+1, n)
		}
	}
	if resyncs == 0 {
		t.Log("the reader was never too slow; nothing was proved about resyncs this time")
	}
}

func TestOverflowTurnsIntoOneResync(t *testing.T) {
	env := desktest.New(t)
	sub, err := env.As("bo").Changes(3)
	if err != nil {
		t.Fatal(err)
	}
	id := env.Says("Mo", "hello?") // two events of the conversation
	for range 10 {
		env.Says("Mo", "more")
	}
	b, err := sub.Next(t.Context())
	if err != nil || !b.Resync {
		t.Fatalf("ten unread frames over a limit of three: %+v, %v", b, err)
	}
	env.Says("Mo", "last")
	b, err = sub.Next(t.Context())
	if err != nil || b.Resync || len(b.Items) != 1 || b.Items[0].Row.ID != id {
		t.Errorf("after the resync: %+v, %v", b, err)
	}
}

func TestRowsCarryNoEvents(t *testing.T) {
	env := desktest.New(t)
	sub, err := env.As("bo").Changes(100)
	if err != nil {
		t.Fatal(err)
	}
	env.Says("Mo", "hello?")
	b, err := sub.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range b.Items {
		if f.Event != nil {
			t.Error("content without passing the door")
		}
	}
}

// TestNotesHaveNoWayOut pushes every kind of event through a conversation and
// searches what the customer's side was given.
func TestNotesHaveNoWayOut(t *testing.T) {
	const secret = "the customer is a fraud"
	env := desktest.New(t)
	bo := env.As("bo")
	public := env.FollowPublic(1000)
	id := env.Says("Mo", "hello?")
	for _, do := range []func() error{
		func() error { return bo.Note(t.Context(), id, secret) },
		func() error { return bo.Reply(t.Context(), id, "hi Mo") },
		func() error { return bo.Note(t.Context(), id, secret) },
		func() error { bo.SaveDraft(id, true, secret); return bo.DiscardDraft(t.Context(), id) },
		func() error { return bo.End(t.Context(), id) },
		func() error { return bo.Reopen(t.Context(), id) },
		func() error { return bo.Release(t.Context(), id) },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	b, err := public.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	items, err := env.PublicItems(t.Context(), id, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal([]any{b, items, env.Visitor(desktest.Token("Mo"))})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("fraud")) {
		t.Errorf("the customer's side holds a note: %s", raw)
	}
	if !bytes.Contains(raw, []byte("hi Mo")) {
		t.Error("the customer's side lacks the reply: the search proves nothing")
	}
	for i, it := range items {
		if it.Ord != uint64(i+1) {
			t.Errorf("ordinal %d stands at place %d: the gap betrays a note", it.Ord, i+1)
		}
	}
	var live []uint64
	for _, f := range b.Items {
		if f.Item != nil {
			live = append(live, f.Item.Ord)
		}
	}
	if len(live) != len(items) {
		t.Errorf("live ordinals %v, stored %d", live, len(items))
	}
}

func TestTypingEndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		id := env.Says("Mo", "hello?")
		bo := env.As("bo")
		sub, err := bo.Changes(10)
		if err != nil {
			t.Fatal(err)
		}
		env.CustomerTyping(id, true)
		time.Sleep(desk.TypingFor - time.Second)
		env.CustomerTyping(id, true)
		time.Sleep(desk.TypingFor - time.Second)
		b, err := sub.Next(t.Context())
		if err != nil || len(b.Items) != 1 || !b.Items[0].Signal.Active {
			t.Fatalf("while the customer writes: %+v, %v", b, err)
		}
		time.Sleep(2 * time.Second)
		b, err = sub.Next(t.Context())
		if err != nil || len(b.Items) != 1 || b.Items[0].Signal.Active {
			t.Errorf("after silence: %+v, %v", b, err)
		}
	})
}

func TestDeliveryMarksAreGathered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo := env.As("bo")
		id := env.Says("Mo", "hello?")
		for range 5 {
			if err := bo.Reply(t.Context(), id, "hi"); err != nil {
				t.Fatal(err)
			}
		}
		n := bo.Row(id).N
		for ord := range uint64(10) {
			env.Seen(id, ord)
		}
		time.Sleep(2 * time.Second)
		row := bo.Row(id)
		if row.N != n+1 || row.Delivered != 6 {
			t.Errorf("marks up to %d in %d events", row.Delivered, row.N-n)
		}
	})
}
