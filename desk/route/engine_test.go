package route

import (
	"context"
	"testing"
	"testing/synctest"
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

func TestWhatIsNotOffered(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	hours, err := desk.ParseHours(berlin, map[string]string{"mon": "10:00-12:00", "tue": "09:00-17:00"}, []string{"2026-11-24"})
	if err != nil {
		t.Fatal(err)
	}
	r := quick(
		1,
		desk.Queue{Name: "general"},
		desk.Queue{Name: "billing", Pages: []string{"/billing"}, Members: []string{"ana", "bo"}, Hours: hours},
		desk.Queue{Name: "ghosts", Pages: []string{"/ghosts"}, Members: []string{"nobody"}},
	)
	inWorld(t, r, func(w *world) {
		w.comes("cy")
		bill := w.says("Mo", "/billing")
		w.reason(bill, CodeClosed, "queue billing is closed until 10:00 (Europe/Berlin)")
		w.reason(w.says("Gus", "/ghosts"), CodeNobody, "no account may answer queue ghosts (members: nobody)")
		w.account("ana")
		w.at("09:00")
		w.reason(bill, CodeAbsent, "nobody of queue billing is connected (members: ana, bo)")
		w.at("11:00")
		w.reason(bill, CodeClosed, "queue billing is closed until Mon 30 Nov 2026 10:00 (Europe/Berlin)")
		w.comes("ana")
		w.want(bill, "")
		w.must(w.here["ana"].Enqueue(w.t.Context(), bill, "general"))
		w.want(bill, "cy")
		w.must(w.here["ana"].Snooze(w.t.Context(), bill, time.Now().Add(time.Hour)))
		w.reason(bill, CodeSnoozed, "snoozed until 12:00 (UTC) by ana")
		w.must(w.here["ana"].Claim(w.t.Context(), bill))
		w.must(w.here["ana"].Wake(w.t.Context(), bill))
		w.reason(bill, CodeHeld, "ana has it")
		w.replies("ana", bill)
		w.reason(bill, CodeHeld, "ana has it; nothing is owed: the customer has the word")
		w.must(w.here["ana"].Release(w.t.Context(), bill))
		w.reason(bill, CodeQuiet, "nothing is owed: the customer has the word")
		w.must(w.here["ana"].End(w.t.Context(), bill))
		w.reason(bill, CodeResolved, "it is resolved: nobody waits")
	})
	r = quick(1)
	r.Offers = false
	inWorld(t, r, func(w *world) {
		w.comes("ana")
		w.reason(w.says("Mo", "/"), CodeOff, "offers are switched off: people take what they like")
	})
	inWorld(t, quick(0), func(w *world) {
		w.comes("ana")
		w.reason(w.says("Mo", "/"), CodeLimit, "chats are not offered here: people take what they like")
	})
}

func TestEveryoneAtTheLimit(t *testing.T) {
	inWorld(t, quick(2), func(w *world) {
		w.comes("ana", "bo", "cy")
		for i := range 6 {
			id := w.says(string(rune('a'+i)), "/")
			w.accepts(w.asked(id), id)
		}
		w.reason(w.says("Mo", "/"), CodeFull, "all 3 agents are at their limit of 2 chats")
	})
}

func TestTimersSurviveARestart(t *testing.T) {
	r := quick(2, desk.Queue{Name: "general", FirstReply: 10 * time.Minute, Warn: 0.75})
	inWorld(t, r, func(w *world) {
		w.comes("ana")
		mo, ny := w.says("Mo", "/"), w.says("Ny", "/")
		w.must(w.here["ana"].Snooze(w.t.Context(), ny, time.Now().Add(2*time.Hour)))
		w.accepts("ana", mo)
		w.says("Ov", "/")

		w.restart(30 * time.Second) // ana has a minute to come back
		w.pass(59 * time.Second)
		if w.state.Conversation(mo).Assignee.IsZero() {
			t.Error("a restart of the hub took a chat from its agent")
		}
		w.comes("ana")
		w.pass(time.Minute)
		w.reason(mo, CodeHeld, "ana has it")

		w.restart(20 * time.Minute) // the promise is broken meanwhile
		if !w.state.Conversation(mo).Breached {
			t.Error("a breach during a restart is not on record")
		}
		w.pass(2 * time.Hour)
		if got := w.state.Conversation(ny); got.Status != desk.StatusNew || !got.Until.IsZero() {
			t.Errorf("a snooze over a restart: %s until %v", got.Status, got.Until)
		}
		if !w.state.Conversation(mo).Assignee.IsZero() {
			t.Error("ana did not come back and keeps the chat")
		}
	})
}

func TestBreachIsPausedByHoursAndByTheCustomer(t *testing.T) {
	hours, err := desk.ParseHours(time.UTC, map[string]string{"mon": "07:00-09:00,10:00-17:00"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := quick(2, desk.Queue{Name: "general", Hours: hours, FirstReply: 30 * time.Minute, NextReply: time.Hour})
	inWorld(t, r, func(w *world) {
		w.at("08:45")
		w.comes("ana")
		mo := w.says("Mo", "/")
		w.accepts("ana", mo)
		w.at("10:14")
		if w.state.Conversation(mo).Breached {
			t.Error("the break counted")
		}
		w.at("10:16")
		if !w.state.Conversation(mo).Breached {
			t.Error("the first answer is late, and it is not on record")
		}
		w.replies("ana", mo)
		w.at("13:00")
		if w.state.Conversation(mo).Breached {
			t.Error("late although the customer has the word")
		}
		w.says("Mo", "/")
		w.at("13:59")
		if w.state.Conversation(mo).Breached {
			t.Error("too early")
		}
		w.at("14:01")
		if !w.state.Conversation(mo).Breached {
			t.Error("the next answer is late, and it is not on record")
		}
	})
}

func TestDiskThatDoesNotWrite(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		mo := w.says("Mo", "/")
		w.comes("ana")
		w.want(mo, "ana")
		w.must(w.here["ana"].Decline(w.t.Context(), mo))
		w.pass(roundPause - time.Second)
		w.journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "the disk is full"})
		w.pass(2 * time.Second)
		w.reason(mo, CodeTrouble, "hark could not write it down (the disk is full); it tries again")
		w.pass(time.Minute)
		w.journal.Fail(nil)
		w.pass(tryLast)
		w.want(mo, "ana")
	})
}

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

