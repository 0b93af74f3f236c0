package route

import (
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
)

func TestWaitingTimeIsMeasured(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		w.comes("ana")
		names := []string{"a", "b", "c", "d", "e", "f"}
		for i, name := range names {
			id := w.says(name, "/")
			if p := w.engine.Place(id); p.Position != 1 || p.Known != (i >= paceLeast) {
				t.Errorf("%d measurements: %+v", i, p)
			}
			w.pass(10 * time.Second)
			w.accepts("ana", id)
			w.must(w.here["ana"].End(w.t.Context(), id))
		}
		w.is("ana", desk.Busy, time.Time{})
		first := w.says("Mo", "/")
		w.pass(time.Second)
		second := w.says("Ny", "/")
		if p := w.engine.Place(second); p.Position != 2 || p.Known {
			t.Errorf("nobody is there, and yet %+v", p)
		}
		w.is("ana", desk.Available, time.Time{})
		if p := w.engine.Place(second); p.Position != 2 || !p.Known || p.Wait != 20*time.Second {
			t.Errorf("the second in line: %+v", p)
		}
		w.accepts("ana", first)
		if p := w.engine.Place(first); p.Position != 0 {
			t.Errorf("who is served stands at %+v", p)
		}
		w.pass(2 * time.Minute)
		if p := w.engine.Place(second); p.Position != 1 || p.Known {
			t.Errorf("much longer than was measured, and yet %+v", p)
		}
	})
}

func TestWhoIsServedHearsItAtOnce(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		feed := w.desk.FollowPublic(1000)
		defer feed.Close()
		w.comes("ana")
		mo := w.says("Mo", "/")
		if p := w.engine.Place(mo); p.Position != 1 { // as a browser that comes in asks
			t.Fatalf("the only one in line stands at %+v", p)
		}
		w.accepts("ana", mo)
		synctest.Wait()
		b, err := feed.Next(w.t.Context())
		w.must(err)
		last := desk.Place{Position: -1}
		for _, f := range b.Items {
			if f.Place != nil && f.Conversation == mo {
				last = *f.Place
			}
		}
		if last.Position != 0 {
			t.Errorf("told last: %+v", last)
		}
	})
}

func TestPlacesAreTold(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		feed := w.desk.FollowPublic(1000)
		defer feed.Close()
		w.comes("ana")
		mo := w.says("Mo", "/")
		ny := w.says("Ny", "/")
		w.pass(tellEvery)
		w.accepts("ana", mo)
		w.pass(tellEvery)
		got := map[desk.ID][]int{}
		synctest.Wait()
		b, err := feed.Next(w.t.Context())
		w.must(err)
		for _, f := range b.Items {
			if f.Place != nil {
				got[f.Conversation] = append(got[f.Conversation], f.Place.Position)
			}
		}
		// A place replaces the one before it when nobody has read that yet.
		if len(got[mo]) == 0 || got[mo][len(got[mo])-1] != 0 || len(got[ny]) == 0 || got[ny][len(got[ny])-1] != 1 {
			t.Errorf("told: %v", got)
		}
	})
}
