package demo_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/channels/email"
	"hark/channels/email/imap"
	"hark/channels/email/outbox"
	"hark/demo"
	"hark/desk"
	"hark/desk/desktest"
	"hark/desk/mailbox/mailboxtest"
)

// mailDesk is a desk on memory whose mail is the demo's.
type mailDesk struct {
	*desktest.Env
	t   *testing.T
	eva *desk.Session
}

func newMailDesk(t *testing.T, o demo.MailOptions) *mailDesk {
	t.Helper()
	t.Parallel() // they wait for the time in which a mail can be taken back
	m, err := demo.StartMail(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	d := &mailDesk{Env: desktest.New(t), t: t}
	server, err := email.New(email.Options{
		Desk: d.Desk, State: d.State, Store: mailboxtest.New(), Keys: [][]byte{[]byte("a secret of this test, long enough")},
		File: func(ctx context.Context, id desk.ID) (io.ReadCloser, error) { return d.Files.Open(ctx, id) },
		Accounts: []email.Account{{
			Name: "shop", Address: desk.Address{Name: "Lykta", Mail: demo.MailAddress}, User: m.User, AuthServ: []string{demo.MailAuthServ},
			History: 14 * 24 * time.Hour, Secret: func(context.Context) (string, error) { return m.Password, nil },
			IMAP: email.Place{Host: "127.0.0.1", Port: m.IMAPPort, Security: imap.Plain},
			SMTP: email.Place{Host: "127.0.0.1", Port: m.SMTPPort, Security: imap.Plain},
		}},
		Send: outbox.Limits{Filed: 100 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.SetMailroom(server)
	d.eva = d.As("eva")
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// find waits for a conversation about a subject of which something holds.
func (d *mailDesk) find(subject, what string, holds func(*desk.Conversation) bool) (found *desk.Conversation) {
	d.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); found == nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			d.t.Fatalf("no conversation about %q that %s", subject, what)
		}
		for _, v := range []desk.View{desk.All, desk.Done} {
			d.State.Each(v, desk.ID{}, func(c *desk.Conversation) bool {
				if strings.HasSuffix(c.Subject, subject) && holds(c) {
					found = c
				}
				return found == nil
			})
		}
	}
	return found
}

// mails returns what stands in a conversation.
func (d *mailDesk) mails(id desk.ID) (all []*desk.Message) {
	d.t.Helper()
	if err := d.EachMail(d.t.Context(), id, func(_ desk.ID, m *desk.Message) { all = append(all, m) }); err != nil {
		d.t.Fatal(err)
	}
	return all
}

// answer replies to everybody in a conversation.
func (d *mailDesk) answer(c *desk.Conversation) {
	d.t.Helper()
	o, err := d.eva.ReplyDraft(d.t.Context(), c.ID, true)
	if err != nil {
		d.t.Fatal(err)
	}
	o.Text = "Yes, gladly."
	if _, _, err := d.eva.SendMail(d.t.Context(), c.ID, o); err != nil {
		d.t.Fatal(err)
	}
}

// TestMail: sample mail arrives, and those who wrote it answer in their threads.
func TestMail(t *testing.T) {
	d := newMailDesk(t, demo.MailOptions{Customers: true, Seed: 1, Pace: 500})
	old := d.find("Delivery to Åland", "is over", func(c *desk.Conversation) bool { return c.Status == desk.StatusResolved })
	if !d.mails(old.ID)[0].Mail.Past {
		t.Error("an old mail is no history")
	}
	invoice := d.mails(d.find("Rechnung für LY-K20417", "waits", (*desk.Conversation).NeedsUs).ID)[0]
	if len(invoice.Mail.Parts) != 1 || invoice.Mail.Parts[0].Type != "application/pdf" || invoice.Mail.Remote == 0 {
		t.Errorf("the invoice has parts %+v and %d remote pictures", invoice.Mail.Parts, invoice.Mail.Remote)
	}
	forged := d.mails(d.find("Your mailbox is almost full", "waits", (*desk.Conversation).NeedsUs).ID)[0]
	if forged.Mail.Auth != "fail" || len(forged.Mail.Warnings) == 0 {
		t.Errorf("a forged mail is %q with %d warnings", forged.Mail.Auth, len(forged.Mail.Warnings))
	}
	if m := d.mails(d.find("Shade sizes for the Moln", "waits", (*desk.Conversation).NeedsUs).ID)[0]; !m.Mail.Forward {
		t.Error("a forward is none")
	}
	for _, subject := range []string{"Flickering lamps in two rooms", "Twelve Fjord for a reading room", "Where is LY-P77120?"} {
		d.answer(d.find(subject, "waits", (*desk.Conversation).NeedsUs))
	}
	rooms := d.find("Flickering lamps in two rooms", "was answered by the colleague", func(c *desk.Conversation) bool { return c.Mails == 2 })
	if m := d.mails(rooms.ID); m[len(m)-1].Mail.From.Mail != "niamh@okafor-hotels.example" || len(m[len(m)-1].Mail.Folds) == 0 {
		t.Errorf("the colleague's answer is from %s with %d folds", m[len(m)-1].Mail.From.Mail, len(m[len(m)-1].Mail.Folds))
	}
	reading := d.find("Twelve Fjord for a reading room", "was answered", func(c *desk.Conversation) bool { return c.Mails == 2 })
	if !slices.ContainsFunc(d.mails(reading.ID), func(m *desk.Message) bool { return m.Mail.Muted }) {
		t.Error("the absence note is not muted")
	}
	d.find("Where is LY-P77120?", "is in trouble", func(c *desk.Conversation) bool { return len(c.Trouble) == 1 })
}

func TestMailWithoutCustomers(t *testing.T) {
	d := newMailDesk(t, demo.MailOptions{})
	id, _, err := d.eva.SendMail(t.Context(), desk.ID{}, desk.Outgoing{
		Account: "shop", To: []desk.Address{{Mail: demo.MailAddress}}, Subject: "To ourselves", Text: "hello", Outside: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	d.find("To ourselves", "was sent", func(c *desk.Conversation) bool { return c.ID == id && len(c.Outbox) == 0 })
	time.Sleep(100 * time.Millisecond) // for the copy to come back
	if n := len(d.mails(id)); n != 1 {
		t.Errorf("a mail to ourselves stands %d times", n)
	}
}
