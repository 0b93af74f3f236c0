package read_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/channels/email/read"
)

// withFields reads a mail of the given fields.
func withFields(fields string) *read.Mail {
	return readBytes([]byte(fields + "\nMessage-ID: <m@customer.example>\n\nhello\n"))
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"ana@x.example":                                      "[ana@x.example]",
		"Ana <ana@x.example>":                                "[Ana <ana@x.example>]",
		"<ANA@X.Example>":                                    "[ana@x.example]",
		"\"Ek, Ana\" <ana@x.example>, bo@x.example":          `["Ek, Ana" <ana@x.example> bo@x.example]`,
		"Ek, Ana <ana@x.example>; bo@x.example":              `["Ek, Ana" <ana@x.example> bo@x.example]`,
		"ana@x.example (Ana Ek)":                             "[Ana Ek <ana@x.example>]",
		"Friends: ana@x.example, bo@x.example;, c@x.example": "[ana@x.example bo@x.example c@x.example]",
		"undisclosed-recipients:;":                           "[]",
		"=?utf-8?Q?J=C3=BCrgen?= <j@x.example>":              "[Jürgen <j@x.example>]",
		"\"=?utf-8?Q?Ek=2C_Ana?=\" <ana@x.example>":          `["Ek, Ana" <ana@x.example>]`,
		"'Ana' <ana@x.example>":                              "[Ana <ana@x.example>]",
		"<@relay.example:ana@x.example>":                     "[ana@x.example]",
		"Ana [ana@x.example]":                                "[Ana <ana@x.example>]",
		"\"ana@x.example\" <ana@x.example>":                  "[ana@x.example]",
		"\"Ana <ana@x.example>":                              "[Ana <ana@x.example>]",
		"mailto:ana@x.example":                               "[ana@x.example]",
		"Ana <mailto:ana@x.example>":                         "[Ana <ana@x.example>]",
		"Ana < ana@x.example >":                              "[Ana <ana@x.example>]",
		"Ana \"the (lamp) lady\" Ek <ana@x.example>":         `["Ana \"the (lamp) lady\" Ek" <ana@x.example>]`,
		"Ana\x1b[31m\u202e <ana\x00@x.example>":              `["Ana[31m" <ana@x.example>]`,
		"not an address, nor this":                           "[]",
		"":                                                   "[]",
		",,;;<>":                                             "[]",
		"ü@x.example":                                        "[ü@x.example]",
	} {
		if got := fmt.Sprint(withFields("From: a@x.example\nTo: " + in).To); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
	many := withFields("From: a@x.example\nTo: " + strings.Repeat("a@x.example, ", 3000))
	if len(many.To) != 500 {
		t.Errorf("%d of 3000 addresses are kept", len(many.To))
	}
}

func TestDates(t *testing.T) {
	for in, want := range map[string]string{
		"Mon, 16 Nov 2026 10:15:00 +0100":         "2026-11-16T09:15:00Z",
		"16 Nov 2026 10:15:00 +0100 (CET)":        "2026-11-16T09:15:00Z",
		"Mon, 16 Nov 2026 10:15:00 GMT":           "2026-11-16T10:15:00Z",
		"Mon, 16 Nov 2026 10:15 -0000":            "2026-11-16T10:15:00Z",
		"2026-11-16T10:15:00+01:00":               "2026-11-16T09:15:00Z",
		"2026-11-16 10:15:00":                     "2026-11-16T10:15:00Z",
		"Monday, 16 November 2026 10:15:00 +0100": "2026-11-16T09:15:00Z",
		"Mon, 16 Nov 2026 10.15.00 +0100":         "2026-11-16T09:15:00Z",
		"Mon Nov 16 10:15:00 2026":                "2026-11-16T10:15:00Z",
		"Mon, 16 Nov 0026 10:15:00 +0100":         "",
		"Mon, 16 Nov 9026 10:15:00 +0100":         "",
		"yesterday":                               "",
	} {
		m := withFields("From: a@x.example\nDate: " + in)
		got := ""
		if !m.Date.IsZero() {
			got = m.Date.Format(time.RFC3339)
		}
		if got != want || (want == "") != (len(m.Mended) == 1) {
			t.Errorf("%s: got %q and %q, want %q", in, got, m.Mended, want)
		}
	}
}

