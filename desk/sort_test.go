package desk_test

import (
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

// itemOf returns the identifier of the message or note with the text.
func itemOf(t *testing.T, env *desktest.Env, conversation desk.ID, text string) desk.ID {
	t.Helper()
	events, err := env.Journal.ReadStream(t.Context(), conversation, 1, 1000)
	must(t, err)
	for _, e := range events {
		switch b := e.Body.(type) {
		case desk.Message:
			if b.Text == text {
				return e.ID
			}
		case desk.Note:
			if b.Text == text {
				return e.ID
			}
		}
	}
	t.Fatalf("nobody said %q", text)
	return desk.ID{}
}

func TestSplitAndItsUndo(t *testing.T) {
	env := desktest.New(t)
	bo, id := env.As("bo"), env.Says("Mo", "my lamp is broken")
	env.Says("Mo", "and where is my refund?")
	must(t, bo.Note(t.Context(), id, "two matters"))
	items := []desk.ID{itemOf(t, env, id, "two matters"), itemOf(t, env, id, "and where is my refund?")}

	split, err := bo.Split(t.Context(), id, items)
	must(t, err)
	row := bo.Row(split)
	if row.From != id || row.Contact != bo.Row(id).Contact || row.Last != "and where is my refund?" || !row.NeedsUs() {
		t.Errorf("the new conversation is %+v", row)
	}
	if now := env.Visitor(desktest.Token("Mo")).Conversation; now != id {
		t.Error("the customer was moved along")
	}
	if later := env.Says("Mo", "hello?"); later != id {
		t.Error("the customer's next word went elsewhere")
	}
	public, err := env.PublicItems(t.Context(), split, 0, 10)
	if err != nil || len(public) != 0 {
		t.Errorf("the customer gets a second time: %+v, %v", public, err)
	}
	refused(t, bo.Reply(t.Context(), split, "soon"), desk.Conflict, "answer there")
	if _, err := bo.Split(t.Context(), id, items); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("what was moved is moved again: %v", err)
	}

	must(t, bo.Unsplit(t.Context(), split))
	if row := bo.Row(split); row.Merged != id || bo.Index(desk.All, split) >= 0 {
		t.Errorf("taken back it is still a conversation: %+v", row)
	}
	if _, err := bo.Split(t.Context(), id, items); err != nil {
		t.Errorf("what is shown again cannot be moved again: %v", err)
	}
}

func TestMoveKeepsWhoSaidItAndWhen(t *testing.T) {
	env := desktest.New(t)
	bo, id := env.As("bo"), env.Says("Mo", "one")
	env.Says("Mo", "two")
	one, two := itemOf(t, env, id, "one"), itemOf(t, env, id, "two")
	split, err := bo.Split(t.Context(), id, []desk.ID{one})
	must(t, err)
	must(t, bo.Move(t.Context(), id, split, []desk.ID{two}))
	events, err := env.Journal.ReadStream(t.Context(), split, 1, 10)
	must(t, err)
	in, ok := events[2].Body.(desk.MovedIn)
	original, err := env.Journal.ReadStream(t.Context(), id, 3, 1)
	must(t, err)
	if !ok || in.Item != two || !in.At.Equal(original[0].At) || in.WhoID != bo.Row(id).Contact || in.Message.Text != "two" {
		t.Errorf("the copy is %+v", events[2].Body)
	}
	must(t, bo.MoveBack(t.Context(), id, split, []desk.ID{two}))
	must(t, bo.Move(t.Context(), id, split, []desk.ID{two}))
}

func TestMergeGoesWhereTheCustomerWrites(t *testing.T) {
	env := desktest.New(t)
	bo, id := env.As("bo"), env.Says("Mo", "my lamp")
	env.Says("Mo", "my refund")
	split, err := bo.Split(t.Context(), id, []desk.ID{itemOf(t, env, id, "my refund")})
	must(t, err)
	bo.SaveDraft(split, false, "the refund is on its way")

	stays, err := bo.Merge(t.Context(), id, split) // the wrong way round
	must(t, err)
	if stays != id || bo.Row(split).Merged != id || len(bo.Row(id).Sources) != 1 {
		t.Errorf("%s stays; the split goes on in %s", bo.Short(stays), bo.Short(bo.Row(split).Merged))
	}
	if d, err := bo.Draft(t.Context(), id); err != nil || d.Text != "the refund is on its way" {
		t.Errorf("the draft is %q, %v", d.Text, err)
	}
	if bo.Counts()[desk.All] != 1 {
		t.Error("a merged conversation is still in the list")
	}
	must(t, bo.Unmerge(t.Context(), split))
	if bo.Counts()[desk.All] != 2 || len(bo.Row(id).Sources) != 0 {
		t.Error("the merge was not taken back")
	}
	refused(t, bo.Unmerge(t.Context(), split), desk.NotFound, "not merged")
}

func TestWhoWaitedStillWaitsAfterAMerge(t *testing.T) {
	env := desktest.New(t)
	bo, id := env.As("bo"), env.Says("Mo", "my lamp")
	env.Says("Mo", "my refund")
	split, err := bo.Split(t.Context(), id, []desk.ID{itemOf(t, env, id, "my refund")})
	must(t, err)
	since := bo.Row(split).Since
	must(t, bo.Reply(t.Context(), id, "the lamp is on its way"))
	if bo.Row(id).NeedsUs() {
		t.Fatal("answered, and still waits")
	}
	if _, err := bo.Merge(t.Context(), split, id); err != nil {
		t.Fatal(err)
	}
	if row := bo.Row(id); !row.NeedsUs() || !row.Since.Equal(since) || row.Unanswered != 1 {
		t.Errorf("after the merge: %s since %s, %d unanswered", row.Status, row.Since, row.Unanswered)
	}
}

func TestCustomersAreNeverMixed(t *testing.T) {
	env := desktest.New(t)
	bo, mo, lea := env.As("bo"), env.Says("Mo", "mine"), env.Says("Lea", "hers")
	if _, err := bo.Merge(t.Context(), mo, lea); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("two customers were merged: %v", err)
	}
	err := bo.Move(t.Context(), mo, lea, []desk.ID{itemOf(t, env, mo, "mine")})
	refused(t, err, desk.Invalid, "different customers")
}

func TestReviewersSortNothing(t *testing.T) {
	env := desktest.New(t)
	kim, id := env.As("kim", desk.RoleQA), env.Says("Mo", "hello")
	_, split := kim.Split(t.Context(), id, []desk.ID{itemOf(t, env, id, "hello")})
	_, merge := kim.Merge(t.Context(), id, id)
	for name, err := range map[string]error{
		"tag":      kim.Tag(t.Context(), id, []string{"x"}, nil),
		"priority": kim.Prioritise(t.Context(), id, desk.High),
		"snooze":   kim.Snooze(t.Context(), id, time.Time{}),
		"split":    split,
		"merge":    merge,
		"take":     kim.Take(t.Context(), id),
		"presence": kim.SetPresence(t.Context(), desk.Busy, time.Time{}),
	} {
		if desk.CodeOf(err) != desk.Denied {
			t.Errorf("%s: %v", name, err)
		}
	}
	kim.MarkRead(id)
}
