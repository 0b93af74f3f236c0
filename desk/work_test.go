package desk_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

// must fails the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused fails the test unless err is of the code and says the words.
func refused(t *testing.T, err error, code desk.Code, words string) {
	t.Helper()
	if desk.CodeOf(err) != code || !strings.Contains(desk.Sentence(err), words) {
		t.Errorf("got %v (%s), want %s with %q", err, desk.CodeOf(err), code, words)
	}
}

func TestTagsAreKeptSortedAndOnce(t *testing.T) {
	env := desktest.New(t)
	bo, id := env.As("bo"), env.Says("Mo", "refund please")
	must(t, bo.Tag(t.Context(), id, []string{"#VIP", "refund", "vip"}, nil))
	must(t, bo.Tag(t.Context(), id, []string{"billing"}, []string{"refund", "nothing"}))
	if got := bo.Row(id).Tags; !slices.Equal(got, []string{"billing", "vip"}) {
		t.Errorf("tags are %v", got)
	}
	before := bo.Row(id).N
	must(t, bo.Tag(t.Context(), id, []string{"vip"}, []string{"gone"}))
	if bo.Row(id).N != before {
		t.Error("a tag that was there made an event")
	}
	if got := bo.Tags(); !slices.Equal(got, []string{"billing", "vip"}) {
		t.Errorf("tags in use are %v", got)
	}
	must(t, bo.Tag(t.Context(), id, nil, []string{"billing", "vip"}))
	if got := bo.Tags(); len(got) != 0 {
		t.Errorf("tags in use are %v after the last was taken away", got)
	}
	for _, bad := range []string{"", "two words", "-x", "a\x1b", strings.Repeat("x", 41)} {
		refused(t, bo.Tag(t.Context(), id, []string{bad}, nil), desk.Invalid, "cannot be a tag")
	}
}

func TestASnoozeEndsWithItsTimeOrWithAWord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo, id := env.As("bo"), env.Says("Mo", "tomorrow then?")
		must(t, bo.Reply(t.Context(), id, "tomorrow."))
		until := time.Now().Add(time.Hour)

		must(t, bo.Snooze(t.Context(), id, until))
		must(t, env.WakeDue(t.Context(), id))
		if row := bo.Row(id); row.Status != desk.StatusSnoozed || !row.Until.Equal(until.Truncate(time.Millisecond)) {
			t.Fatalf("%s until %s", row.Status, row.Until)
		}
		time.Sleep(time.Hour)
		must(t, env.WakeDue(t.Context(), id))
		if row := bo.Row(id); row.Status != desk.StatusOpen || row.Since.IsZero() {
			t.Errorf("after its time it is %s, since %s", row.Status, row.Since)
		}

		must(t, bo.Snooze(t.Context(), id, time.Time{}))
		env.Says("Mo", "it is tomorrow")
		if row := bo.Row(id); row.Status != desk.StatusOpen || !row.Until.IsZero() {
			t.Errorf("after a word it is %s", row.Status)
		}

		must(t, bo.Reply(t.Context(), id, "so it is"))
		must(t, bo.Snooze(t.Context(), id, time.Now().Add(time.Hour)))
		must(t, bo.Wake(t.Context(), id))
		if row := bo.Row(id); row.Status != desk.StatusWaiting {
			t.Errorf("taken back it is %s, not what it was", row.Status)
		}
		refused(t, bo.Snooze(t.Context(), id, time.Now().Add(-time.Second)), desk.Invalid, "past")
		must(t, bo.End(t.Context(), id))
		refused(t, bo.Snooze(t.Context(), id, time.Time{}), desk.Conflict, "reopen")
	})
}

func TestANewConversationStaysNewThroughASnooze(t *testing.T) {
	env := desktest.New(t)
	bo, id := env.As("bo"), env.Says("Mo", "hello")
	must(t, bo.Snooze(t.Context(), id, time.Time{}))
	env.Says("Mo", "hello?")
	if got := bo.Row(id).Status; got != desk.StatusNew {
		t.Errorf("nobody has answered, and it is %s", got)
	}
}

func TestTheCustomersWaitBeginsWithTheFirstUnansweredWord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo, id := env.As("bo"), env.Says("Mo", "hello")
		first := bo.Row(id).Since
		time.Sleep(time.Minute)
		env.Says("Mo", "hello?")
		if got := bo.Row(id); !got.Since.Equal(first) || got.Answered {
			t.Errorf("waits since %s, not %s", got.Since, first)
		}
		must(t, bo.Reply(t.Context(), id, "hi"))
		if got := bo.Row(id); !got.Since.IsZero() || !got.Answered {
			t.Errorf("answered, and waits since %s", got.Since)
		}
	})
}

