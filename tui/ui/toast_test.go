package ui

import (
	"testing"
	"time"
)

func TestToastsComeOneAtATime(t *testing.T) {
	var ts Toasts
	now := func(want string, waiting int) {
		t.Helper()
		if got := ts.Now().Text; got != want || ts.Waiting() != waiting {
			t.Fatalf("%q is shown and %d wait, want %q and %d", got, ts.Waiting(), want, waiting)
		}
	}
	ts.Tell("one")
	ts.Tell("two")
	now("one", 1)
	ts.Say("the answer to a key")
	now("the answer to a key", 1)
	ts.Expire(ts.Gen())
	now("two", 0)
	ts.Fail("it broke")
	now("it broke", 0)
	ts.Say("done") // what went wrong is not covered by what went well
	ts.Fail("it broke")
	now("it broke", 1)
	ts.Expire(ts.Gen())
	now("it broke", 1)
	ts.Key()
	now("done", 0)
	ts.Expire(ts.Gen() - 1) // an older message's timer
	now("done", 0)
	ts.Expire(ts.Gen())
	now("", 0)
	if n := len(ts.History()); n != 5 {
		t.Errorf("%d messages are remembered, want 5", n)
	}
}

func TestToastsAreBounded(t *testing.T) {
	var ts Toasts
	ts.Fail("bad")
	for range 10 * historyMost {
		ts.Tell("more")
	}
	if len(ts.History()) != historyMost || ts.Waiting() != waitMost {
		t.Errorf("%d are remembered and %d wait", len(ts.History()), ts.Waiting())
	}
}

func TestACountGivesWayToNothingBad(t *testing.T) {
	var ts Toasts
	until := time.Now().Add(5 * time.Second)
	ts.Count("Mail goes out", until)
	if now := ts.Now(); now.Until != until || now.Bad {
		t.Fatalf("%+v is shown", now)
	}
	ts.Fail("the disk is full")
	ts.Count("Mail goes out", until)
	if now := ts.Now(); !now.Bad || ts.Waiting() != 0 {
		t.Errorf("%+v covers a failure, %d wait", now, ts.Waiting())
	}
}
