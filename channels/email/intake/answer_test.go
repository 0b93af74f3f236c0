package intake

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"hark/desk"
	"hark/desk/mailbox"
	"hark/desk/mailbox/mailboxtest"
)

// sentFrom lets an agent answer a mail and returns the item and the token of
// what goes out.
func (w *world) sentFrom(mail desk.ID) (item desk.ID, token string) {
	w.t.Helper()
	s := w.As("eva")
	o, err := s.ReplyDraft(w.t.Context(), w.in(mail), false)
	if err != nil {
		w.t.Fatal(err)
	}
	o.Text = "It is on its way."
	c, item, err := s.SendMail(w.t.Context(), w.in(mail), o)
	if err != nil {
		w.t.Fatal(err)
	}
	return item, w.o.Keys.Token(c, item)
}

// TestOurs: what we sent and find again is no new message.
func TestOurs(t *testing.T) {
	w := newWorld(t)
	a := w.put("shop", "INBOX", simpleMail(alice, shop, "The lamp", "a@acme"))
	w.run()
	item, token := w.sentFrom(a)
	n := w.messages()
	own := func(id string, fields ...string) []byte {
		return raw("It is on its way.", append(fields, "From: Shop <"+shop+">", "To: "+alice, "Subject: Re: The lamp", "Message-ID: <"+id+">")...)
	}
	plain := w.put("shop", "Sent", own(token+"@shop.example"))
	renamed := w.put("shop", "Sent", own("rewritten@server", "X-Hark-Id: "+token))
	self := w.put("sales", "INBOX", own(token+"@shop.example"))
	forged := w.put("shop", "INBOX", own("forged@evil", "X-Hark-Id: "+token, "X-Test-Auth: fail"))
	elsewhere := w.put("shop", "INBOX", own("webmail@shop", "In-Reply-To: <a@acme>"))
	w.run()
	for name, id := range map[string]desk.ID{"the copy in Sent": plain, "a renamed copy": renamed, "one to another inbox": self} {
		if r := w.row(id); r.Stage != mailbox.Copy || r.Conversation != w.in(a) {
			t.Errorf("%s is %s", name, r.Stage)
		}
	}
	w.message(forged)
	if w.in(forged) == w.in(a) {
		t.Error("a forged mail of ours joined")
	}
	if w.in(elsewhere) != w.in(a) {
		t.Error("what a colleague wrote from another program is elsewhere")
	}
	if w.messages() != n+2 {
		t.Errorf("%d new messages instead of 2", w.messages()-n)
	}
	refs, err := w.store.Find(t.Context(), "rewritten@server")
	if err != nil || len(refs) != 1 || refs[0].Mail != item {
		t.Errorf("the name that the server gave our mail is known as %v, %v", refs, err)
	}
	answer := w.put("shop", "INBOX", simpleMail(alice, shop, "Re: The lamp", "b@acme", "rewritten@server"))
	w.run()
	if w.in(answer) != w.in(a) {
		t.Error("an answer to the renamed mail is elsewhere")
	}
}

func TestBounce(t *testing.T) {
	w := newWorld(t)
	a := w.put("shop", "INBOX", simpleMail(alice, shop, "The lamp", "a@acme"))
	w.run()
	item, token := w.sentFrom(a)
	var told []Bounce
	w.o.Bounced = func(_ context.Context, b Bounce) error {
		told = append(told, b)
		return nil
	}
	before := *w.State.Conversation(w.in(a))
	report := func(id, about string) []byte {
		return raw("not delivered", "From: mailer-daemon@acme.example", "To: "+shop, "Subject: Undelivered", "Message-ID: <"+id+">", "X-Test-Report-On: "+about)
	}
	ours := w.put("shop", "INBOX", report("r1", token))
	strange := w.put("shop", "INBOX", report("r2", "something else"))
	w.run()
	if w.in(ours) != w.in(a) || w.in(strange) == w.in(a) {
		t.Error("a report is not where the mail is that it is about")
	}
	if len(told) != 1 || told[0].Item != item || told[0].Conversation != w.in(a) || told[0].Mail != ours {
		t.Errorf("told of %+v", told)
	}
	after := w.State.Conversation(w.in(a))
	if !w.message(ours).Mail.Muted || after.Status != before.Status || after.Mails != before.Mails || slices.Contains(after.Parties, "mailer-daemon@acme.example") {
		t.Error("a report changed more than it should")
	}
}

// answers returns the automatic answers in the journal.
func (w *world) answers() []desk.Event {
	w.t.Helper()
	events, err := w.Journal.Read(w.t.Context(), 1, 1<<20)
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.DeleteFunc(events, func(e desk.Event) bool {
		m, ok := e.Body.(desk.Message)
		return !ok || m.Direction != desk.Out || m.Mail == nil || m.Mail.Automatic == ""
	})
}

