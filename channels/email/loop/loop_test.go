package loop

import (
	"fmt"
	"testing"
	"time"

	"hark/channels/email/read"
	"hark/desk"
	"hark/desk/mailbox/mailboxtest"
)

const own = "support@shop.example"

// TestMarks has each mark alone.
func TestMarks(t *testing.T) {
	for _, c := range []struct {
		name             string
		mark             func(*read.Mail)
		automatic, muted bool
	}{
		{"nothing", func(*read.Mail) {}, false, false},
		{"Auto-Submitted: no", func(m *read.Mail) { m.Marks.AutoSubmitted = "no" }, false, false},
		{"Auto-Submitted: no with a comment", func(m *read.Mail) { m.Marks.AutoSubmitted = "no (a person)" }, false, false},
		{"Auto-Submitted: auto-replied", func(m *read.Mail) { m.Marks.AutoSubmitted = "auto-replied" }, true, true},
		{"Auto-Submitted with a parameter", func(m *read.Mail) { m.Marks.AutoSubmitted = "auto-replied; owner-email=x" }, true, true},
		{"Auto-Submitted: auto-generated", func(m *read.Mail) { m.Marks.AutoSubmitted = "auto-generated" }, true, false},
		{"Auto-Submitted: auto-notified", func(m *read.Mail) { m.Marks.AutoSubmitted = "auto-notified" }, true, false},
		{"Auto-Submitted: a word of its own", func(m *read.Mail) { m.Marks.AutoSubmitted = "x-made-up" }, true, false},
		{"an absence note of Exchange", func(m *read.Mail) {
			m.Marks.AutoSubmitted, m.Subject = "auto-generated", "Automatic reply: The lamp"
		}, true, true},
		{"Return-Path: <>", func(m *read.Mail) { m.Marks.NullReturn = true }, true, false},
		{"multipart/report", func(m *read.Mail) { m.Marks.Report = true }, true, false},
		{"a delivery report", func(m *read.Mail) { m.Report = &read.Report{} }, true, true},
		{"a disposition", func(m *read.Mail) { m.Report = &read.Report{Disposition: true} }, true, true},
		{"X-Auto-Response-Suppress", func(m *read.Mail) { m.Marks.Suppress = "oof, autoreply" }, true, false},
		{"X-Auto-Response-Suppress: none", func(m *read.Mail) { m.Marks.Suppress = "none" }, false, false},
		{"X-Autoreply", func(m *read.Mail) { m.Marks.Autoreply = "yes" }, true, true},
		{"Precedence: bulk", func(m *read.Mail) { m.Marks.Precedence = "bulk" }, true, false},
		{"Precedence: junk", func(m *read.Mail) { m.Marks.Precedence = "junk" }, true, false},
		{"Precedence: list", func(m *read.Mail) { m.Marks.Precedence = "list" }, true, false},
		{"Precedence: auto_reply", func(m *read.Mail) { m.Marks.Precedence = "auto_reply" }, true, true},
		{"Precedence: first-class", func(m *read.Mail) { m.Marks.Precedence = "first-class" }, false, false},
		{"List-Id", func(m *read.Mail) { m.Marks.ListID = "<lamps.example>" }, true, false},
		{"List-Unsubscribe", func(m *read.Mail) { m.Marks.Unsubscribe = true }, true, false},
		{"Feedback-ID", func(m *read.Mail) { m.Marks.Feedback = "yes" }, true, false},
		{"X-Hark-Loop", func(m *read.Mail) { m.Marks.Loop = "hark" }, true, true},
		{"X-Loop of another program", func(m *read.Mail) { m.Marks.Loop = "list@other.example" }, true, false},
		{"our own address", func(m *read.Mail) { m.From.Mail = own }, true, false},
		{"mailer-daemon", func(m *read.Mail) { m.From.Mail = "mailer-daemon@x.example" }, true, false},
		{"postmaster", func(m *read.Mail) { m.From.Mail = "postmaster@x.example" }, true, false},
		{"no-reply", func(m *read.Mail) { m.From.Mail = "no-reply@x.example" }, true, false},
		{"noreply with more", func(m *read.Mail) { m.From.Mail = "noreply-orders@x.example" }, true, false},
		{"do_not_reply", func(m *read.Mail) { m.From.Mail = "do_not_reply@x.example" }, true, false},
		{"no.reply with a tag", func(m *read.Mail) { m.From.Mail = "no.reply+7@x.example" }, true, false},
		{"a machine in Sender", func(m *read.Mail) { m.Sender.Mail = "bounces@x.example" }, true, false},
		{"an absence note without marks", func(m *read.Mail) { m.Subject = "Abwesenheitsnotiz: Lampe" }, true, false},
		{"a person of that name", func(m *read.Mail) { m.From.Mail = "norell@x.example" }, false, false},
		{"a subject about automatic replies", func(m *read.Mail) { m.Subject = "Your automatic reply is wrong" }, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := &read.Mail{Subject: "The lamp", From: desk.Address{Mail: "alice@acme.example"}}
			c.mark(m)
			got := Classify(m, []string{own})
			if got.Automatic() != c.automatic || got.Muted != c.muted {
				t.Errorf("automatic %v, muted %v (%s)", got.Automatic(), got.Muted, got.Why)
			}
			if got.Bounce != (m.Report != nil && !m.Report.Disposition) {
				t.Errorf("bounce is %v", got.Bounce)
			}
		})
	}
}

