package read

import (
	"io"
	"strings"
	"unicode"

	"hark/channels/email/read/charset"
	"hark/channels/email/read/clean"
	"hark/channels/email/read/entity"
	"hark/channels/email/read/fold"
	"hark/channels/email/read/htmltext"
	"hark/desk"
)

// How much of a text is decoded. HTML says little with many bytes.
const (
	plainMax = 256 << 10
	htmlMax  = 4 << 20
)

// leaf reads a part without parts: as words when it is a text that is no file.
func (c *collector) leaf(e, parent *entity.Entity) content {
	switch {
	case isFile(e, parent):
	case e.Is("text/html"), e.Is("application/xhtml+xml"):
		return c.html(e)
	case e.Is("text/plain") && beginsAsPage(e):
		return c.html(e)
	case e.Is("text/plain"), e.Is("text/enriched"), e.Is("text/richtext"), e.Is("text/markdown"):
		return c.plain(e)
	case e.Is("text/x-amp-html"), e.Is("text/watch-html"):
		return content{} // another form of the HTML beside it
	}
	return content{parts: []*entity.Entity{e}}
}

// isFile reports whether a text is meant to be saved, not read in place.
func isFile(e, parent *entity.Entity) bool {
	if e.Disposition == "attachment" {
		return true
	}
	if e.Name == "" || parent == nil {
		return false
	}
	return parent.Is("multipart/mixed") && len(parent.Children) > 0 && parent.Children[0] != e
}

// beginsAsPage reports whether what is called plain is HTML.
func beginsAsPage(e *entity.Entity) bool {
	const enough = 64
	head, _ := io.ReadAll(io.LimitReader(e.Reader(), enough)) // what cannot be read is not there
	s := strings.ToLower(strings.TrimLeft(string(head), "\uFEFF \r\n\t"))
	return strings.HasPrefix(s, "<!doctype html") || strings.HasPrefix(s, "<html>") || strings.HasPrefix(s, "<html ")
}

// plain reads a text.
func (c *collector) plain(e *entity.Entity) content {
	text := c.decoded(e, plainMax, false)
	if strings.EqualFold(e.Media.Params["format"], "flowed") {
		text = unflow(clean.Text(text), strings.EqualFold(e.Media.Params["delsp"], "yes"))
	} else {
		text = clean.Text(text)
	}
	c.armour(text)
	return content{text: text, visible: visible(text)}
}

// armour notices PGP within a text (RFC 9580, section 6.2).
func (c *collector) armour(text string) {
	switch {
	case strings.Contains(text, "-----BEGIN PGP MESSAGE-----"):
		c.mail.Encrypted = true
		c.note("[This text is encrypted with PGP; only the key of its receiver opens it.]")
	case strings.Contains(text, "-----BEGIN PGP SIGNED MESSAGE-----"):
		c.mail.Signed = true
		c.note("[This text carries a PGP signature, which is not checked here.]")
	}
}

// html reads a page.
func (c *collector) html(e *entity.Entity) content {
	page := htmltext.Render(c.decoded(e, htmlMax, true), htmltext.Options{
		Limit:   desk.TextLimit + 1, // one more shows that there is more
		Picture: func(cid string) string { return c.names[cid] },
	})
	c.mail.Remote += page.Remote
	c.mail.Trackers += page.Trackers
	for _, lie := range page.Lies {
		c.warnLink(lie)
	}
	marks := make([]desk.Fold, 0, len(page.Spans))
	for _, s := range page.Spans {
		if s.Guess && !fold.Headed(page.Text[s.From:s.To]) {
			continue
		}
		kind := desk.FoldQuote
		if s.Kind == htmltext.Signature {
			kind = desk.FoldSignature
		}
		marks = append(marks, desk.Fold{From: s.From, To: s.To, Kind: kind})
	}
	seen := page.Visible
	if seen == 0 && visible(page.Text) > 0 { // a picture is something
		seen = 1
	}
	return content{text: page.Text, marks: marks, visible: seen, html: true}
}

// warnLink tells once about a link that names one host and leads to another.
func (c *collector) warnLink(lie htmltext.Lie) {
	s := "a link names " + lie.Named + " and leads to " + lie.Host
	if c.lies == nil {
		c.lies = map[string]bool{}
	}
	if !c.lies[s] && len(c.lies) < htmltext.LiesMax {
		c.lies[s] = true
		c.mail.Warnings = append(c.mail.Warnings, s)
	}
}

// decoded returns the text of a part, not yet clean, and notes what was odd.
func (c *collector) decoded(e *entity.Entity, most int64, html bool) string {
	b, err := io.ReadAll(io.LimitReader(e.Reader(), most+1))
	if err != nil {
		c.mail.mended("the mail could not be read to its end")
	}
	if int64(len(b)) > most {
		b = b[:most]
		c.mail.mended("the text is cut; the raw mail has the rest")
	}
	if !e.KnownEncoding() {
		c.mail.mended("the encoding of a text is unknown; it is shown as it came")
	}
	label := e.Media.Params["charset"]
	text, how := charset.Text(b, label, html)
	if how == charset.Guessed && visible(text) > 0 {
		c.mail.mended("a text is not in the character set that it names; it was guessed")
	}
	return text
}

// visible counts what is no blank.
func visible(s string) int {
	n := 0
	for _, r := range s {
		if r > ' ' && !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// cutLine returns at most so many bytes of a text, cut after a line or, where
// that is long, after a character.
func cutLine(text string, most int) string {
	cut := clean.Cut(text, most)
	if i := strings.LastIndexByte(cut, '\n'); i > len(cut)*3/4 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, "\n ")
}

// lastResort shows the raw body of a mail of parts that shows nothing else.
func (c *collector) lastResort(t *entity.Tree, whole content) content {
	if len(whole.parts) > 0 || t.Root.Leaf() {
		return whole
	}
	b, _ := io.ReadAll(io.LimitReader(t.Root.Raw(), plainMax)) // as much as there is
	text, _ := charset.Text(b, "", false)
	text = clean.Text(text)
	if visible(text) == 0 {
		return whole
	}
	c.mail.mended("nothing in it could be read as a text; the raw text is shown")
	return content{text: text, visible: visible(text)}
}

// unread shows the beginning of a mail that could not be read at all.
func unread(r io.ReaderAt, size int64) *Mail {
	b := make([]byte, min(size, desk.TextLimit/2))
	n, _ := r.ReadAt(b, 0) // as much as there is
	text, _ := charset.Text(b[:n], "", false)
	text = clean.Text(text)
	if visible(text) == 0 {
		text = noWords
	}
	return &Mail{Text: clean.Cut(text, desk.TextLimit), Mended: []string{"the mail could not be read; its raw text is shown"}, Identity: sum(b[:n])}
}
