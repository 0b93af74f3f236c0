package outbox_test

import (
	"strings"
	"testing"
	"time"

	"hark/channels/email/outbox/smtptest"
	"hark/desk"
	"hark/desk/mailbox"
)

func TestMailGoesOutWhenItCanNoLongerBeTakenBack(t *testing.T) {
	inWorld(t, smtptest.Options{}, func(t *testing.T, w *world) {
		c, item := w.sends(desk.Outgoing{Bcc: []desk.Address{{Mail: "boss@shop.test"}}})
		w.after(desk.MailUndo - time.Second)
		if n := len(w.sink.Deliveries()); n != 0 {
			t.Errorf("%d mails left within the time to undo", n)
		}
		w.after(2 * time.Second)
		w.expect(c, item, "taken sent filed")
		got := w.sink.Deliveries()
		if len(got) != 1 || got[0].From != "help@shop.test" || strings.Join(got[0].To, " ") != "ana@home.test boss@shop.test" {
			t.Fatalf("delivered: %+v", got)
		}
		if text := string(got[0].Bytes); !strings.Contains(text, "Subject: Lamp\r\n") || strings.Contains(text, "boss@") {
			t.Errorf("the mail is\n%s", text)
		}
		if w.sent.count() != 1 || string(w.sent.copies[0]) != string(got[0].Bytes) {
			t.Errorf("%d copies in Sent, or others than what left", w.sent.count())
		}
		if w.kept(item) != mailbox.Filed || len(w.State.Conversation(c).Outbox) != 0 {
			t.Errorf("it is %s, and the row says %+v", w.kept(item), w.State.Conversation(c).Outbox)
		}
	})
}

func TestMailThatWasTakenBackStays(t *testing.T) {
	inWorld(t, smtptest.Options{}, func(t *testing.T, w *world) {
		c, item := w.sends(desk.Outgoing{})
		w.after(desk.MailUndo / 2)
		if _, err := w.As("bo").Withdraw(t.Context(), c, item); err != nil {
			t.Fatal(err)
		}
		w.after(time.Hour)
		w.expect(c, item, "")
		if n := len(w.sink.Deliveries()); n != 0 {
			t.Errorf("%d mails left", n)
		}
	})
}

// TestTakingRacesTakingBack lets people withdraw at the moment the outbox
// takes: either the mail leaves, or it is a draft again, and never both.
func TestTakingRacesTakingBack(t *testing.T) {
	inWorld(t, smtptest.Options{}, func(t *testing.T, w *world) {
		const mails = 60
		var cs, items [mails]desk.ID
		back := 0
		for i := range mails {
			cs[i], items[i] = w.sends(desk.Outgoing{})
		}
		bo := w.As("bo")
		time.Sleep(desk.MailUndo - time.Millisecond)
		results := make(chan error)
		for i := range mails {
			go func() {
				time.Sleep(time.Millisecond)
				_, err := bo.Withdraw(t.Context(), cs[i], items[i])
				results <- err
			}()
		}
		for range mails {
			if err := <-results; err == nil {
				back++
			} else if desk.CodeOf(err) != desk.Conflict {
				t.Error(err)
			}
		}
		w.after(time.Hour)
		if left := len(w.sink.Deliveries()); left+back != mails {
			t.Errorf("%d left and %d were taken back, of %d", left, back, mails)
		}
	})
}

func TestAutomaticMailHasNoSender(t *testing.T) {
	inWorld(t, smtptest.Options{}, func(t *testing.T, w *world) {
		in := desk.Incoming{ID: desk.NewID(), Text: "Where is it?", Letter: desk.Letter{
			Account: "shop", MessageID: "q@home.test", Subject: "Lamp", From: desk.Address{Mail: "ana@home.test"}, Received: time.Now(),
		}}
		c, err := w.Receive(t.Context(), in)
		must(t, err)
		item, err := w.AutoReply(t.Context(), c, in.Letter.From, "Re: Lamp", "We have your mail.", in.ID)
		must(t, err)
		w.after(time.Minute)
		w.expect(c, item, "taken sent filed")
		got := w.sink.Deliveries()
		if len(got) != 1 || got[0].From != "" {
			t.Fatalf("delivered: %+v", got)
		}
		for _, line := range []string{"Auto-Submitted: auto-replied\r\n", "X-Hark-Loop: help@shop.test\r\n", "In-Reply-To: <q@home.test>\r\n"} {
			if !strings.Contains(string(got[0].Bytes), line) {
				t.Errorf("it lacks %q:\n%s", line, got[0].Bytes)
			}
		}
	})
}

func TestServersThatWantASenderGetOne(t *testing.T) {
	script := func(m smtptest.Moment) smtptest.Act {
		if m.Stage == smtptest.Mail && m.Address == "" {
			return smtptest.Act{Code: 550, Words: "no empty sender"}
		}
		return smtptest.Act{}
	}
	inWorld(t, smtptest.Options{Script: script}, func(t *testing.T, w *world) {
		in := desk.Incoming{ID: desk.NewID(), Text: "?", Letter: desk.Letter{
			Account: "shop", MessageID: "q@home.test", From: desk.Address{Mail: "ana@home.test"}, Received: time.Now(),
		}}
		c, err := w.Receive(t.Context(), in)
		must(t, err)
		item, err := w.AutoReply(t.Context(), c, in.Letter.From, "Re: ", "We have your mail.", in.ID)
		must(t, err)
		w.after(time.Minute)
		w.expect(c, item, "taken sent filed")
		if got := w.sink.Deliveries(); len(got) != 1 || got[0].From != "help@shop.test" {
			t.Errorf("delivered: %+v", got)
		}
	})
}

func TestAnswerQuotesAndCarries(t *testing.T) {
	inWorld(t, smtptest.Options{}, func(t *testing.T, w *world) {
		id := desk.NewID()
		part := desk.Part{N: 1, ID: desk.PartID(id, 1), Name: "photo.jpg", Type: "image/jpeg", Kind: desk.PartFile}
		w.room.SetRaw(id, []byte("raw"), map[int][]byte{1: []byte("jpeg")})
		c, err := w.Receive(t.Context(), desk.Incoming{ID: id, Text: "It is broken.", Letter: desk.Letter{
			Account: "shop", MessageID: "q2@home.test", InReplyTo: "a1@shop.test", References: []string{"q1@home.test", "a1@shop.test"},
			Subject: "Re: Lamp", From: desk.Address{Name: "Ana", Mail: "ana@home.test"}, Received: time.Now(), Parts: []desk.Part{part},
		}})
		must(t, err)
		bo := w.As("bo")
		o, err := bo.ReplyDraft(t.Context(), c, false)
		must(t, err)
		o.Text, o.Quote, o.Carry = "So sorry.", true, []desk.ID{part.ID}
		_, item, err := bo.SendMail(t.Context(), c, o)
		must(t, err)
		w.after(time.Minute)
		w.expect(c, item, "taken sent filed")
		text := string(w.sink.Deliveries()[0].Bytes)
		for _, want := range []string{
			"In-Reply-To: <q2@home.test>\r\n", "References: <q1@home.test> <a1@shop.test> <q2@home.test>\r\n", "Subject: Re: Lamp\r\n",
			"\r\n> It is broken.\r\n", "filename=photo.jpg", "anBlZw==",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("it lacks %q:\n%s", want, text)
			}
		}
	})
}
