package compose

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"

	"hark/desk"
)

// lineMax is the longest line of a mail in bytes (RFC 5322, section 2.1.1).
const lineMax = 998

// top returns the header that says how the mail is made.
func top(m Mail, b body) message.Header {
	if len(m.Files) == 0 {
		return b.header()
	}
	var h message.Header
	h.SetContentType("multipart/mixed", map[string]string{"boundary": boundary(m.Letter.MessageID, "mixed")})
	return h
}

// write writes the whole mail: its text, and the files behind it.
func write(w io.Writer, h mail.Header, b body, files []File) error {
	mw, err := message.CreateWriter(w, h.Header)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return b.fill(mw)
	}
	part, err := mw.CreatePart(b.header())
	if err != nil {
		return err
	}
	if err := b.fill(part); err != nil {
		return err
	}
	for _, f := range files {
		if err := f.write(mw); err != nil {
			return err
		}
	}
	return mw.Close()
}

// boundaryMark begins every boundary. No encoded text holds it (RFC 2045,
// section 6.7).
const boundaryMark = "=_"

// boundary returns what separates the parts of a mail: always the same for a
// Message-ID.
func boundary(messageID, level string) string {
	sum := sha256.Sum256([]byte(level + "\x00" + messageID))
	return boundaryMark + hex.EncodeToString(sum[:16])
}

// body is the text of a mail in one or two forms.
type body struct {
	text, html string
	boundary   string
}

func textOf(o Options, m Mail) body {
	all := lines(m)
	b := body{text: flowed(all), boundary: boundary(m.Letter.MessageID, "alternative")}
	if !o.TextOnly && m.Letter.Automatic == "" {
		b.html = markup(all)
	}
	return b
}

func (b body) header() message.Header {
	if b.html == "" {
		return textHeader("text/plain", b.text)
	}
	var h message.Header
	h.SetContentType("multipart/alternative", map[string]string{"boundary": b.boundary})
	return h
}

func textHeader(media, text string) message.Header {
	var h message.Header
	params := map[string]string{"charset": "utf-8"}
	if media == "text/plain" {
		params["format"] = "flowed"
	}
	h.Set("Content-Transfer-Encoding", encoding(text))
	h.SetContentType(media, params)
	return h
}

// fill writes the text behind its header.
func (b body) fill(w *message.Writer) error {
	if b.html == "" {
		return copyAll(w, strings.NewReader(b.text))
	}
	for _, form := range []struct{ media, text string }{{"text/plain", b.text}, {"text/html", b.html}} {
		part, err := w.CreatePart(textHeader(form.media, form.text))
		if err != nil {
			return err
		}
		if err := copyAll(part, strings.NewReader(form.text)); err != nil {
			return err
		}
	}
	return w.Close()
}

// encoding returns how a text travels: as it is where every server passes it
// and nothing in it looks like a boundary.
func encoding(text string) string {
	if strings.Contains(text, boundaryMark) {
		return "quoted-printable"
	}
	for l := range strings.SplitSeq(text, "\r\n") {
		if len(l) > lineMax || !ascii(l) {
			return "quoted-printable"
		}
	}
	return "7bit"
}

// copyAll writes all of r and ends the part.
func copyAll(w *message.Writer, r io.Reader) error {
	if _, err := io.Copy(w, r); err != nil {
		return err
	}
	return w.Close()
}

// write writes a file. Its name is in RFC 2231's form where it has other
// letters than ASCII.
func (f File) write(mw *message.Writer) error {
	var h message.Header
	name := desk.SafeFileName(f.Name)
	h.Set("Content-Transfer-Encoding", "base64")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Type", mediaType(f.Type))
	part, err := mw.CreatePart(h)
	if err != nil {
		return err
	}
	r, err := f.Open()
	if err != nil {
		return &desk.Error{Code: desk.Unavailable, Msg: "an attached file cannot be read now", Err: err}
	}
	err = copyAll(part, r)
	if closed := r.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return &desk.Error{Code: desk.Unavailable, Msg: "an attached file could not be read to its end", Err: err}
	}
	return nil
}

// mediaType returns a media type without parameters that base64 can carry: a
// mail within the mail may not be encoded (RFC 2046, section 5.2.1), so it goes
// as the file that it is.
func mediaType(s string) string {
	media, _, err := mime.ParseMediaType(s)
	kind, sub, ok := strings.Cut(media, "/")
	if err != nil || !ok || sub == "" || kind == "message" || kind == "multipart" {
		return "application/octet-stream"
	}
	return media
}
