package outbox_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hark/channels/email/outbox/smtptest"
	"hark/channels/email/read"
	"hark/desk"
	"hark/desk/mailbox"
)

func TestServersThatFileByThemselvesAreLetTo(t *testing.T) {
	synctestWorld(t, func(t *testing.T, w *world) {
		w.sent.files = true
		w.start()
		defer func() { w.stop() }()
		c, item := w.sends(desk.Outgoing{})
		w.after(desk.MailUndo + 5*time.Second)
		w.expect(c, item, "taken sent")
		if w.sent.looks != 0 {
			t.Error("it looked before the server had its time")
		}
		w.sent.put(w.sink.Deliveries()[0].Bytes)
		w.after(time.Minute)
		w.expect(c, item, "taken sent filed")
		if w.sent.count() != 1 {
			t.Errorf("%d copies", w.sent.count())
		}
	})
}

func TestCopyIsFiledWhereTheServerDidNot(t *testing.T) {
	synctestWorld(t, func(t *testing.T, w *world) {
		w.sent.files = true
		w.start()
		defer func() { w.stop() }()
		c, item := w.sends(desk.Outgoing{})
		w.after(5 * time.Minute)
		w.expect(c, item, "taken sent filed")
		if w.sent.count() != 1 || w.sent.looks != 3 {
			t.Errorf("%d copies after %d looks", w.sent.count(), w.sent.looks)
		}
	})
}

func TestOtherMessageIDOfTheServerIsAnAlias(t *testing.T) {
	synctestWorld(t, func(t *testing.T, w *world) {
		w.sent.files, w.sent.renames = true, "x1@outlook.example"
		w.start()
		defer func() { w.stop() }()
		c, item := w.sends(desk.Outgoing{})
		w.after(desk.MailUndo + time.Second)
		w.sent.put(w.sink.Deliveries()[0].Bytes)
		w.after(time.Minute)
		w.expect(c, item, "taken sent filed")
		refs, err := w.store.Find(t.Context(), "x1@outlook.example")
		if err != nil || len(refs) != 1 || refs[0].Mail != item || refs[0].Conversation != c {
			t.Errorf("an answer to the server's Message-ID finds %+v (%v)", refs, err)
		}
	})
}

func TestFilingWaitsForTheMailbox(t *testing.T) {
	synctestWorld(t, func(t *testing.T, w *world) {
		w.sent.fails = errors.New("not connected")
		w.start()
		c, item := w.sends(desk.Outgoing{})
		w.after(2 * time.Hour)
		w.expect(c, item, "taken sent")
		w.stop() // a restart forgets nothing
		w.sent.fails = nil
		w.start()
		defer func() { w.stop() }()
		w.after(time.Minute)
		w.expect(c, item, "taken sent filed")
		if w.sent.count() != 1 {
			t.Errorf("%d copies", w.sent.count())
		}
	})
}

func TestNoCopyWhereNoneIsWanted(t *testing.T) {
	synctestWorld(t, func(t *testing.T, w *world) {
		w.acct.Sent = nil
		w.start()
		defer func() { w.stop() }()
		c, item := w.sends(desk.Outgoing{})
		w.after(time.Hour)
		w.expect(c, item, "taken sent")
		if w.kept(item) != mailbox.Filed {
			t.Errorf("it is %s", w.kept(item))
		}
	})
}

// parked returns a world with one parked mail, which has arrived.
func parked(t *testing.T, test func(t *testing.T, w *world, c, item desk.ID)) {
	t.Helper()
	script := smtptest.Once(smtptest.Dot, 1, smtptest.Act{Keep: true, Drop: true})
	inWorld(t, smtptest.Options{Script: script}, func(t *testing.T, w *world) {
		c, item := w.sends(desk.Outgoing{})
		w.after(desk.MailUndo + 2*time.Second)
		w.expect(c, item, "taken parked")
		if len(w.State.Conversation(c).Trouble) != 1 {
			t.Error("the conversation shows no trouble")
		}
		test(t, w, c, item)
		if trouble := w.State.Conversation(c).Trouble; len(trouble) != 0 {
			t.Errorf("the conversation still shows %+v", trouble)
		}
	})
}

func TestParkedMailIsNeverSentByItself(t *testing.T) {
	script := smtptest.Once(smtptest.Dot, 1, smtptest.Act{Drop: true})
	inWorld(t, smtptest.Options{Script: script}, func(t *testing.T, w *world) {
		c, item := w.sends(desk.Outgoing{})
		w.after(time.Minute)
		w.stop()
		w.start()
		w.out.Poke("")
		w.after(100 * 24 * time.Hour)
		w.expect(c, item, "taken parked")
		if n := len(w.sink.Deliveries()); n != 0 {
			t.Errorf("it left %d times", n)
		}
	})
}

func TestParkedMailIsFoundInSent(t *testing.T) {
	parked(t, func(t *testing.T, w *world, c, item desk.ID) {
		w.sent.put(w.sink.Deliveries()[0].Bytes)
		w.after(10 * time.Minute)
		w.expect(c, item, "taken parked sent filed")
		if w.sent.count() != 1 {
			t.Errorf("%d copies", w.sent.count())
		}
	})
}

