package deed_test

import (
	"context"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/deed"
	"hark/desk/desktest"
)

// state is what of a conversation a deed may change.
type state struct {
	Status   desk.Status
	Assignee desk.ID
	Priority desk.Priority
	Tags     []string
	Until    time.Time
	Queue    string
}

func stateOf(s *desk.Session, id desk.ID) state {
	c := s.Row(id)
	return state{c.Status, c.Assignee, c.Priority.Or(), append([]string{}, c.Tags...), c.Until, s.QueueOf(c)}
}

func world(t *testing.T) (*desktest.Env, *desk.Session, desk.ID) {
	env := desktest.New(t, func(o *desk.Options) {
		r := desk.DefaultRouting()
		r.Queues = []desk.Queue{{Name: "shop"}, {Name: "billing"}}
		o.Routing = &r
	})
	return env, env.As("bo"), env.Says("kai", "hello")
}

// TestStepsBack does every deed and takes it back.
func TestStepsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, s, id := world(t)
		eva := env.As("eva").Actor().ID
		deeds := map[string]deed.Deed{
			"assign to me": deed.Assign(s, s.Actor().ID), "assign": deed.Assign(s, eva), "prioritise": deed.Prioritise(s, desk.Urgent),
			"tag": deed.Tag(s, []string{"new", "old"}, []string{"gone"}), "snooze": deed.Snooze(s, time.Now().Add(time.Hour)),
			"snooze until a reply": deed.Snooze(s, time.Time{}), "enqueue": deed.Enqueue(s, "billing"),
		}
		if err := s.Tag(t.Context(), id, []string{"old", "gone"}, nil); err != nil {
			t.Fatal(err)
		}
		there := func(name string, d deed.Deed) {
			t.Helper()
			before := stateOf(s, id)
			back, err := d(t.Context(), s.Row(id))
			if err != nil || back == nil || reflect.DeepEqual(stateOf(s, id), before) {
				t.Fatalf("%s changed nothing: %v", name, err)
			}
			if err := back(t.Context()); err != nil {
				t.Fatalf("%s was not taken back: %v", name, err)
			}
			if after := stateOf(s, id); !reflect.DeepEqual(after, before) {
				t.Errorf("%s and back: %+v, was %+v", name, after, before)
			}
		}
		for name, d := range deeds {
			there(name, d)
		}
		if err := s.Reply(t.Context(), id, "hello"); err != nil { // it is mine now, and waits for the customer
			t.Fatal(err)
		}
		for name, d := range deeds {
			if name != "assign to me" {
				there("mine: "+name, d)
			}
		}
		there("release", deed.Assign(s, desk.ID{}))
		if _, err := deed.Snooze(s, time.Now().Add(time.Hour))(t.Context(), s.Row(id)); err != nil {
			t.Fatal(err)
		}
		there("wake", deed.Wake(s))
		there("snooze longer", deed.Snooze(s, time.Now().Add(3*time.Hour)))
	})
}

func TestResolveAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, s, id := world(t)
		back, err := deed.Resolve(s)(t.Context(), s.Row(id))
		if err != nil || s.Row(id).Status != desk.StatusResolved {
			t.Fatal("not resolved", err)
		}
		if again, err := deed.Resolve(s)(t.Context(), s.Row(id)); err != nil || again != nil {
			t.Error("to resolve what is resolved has a step back", err)
		}
		if err := back(t.Context()); err != nil || s.Row(id).Status == desk.StatusResolved {
			t.Error("still resolved", err)
		}
		if again, err := deed.Reopen(s)(t.Context(), s.Row(id)); err != nil || again != nil {
			t.Error("to reopen what is open has a step back", err)
		}
	})
}

// TestNoTrampling takes a step back after somebody else was at it.
func TestNoTrampling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, s, id := world(t)
		back, err := deed.Assign(s, s.Actor().ID)(t.Context(), s.Row(id))
		if err != nil {
			t.Fatal(err)
		}
		if err := env.As("eva").Take(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if err := back(t.Context()); desk.CodeOf(err) != desk.Conflict || desk.Sentence(err) != "it has gone on to eva since" {
			t.Errorf("got %v", err)
		}
		back, err = deed.Tag(s, []string{"one"}, nil)(t.Context(), s.Row(id))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Tag(t.Context(), id, []string{"two"}, nil); err != nil {
			t.Fatal(err)
		}
		if err := back(t.Context()); err != nil || !reflect.DeepEqual(s.Row(id).Tags, []string{"two"}) {
			t.Errorf("the tags are %v (%v)", s.Row(id).Tags, err)
		}
	})
}

func TestMatters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, s, id := world(t)
		env.Says("kai", "another matter")
		events, err := env.Journal.ReadStream(t.Context(), id, 1, 10)
		if err != nil {
			t.Fatal(err)
		}
		second := events[2].ID
		split, unsplit, err := deed.Split(t.Context(), s, id, []desk.ID{second})
		if err != nil || s.Row(split) == nil {
			t.Fatal("not split", err)
		}
		stays, unmerge, err := deed.Merge(t.Context(), s, id, split)
		if err != nil || stays != id || s.Row(split).Merged != id {
			t.Fatalf("merged into %v, not where the customer writes: %v", stays, err)
		}
		run(t, unmerge)
		if !s.Row(split).Merged.IsZero() {
			t.Error("still merged")
		}
		first := events[1].ID
		back, err := deed.Move(t.Context(), s, id, split, []desk.ID{first})
		if err != nil {
			t.Fatal(err)
		}
		run(t, back)
		run(t, unsplit)
		if s.Row(split).Merged.IsZero() {
			t.Error("what was split off still stands by itself")
		}
	})
}

func run(t *testing.T, back deed.Step) {
	t.Helper()
	if err := back(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
}