var day = time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC)

func ask(t *testing.T, g *Guard, to string, c desk.ID, at time.Time) Verdict {
	t.Helper()
	v, err := g.Answer(t.Context(), Class{}, to, c, at)
	if err != nil {
		t.Fatal(err)
	}
	if v.May == (v.Why != "") {
		t.Errorf("a verdict of %v says %q", v.May, v.Why)
	}
	return v
}

func TestGuard(t *testing.T) {
	store := mailboxtest.New()
	g := NewGuard(store)
	matter := desk.NewID()
	if v, err := g.Answer(t.Context(), Class{Why: "a list"}, "a@x", matter, day); err != nil || v.May {
		t.Errorf("an automatic mail may be answered: %v %v", v, err)
	}
	if !ask(t, g, "a@x", matter, day).May {
		t.Fatal("the first answer is refused")
	}
	if ask(t, g, "a@x", desk.NewID(), day.Add(23*time.Hour)).May {
		t.Error("an address is answered twice a day")
	}
	g = NewGuard(store) // the hub began again
	if ask(t, g, "a@x", desk.NewID(), day.Add(23*time.Hour)).May {
		t.Error("a restart forgot the answer")
	}
	if !ask(t, g, "a@x", desk.NewID(), day.Add(25*time.Hour)).May {
		t.Error("an address is not answered the next day")
	}
	for i, may := range []bool{true, true, false} { // matter has one answer
		if ask(t, g, fmt.Sprint(i, "@x"), matter, day.Add(time.Hour)).May != may {
			t.Errorf("answer %d in a conversation", i+2)
		}
	}
}

func TestBreakers(t *testing.T) {
	g := NewGuard(mailboxtest.New())
	for i := range burst + 1 {
		v, err := g.Came(t.Context(), "loop@x", day.Add(time.Duration(i)*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if tripped := i == burst; v.Banner != tripped || v.May == tripped {
			t.Errorf("mail %d gives %+v", i+1, v)
		}
	}
	if v := ask(t, g, "loop@x", desk.NewID(), day.Add(time.Minute)); v.May || !v.Banner {
		t.Error("a machine is answered")
	}
	if !ask(t, g, "loop@x", desk.NewID(), day.Add(time.Hour)).May {
		t.Error("an address is never forgiven")
	}
	for i := range answersAtAll - 1 {
		if !ask(t, g, fmt.Sprint(i, "@y"), desk.NewID(), day.Add(time.Hour)).May {
			t.Fatalf("answer %d is refused", i)
		}
	}
	if v := ask(t, g, "last@y", desk.NewID(), day.Add(time.Hour)); v.May || !v.Banner {
		t.Error("the breaker for all did not trip")
	}
	if !ask(t, g, "last@y", desk.NewID(), day.Add(2*time.Hour)).May {
		t.Error("the breaker for all never closes")
	}
}
