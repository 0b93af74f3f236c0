package route

import (
	"testing"
	"time"

	"hark/desk"
)

func TestWhoIsIdleLongestIsAskedFirst(t *testing.T) {
	inWorld(t, quick(2), func(w *world) {
		w.comes("ana", "bo", "cy")
		for _, name := range []string{"ana", "bo", "cy"} {
			w.want(w.says("for "+name, "/"), name)
			w.pass(time.Second)
		}
		w.want(w.says("Pi", "/"), "ana")
	})
}

func TestWhoHasLeastIsAskedFirst(t *testing.T) {
	r := quick(3)
	r.Strategy = desk.LeastBusy
	inWorld(t, r, func(w *world) {
		w.comes("ana")
		w.accepts("ana", w.says("Mo", "/"))
		w.pass(time.Minute)
		w.comes("bo") // came later, and has nothing
		ny := w.says("Ny", "/")
		w.accepts("bo", ny)
		w.accepts("ana", w.says("Ov", "/"))
		w.accepts("bo", w.says("Pi", "/"))
		w.must(w.here["bo"].End(w.t.Context(), ny))
		w.want(w.says("Qi", "/"), "bo")
	})
}

func TestOfferThatIsNotTakenGoesOn(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		w.comes("ana", "bo")
		mo := w.says("Mo", "/")
		w.want(mo, "ana")
		w.reason(mo, CodeOffered, "offered to ana, 30 s left")
		w.pass(12 * time.Second)
		w.reason(mo, CodeOffered, "offered to ana, 18 s left")
		w.pass(18 * time.Second)
		w.want(mo, "bo")
		w.must(w.here["bo"].Decline(w.t.Context(), mo))
		w.want(mo, "")
		w.reason(mo, CodePassed, "ana and bo passed it on; it is offered again in 60 s")
		w.pass(59 * time.Second)
		w.want(mo, "")
		w.pass(time.Second)
		w.want(mo, "ana") // whose last offer is older
		w.must(w.here["ana"].Decline(w.t.Context(), mo))
		w.want(mo, "bo")
		w.comes("cy") // somebody new is asked as soon as ana and bo have passed
		w.must(w.here["bo"].Decline(w.t.Context(), mo))
		w.want(mo, "cy")
	})
}

func TestWhoLetsThreeOffersExpireIsAway(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		w.comes("ana")
		mo := w.says("Mo", "/")
		w.pass(30 * time.Second)
		w.pass(90 * time.Second)
		w.want(mo, "")
		if p := w.account("ana").PresenceAt(time.Now()); p != desk.Available {
			t.Errorf("after two offers ana is %s", p)
		}
		w.pass(90 * time.Second)
		if p := w.account("ana").PresenceAt(time.Now()); p != desk.Away {
			t.Errorf("after three offers ana is %s", p)
		}
		w.reason(mo, CodeTaken, "nobody of this desk is free: 1 away")
		w.is("ana", desk.Available, time.Time{})
		w.pass(time.Minute)
		w.want(mo, "ana")
	})
}

func TestUrgentComesFirst(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		mo := w.says("Mo", "/")
		w.pass(time.Second)
		ny := w.says("Ny", "/")
		w.pass(time.Second)
		ov := w.says("Ov", "/")
		w.comes("ana")
		w.accepts("ana", mo)
		w.must(w.here["ana"].Prioritise(w.t.Context(), mo, desk.Low))
		w.must(w.here["ana"].Prioritise(w.t.Context(), ov, desk.Urgent))
		w.ok()
		for id, want := range map[desk.ID]int{ov: 1, ny: 2, mo: 0} {
			if p := w.engine.Place(id); p.Position != want || p.Known {
				t.Errorf("%s stands at %+v; want %d, and nothing known of the time", w.name(id), p, want)
			}
		}
		w.must(w.here["ana"].End(w.t.Context(), mo))
		w.want(ov, "ana")
		w.reason(ny, CodeFull, "the only agent is at the limit of 1 chat")
	})
}

func TestWrapUpOfTheDesk(t *testing.T) {
	r := quick(1)
	r.WrapUp = 45 * time.Second
	inWorld(t, r, func(w *world) {
		w.comes("ana")
		mo := w.says("Mo", "/")
		w.accepts("ana", mo)
		ny := w.says("Ny", "/")
		w.must(w.here["ana"].End(w.t.Context(), mo))
		w.reason(ny, CodeTaken, "nobody of this desk is free: 1 busy or in wrap-up")
		w.pass(44 * time.Second)
		w.want(ny, "")
		w.pass(time.Second)
		w.want(ny, "ana")
	})
}
