package route

import (
	"testing"
	"time"

	"hark/desk"
)

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
