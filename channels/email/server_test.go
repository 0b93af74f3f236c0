package email_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/channels/email"
	"hark/channels/email/imap"
	"hark/channels/email/mailsync"
	"hark/channels/email/outbox"
	"hark/channels/email/outbox/smtptest"
	"hark/desk"
	"hark/desk/desktest"
	"hark/desk/mailbox/mailboxtest"
	"hark/tools/dovecot"
)

// office is a desk with one account on a real IMAP server and a real SMTP
// server, and somebody else who looks at the mailbox.
type office struct {
	*desktest.Env
	t     *testing.T
	bo    *desk.Session
	mail  *email.Server
	store *mailboxtest.Memory
	sink  *smtptest.Server
	other imap.Box
}

func open(t *testing.T, change func(*email.Account)) *office {
	t.Helper()
	d := dovecot.ForTest(t)
	sink, err := smtptest.New(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(d.TLS)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	secret := func(context.Context) (string, error) { return dovecot.Password, nil }
	in := email.Place{Host: host, Port: n, Security: imap.TLS, TLS: &tls.Config{RootCAs: d.Pool, ServerName: "localhost"}}
	o := &office{Env: desktest.New(t), t: t, store: mailboxtest.New(), sink: sink}
	o.other, err = imap.Dial(t.Context(), imap.Options{Host: host, Port: n, Security: imap.TLS, TLS: in.TLS, User: "help", Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	a := email.Account{
		Name: "shop", Address: desk.Address{Name: "Shop", Mail: "help@shop.test"}, User: "help", Secret: secret, IMAP: in,
		SMTP: email.Place{Host: sink.Host(), Port: sink.Port(), Security: imap.Plain},
	}
	if change != nil {
		change(&a)
	}
	o.mail, err = email.New(email.Options{
		Desk: o.Desk, State: o.State, Store: o.store, Keys: [][]byte{[]byte("a secret of this test, long enough")}, Accounts: []email.Account{a},
		File: func(ctx context.Context, id desk.ID) (io.ReadCloser, error) { return o.Files.Open(ctx, id) },
		Sync: mailsync.Limits{Settle: 100 * time.Millisecond, Mirror: 100 * time.Millisecond},
		Send: outbox.Limits{Filed: 100 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	o.SetMailroom(o.mail)
	o.bo = o.As("bo")
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ran := make(chan error, 1)
	go func() { ran <- o.mail.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ran; err != nil {
			t.Error(err)
		}
		_ = o.other.Close()
		if err := sink.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// eventually waits until something is so.
func (o *office) eventually(what string, so func() bool) {
	o.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			o.t.Fatalf("waited in vain: %s; the accounts are %+v", what, o.mail.Accounts())
		}
	}
}

// arrives puts a mail into the mailbox.
func (o *office) arrives(header, text string) {
	o.t.Helper()
	raw := strings.ReplaceAll(header+"\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"+text, "\n", "\r\n")
	if err := o.other.Append(o.t.Context(), "INBOX", nil, time.Now(), int64(len(raw)), strings.NewReader(raw)); err != nil {
		o.t.Fatal(err)
	}
}

// about waits for the conversation with a subject.
func (o *office) about(subject string) *desk.Conversation {
	o.t.Helper()
	var found *desk.Conversation
	o.eventually("a conversation about "+subject, func() bool {
		o.State.Each(desk.All, desk.ID{}, func(c *desk.Conversation) bool {
			if c.Subject == subject {
				found = c
			}
			return found == nil
		})
		return found != nil
	})
	return found
}

func (o *office) row(id desk.ID) *desk.Conversation { return o.State.Conversation(id) }

// flags returns the marks of the only mail in the mailbox.
func (o *office) flags() []string {
	o.t.Helper()
	if _, err := o.other.Select(o.t.Context(), "INBOX"); err != nil {
		o.t.Fatal(err)
	}
	heads, err := o.other.Heads(o.t.Context(), []uint32{1})
	if err != nil || len(heads) == 0 {
		o.t.Fatalf("the mailbox holds %v, %v", heads, err)
	}
	return heads[0].Flags
}

// TestConversationByMail takes one matter from the first mail to the answer of
// the customer to our answer, on real servers.
func TestConversationByMail(t *testing.T) {
	o := open(t, nil)
	o.arrives("From: Ana <ana@ex.test>\nTo: help@shop.test\nSubject: Lamp\nMessage-ID: <1@ex.test>\nDate: Tue, 3 Nov 2026 09:38:00 +0000", "Where is it?")
	c := o.about("Lamp")
	if c.Status != desk.StatusNew || c.Name != "Ana" || !c.Unread() {
		t.Errorf("the row is %+v", c)
	}
	o.bo.MarkRead(c.ID)
	o.eventually("it is marked as read on the server", func() bool { return slices.Contains(o.flags(), `\Seen`) })

	if err := o.bo.Reply(t.Context(), c.ID, "On its way."); err != nil {
		t.Fatal(err)
	}
	o.eventually("the answer has left", func() bool { return len(o.sink.Deliveries()) == 1 })
	d := o.sink.Deliveries()[0]
	sent := string(d.Bytes)
	if !slices.Equal(d.To, []string{"ana@ex.test"}) || !strings.Contains(sent, "In-Reply-To: <1@ex.test>") || !strings.Contains(sent, "On its way.") {
		t.Errorf("to %v went:\n%s", d.To, sent)
	}
	o.eventually("it is marked as answered on the server", func() bool { return slices.Contains(o.flags(), `\Answered`) })
	o.eventually("one copy lies in Sent", func() bool {
		if _, err := o.other.Select(t.Context(), "Sent"); err != nil {
			t.Fatal(err)
		}
		uids, err := o.other.UIDs(t.Context(), 1)
		return err == nil && len(uids) == 1
	})

	id := messageID(t, sent)
	o.arrives(fmt.Sprintf("From: Ana <ana@ex.test>\nTo: help@shop.test\nSubject: Re: Lamp\nMessage-ID: <2@ex.test>\nIn-Reply-To: <%s>\nReferences: <1@ex.test> <%s>", id, id), "Thank you!")
	o.eventually("her answer is in the same conversation", func() bool { return o.row(c.ID).Mails == 2 })
	why, err := o.bo.WhyJoined(t.Context(), c.ID)
	if err != nil || len(why) != 2 || !slices.ContainsFunc(why[1].Evidence, func(e desk.Evidence) bool { return e.Rule == desk.RuleToken && !e.Refused }) {
		t.Errorf("the evidence is %+v, %v", why, err)
	}
	o.counted(2)
}

// counted waits until what was fetched is all accounted for.
func (o *office) counted(n int) {
	o.t.Helper()
	o.eventually("every mail is accounted for", func() bool {
		k := o.mail.Accounts()[0].Counters
		return k.Fetched == n && k.Threaded+k.Copies+k.Quarantined+k.Dropped == n && k.Waiting == 0
	})
}

func messageID(t *testing.T, mail string) string {
	t.Helper()
	_, rest, ok := strings.Cut(strings.ToLower(mail), "\r\nmessage-id: <")
	id, _, found := strings.Cut(rest, ">")
	if !ok || !found {
		t.Fatalf("no Message-ID in:\n%s", mail)
	}
	return id
}

// TestBounceComesBackToItsMail lets a report of a failed delivery in.
func TestBounceComesBackToItsMail(t *testing.T) {
	o := open(t, nil)
	into, item, err := o.bo.SendMail(t.Context(), desk.ID{}, desk.Outgoing{To: []desk.Address{{Mail: "gone@ex.test"}}, Subject: "Your lamp", Text: "It is here."})
	if err != nil {
		t.Fatal(err)
	}
	o.eventually("it has left", func() bool { return len(o.sink.Deliveries()) == 1 })
	id := messageID(t, string(o.sink.Deliveries()[0].Bytes))
	report := strings.ReplaceAll(fmt.Sprintf(`From: Mail Delivery System <mailer-daemon@mx.test>
To: help@shop.test
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn@mx.test>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I'm sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; gone@ex.test
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: <%s>
Subject: Your lamp

--b--
`, id), "\n", "\r\n")
	if err := o.other.Append(t.Context(), "INBOX", nil, time.Now(), int64(len(report)), strings.NewReader(report)); err != nil {
		t.Fatal(err)
	}
	o.eventually("the conversation knows of it", func() bool {
		return slices.Contains(o.row(into).Trouble, desk.Trouble{Item: item, State: desk.PostBounced})
	})
	if err := o.bo.End(t.Context(), into); desk.CodeOf(err) != desk.Conflict {
		t.Errorf("it was resolved away: %v", err)
	}
	o.counted(1)
}

// TestRawAndParts opens what came and what went, through the door.
func TestRawAndParts(t *testing.T) {
	o := open(t, func(a *email.Account) { a.Plus, a.Tag = true, true })
	raw := strings.ReplaceAll(`From: ana@ex.test
To: help@shop.test
Subject: Photo
Message-ID: <p@ex.test>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

See the photo.
--b
Content-Type: image/png; name="lamp.png"
Content-Disposition: attachment; filename="lamp.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b--
`, "\n", "\r\n")
	if err := o.other.Append(t.Context(), "INBOX", nil, time.Now(), int64(len(raw)), strings.NewReader(raw)); err != nil {
		t.Fatal(err)
	}
	c := o.about("Photo")
	items, err := o.MailItems(t.Context(), c.ID)
	if err != nil || len(items) != 1 {
		t.Fatalf("the mails are %v, %v", items, err)
	}
	r, err := o.bo.RawMail(t.Context(), c.ID, items[0])
	if err != nil {
		t.Fatal(err)
	}
	if got := drain(t, r); got != raw {
		t.Errorf("the raw mail is\n%s", got)
	}
	e, err := o.Item(t.Context(), c.ID, items[0])
	if err != nil {
		t.Fatal(err)
	}
	parts := e.Body.(desk.Message).Mail.Parts
	if len(parts) != 1 {
		t.Fatalf("the parts are %+v", parts)
	}
	f, r, err := o.bo.OpenFile(t.Context(), c.ID, parts[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := drain(t, r); got != "\x89PNG\r\n\x1a\n" || f.Name != "lamp.png" {
		t.Errorf("the part is %q, %+v", got, f)
	}

	draft, err := o.bo.ForwardDraft(t.Context(), c.ID, items[0])
	if err != nil {
		t.Fatal(err)
	}
	draft.To, draft.Outside, draft.Text = []desk.Address{{Mail: "maker@lamps.test"}}, true, "Can you mend this?"
	side, item, err := o.bo.SendMail(t.Context(), c.ID, draft)
	if err != nil {
		t.Fatal(err)
	}
	o.eventually("the forward has left", func() bool { return len(o.sink.Deliveries()) == 1 })
	r, err = o.bo.RawMail(t.Context(), side, item)
	if err != nil {
		t.Fatal(err)
	}
	sent := drain(t, r)
	for _, want := range []string{"iVBORw0KGgo=", "See the photo.", "Can you mend this?", "Reply-To: ", "help+c", "[#"} {
		if !strings.Contains(sent, want) {
			t.Errorf("the forward lacks %q:\n%s", want, sent)
		}
	}
	if d := o.sink.Deliveries()[0]; string(d.Bytes) != sent {
		t.Error("what is kept is not what went")
	}
}

func drain(t *testing.T, r io.ReadCloser) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err == nil {
		err = r.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestRefusedAccountSaysSo leaves the desk usable when a password is wrong.
func TestRefusedAccountSaysSo(t *testing.T) {
	o := open(t, func(a *email.Account) {
		a.Secret = func(context.Context) (string, error) { return "not the password", nil }
	})
	o.eventually("the account says that it is refused", func() bool { return o.mail.Accounts()[0].State == desk.MailRefused })
	o.eventually("a lamp says so", func() bool {
		return slices.ContainsFunc(o.Lamps(), func(l desk.Lamp) bool { return l.Part == "mail shop" && !l.OK && l.Words != "" })
	})
	o.Says("Mo", "the chat works all the same")
}