func TestMessageIDs(t *testing.T) {
	for in, want := range map[string]string{
		"<a@x> <b@x>":                           "[a@x b@x]",
		"<a@x><b@x>":                            "[a@x b@x]",
		"<a@x> <a@x>":                           "[a@x]",
		"a@x, b@x":                              "[a@x b@x]",
		"<a\r\n @x>":                            "[a@x]",
		"<<a@x>>":                               "[a@x]",
		"your mail <a@x> of <b@x>":              "[a@x b@x]",
		"<no-at-sign>":                          "[no-at-sign]",
		"<>":                                    "[]",
		"<open":                                 "[open]",
		"some words":                            "[]",
		"<" + strings.Repeat("a", 2000) + "@x>": "[]",
	} {
		if got := fmt.Sprint(withFields("From: a@x.example\nReferences: " + in).References); got != want {
			t.Errorf("%.40s: got %.100s, want %s", in, got, want)
		}
	}
}

func TestIdentity(t *testing.T) {
	const mail = "From: a@x.example\nDate: Mon, 16 Nov 2026 10:15:00 +0100\nSubject: x\nMessage-ID: <1@x>\n\nhello\n"
	base := readBytes([]byte(mail)).Identity
	for name, same := range map[string]string{
		"trace fields": "Received: by y\nReturn-Path: <z@x>\nX-Spam: no\nDelivered-To: q@x.example\n" + mail,
		"line ends":    strings.ReplaceAll(mail, "\n", "\r\n"),
		"folding":      strings.Replace(mail, "16 Nov", "16\n Nov", 1),
		"last breaks":  mail + "\n\n",
	} {
		if readBytes([]byte(same)).Identity != base {
			t.Errorf("%s make another mail of it", name)
		}
	}
	for _, change := range [][2]string{{"a@x.example", "b@x.example"}, {"10:15", "10:16"}, {"Subject: x", "Subject: y"}, {"1@x", "2@x"}, {"hello", "hallo"}} {
		if readBytes([]byte(strings.Replace(mail, change[0], change[1], 1))).Identity == base {
			t.Errorf("%s makes no other mail of it", change[1])
		}
	}
}

func TestWarnings(t *testing.T) {
	const proof = "Authentication-Results: mx.shop.example; dmarc=pass header.from="
	for name, c := range map[string]struct{ fields, want string }{
		"none":               {"From: Ana <ana@customer.example>", ""},
		"own, proved":        {proof + "shop.example\nFrom: mia@shop.example", ""},
		"own, not proved":    {"From: mia@shop.example", "your own domain, without proof"},
		"own, another's":     {"Authentication-Results: mx.evil.example; dmarc=pass header.from=shop.example\nFrom: mia@shop.example", "your own domain, without proof"},
		"looks like ours":    {proof + "sh0p.example\nFrom: mia@sh0p.example", "only looks like yours"},
		"failed":             {"Authentication-Results: mx.shop.example; dmarc=fail header.from=customer.example\nFrom: ana@customer.example", "proof of origin failed"},
		"name is an address": {"From: \"ceo@shop.example\" <x@evil.test>", "calls himself ceo@shop.example"},
		"name holds one":     {"From: \"Mia (mia@shop.example)\" <x@evil.test>", "calls himself mia@shop.example"},
		"own name":           {"From: \"ana@customer.example\" <ana@customer.example>", ""},
		"reply elsewhere":    {"From: ana@customer.example\nReply-To: x@evil.test", "an answer goes to x@evil.test"},
		"reply within":       {"From: ana@mail.customer.co.uk\nReply-To: x@customer.co.uk", ""},
		"reply to a list":    {"From: ana@customer.example\nReply-To: x@list.test\nList-Id: <x.list.test>", ""},
		"two senders":        {"From: ana@customer.example, bo@customer.example", "more than one sender"},
	} {
		got := strings.Join(withFields(c.fields).Warnings, "; ")
		if !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
