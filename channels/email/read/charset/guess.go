package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"
)

// guessLimit is how many bytes a guess is made by.
const guessLimit = 64 << 10

// guessed returns b in the charset its letters speak for. enmime finds it; it
// is asked about the beginning only, since it looks at a text many times.
func guessed(b []byte, html bool) (string, bool) {
	label := guessLabel(b[:min(len(b), guessLimit)], html)
	e := lookup(strings.ToLower(label))
	if e == nil {
		return "", false
	}
	s := decode(e, b)
	bad := strings.Count(s, string(utf8.RuneError))
	return s, bad*100 <= len(s)
}

func guessLabel(b []byte, html bool) string {
	head := "Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
	if html {
		head = strings.Replace(head, "plain", "html", 1)
	}
	p := enmime.NewParser(
		enmime.SkipMalformedParts(true),
		enmime.MultipartWOBoundaryAsSinglePart(true),
		enmime.SetReadPartErrorPolicy(enmime.AllowCorruptTextPartErrorPolicy),
		enmime.DisableTextConversion(true),
		enmime.MaxStoredPartErrors(1),
	)
	part, err := p.ReadParts(bytes.NewReader(append([]byte(head), b...)))
	if err != nil {
		return ""
	}
	return part.Charset
}

// metaLabel returns the charset that a page declares in its first kilobyte.
func metaLabel(b []byte) string {
	head := strings.ToLower(string(b[:min(len(b), 1024)]))
	_, rest, ok := strings.Cut(head, "charset=")
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " \"'")
	if n := strings.IndexAny(rest, " \"';/>"); n >= 0 {
		rest = rest[:n]
	}
	return rest
}
