package mailgen

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// plain is a mail of plain text.
func (m *writer) plain() {
	m.head("")
	m.printf("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s", m.text(2+m.rng.IntN(8)))
}

// alternative has the same text plain and as HTML.
func (m *writer) alternative() {
	text, b := m.text(4+m.rng.IntN(12)), m.boundary(1)
	m.head("")
	m.printf("Content-Type: multipart/alternative; boundary=%q\n\n", b)
	m.printf("--%s\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n", b, text)
	m.printf("--%s\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n--%s--\n", b, asHTML(text), b)
}

// pdf brings a file of 60 to 260 KB.
func (m *writer) pdf() {
	b := m.boundary(1)
	m.head("")
	m.printf("Content-Type: multipart/mixed; boundary=%q\n\n--%s\n", b, b)
	m.printf("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n--%s\n", m.text(3), b)
	name := fmt.Sprintf("invoice-%05d.pdf", m.i)
	m.printf("Content-Type: application/pdf; name=%q\nContent-Disposition: attachment; filename=%q\nContent-Transfer-Encoding: base64\n\n", name, name)
	m.file("%PDF-1.7\n", 45_000+m.rng.IntN(150_000))
	m.printf("--%s--\n", b)
}

// outlook is HTML as Outlook writes it, with two pictures in the text.
func (m *writer) outlook() {
	text, outer, inner := m.text(6+m.rng.IntN(6)), m.boundary(1), m.boundary(2)
	m.head("X-Mailer: Microsoft Outlook 16.0\nThread-Index: AdZx" + fmt.Sprintf("%08x", m.i) + "\n")
	m.printf("Content-Type: multipart/related; boundary=%q; type=\"multipart/alternative\"\n\n--%s\n", outer, outer)
	m.printf("Content-Type: multipart/alternative; boundary=%q\n\n--%s\n", inner, inner)
	m.printf("Content-Type: text/plain; charset=\"windows-1252\"\nContent-Transfer-Encoding: 7bit\n\n%s\n--%s\n", text, inner)
	m.printf("Content-Type: text/html; charset=\"windows-1252\"\nContent-Transfer-Encoding: 7bit\n\n%s%s%s\n--%s--\n", outlookHead, asHTML(text), outlookEnd, inner)
	for i := range 2 {
		m.printf("--%s\nContent-Type: image/png; name=\"image00%d.png\"\nContent-ID: <image00%d.png@01DA>\nContent-Transfer-Encoding: base64\n\n", outer, i, i)
		m.file("\x89PNG\r\n\x1a\n", 5_000+m.rng.IntN(25_000))
	}
	m.printf("--%s--\n", outer)
}

// outlookHead is a little of what stands before the words; the real one is as
// long again.
const outlookHead = `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style><!--
p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1; text-decoration:underline;}
--></style></head><body lang="EN-GB" link="#0563C1" vlink="#954F72"><div class="WordSection1">
`

const outlookEnd = `<p class="MsoNormal"><img width="120" src="cid:image000.png@01DA"><img width="80" src="cid:image001.png@01DA"></p>
</div></body></html>`

func (m *writer) japanese() {
	m.foreign("iso-2022-jp", "7bit", japanese.ISO2022JP, "ランプが壊れて届きました。交換していただけますか。注文番号は下記の通りです。\n")
}

func (m *writer) russian() {
	m.foreign("koi8-r", "8bit", charmap.KOI8R, "Здравствуйте, лампа пришла с вмятиной на абажуре. Как её вернуть?\n")
}

// foreign is plain text in a charset of its time.
func (m *writer) foreign(charset, transfer string, e encoding.Encoding, line string) {
	text, err := e.NewEncoder().String(strings.Repeat(line, 5+m.rng.IntN(20)))
	if err != nil {
		panic(err) // the lines are constants
	}
	m.head("")
	m.printf("Content-Type: text/plain; charset=%s\nContent-Transfer-Encoding: %s\n\n%s", charset, transfer, text)
}

