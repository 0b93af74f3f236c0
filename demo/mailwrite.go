package demo

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
	"time"

	"hark/desk"
)

// written is a mail that a sample customer writes.
type written struct {
	from, to     desk.Address
	cc           []desk.Address
	subject      string
	id           string   // Message-ID, without angle brackets
	refs         []string // what it answers, the nearest last
	at           time.Time
	extra        []string // more fields, whole
	auth         string   // what the shop's server found out about the sender
	text, html   string
	attachments  []attachment
	alternatives []attachment
}

// attachment is a file of a mail. One with an id stands within the HTML.
type attachment struct {
	name, media, id string
	data            []byte
}

// bytes writes the mail in the way of RFC 5322 and RFC 2045.
func (w written) bytes() []byte {
	var b bytes.Buffer
	field := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	if w.auth != "" {
		field("Authentication-Results", MailAuthServ+"; dmarc="+w.auth+" header.from="+w.from.Domain())
	}
	field("Date", w.at.Format(time.RFC1123Z))
	field("From", person(w.from))
	field("To", person(w.to))
	if len(w.cc) > 0 {
		field("Cc", people(w.cc))
	}
	field("Subject", mime.QEncoding.Encode("utf-8", w.subject))
	field("Message-ID", "<"+w.id+">")
	if len(w.refs) > 0 {
		field("In-Reply-To", "<"+w.refs[len(w.refs)-1]+">")
		field("References", "<"+strings.Join(w.refs, ">\r\n <")+">")
	}
	for _, f := range w.extra {
		b.WriteString(f + "\r\n")
	}
	b.WriteString("MIME-Version: 1.0\r\n")
	w.body(&b)
	return b.Bytes()
}

// body writes what follows the fields: words alone, or parts.
func (w written) body(b *bytes.Buffer) {
	if w.html == "" && len(w.attachments)+len(w.alternatives) == 0 {
		b.WriteString("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
		b.Write(quoted(w.text))
		return
	}
	words := w.words()
	if len(w.attachments) == 0 {
		fmt.Fprintf(b, "Content-Type: %s\r\n\r\n", words.media)
		b.Write(words.data)
		return
	}
	mw := multipart.NewWriter(b)
	fmt.Fprintf(b, "Content-Type: multipart/mixed; boundary=%s\r\n\r\n", mw.Boundary())
	part(mw, textproto.MIMEHeader{"Content-Type": {words.media}}, words.data)
	for _, a := range w.attachments {
		attach(mw, a)
	}
	_ = mw.Close() // writing to memory does not fail
}

// words returns the text in all the forms that it has.
func (w written) words() attachment {
	var b bytes.Buffer
	mw := multipart.NewWriter(&b)
	part(mw, textHeader("text/plain"), quoted(w.text))
	if w.html != "" {
		part(mw, textHeader("text/html"), quoted(w.html))
	}
	for _, a := range w.alternatives {
		part(mw, textHeader(a.media), quoted(string(a.data)))
	}
	_ = mw.Close() // writing to memory does not fail
	return attachment{media: "multipart/alternative; boundary=" + mw.Boundary(), data: b.Bytes()}
}

func textHeader(media string) textproto.MIMEHeader {
	return textproto.MIMEHeader{"Content-Type": {media + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}}
}

func attach(mw *multipart.Writer, a attachment) {
	h := textproto.MIMEHeader{
		"Content-Type":              {mime.FormatMediaType(a.media, map[string]string{"name": a.name})},
		"Content-Transfer-Encoding": {"base64"},
		"Content-Disposition":       {mime.FormatMediaType("attachment", map[string]string{"filename": a.name})},
	}
	if a.id != "" {
		h.Set("Content-Id", "<"+a.id+">")
		h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": a.name}))
	}
	part(mw, h, lined(base64.StdEncoding.EncodeToString(a.data)))
}

func part(mw *multipart.Writer, h textproto.MIMEHeader, data []byte) {
	w, err := mw.CreatePart(h)
	if err == nil {
		_, err = w.Write(data)
	}
	_ = err // writing to memory does not fail
}

// lined breaks base 64 into lines.
func lined(s string) []byte {
	var b bytes.Buffer
	for len(s) > 76 {
		b.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	b.WriteString(s + "\r\n")
	return b.Bytes()
}

func quoted(s string) []byte {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(strings.ReplaceAll(s, "\n", "\r\n"))) // memory
	_ = w.Close()
	return b.Bytes()
}

func person(a desk.Address) string {
	if a.Name == "" {
		return a.Mail
	}
	return mime.QEncoding.Encode("utf-8", a.Name) + " <" + a.Mail + ">"
}

func people(all []desk.Address) string {
	texts := make([]string, len(all))
	for i, a := range all {
		texts[i] = person(a)
	}
	return strings.Join(texts, ", ")
}