func TestTakingFromAColleagueIsOneStep(t *testing.T) {
	env := desktest.New(t)
	bo, chi, id := env.As("bo"), env.As("chi"), env.Says("Mo", "hello")
	must(t, bo.Claim(t.Context(), id))
	before := bo.Row(id).N
	must(t, chi.Take(t.Context(), id))
	if row := chi.Row(id); row.Assignee != chi.Actor().ID || row.N != before+1 {
		t.Errorf("%s has it after %d events", chi.AccountName(row.Assignee), row.N-before)
	}
}

func TestAQueueTransferLetsGo(t *testing.T) {
	env := desktest.New(t, func(o *desk.Options) {
		r := desk.DefaultRouting()
		r.Queues = []desk.Queue{{Name: "sales"}, {Name: "billing", Pages: []string{"/billing"}}}
		o.Routing = &r
	})
	bo := env.As("bo")
	id := env.Says("Mo", "where is my refund?")
	if got := bo.Row(id).Queue; got != "sales" {
		t.Errorf("a chat without a page is in %q", got)
	}
	must(t, bo.Claim(t.Context(), id))
	must(t, bo.Enqueue(t.Context(), id, "billing"))
	if row := bo.Row(id); row.Queue != "billing" || !row.Assignee.IsZero() {
		t.Errorf("in %q, with %s", row.Queue, bo.AccountName(row.Assignee))
	}
	refused(t, bo.Enqueue(t.Context(), id, "Billing"), desk.NotFound, "sales and billing")
	w := desk.Words{Token: desktest.Token("Lea"), Client: "1", Text: "a bill", Page: "https://shop.example/billing/7"}
	other, err := env.Say(t.Context(), w)
	must(t, err)
	if got := bo.Row(other).Queue; got != "billing" {
		t.Errorf("a chat from the billing pages is in %q", got)
	}
}

func TestADraftIsHandedOverBehindTheColleaguesOwn(t *testing.T) {
	env := desktest.New(t)
	bo, chi, id := env.As("bo"), env.As("chi"), env.Says("Mo", "hello")
	bo.SaveDraft(id, false, "from bo")
	chi.SaveDraft(id, false, "from chi")
	must(t, bo.HandDraft(t.Context(), id, chi.Actor().ID))
	got, err := chi.Draft(t.Context(), id)
	must(t, err)
	mine, err := bo.Draft(t.Context(), id)
	must(t, err)
	if got.Text != "from chi\n\nfrom bo" || mine.Text != "" {
		t.Errorf("chi has %q, bo %q", got.Text, mine.Text)
	}
	refused(t, bo.HandDraft(t.Context(), id, chi.Actor().ID), desk.NotFound, "no draft")
}

func TestReadMarksGoBothWaysAndUnreadIsForStaff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo, id := env.As("bo"), env.Says("Mo", "hello")
		public := env.FollowPublic(16)
		defer public.Close()
		if !bo.Row(id).Unread() {
			t.Error("new words are read already")
		}
		bo.MarkRead(id)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if row := bo.Row(id); row.Unread() || row.SeenBy != 1 {
			t.Errorf("read up to %d", row.SeenBy)
		}
		batch, err := public.Next(t.Context())
		must(t, err)
		if len(batch.Items) != 1 || batch.Items[0].Read != 1 || batch.Items[0].Item != nil {
			t.Errorf("the customer hears %+v", batch.Items)
		}
		must(t, bo.MarkUnread(t.Context(), id))
		if !bo.Row(id).Unread() {
			t.Error("it is still read")
		}
		must(t, bo.Reply(t.Context(), id, "hi"))
		env.ReadTo(id, 2)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if row := bo.Row(id); row.ReadBy != 2 || row.Delivered != 2 {
			t.Errorf("the customer has read %d, got %d", row.ReadBy, row.Delivered)
		}
	})
}

func TestPreferencesAndViewsAreOnesOwn(t *testing.T) {
	env := desktest.New(t)
	bo, chi := env.As("bo"), env.As("chi")
	must(t, bo.Prefer(t.Context(), "console.theme", "light"))
	must(t, bo.SaveView(t.Context(), "refunds", "tag:refund is:open"))
	must(t, bo.SaveView(t.Context(), "refunds", "tag:refund"))
	if bo.Preference("console.theme") != "light" || chi.Preference("console.theme") != "" {
		t.Error("a preference is not its owner's alone")
	}
	if v := bo.Views(); len(v) != 1 || v[0].Query != "tag:refund" || len(chi.Views()) != 0 {
		t.Errorf("views: %+v", v)
	}
	refused(t, bo.SaveView(t.Context(), "bad", "is:nothing"), desk.Invalid, "is:nothing")
	must(t, bo.RemoveView(t.Context(), "refunds"))
	must(t, bo.Prefer(t.Context(), "console.theme", ""))
	if len(bo.Views()) != 0 || bo.Preference("console.theme") != "" {
		t.Error("something is left")
	}
}