func TestEngineThatStandsStillIsFound(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		w.stop()
		w.comesQuietly("ana")
		id := w.saysQuietly("Mo")
		time.Sleep(still + time.Second)
		found := w.engine.Check()
		if len(found) != 1 || found[0].Conversation != id {
			t.Errorf("the watchdog finds %v", found)
		}
		w.open()
		w.comes("ana")
		if found := w.engine.Check(); len(found) != 0 {
			t.Errorf("the watchdog finds %v", found)
		}
	})
}

func (w *world) comesQuietly(name string) {
	w.t.Helper()
	_, err := w.desk.SignIn(w.t.Context(), desk.SignIn{Account: w.account(name).ID, Via: "console", Works: true})
	w.must(err)
}

func (w *world) saysQuietly(name string) desk.ID {
	w.t.Helper()
	id, err := w.desk.Say(w.t.Context(), desk.Words{Token: desk.NewID().Hex(), Client: "c", Text: "hello", Name: name})
	w.must(err)
	return id
}

func TestStaffHearThatAnAnswerIsDue(t *testing.T) {
	r := quick(1, desk.Queue{Name: "general", FirstReply: 20 * time.Minute, Warn: 0.75})
	inWorld(t, r, func(w *world) {
		w.comes("ana")
		mo := w.says("Mo", "/")
		w.accepts("ana", mo)
		feed, err := w.here["ana"].Changes(100)
		w.must(err)
		defer feed.Close()
		w.pass(14 * time.Minute)
		for minute, want := range []int{0, 1, 0, 0, 0, 0, 0} {
			if got := due(w.t, feed); got != want {
				t.Errorf("%d min after the customer wrote staff hear of it %d times; want %d", 14+minute, got, want)
			}
			w.pass(time.Minute)
		}
	})
}

// due counts the signals that an answer is due, among what waits in a feed.
func due(t *testing.T, feed *desk.Subscription[desk.Frame]) (n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	b, err := feed.Next(ctx)
	if err != nil {
		return 0
	}
	for _, f := range b.Items {
		if f.Signal != nil && f.Signal.Kind == desk.SignalDue {
			n++
		}
	}
	return n
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

func TestMergedGoesOnElsewhere(t *testing.T) {
	inWorld(t, quick(2), func(w *world) {
		w.comes("ana")
		mo := w.says("Mo", "/")
		w.must(w.here["ana"].Reply(w.t.Context(), mo, "an answer"))
		w.must(w.here["ana"].End(w.t.Context(), mo))
		w.pass(desk.ReopenWithin + time.Hour)
		next := w.says("Mo", "/")
		into, err := w.here["ana"].Merge(w.t.Context(), mo, next)
		w.must(err)
		w.want(into, "ana")
		w.reason(mo, CodeMerged, "it was merged into another conversation and goes on there")
	})
}
