package read_test

import (
	"strings"
	"testing"

	"hark/channels/email/read"
	"hark/desk"
)

// page returns an answer of only HTML.
func page(html string) *read.Mail {
	return readBytes([]byte("From: ana@customer.example\nIn-Reply-To: <1@shop.example>\nSubject: Re: x\nContent-Type: text/html; charset=utf-8\n\n" + html))
}

// shown returns what stays open of a mail, its lines joined.
func shown(m *read.Mail) string {
	var b strings.Builder
	at := 0
	for _, f := range m.Folds {
		b.WriteString(m.Text[at:f.From])
		at = f.To
	}
	b.WriteString(m.Text[at:])
	return strings.Join(strings.Fields(b.String()), " ")
}

// TestRepliesOfPrograms reads answers as mail programs write them in HTML: the
// new words are shown, all of them, and nothing else is.
func TestRepliesOfPrograms(t *testing.T) {
	for name, c := range map[string]struct{ html, want string }{
		"gmail": {
			`<div dir="ltr"><div>New words.</div><div><br></div><div>More.</div></div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Tue, Nov 17, 2026 at 9:14 AM Shop &lt;<a href="mailto:support@shop.example">support@shop.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex"><div>Old words with <a href="https://shop.example/x">a link</a>.</div></blockquote></div>`,
			"New words. More.",
		},
		"gmail with a signature": {
			`<div dir="ltr">New words.<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature"><div>Ana Ek</div><div>Customer</div></div></div><br><div class="gmail_quote"><div class="gmail_attr">On Tue, Nov 17, 2026 at 9:14 AM Shop wrote:</div><blockquote class="gmail_quote">Old.</blockquote></div>`,
			"New words.",
		},
		"gmail, answers between": {
			`<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">On Tue, Nov 17, 2026 at 9:14 AM Shop wrote:</div><blockquote class="gmail_quote">Which colour?</blockquote><div>Green, please.</div><blockquote class="gmail_quote">Which size?</blockquote><div>Small.</div></div></div>`,
			"On Tue, Nov 17, 2026 at 9:14 AM Shop wrote: > Which colour? Green, please. > Which size? Small.",
		},
		"outlook on windows": {
			`<html><body lang=EN-US><div class=WordSection1><p class=MsoNormal>New words.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p class=MsoNormal><b>From:</b> Shop<br><b>Sent:</b> Tuesday<br><b>To:</b> Ana<br><b>Subject:</b> x</p></div><p class=MsoNormal>Old words.</p></div></body></html>`,
			"New words.",
		},
		"outlook, older": {
			`<p class=MsoNormal>New words.</p><div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p>Von: Shop</p></div><p>Old.</p>`,
			"New words.",
		},
		"outlook on the web": {
			`<div style="font-family:Calibri"><div>New words.</div></div><div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font><b>From:</b> Shop<br><b>Sent:</b> Tuesday</font></div><div>Old words.</div>`,
			"New words.",
		},
		"outlook on a telephone": {
			`<div dir="ltr">New words.</div><div id="ms-outlook-mobile-signature"><div>Get <a href="https://aka.example/o">Outlook for iOS</a></div></div><hr><div id="divRplyFwdMsg"><b>From:</b> Shop</div>Old.`,
			"New words. ────────────────────",
		},
		"apple mail": {
			`<html><body>New words.<br><div><br><blockquote type="cite"><div>On 17 Nov 2026, at 09:14, Shop &lt;support@shop.example&gt; wrote:</div><br><div>Old words.</div></blockquote></div></body></html>`,
			"New words.",
		},
		"iphone": {
			`<div dir="auto">New words.<br><br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 17 Nov 2026, at 09:14, Shop wrote:<br><br></blockquote></div><blockquote type="cite"><div>Old.</div></blockquote></div>`,
			"New words.",
		},
		"thunderbird": {
			`<p>New words.</p><div class="moz-cite-prefix">Am 17.11.2026 um 09:14 schrieb Shop:<br></div><blockquote type="cite" cite="mid:1@shop.example"><p>Old words.</p></blockquote><div class="moz-signature">-- <br>Ana</div>`,
			"New words.",
		},
		"thunderbird, below": {
			`<div class="moz-cite-prefix">On 17/11/2026 09:14, Shop wrote:</div><blockquote type="cite"><p>Old one.</p><p>Old two.</p><p>Old three.</p><p>Old four.</p><p>Old five.</p></blockquote><p>New words.</p>`,
			"New words.",
		},
		"yahoo": {
			`<div>New words.</div><div id="ydp1yahoo_quoted_1" class="yahoo_quoted"><div>On Tuesday, November 17, 2026 at 09:14:22 AM GMT+1, Shop wrote:</div><div>Old words.</div></div>`,
			"New words.",
		},
		"proton": {
			`<div>New words.</div><div class="protonmail_signature_block"><div class="protonmail_signature_block-user">Ana</div></div><div class="protonmail_quote">On Tuesday, Shop wrote:<br><blockquote class="protonmail_quote" type="cite">Old.</blockquote></div>`,
			"New words.",
		},
		"old outlook for mac": {
			`<div>New words.</div><span id="OLK_SRC_BODY_SECTION"><div><span>From: </span>Shop</div><div>Old words.</div></span>`,
			"New words.",
		},
		"roundcube": {
			`<p>New words.</p><p id="reply-intro">Am 17.11.2026 09:14, schrieb Shop:</p><blockquote type="cite"><div>Old.</div></blockquote>`,
			"New words.",
		},
		"gmx": {
			`<div>New words.<div>&nbsp;<div name="quote" style="margin:10px 5px 5px 10px;padding:10px 0 10px 10px;border-left:2px solid #C3D9E5"><div><b>Gesendet:</b> Dienstag, 17. November 2026 um 09:14 Uhr<br><b>Von:</b> Shop<br><b>An:</b> Ana<br><b>Betreff:</b> x</div><div>Old words.</div></div></div></div>`,
			"New words.",
		},
		"a line across that is no quote": {
			`<p>New words.</p><div style='border:none;border-top:solid windowtext 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p>More new words.</p></div><p>And more.</p>`,
			"New words. More new words. And more.",
		},
		"only a quote": {
			`<blockquote type="cite">Old words.</blockquote>`, "> Old words.",
		},
		"no mark at all": {
			`<p>New words.</p><p>On paper they look old.</p>`, "New words. On paper they look old.",
		},
	} {
		m := page(c.html)
		checkMail(t, m)
		if got := shown(m); got != c.want {
			t.Errorf("%s: got %q, want %q; all of it:\n%s", name, got, c.want, m.Text)
		}
	}
}

