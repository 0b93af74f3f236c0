package staff_test

import (
	"strings"
	"testing"

	"hark/desk"
	"hark/staff"
)

func TestCommandsDoWhatTheySay(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "do you ship to Åland?")
	short := id.String()[:4]
	w.As("bo")

	w.do("bo", "claim", short)
	if got := w.row(id).Assignee; w.State.Account(got).Name != "bo" {
		t.Errorf("after claim it belongs to %v", got)
	}
	w.do("bo", "release", short)
	if !w.row(id).Assignee.IsZero() {
		t.Error("after release it still belongs to somebody")
	}
	w.do("bo", "send", short, "We", "do.")
	if row := w.row(id); row.Last != "We do." || row.Status != desk.StatusWaiting {
		t.Errorf("after send: %+v", row)
	}
	w.do("bo", "note", short, "-shy", "customer")
	w.do("bo", "resolve", short)
	if w.row(id).Status != desk.StatusResolved {
		t.Error("after resolve it is not resolved")
	}
	w.do("bo", "reopen", short)
	if w.row(id).Status != desk.StatusOpen {
		t.Error("after reopen it is not open")
	}
	cat := w.do("bo", "cat", short)
	for _, want := range []string{"Mo, open, for bo", "> do you ship to Åland?", "< We do.", "# -shy customer", "[took it]", "[resolved]"} {
		if !strings.Contains(cat, want) {
			t.Errorf("cat lacks %q:\n%s", want, cat)
		}
	}
}

func TestTextFromStandardInput(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "hello")
	r := w.run("ana", "first\nsecond\n", "send", id.String(), "-")
	if r.status != 0 || w.row(id).Last != "first second" {
		t.Errorf("%+v, last words %q", r, w.row(id).Last)
	}
}

func TestExitStatuses(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "hello").String()
	w.As("bo")
	w.As("quinn", desk.RoleQA)
	w.do("bo", "claim", id)
	cases := []struct {
		name   string
		as     string
		argv   []string
		status int
		says   string
	}{
		{"unknown command", "bo", []string{"frob"}, staff.ExitUsage, "frob"},
		{"missing argument", "bo", []string{"claim"}, staff.ExitUsage, "hark claim --help"},
		{"unknown flag", "bo", []string{"ls", "--frob"}, staff.ExitUsage, "--frob"},
		{"impossible view", "bo", []string{"ls", "--view", "x"}, staff.ExitNotFound, "hark views"},
		{"impossible search", "bo", []string{"ls", "is:purple"}, staff.ExitUsage, "snoozed"},
		{"impossible tag", "bo", []string{"tag", id, "+a b"}, staff.ExitUsage, "cannot be a tag"},
		{"impossible time", "bo", []string{"snooze", id, "once"}, staff.ExitUsage, "fri 14:00"},
		{"impossible priority", "bo", []string{"priority", id, "hot"}, staff.ExitUsage, "urgent"},
		{"no such queue", "bo", []string{"queue", id, "x"}, staff.ExitNotFound, "no queue"},
		{"not offered", "ana", []string{"accept", id}, staff.ExitConflict, "not offered to you"},
		{"no such file", "bo", []string{"save", id, "1"}, staff.ExitNotFound, "hark files"},
		{"empty text", "bo", []string{"send", id, " "}, staff.ExitUsage, "nothing to send"},
		{"no such conversation", "bo", []string{"cat", "zzzz"}, staff.ExitNotFound, "hark ls"},
		{"no such account", "bo", []string{"assign", id, "eva"}, staff.ExitNotFound, "hark who"},
		{"somebody was first", "ana", []string{"claim", id}, staff.ExitConflict, "bo has this conversation"},
		{"role refuses", "quinn", []string{"send", id, "hi"}, staff.ExitDenied, "needs one of the roles"},
		{"purpose refuses", "bo", []string{"cat", id, "--purpose", "qa"}, staff.ExitDenied, "purpose qa"},
		{"stop refused", "bo", []string{"stop"}, staff.ExitDenied, "admin"},
		{"no account of the name", "eva", []string{"ls"}, staff.ExitNotFound, "eva"},
		{"no account of one's own", "", []string{"ls"}, staff.ExitDenied, "hark --as NAME"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := w.run(c.as, "", c.argv...)
			if r.status != c.status || !strings.Contains(r.err, c.says) || r.out != "" {
				t.Errorf("got %+v; want status %d and %q", r, c.status, c.says)
			}
		})
	}
}

func TestDiskThatFailsIsUnavailable(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "hello").String()
	w.Journal.Fail(desk.Errorf(desk.Unavailable, "the disk is full"))
	defer w.Journal.Fail(nil)
	if r := w.run("ana", "", "send", id, "hi"); r.status != staff.ExitUnavailable || !strings.Contains(r.err, "disk is full") {
		t.Errorf("%+v", r)
	}
}

func TestHelpIsNoError(t *testing.T) {
	w := open(t)
	for _, argv := range [][]string{{"--help"}, {"ls", "--help"}, {"send", "--help"}} {
		if out := w.do("ana", argv...); !strings.Contains(out, "Usage: hark") {
			t.Errorf("%v: %q", argv, out)
		}
	}
}

func TestUsers(t *testing.T) {
	w := open(t)
	w.do("ana", "user", "add", "eva", "--display", "Eva K", "--role", "agent", "--role", "qa", "--uid", uid())
	if acc := w.State.AccountNamed("eva"); acc == nil || acc.Display != "Eva K" || len(acc.Roles) != 2 || acc.UID != uid() {
		t.Fatalf("account: %+v", acc)
	}
	// This process's user id is eva's now: no name is needed, and she is no owner.
	if out := w.do("", "user", "ls", "--json"); !strings.Contains(out, `{"name":"eva","display":"Eva K","roles":["agent","qa"],"uid":"`+uid()+`"}`) {
		t.Errorf("user ls: %s", out)
	}
	if r := w.run("ana", "", "user", "add", "eva"); r.status != staff.ExitConflict {
		t.Errorf("a name twice: %+v", r)
	}
	if r := w.run("ana", "", "user", "add", "Eva!"); r.status != staff.ExitUsage {
		t.Errorf("an impossible name: %+v", r)
	}
}
