package desk_test

import (
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

func TestAnOfferIsTakenDeclinedOrEnds(t *testing.T) {
	env := desktest.New(t)
	bo, chi, id := env.As("bo"), env.As("chi"), env.Says("Mo", "hello")
	soon := time.Now().Add(time.Minute)
	must(t, env.Offer(t.Context(), id, bo.Actor().ID, soon))
	refused(t, env.Offer(t.Context(), id, chi.Actor().ID, soon), desk.Conflict, "bo is being asked")
	if got := bo.Offers(); len(got) != 1 || got[0].ID != id || len(chi.Offers()) != 0 {
		t.Errorf("bo is offered %v", got)
	}
	refused(t, chi.Decline(t.Context(), id), desk.Conflict, "no longer offered")
	must(t, bo.Decline(t.Context(), id))
	must(t, env.Offer(t.Context(), id, chi.Actor().ID, soon))
	must(t, env.EndOffer(t.Context(), id, bo.Actor().ID, desk.Expired)) // not bo's any more
	if !bo.Row(id).Offer.Live() {
		t.Error("the end of an old offer ended the new one")
	}
	must(t, bo.Reply(t.Context(), id, "hi")) // whoever answers has it
	if row := bo.Row(id); row.Offer.Live() || row.Assignee != bo.Actor().ID {
		t.Errorf("offer %v, assignee %s", row.Offer, bo.AccountName(row.Assignee))
	}
	refused(t, env.Offer(t.Context(), id, chi.Actor().ID, soon), desk.Conflict, "nobody waits")
}

func TestFreeTakesOnlyFromWhoeverHasIt(t *testing.T) {
	env := desktest.New(t)
	bo, chi, id := env.As("bo"), env.As("chi"), env.Says("Mo", "hello")
	must(t, bo.Claim(t.Context(), id))
	must(t, env.Free(t.Context(), id, chi.Actor().ID, "lease"))
	if bo.Row(id).Assignee != bo.Actor().ID {
		t.Error("bo lost it for chi's sake")
	}
	must(t, env.Free(t.Context(), id, bo.Actor().ID, "lease"))
	if !bo.Row(id).Assignee.IsZero() {
		t.Error("it is still bo's")
	}
}

func TestDutyIsHavingAWorkingSession(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	var told []desk.ID
	env.WatchStaffing(func(id desk.ID) { told = append(told, id) })
	in := desk.SignIn{Account: bo.Actor().ID, Via: "console", Works: true}
	first, err := env.SignIn(t.Context(), in)
	must(t, err)
	second, err := env.SignIn(t.Context(), in)
	must(t, err)
	must(t, first.Close(t.Context()))
	must(t, first.Close(t.Context())) // closing twice ends one session
	if d := env.Staffing()[bo.Actor().ID]; d.Sessions != 1 || d.Since.IsZero() || !d.Left.IsZero() {
		t.Errorf("with one session left: %+v", d)
	}
	must(t, second.Close(t.Context()))
	if d := env.Staffing()[bo.Actor().ID]; d.Sessions != 0 || d.Left.IsZero() {
		t.Errorf("without a session: %+v", d)
	}
	if len(told) != 4 {
		t.Errorf("told %d times of four changes", len(told))
	}
}

func TestWhoSaysHowEverybodyIs(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	_, err := env.SignIn(t.Context(), desk.SignIn{Account: bo.Actor().ID, Via: "console", Works: true})
	must(t, err)
	must(t, bo.Claim(t.Context(), env.Says("Mo", "hello")))
	must(t, bo.SetPresence(t.Context(), desk.WrapUp, time.Now().Add(time.Hour)))
	refused(t, bo.SetPresence(t.Context(), "offline", time.Time{}), desk.Invalid, "available")
	for _, a := range bo.Who() {
		switch a.Account.Name {
		case "bo":
			if a.Presence != desk.WrapUp || !a.Connected() || a.Load[desk.Chat] != 1 || a.Waiting != 1 || a.Until.IsZero() {
				t.Errorf("bo is %+v", a)
			}
		case "ana":
			if a.Presence != desk.Offline || a.Connected() {
				t.Errorf("ana is %+v", a)
			}
		}
	}
	if p := bo.Account().PresenceAt(time.Now().Add(2 * time.Hour)); p != desk.Available {
		t.Errorf("after its end the presence is %s", p)
	}
}
