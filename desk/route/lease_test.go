package route

import (
	"testing"
	"time"

	"hark/desk"
)

func TestCustomersOfAKilledSessionAreOfferedAgainFirst(t *testing.T) {
	inWorld(t, quick(2), func(w *world) {
		w.comes("ana", "bo")
		mo, ny := w.says("Mo", "/"), w.says("Ny", "/")
		w.accepts("ana", mo)
		w.accepts("bo", ny)
		w.is("bo", desk.Busy, time.Time{})
		pi := w.says("Pi", "/")
		w.accepts("ana", pi)
		w.replies("ana", pi) // Pi has the word
		ov := w.says("Ov", "/")
		w.pass(5 * time.Minute)

		w.leaves("ana")
		w.reason(mo, CodeAway, "ana has it and is not connected; it is given on in 60 s")
		w.pass(59 * time.Second)
		if w.state.Conversation(mo).Assignee.IsZero() {
			t.Fatal("the lease ended before the grace")
		}
		w.pass(time.Second)
		if !w.state.Conversation(mo).Assignee.IsZero() {
			t.Fatal("the lease did not end")
		}
		w.is("bo", desk.Available, time.Time{})
		w.want(mo, "bo") // before Ov, who waits for nobody in particular
		w.reason(ov, CodeFull, "the only agent is at the limit of 2 chats")

		// Who had the word writes: nobody is there for it either.
		if w.state.Conversation(pi).Assignee != w.account("ana").ID {
			t.Fatal("a chat that waits for the customer was taken from its agent")
		}
		w.says("Pi", "/")
		if !w.state.Conversation(pi).Assignee.IsZero() {
			t.Error("a customer wrote to nobody, and it was not given on")
		}
		w.accepts("bo", mo)
		w.must(w.here["bo"].End(w.t.Context(), mo))
		w.want(pi, "bo")
	})
}

func TestBackWithinTheGraceKeepsEverything(t *testing.T) {
	inWorld(t, quick(2), func(w *world) {
		w.comes("ana", "bo")
		mo := w.says("Mo", "/")
		w.accepts("ana", mo)
		w.leaves("ana")
		w.pass(50 * time.Second)
		w.comes("ana")
		w.pass(10 * time.Minute)
		w.reason(mo, CodeHeld, "ana has it")
	})
}

func TestWhoWorksByCommandsIsThere(t *testing.T) {
	inWorld(t, quick(2), func(w *world) {
		w.comes("bo")
		cy := w.account("cy").ID
		w.pass(time.Hour)
		mo := w.says("Mo", "/")
		s, err := w.desk.SignIn(w.t.Context(), desk.SignIn{Account: cy, Via: "command: claim"})
		w.must(err)
		w.must(s.Claim(w.t.Context(), mo))
		w.must(s.Close(w.t.Context()))
		w.pass(9 * time.Minute)
		w.reason(mo, CodeAway, "cy has it and is not connected; it is given on in 60 s")
		w.pass(time.Minute)
		w.want(mo, "bo")
	})
}

func TestOfferEndsWithItsAgent(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		w.comes("ana", "bo")
		mo := w.says("Mo", "/")
		w.want(mo, "ana")
		w.leaves("ana")
		w.want(mo, "bo")
		w.is("bo", desk.WrapUp, time.Now().Add(2*time.Minute))
		w.reason(mo, CodeTaken, "nobody of this desk is free: 1 busy or in wrap-up, 1 not connected")
		w.pass(2 * time.Minute)
		w.want(mo, "bo") // the wrap-up ended by itself
	})
}

func TestSilentVisitorsDoNotFillALimit(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		w.comes("ana")
		mo := w.says("Mo", "/")
		w.accepts("ana", mo)
		w.replies("ana", mo)
		ny := w.says("Ny", "/")
		w.pass(quietAfter - time.Second)
		w.want(ny, "")
		w.pass(time.Second)
		w.want(ny, "ana")
	})
}

func TestColleagueWhoIsNotThereGetsTheGrace(t *testing.T) {
	inWorld(t, quick(2), func(w *world) {
		w.comes("ana")
		bo := w.account("bo").ID
		w.pass(time.Hour)
		mo := w.says("Mo", "/")
		w.accepts("ana", mo)
		w.must(w.here["ana"].Assign(w.t.Context(), mo, bo))
		w.reason(mo, CodeAway, "bo has it and is not connected; it is given on in 60 s")
		w.pass(time.Minute)
		w.want(mo, "ana")
	})
}
