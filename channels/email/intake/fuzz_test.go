package intake

import (
	"testing"

	"hark/channels/email/read"
	"hark/desk/mailbox"
)

// FuzzTakeIn: whatever bytes a mail has, it is a message that shows something,
// next to a mail that it may try to join.
func FuzzTakeIn(f *testing.F) {
	for _, raw := range [][]byte{
		nil,
		{0},
		[]byte("\r\n\r\n"), []byte("no fields at all"),
		simpleMail(alice, shop, "Re: The lamp", "b@acme", "a@acme"),
		simpleMail("malory@gmail.com", shop, "Re: The lamp", "a@acme", "a@acme"),
		raw("x", "From: <>", "To: "+shop, "Subject: =?utf-8?q?=00?=", "References: <<<>>> <a@acme"),
		raw("--b\r\nContent-Type: message/delivery-status\r\n\r\n", "Content-Type: multipart/report; boundary=b; report-type=delivery-status", "Return-Path: <>"),
		raw("x", "From: "+shop, "X-Hark-Id: a.b.c.d", "Message-ID: <a@acme>"),
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		w := newWorld(t)
		w.o.read = read.Read
		w.o.Limits.Writers, w.o.Limits.Readers = 2, 1
		w.put("shop", "INBOX", simpleMail(alice, shop, "The lamp", "a@acme"))
		id := w.put("shop", "INBOX", bytes)
		w.run()
		r := w.row(id)
		if r.Stage == mailbox.Copy {
			return
		}
		m := w.message(id)
		if m.Text == "" && len(m.Mail.Parts) == 0 && m.Mail.Subject == "" && len(m.Mail.Mended) == 0 && len(bytes) > 0 {
			t.Errorf("%q shows nothing", bytes)
		}
		if m.Mail.From.Mail == "" {
			t.Error("a mail has no sender")
		}
		w.counters("shop")
	})
}
