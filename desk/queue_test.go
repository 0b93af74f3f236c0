package desk

import (
	"testing"
	"time"
)

func TestQueueOfAPage(t *testing.T) {
	r := Routing{Queues: []Queue{
		{Name: "billing", Pages: []string{"/billing", "/shop/pay"}},
		{Name: "general"},
		{Name: "old", Pages: []string{"/billing/archive/"}},
		{Name: "shop", Pages: []string{"/shop"}},
	}}
	for page, want := range map[string]string{
		"https://shop.example/billing":           "billing",
		"https://shop.example/billing/2026":      "billing",
		"https://shop.example/billings":          "general",
		"https://shop.example/billing/archive/7": "old",
		"https://shop.example/billing/archive":   "billing",
		"/shop/pay/now":                          "billing",
		"/shop/payment":                          "shop",
		"https://shop.example/":                  "general",
		"https://shop.example":                   "general",
		"":                                       "general",
		"https://shop.example/%zz":               "general",
	} {
		if got := r.For(page).Name; got != want {
			t.Errorf("%q goes to %q; want %q", page, got, want)
		}
	}
	for name, want := range map[string]string{"shop": "shop", "": "general", "gone": "general"} {
		if got := r.Queue(name).Name; got != want {
			t.Errorf("queue %q is %q; want %q", name, got, want)
		}
	}
	none := Routing{Queues: []Queue{{Name: "a", Pages: []string{"/a"}}}}
	if q := none.For("/b"); q.Name != "" || !q.Hours.Always() {
		t.Errorf("without a default queue: %+v", q)
	}
}

func TestQueueHas(t *testing.T) {
	agent := &Account{Name: "bo", Roles: []Role{RoleAgent}}
	qa := &Account{Name: "eva", Roles: []Role{RoleQA}}
	everybody, billing := &Queue{}, &Queue{Members: []string{"ana", "eva"}}
	if !everybody.Has(agent) || everybody.Has(qa) || billing.Has(agent) || billing.Has(qa) || everybody.Has(nil) {
		t.Error("who answers a queue is wrong")
	}
}

func TestClockOfAQueue(t *testing.T) {
	h := hours(t, "Europe/Berlin", office())
	q := &Queue{Hours: h, FirstReply: 10 * time.Minute, NextReply: time.Hour, Warn: 0.75}
	since := h.at(t, "2026-11-23 12:25")
	for _, tt := range []struct {
		answered  bool
		now       string
		due, warn string
		state     ClockState
	}{
		{false, "2026-11-23 12:25", "2026-11-23 13:35", "2026-11-23 13:32", ""},
		{false, "2026-11-23 12:59", "2026-11-23 13:35", "2026-11-23 13:32", ""}, // the break does not count
		{false, "2026-11-23 13:33", "2026-11-23 13:35", "2026-11-23 13:32", ClockWarn},
		{false, "2026-11-23 13:35", "2026-11-23 13:35", "2026-11-23 13:32", ClockBreach},
		{true, "2026-11-23 13:35", "2026-11-23 14:25", "2026-11-23 14:10", ""},
	} {
		got := q.Clock(since, tt.answered, h.at(t, tt.now))
		if !got.Due.Equal(h.at(t, tt.due)) || got.Warn.Truncate(time.Minute) != h.at(t, tt.warn) || got.State != tt.state {
			t.Errorf("at %s: %+v", tt.now, got)
		}
	}
	if c := q.Clock(time.Time{}, false, since); c.Runs() || c.State != "" {
		t.Errorf("nobody waits, and yet %+v", c)
	}
	q.MailReply = 4 * time.Hour
	mail := &Conversation{Since: since, Channels: []Channel{Chat, Email}}
	if c := q.ClockOf(mail, since); !c.Due.After(q.Clock(since, false, since).Due) {
		t.Errorf("a mail is due at %s, as soon as a chat", c.Due)
	}
	mail.Channels = []Channel{Email, Chat}
	if c := q.ClockOf(mail, since); c != q.Clock(since, false, since) {
		t.Errorf("a chat after a mail has the clock %+v", c)
	}
	if c := (&Queue{}).Clock(since, false, since.AddDate(1, 0, 0)); c.Runs() || c.State != "" {
		t.Errorf("nothing is promised, and yet %+v", c)
	}
}