// report is a delivery report (RFC 3464) about a mail that nobody here sent.
func (m *writer) report() {
	b := m.boundary(1)
	m.from, m.subject, m.thread = sender{"Mail Delivery System", "mailer-daemon@customer.example"}, "Undelivered Mail Returned to Sender", nil
	m.head("Auto-Submitted: auto-replied\n")
	m.printf("Content-Type: multipart/report; report-type=delivery-status; boundary=%q\n\n", b)
	m.printf("--%s\nContent-Type: text/plain; charset=us-ascii\n\nI am sorry: a message could not be delivered.\n", b)
	m.printf("--%s\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.customer.example\n\n", b)
	m.printf("Final-Recipient: rfc822; nobody%d@customer.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n", m.i)
	m.printf("--%s\nContent-Type: text/rfc822-headers\n\nFrom: Shop <%s>\nSubject: Your order\nMessage-ID: <%x@shop.example>\n--%s--\n", b, Address, m.i, b)
}

// automatic is an answer that nobody wrote.
func (m *writer) automatic() {
	m.subject = "Automatic reply: out of office"
	m.head("Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\nPrecedence: auto_reply\n")
	m.printf("Content-Type: text/plain; charset=utf-8\n\nI am away until Monday and read no mail.\n%s\n", m.from.name)
}

// large brings a file that makes the mail very large.
func (m *writer) large() {
	size, b := m.Size, m.boundary(1)
	if size == 0 {
		size = LargeSize
	}
	m.head("")
	m.printf("Content-Type: multipart/mixed; boundary=%q\n\n--%s\n", b, b)
	m.printf("Content-Type: text/plain; charset=utf-8\n\nThe film of the broken lamp.\n--%s\n", b)
	m.printf("Content-Type: video/mp4; name=\"lamp.mp4\"\nContent-Disposition: attachment; filename=\"lamp.mp4\"\nContent-Transfer-Encoding: base64\n\n")
	m.file("\x00\x00\x00\x18ftypmp42", size/78*57) // 57 bytes become a line of 76 letters, CR and LF
	m.printf("--%s--\n", b)
}

// file writes a file of about n bytes that begins as its kind does, in base64.
func (m *writer) file(magic string, n int) {
	raw := make([]byte, n)
	for i := range raw {
		raw[i] = byte(m.rng.Uint32())
	}
	copy(raw, magic)
	text := base64.StdEncoding.EncodeToString(raw)
	for len(text) > 0 {
		k := min(76, len(text))
		m.out.WriteString(text[:k])
		m.out.WriteByte('\n')
		text = text[k:]
	}
}

// text is a letter of a few paragraphs, with a quote when it answers one.
func (m *writer) text(paragraphs int) string {
	sentences := [...]string{
		"The lamp came today and the shade has a dent on one side.", "I ordered it three weeks ago and paid at once.",
		"Could you tell me when the new one will be sent?", "The number of the order is in the subject.",
		"My neighbour took the parcel, and the box was already open.", "I have added a picture so that you can see it.",
		"It would be kind if somebody called me in the afternoon.", "Thank you for the quick answer last time.",
	}
	var b strings.Builder
	b.WriteString("Hello,\n\n")
	for range paragraphs {
		for range 2 + m.rng.IntN(4) {
			b.WriteString(sentences[m.rng.IntN(len(sentences))])
			b.WriteByte('\n')
		}
		b.WriteByte('\n')
	}
	b.WriteString("Kind regards\n" + m.from.name + "\n-- \n" + m.from.name + ", " + m.from.address + "\n")
	if len(m.thread) > 0 {
		b.WriteString("\nOn Mon, 3 Mar 2025 at 09:12, Shop <" + Address + "> wrote:\n> We are sorry to hear that.\n> Please send us a picture.\n>\n> Your lamp shop\n")
	}
	return b.String()
}

// asHTML writes a text as a mail program would.
func asHTML(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(`<p class="MsoNormal" style="margin:0cm;font-family:Calibri,sans-serif">` + html.EscapeString(strings.TrimSuffix(line, "\n")) + "</p>\n")
	}
	return b.String()
}