func TestAcknowledge(t *testing.T) {
	w := newWorld(t)
	w.o.Accounts[0].AutoReply = "Thank you, we have your mail."
	put := func(from, id string, fields ...string) {
		w.put("shop", "INBOX", raw("hello", append(fields, "From: "+from, "To: "+shop, "Subject: Topic "+id, "Message-ID: <"+id+">")...))
	}
	put(alice, "1")
	put(alice, "2") // the same day
	put("bob@b.example", "3", "Auto-Submitted: auto-generated")
	put("no-reply@c.example", "4")
	put("dan@d.example", "5", "X-Test-Auth: fail")
	put(shop, "6")
	put("malory@m.example", "7", "Auto-Submitted: auto-replied")
	w.put("shop", "INBOX", simpleMail("eve@e.example", shop, "History", "8"), past)
	w.put("sales", "INBOX", simpleMail("fay@f.example", sales, "To an inbox that does not answer", "9"))
	w.run()
	all := w.answers()
	if len(all) != 1 {
		t.Fatalf("%d automatic answers instead of 1", len(all))
	}
	m := all[0].Body.(desk.Message)
	if m.Mail.To[0].Mail != alice || m.Mail.InReplyTo != "1" && m.Mail.InReplyTo != "2" || m.Mail.Subject != "Auto: Topic "+m.Mail.InReplyTo {
		t.Errorf("the answer is %+v", m.Mail)
	}
	if row := w.State.Conversation(all[0].Stream.ID); row.Status != desk.StatusNew || row.Side != desk.In {
		t.Errorf("an automatic answer leaves the conversation %s, with %q as its last words", row.Status, row.Last)
	}
}

// TestAcknowledgeOnce: a crash after the answer and before the ledger.
func TestAcknowledgeOnce(t *testing.T) {
	w := newWorld(t)
	w.o.Accounts[0].AutoReply = "Thank you."
	w.put("shop", "INBOX", simpleMail(alice, shop, "The lamp", "1"))
	w.o.Store = &forgetful{Store: w.o.Store}
	w.run()
	if n := len(w.answers()); n != 1 {
		t.Errorf("%d automatic answers", n)
	}
}

func TestFlood(t *testing.T) {
	w := newWorld(t)
	w.o.Accounts[0].AutoReply = "Thank you."
	for i := range 25 {
		w.put("shop", "INBOX", simpleMail("loop@l.example", shop, fmt.Sprint("Topic ", i), fmt.Sprint(i)))
	}
	w.run()
	lit := slices.ContainsFunc(w.Lamps(), func(l desk.Lamp) bool { return l.Part == lamp && !l.OK })
	if !lit {
		t.Error("nobody is told of a flood")
	}
	if w.messages() != 25 {
		t.Error("a flood lost mails")
	}
}

// wire carries what two desks send to each other, as a relay does; stripped,
// it loses every mark of automatic mail.
func wire(from, to *world, stripped bool, carried map[desk.ID]bool) (n int) {
	for _, e := range from.answers() {
		if carried[e.ID] {
			continue
		}
		carried[e.ID] = true
		n++
		l := e.Body.(desk.Message).Mail
		fields := []string{
			"From: " + l.From.Mail, "To: " + l.To[0].Mail, "Subject: " + l.Subject, "Message-ID: <" + l.MessageID + ">",
			"In-Reply-To: <" + l.InReplyTo + ">",
		}
		if !stripped {
			fields = append(fields, "Auto-Submitted: auto-replied")
		}
		to.put("shop", "INBOX", raw(e.Body.(desk.Message).Text, fields...))
	}
	to.run()
	return n
}

// TestTwoDesks: two desks that acknowledge mail fall silent after one
// automatic mail each at most.
func TestTwoDesks(t *testing.T) {
	for _, stripped := range []bool{false, true} {
		t.Run(fmt.Sprint("marks lost ", stripped), func(t *testing.T) {
			a, b := newWorld(t), newWorld(t)
			const other = "help@other.example"
			b.o.Accounts = []Account{{Name: "shop", Address: other}}
			b.room.SetAccount(desk.MailAccount{Name: "shop", Address: desk.Address{Mail: other}, State: desk.MailIdle})
			for _, w := range []*world{a, b} {
				w.o.Accounts[0].AutoReply = "Thank you, we have your mail."
			}
			a.put("shop", "INBOX", simpleMail(other, shop, "An offer", "1@other"))
			a.run()
			carried := map[desk.ID]bool{}
			for round := range 10 {
				if wire(a, b, stripped, carried)+wire(b, a, stripped, carried) == 0 {
					if round == 0 {
						t.Fatal("nobody said anything")
					}
					break
				}
				if round == 9 {
					t.Error("they go on and on")
				}
			}
			if n, m := len(a.answers()), len(b.answers()); n != 1 || m > 1 || !stripped && m != 0 {
				t.Errorf("%d and %d automatic mails", n, m)
			}
		})
	}
}

// TestCareful: a mail that ends the program each time it is read is put aside.
func TestCareful(t *testing.T) {
	w := newWorld(t)
	store := mailboxtest.New()
	w.store, w.o.Store = store, store
	poison := w.put("shop", "INBOX", simpleMail(alice, shop, "Poison", "p@acme"))
	good := w.put("shop", "INBOX", simpleMail(alice, shop, "The lamp", "a@acme"))
	for range starts {
		in, err := New(w.o)
		if err != nil {
			t.Fatal(err)
		}
		if err := in.begin(t.Context()); err != nil { // and the process is gone
			t.Fatal(err)
		}
	}
	for range attempts { // it was read, and the process was gone
		if _, err := store.Attempt(t.Context(), w.row(poison).Place, "read", "ended"); err != nil {
			t.Fatal(err)
		}
	}
	w.run()
	if r := w.row(poison); r.Stage != mailbox.Quarantined {
		t.Errorf("the poison is %s", r.Stage)
	}
	w.message(good)
	w.counters("shop")
}
