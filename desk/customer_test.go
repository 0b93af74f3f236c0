package desk_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

func TestAMessageSentTwiceIsKeptOnce(t *testing.T) {
	env := desktest.New(t)
	w := desk.Words{Token: desktest.Token("Mo"), Client: "m1", Text: "hello?", Name: "Mo"}
	var wg sync.WaitGroup
	ids := make([]desk.ID, 16)
	for i := range ids {
		wg.Go(func() {
			var err error
			if ids[i], err = env.Say(t.Context(), w); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("one visitor's first words are in %v and %v", ids[0], id)
		}
	}
	items, err := env.PublicItems(t.Context(), ids[0], 0, 100)
	if err != nil || len(items) != 1 {
		t.Errorf("kept %d times, %v", len(items), err)
	}
	if n := env.State.Counts(desk.ID{})[desk.All]; n != 1 {
		t.Errorf("%d conversations", n)
	}
}

func TestFirstWordsOfTwoTabsMakeOneConversation(t *testing.T) {
	env := desktest.New(t)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			w := desk.Words{Token: desktest.Token("Mo"), Client: fmt.Sprint(i), Text: "hello?", Name: "Mo"}
			if _, err := env.Say(t.Context(), w); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := env.State.Counts(desk.ID{})[desk.All]; n != 1 {
		t.Errorf("%d conversations", n)
	}
}

func TestALateWordBeginsALinkedConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo := env.As("bo")
		old := env.Says("Mo", "hello?")
		if err := bo.End(t.Context(), old); err != nil {
			t.Fatal(err)
		}
		time.Sleep(desk.ReopenWithin - time.Hour)
		if id := env.Says("Mo", "still broken"); id != old {
			t.Error("within fourteen days the conversation is not taken up again")
		}
		if err := bo.End(t.Context(), old); err != nil {
			t.Fatal(err)
		}
		time.Sleep(desk.ReopenWithin + time.Hour)
		id := env.Says("Mo", "another lamp")
		row := bo.Row(id)
		if id == old || row.Previous != old || row.Name != "Mo" {
			t.Errorf("a word after fourteen days gives %+v", row)
		}
		if again := env.Says("Mo", "the blue one"); again != id {
			t.Error("the second word begins a third conversation")
		}
		err := bo.Reply(t.Context(), old, "about the first lamp")
		if desk.CodeOf(err) != desk.Conflict || !strings.Contains(desk.Sentence(err), bo.Short(id)) {
			t.Errorf("a reply that no browser shows gives %v", err)
		}
	})
}

func TestAVisitorKnowsOnlyTheirOwn(t *testing.T) {
	env := desktest.New(t)
	id := env.Says("Mo", "hello?")
	if v := env.Visitor(desktest.Token("Mo")); v.Conversation != id || v.Ord != 1 {
		t.Errorf("Mo is known as %+v", v)
	}
	if v := env.Visitor(desktest.Token("Kim")); v != (desk.Visitor{}) {
		t.Errorf("a stranger's token opens %+v", v)
	}
}

func TestWordsAreChecked(t *testing.T) {
	env := desktest.New(t)
	good := desk.Words{Token: desktest.Token("Mo"), Client: "m1", Text: "hello?"}
	for name, spoil := range map[string]func(*desk.Words){
		"a short token":     func(w *desk.Words) { w.Token = "abc" },
		"a token of spaces": func(w *desk.Words) { w.Token = strings.Repeat(" ", 30) },
		"no message id":     func(w *desk.Words) { w.Client = "" },
		"a control in it":   func(w *desk.Words) { w.Client = "a\x1b" },
		"no text":           func(w *desk.Words) { w.Text = "  " },
		"a long name":       func(w *desk.Words) { w.Name = strings.Repeat("n", 500) },
	} {
		w := good
		spoil(&w)
		if _, err := env.Say(t.Context(), w); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("words with %s: %v", name, err)
		}
	}
	if n := env.State.Counts(desk.ID{})[desk.All]; n != 0 {
		t.Errorf("refused words made %d conversations", n)
	}
}

func TestThreadPagesBackwards(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	var id desk.ID
	for i := range 25 {
		id = env.Says("Mo", fmt.Sprint(i))
		if i%5 == 0 {
			if err := bo.Note(t.Context(), id, "note"); err != nil {
				t.Fatal(err)
			}
		}
	}
	th, err := bo.Open(t.Context(), id, desk.Serve, "open", 8)
	if err != nil {
		t.Fatal(err)
	}
	want := map[uint64]uint64{}
	total := uint64(0)
	if _, err := th.Each(t.Context(), func(a desk.Applied) error { want[a.N] = a.Ord; total++; return nil }); err != nil {
		t.Fatal(err)
	}
	next := total
	for {
		page, err := th.Older(t.Context(), 7)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for i := len(page) - 1; i >= 0; i-- {
			if page[i].N != next || page[i].Ord != want[next] {
				t.Errorf("event %d has ordinal %d; reading forwards it is %d with %d", page[i].N, page[i].Ord, next, want[next])
			}
			next--
		}
	}
	if next != 0 {
		t.Errorf("%d events were not reached", next)
	}
}