func TestQuotesOwn(t *testing.T) {
	const reply = "From: ana@customer.example\nIn-Reply-To: <1@shop.example>\n\nNew.\n\nOn 17 Nov 2026 at 09:14, Shop <%> wrote:\n> Old.\n"
	for address, want := range map[string]bool{"Support@shop.example": true, "other@customer.example": false} {
		if m := readBytes([]byte(strings.Replace(reply, "%", address, 1))); m.QuotesOwn != want {
			t.Errorf("%s: %v", address, m.QuotesOwn)
		}
	}
}

func TestFlowed(t *testing.T) {
	for in, want := range map[string]string{
		"one \ntwo\n":             "one two",
		"one \n\ntwo\n":           "one \n\ntwo",
		"one \n> two \n> three\n": "one \n> two three",
		">> a \n>> b\n> c\n":      ">> a b\n> c",
		" stuffed\n >no quote\n":  "stuffed\n>no quote",
		"text\n-- \nAna \nEk\n":   "text\n-- \nAna Ek",
		"> -- \n> Ana\n":          "> -- \n> Ana",
		"no break at the end ":    "no break at the end",
	} {
		m := readBytes([]byte("From: a@x.example\nContent-Type: text/plain; format=flowed\n\n" + in))
		if m.Text != want {
			t.Errorf("%q: got %q, want %q", in, m.Text, want)
		}
	}
	m := readBytes([]byte("From: a@x.example\nContent-Type: text/plain; format=flowed; delsp=yes\n\n日 \n本\n"))
	if m.Text != "日本" {
		t.Errorf("delsp: got %q", m.Text)
	}
}

// TestAnswerLaterInTheAlternative: what hangs on either form hangs on the mail.
func TestPartsOfBothForms(t *testing.T) {
	m := readBytes([]byte("From: a@x.example\nContent-Type: multipart/alternative; boundary=a\n\n--a\n\nThe same words.\n--a\n" +
		"Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/html\n\n<p>The same words.</p>\n--m\n" +
		"Content-Type: application/pdf; name=x.pdf\n\n%PDF-1.4\n--m--\n--a--\n"))
	if m.Text != "The same words." || len(m.Parts) != 1 || m.Parts[0].Name != "x.pdf" || m.Parts[0].Kind != desk.PartFile {
		t.Errorf("%q, %+v", m.Text, m.Parts)
	}
}
