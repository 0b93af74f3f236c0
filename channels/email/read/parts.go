package read

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"hark/channels/email/read/charset"
	"hark/channels/email/read/clean"
	"hark/channels/email/read/entity"
	"hark/desk"
)

// describe says what a part is.
func (c *collector) describe(e *entity.Entity) desk.Part {
	return desk.Part{N: e.N, Name: partName(e), Type: mediaType(e), Size: e.Size(), Kind: kindOf(e)}
}

// kindOf returns what a part is to the reader.
func kindOf(e *entity.Entity) desk.PartKind {
	switch e.Media.Type {
	case "text/calendar", "application/ics":
		return desk.PartInvite
	case "message/delivery-status", "message/global-delivery-status", "message/disposition-notification", "message/global-disposition-notification", "message/feedback-report":
		return desk.PartReport
	case "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers":
		return desk.PartMessage
	case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
		return desk.PartSignature
	case "application/pgp-encrypted":
		return desk.PartSealed
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		if strings.EqualFold(e.Media.Params["smime-type"], "signed-data") {
			return desk.PartSignature
		}
		return desk.PartSealed
	}
	switch name := strings.ToLower(e.Name); {
	case strings.HasSuffix(name, ".ics") && e.Is("application/octet-stream"):
		return desk.PartInvite
	case strings.HasSuffix(name, ".pgp"), strings.HasSuffix(name, ".gpg"), name == "encrypted.asc":
		return desk.PartSealed
	case e.Is("image/") && (e.ContentID != "" || e.Disposition == "inline") && e.Disposition != "attachment":
		return desk.PartInline
	}
	return desk.PartFile
}

// partName returns a name that is safe to show and to save under.
func partName(e *entity.Entity) string {
	name := clean.Line(e.Name)
	if name == "" {
		name = nameless(e)
	}
	return desk.SafeFileName(name)
}

// nameless makes a name for a part without one.
func nameless(e *entity.Entity) string {
	n := strconv.Itoa(e.N)
	switch kindOf(e) {
	case desk.PartInvite:
		return "invitation.ics"
	case desk.PartReport:
		return "report.txt"
	case desk.PartMessage:
		if subject := line(e.Embedded(headMax).Get("subject"), markMax); subject != "" {
			return clean.Cut(subject, 80) + ".eml"
		}
		return "mail-" + n + ".eml"
	case desk.PartSignature:
		return "signature" + extension(e.Media.Type)
	case desk.PartFile, desk.PartInline, desk.PartSealed:
	}
	if e.Is("image/") {
		return "picture-" + n + extension(e.Media.Type)
	}
	return "part-" + n + extension(e.Media.Type)
}

// headMax is how much of an attached mail is read for its fields, in bytes.
const headMax = 64 << 10

// extension returns how names of files of a type usually end. It asks no table
// of the system, so names are the same everywhere.
func extension(media string) string {
	switch media {
	case "text/plain":
		return ".txt"
	case "text/html":
		return ".html"
	case "text/csv":
		return ".csv"
	case "image/jpeg":
		return ".jpg"
	case "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff", "image/heic":
		return "." + strings.TrimPrefix(media, "image/")
	case "image/svg+xml":
		return ".svg"
	case "application/pdf":
		return ".pdf"
	case "application/zip":
		return ".zip"
	case "application/pgp-signature":
		return ".asc"
	case "application/pkcs7-signature", "application/x-pkcs7-signature":
		return ".p7s"
	case "application/ms-tnef", "application/vnd.ms-tnef":
		return ".dat"
	}
	return ".bin"
}

// sniffed is how many bytes decide what a file is, as in net/http.
const sniffed = 512

// mediaType returns what the bytes of a part look like. What they do not tell,
// such as which kind of document a ZIP file is, the sender is believed, but
// never that something else is a picture or a page.
func mediaType(e *entity.Entity) string {
	head := make([]byte, sniffed)
	n, _ := io.ReadFull(e.Reader(), head) // fewer are enough
	looks, _, _ := strings.Cut(http.DetectContentType(head[:n]), ";")
	switch looks {
	case "application/octet-stream", "text/plain", "application/zip", "application/x-gzip", "text/xml":
	default:
		return looks
	}
	said := clean.Line(e.Media.Type)
	switch {
	case said == "" || len(said) > markMax || strings.ContainsRune(said, '\uFFFD') || said == "application/octet-stream":
		return looks
	case said == "text/html", said == "image/png", said == "image/jpeg", said == "image/gif", said == "image/webp", said == "image/bmp", said == "application/pdf":
		return looks
	case strings.HasPrefix(said, "text/") && looks != "text/plain" && looks != "text/xml":
		return looks
	}
	return said
}

// explain says in words what people cannot see in a list of names.
func (c *collector) explain(e *entity.Entity) {
	switch part := kindOf(e); {
	case part == desk.PartInvite:
		c.invite(e)
	case part == desk.PartReport:
		c.report(e)
	case part == desk.PartMessage:
		c.message(e)
	case part == desk.PartSignature:
		c.mail.Signed = true
		c.note("[Signed with " + scheme(e) + "; the signature is not checked here.]")
	case part == desk.PartSealed:
		c.mail.Encrypted = true
		c.note("[Encrypted with " + scheme(e) + "; only the key of its receiver opens it.]")
	case isTNEF(e):
		c.note("[winmail.dat: Outlook wrapped the formatting and perhaps files into it; ask the sender to send as HTML.]")
	}
}

func scheme(e *entity.Entity) string {
	if strings.Contains(e.Media.Type, "pkcs7") {
		return "S/MIME"
	}
	return "PGP"
}

func isTNEF(e *entity.Entity) bool {
	return e.Is("application/ms-tnef") || e.Is("application/vnd.ms-tnef") || strings.EqualFold(e.Name, "winmail.dat")
}

// note puts a sentence below the text, once.
func (c *collector) note(s string) {
	const notesMax = 40
	for _, n := range c.notes {
		if n == s {
			return
		}
	}
	if len(c.notes) < notesMax {
		c.notes = append(c.notes, clean.Cut(s, 2000))
	}
}

// message names an attached mail, and shows its words when the mail has none
// of its own: it was forwarded without any.
func (c *collector) message(e *entity.Entity) {
	h := e.Embedded(headMax)
	if len(h) == 0 {
		return
	}
	if id := firstID(h.Get("message-id")); id != "" {
		c.mail.Quoted = append(c.mail.Quoted, id)
	}
	if c.mail.Report == nil && !c.mail.Marks.Report {
		c.mail.Forwarded = c.mail.Forwarded || c.mail.InReplyTo == ""
		words := "[Attached mail: " + quote(line(h.Get("subject"), markMax))
		if from := addresses(h.Get("from")); len(from) > 0 {
			words += " from " + from[0].String()
		}
		c.note(words + "]")
		return
	}
	c.original(h)
}

func quote(s string) string {
	if s == "" {
		return "without a subject"
	}
	return "“" + s + "”"
}

// text returns the words of a part that is read by programs.
func (c *collector) small(e *entity.Entity, most int64) string {
	b, _ := io.ReadAll(io.LimitReader(e.Reader(), most)) // what cannot be read is not there
	text, _ := charset.Text(b, e.Media.Params["charset"], false)
	return text
}
