package desk_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"hark/desk"
	"hark/desk/desktest"
)

func TestClaimRaceHasOneWinnerAndEveryLoserHearsWho(t *testing.T) {
	const agents = 32
	env := desktest.New(t)
	id := env.Says("Mo", "hello?")
	sessions := make([]*desk.Session, agents)
	for i := range sessions {
		sessions[i] = env.As("agent" + string(rune('a'+i%26)) + string(rune('a'+i/26)))
	}
	errs := make([]error, agents)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i, s := range sessions {
		wg.Go(func() {
			<-start
			errs[i] = s.Claim(t.Context(), id)
		})
	}
	close(start)
	wg.Wait()
	winner := env.State.Account(env.State.Conversation(id).Assignee).Name
	won := 0
	for i, err := range errs {
		if err == nil {
			won++
			continue
		}
		if desk.CodeOf(err) != desk.Conflict || !strings.Contains(desk.Sentence(err), winner) {
			t.Errorf("%s is told %v, not that %s has it", sessions[i].Account().Name, err, winner)
		}
	}
	if won != 1 {
		t.Errorf("%d agents won", won)
	}
}

func TestStatesFollowTheWords(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	id := env.Says("Mo", "hello?")
	steps := []struct {
		name   string
		do     func() error
		status desk.Status
	}{
		{"a first message", func() error { return nil }, desk.StatusNew},
		{"a second message", func() error { env.Says("Mo", "anyone?"); return nil }, desk.StatusNew},
		{"a note", func() error { return bo.Note(t.Context(), id, "regular") }, desk.StatusNew},
		{"a reply", func() error { return bo.Reply(t.Context(), id, "hi") }, desk.StatusWaiting},
		{"the customer's answer", func() error { env.Says("Mo", "so?"); return nil }, desk.StatusOpen},
		{"resolving", func() error { return bo.End(t.Context(), id) }, desk.StatusResolved},
		{"a late word", func() error { env.Says("Mo", "one more thing"); return nil }, desk.StatusOpen},
		{"resolving again", func() error { return bo.End(t.Context(), id) }, desk.StatusResolved},
		{"reopening", func() error { return bo.Reopen(t.Context(), id) }, desk.StatusOpen},
	}
	for _, st := range steps {
		if err := st.do(); err != nil {
			t.Fatalf("%s: %v", st.name, err)
		}
		if got := bo.Row(id).Status; got != st.status {
			t.Errorf("after %s the conversation is %s, not %s", st.name, got, st.status)
		}
	}
}

func TestSameCommandTwiceChangesNothing(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	id := env.Says("Mo", "hello?")
	for _, do := range []func(context.Context, desk.ID) error{bo.Claim, bo.End, bo.Reopen, bo.Release} {
		if err := do(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		n := bo.Row(id).N
		if err := do(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if bo.Row(id).N != n {
			t.Error("a command done twice journals twice")
		}
	}
}

func TestReplyIsDecidedAgainWhenTheCustomerIsFaster(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	id := env.Says("Mo", "hello?")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { env.Says("Mo", "hurry") })
		wg.Go(func() {
			if err := bo.Reply(t.Context(), id, "coming"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	items, err := env.PublicItems(t.Context(), id, 0, 100)
	if err != nil || len(items) != 17 {
		t.Fatalf("%d public items, %v", len(items), err)
	}
	for i, it := range items {
		if it.Ord != uint64(i+1) {
			t.Errorf("item %d has ordinal %d", i, it.Ord)
		}
	}
}

func TestRefusalIsOnRecord(t *testing.T) {
	env := desktest.New(t)
	kim := env.As("kim", desk.RoleQA)
	id := env.Says("Mo", "hello?")
	if err := kim.Reply(t.Context(), id, "hi"); desk.CodeOf(err) != desk.Denied {
		t.Errorf("a reviewer's reply: %v", err)
	}
	if _, err := kim.Open(t.Context(), id, desk.Serve, "open", 8); desk.CodeOf(err) != desk.Denied {
		t.Errorf("a reviewer opens to serve: %v", err)
	}
	trail := audit(t, env)
	if len(trail) != 2 {
		t.Fatalf("the trail holds %d entries", len(trail))
	}
	if b, ok := trail[1].Body.(desk.Refused); !ok || b.Action != desk.ActRead || b.Purpose != desk.Serve {
		t.Errorf("the refusal is recorded as %+v", trail[1].Body)
	}
}

func audit(t *testing.T, env *desktest.Env) []desk.Event {
	t.Helper()
	events, err := env.Journal.ReadStream(t.Context(), env.Info().Audit, 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func TestViewIsOnRecordBeforeAnythingIsShown(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	id := env.Says("Mo", "hello?")
	env.Journal.Fail(errors.New("no disk"))
	if _, err := bo.Open(t.Context(), id, desk.Serve, "open", 8); err == nil {
		t.Error("the door opens without a record")
	}
	env.Journal.Fail(nil)
	for range 3 { // one entry a sitting
		th, err := bo.Open(t.Context(), id, desk.Serve, "open", 8)
		if err != nil {
			t.Fatal(err)
		}
		th.Close()
	}
	if trail := audit(t, env); len(trail) != 1 {
		t.Fatalf("three looks in one sitting are %d entries", len(trail))
	}
	if _, err := env.As("bo").Open(t.Context(), id, desk.Serve, "open", 8); err != nil {
		t.Fatal(err)
	}
	if _, err := bo.TailAll(t.Context(), desk.Serve, 8); err != nil {
		t.Fatal(err)
	}
	if trail := audit(t, env); len(trail) != 3 {
		t.Errorf("another sitting and a tail make %d entries of 3", len(trail))
	}
}

func TestNothingToSendIsSaid(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	id := env.Says("Mo", "hello?")
	for _, text := range []string{"", " \n\t", strings.Repeat("x", desk.TextLimit+1)} {
		if err := bo.Reply(t.Context(), id, text); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("a reply of %d bytes: %v", len(text), err)
		}
	}
	if err := bo.Reply(t.Context(), desk.NewID(), "hi"); desk.CodeOf(err) != desk.NotFound {
		t.Errorf("a reply to nothing: %v", err)
	}
}

func TestAccountNamesAreUnique(t *testing.T) {
	env := desktest.New(t)
	ana := env.As("ana")
	var wg sync.WaitGroup
	made := make(chan *desk.Account, 8)
	for range 8 {
		wg.Go(func() {
			a, err := ana.AddAccount(t.Context(), desk.AccountCreated{Name: "bo", Display: "Bo", Roles: []desk.Role{desk.RoleAgent}})
			if err == nil {
				made <- a
			} else if desk.CodeOf(err) != desk.Conflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(made) != 1 {
		t.Errorf("%d accounts are called bo", len(made))
	}
	for _, bad := range []string{"", "Bo", "b o", "\x1b[31m", strings.Repeat("b", 40)} {
		_, err := ana.AddAccount(t.Context(), desk.AccountCreated{Name: bad, Display: "B", Roles: []desk.Role{desk.RoleAgent}})
		if desk.CodeOf(err) != desk.Invalid {
			t.Errorf("an account called %q: %v", bad, err)
		}
	}
}
