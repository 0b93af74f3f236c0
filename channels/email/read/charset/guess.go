package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// guessLimit is how many bytes a guess is made by.
const guessLimit = 64 << 10

// guessed returns b in the charset its letters speak for. enmime finds it when
// there is much text; of the Cyrillic ones a line is enough.
func guessed(b []byte, html bool) (string, bool) {
	head := b[:min(len(b), guessLimit)]
	if e := cyrillic(head); e != nil {
		return decode(e, b), true
	}
	e := lookup(strings.ToLower(guessLabel(head, html)))
	if e == nil {
		return "", false
	}
	s := decode(e, b)
	bad := strings.Count(s, string(utf8.RuneError))
	return s, bad*100 <= len(s)
}

// cyrillic returns the Cyrillic charset that b is written in, or nil. The
// charsets give the same bytes other letters: the right one has the letters
// that are common in Russian, Ukrainian and Bulgarian, and few capitals.
func cyrillic(b []byte) encoding.Encoding {
	high := 0
	for _, c := range b {
		if c >= utf8.RuneSelf {
			high++
		}
	}
	if high < 8 || high*2 < len(b) {
		return nil
	}
	var best encoding.Encoding
	most := high * 6 / 10
	for _, e := range []encoding.Encoding{charmap.Windows1251, charmap.KOI8U, charmap.ISO8859_5, charmap.CodePage866} {
		if n := commonLetters(decode(e, b)); n > most {
			best, most = e, n
		}
	}
	return best
}

func commonLetters(s string) int {
	n := 0
	for _, r := range s {
		if strings.ContainsRune("оеаинтсрвлкмдпуяы", r) {
			n++
		}
	}
	return n
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