func TestParkedMailIsProvenByAnAnswer(t *testing.T) {
	parked(t, func(t *testing.T, w *world, c, item desk.ID) {
		l, err := w.store.Letter(t.Context(), item)
		must(t, err)
		w.out.Answered(t.Context(), "other@home.test", l.MessageID)
		w.after(time.Second)
		w.expect(c, item, "taken parked sent filed")
	})
}

func TestParkedMailIsSentAgainByAPerson(t *testing.T) {
	parked(t, func(t *testing.T, w *world, c, item desk.ID) {
		w.resends(c, item)
		w.after(time.Minute)
		w.expect(c, item, "taken parked sent filed")
		got := w.sink.Deliveries()
		if len(got) != 2 || string(got[0].Bytes) != string(got[1].Bytes) {
			t.Errorf("%d deliveries, or others bytes than the first time", len(got))
		}
	})
}

// resends does what a person's key does.
func (w *world) resends(c, item desk.ID) {
	w.t.Helper()
	must(w.t, w.As("bo").Resend(w.t.Context(), c, item))
	must(w.t, w.out.Resend(w.t.Context(), item)) // the desk's mailroom of the test does not
}

func TestFailedMailIsSentAgainByAPerson(t *testing.T) {
	script := smtptest.Once(smtptest.Rcpt, 1, smtptest.Act{Code: 552, Words: "mailbox full"})
	inWorld(t, smtptest.Options{Script: script}, func(t *testing.T, w *world) {
		c, item := w.sends(desk.Outgoing{})
		w.after(time.Hour)
		w.expect(c, item, "taken failed")
		w.resends(c, item)
		w.after(time.Minute)
		w.expect(c, item, "taken failed sent filed")
		if n := len(w.sink.Deliveries()); n != 1 {
			t.Errorf("it arrived %d times", n)
		}
		if err := w.out.Resend(t.Context(), item); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("what has arrived is sent again: %v", err)
		}
	})
}

func TestMailThatCannotBeComposedFails(t *testing.T) {
	inWorld(t, smtptest.Options{}, func(t *testing.T, w *world) {
		c, item := w.sends(desk.Outgoing{To: []desk.Address{{Mail: "ana@ex_ample.-bücher-"}}})
		w.after(time.Hour)
		w.expect(c, item, "taken failed")
		if n := len(w.sink.Deliveries()); n != 0 {
			t.Errorf("it arrived %d times", n)
		}
		w.resends(c, item)
		w.after(time.Minute)
		w.expect(c, item, "taken failed taken failed")
	})
}

func TestReportsMarkTheMail(t *testing.T) {
	for name, c := range map[string]struct {
		report func(messageID, harkID string) read.Report
		ours   bool
		told   string
		words  string
	}{
		"by Message-ID": {func(id, _ string) read.Report {
			return read.Report{OriginalID: id, Recipients: []read.Recipient{
				{Address: "ana@home.test", Action: "failed", Status: "5.1.1", Diagnostic: "550 no\x1bbody"},
			}}
		}, true, "taken sent filed bounced", "there is no such address: 550 no body"},
		"by X-Hark-Id": {func(_, id string) read.Report {
			return read.Report{OriginalID: "x@relay.test", OriginalHarkID: id, Recipients: []read.Recipient{
				{Address: "ana@home.test", Action: "failed", Status: "5.2.2"},
			}}
		}, true, "taken sent filed bounced", "the mailbox is full"},
		"delayed": {func(id, _ string) read.Report {
			return read.Report{OriginalID: id, Recipients: []read.Recipient{{Address: "ana@home.test", Action: "delayed"}}}
		}, true, "taken sent filed", ""},
		"read": {func(id, _ string) read.Report {
			return read.Report{OriginalID: id, Disposition: true, Recipients: []read.Recipient{{Address: "ana@home.test", Action: "failed"}}}
		}, true, "taken sent filed", ""},
		"of another mail": {func(string, string) read.Report {
			return read.Report{OriginalID: "y@home.test", Recipients: []read.Recipient{{Address: "ana@home.test", Action: "failed"}}}
		}, false, "taken sent filed", ""},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, smtptest.Options{}, func(t *testing.T, w *world) {
				conversation, item := w.sends(desk.Outgoing{})
				w.after(time.Minute)
				l, err := w.store.Letter(t.Context(), item)
				must(t, err)
				token, _, _ := strings.Cut(l.MessageID, "@")
				about, ours, err := w.out.Bounced(t.Context(), desk.NewID(), c.report(l.MessageID, token))
				if err != nil || ours != c.ours || ours && about != item {
					t.Errorf("it is about %v, ours: %v (%v)", about, ours, err)
				}
				w.expect(conversation, item, c.told)
				p := w.last(conversation, item)
				if p.Words != c.words || c.words != "" && (len(p.Failed) != 1 || p.Failed[0].Mail != "ana@home.test") {
					t.Errorf("people read %+v", p)
				}
				if trouble := w.State.Conversation(conversation).Trouble; (len(trouble) == 1) != (c.words != "") {
					t.Errorf("the conversation shows %+v", trouble)
				}
			})
		})
	}
}
