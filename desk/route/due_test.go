package route

import (
	"context"
	"testing"
	"time"

	"hark/desk"
)

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
