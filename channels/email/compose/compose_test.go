package compose_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"hark/channels/email/compose"
	"hark/desk"
)

// reply is an agent's answer to a customer's question.
func reply() compose.Mail {
	day := time.Date(2026, 11, 22, 14, 3, 0, 0, time.FixedZone("", 3600))
	return compose.Mail{
		Text: "Hello Ana,\n\nyour lamp is on its way. You can follow it at https://shop.example/track?id=7&lang=en. " +
			"It should be with you on Thursday, and if it is not, please tell us.\n\nBest regards\nEva\n-- \nLamp shop\nhttps://shop.example",
		Letter: desk.Letter{
			Account: "support", MessageID: "7k.2.1.0a1b2c3d@shop.example", InReplyTo: "q2@home.example",
			References: []string{"q1@home.example", "a1@shop.example"}, Subject: "Re: Where is my lamp?",
			From: desk.Address{Name: "Eva at Lamp shop", Mail: "help@shop.example"},
			To:   []desk.Address{{Name: "Ana Ek", Mail: "ana@home.example"}}, Date: day,
		},
		Quoted: &compose.Quoted{
			Letter: desk.Letter{From: desk.Address{Name: "Ana Ek", Mail: "ana@home.example"}, Date: day.Add(-3 * time.Hour), Subject: "Where is my lamp?"},
			Text:   "Hi,\n\nI ordered a lamp.\nWhere is it?\n\n> Your order has left our house this morning, and the parcel service will bring it to you soon.\n",
		},
	}
}

func file(name, media, bytes string) compose.File {
	return compose.File{Name: name, Type: media, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(bytes)), nil
	}}
}

// cases are mails whose bytes are kept.
func cases() map[string]struct {
	o compose.Options
	m compose.Mail
} {
	type c = struct {
		o compose.Options
		m compose.Mail
	}
	all := map[string]c{"reply": {m: reply()}, "text only": {o: compose.Options{TextOnly: true}, m: reply()}}

	m := reply()
	m.Letter.Subject, m.Letter.From.Name = "Re: AW: Grüße aus Åre – Lampe № 7 kommt später als gedacht", "Eva Björk"
	m.Letter.To = []desk.Address{{Name: "Ana Ek, née Öst", Mail: "ana@bücher.example"}, {Mail: "ben@home.example"}}
	m.Letter.Cc = []desk.Address{{Name: `Dr. "Jo" Ek`, Mail: "jo@home.example"}}
	m.Letter.Bcc = []desk.Address{{Mail: "boss@shop.example"}}
	m.Text, m.Quoted = "Grüße!\n\n  eingerückt\nFrom here on\n> zitiert", nil
	all["letters"] = c{m: m}

	m = reply()
	m.Files = []compose.File{
		file("invoice.pdf", "application/pdf", strings.Repeat("%PDF ", 40)),
		file("Rechnung für Ana.txt", "text/plain", "7 €\n"),
		file("../../old.eml", "message/rfc822", "Subject: x\r\n\r\ny\r\n"),
	}
	all["files"] = c{m: m}

	m = reply()
	m.Letter.Forward, m.Letter.Subject, m.Letter.To = true, "Fwd: Where is my lamp?", []desk.Address{{Mail: "depot@parcel.example"}}
	m.Text = "Could you look?"
	all["forward"] = c{m: m}

	m = reply()
	m.Letter.Automatic, m.Quoted, m.Text = "auto-replied", nil, "We have your mail."
	all["automatic"] = c{m: m}
	return all
}

func TestGoldenMails(t *testing.T) {
	for name, c := range cases() {
		t.Run(name, func(t *testing.T) {
			b, err := compose.Compose(c.o, c.m)
			if err != nil {
				t.Fatal(err)
			}
			golden.RequireEqual(t, b)
			again, err := compose.Compose(c.o, c.m)
			if err != nil || !bytes.Equal(b, again) {
				t.Errorf("composed twice it differs (%v)", err)
			}
			for i, l := range strings.Split(string(b), "\r\n") {
				if len(l) > 998 || strings.ContainsAny(l, "\r\n\x00") {
					t.Errorf("line %d has %d bytes: %.80q", i, len(l), l)
				}
			}
		})
	}
}
