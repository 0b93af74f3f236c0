package compose

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// tokenMax is the longest run without a space that is written as it is: longer
// ones cannot be folded.
const tokenMax = 200

// wordMax is the longest encoded word in bytes. RFC 2047, section 2, allows 75;
// behind "Subject: " this one still fits a line of 76.
const wordMax = 64

// words returns a text as it stands in a header. Other letters than ASCII
// become encoded words (RFC 2047), and so does what would be read as one.
func words(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if needsEncoding(s) {
		return encoded(s)
	}
	return s
}

func needsEncoding(s string) bool {
	return !ascii(s) || strings.Contains(s, "=?") || longest(s) > tokenMax
}

// encoded returns s in encoded words of the kind Q, which keeps what is ASCII
// readable. Only letters and digits stand for themselves, so that it may be a
// name before an address too (section 5, rule 3).
func encoded(s string) string {
	const open, end = "=?utf-8?q?", "?="
	var b strings.Builder
	length := 0
	for _, r := range s {
		q := encodedRune(r)
		if length == 0 || length+len(q)+len(end) > wordMax {
			if length > 0 {
				b.WriteString(end + " ")
			}
			b.WriteString(open)
			length = len(open)
		}
		b.WriteString(q)
		length += len(q)
	}
	return b.String() + end
}

func encodedRune(r rune) string {
	switch {
	case r == ' ':
		return "_"
	case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		return string(r)
	}
	q := ""
	for _, c := range utf8.AppendRune(nil, r) {
		q += fmt.Sprintf("=%02X", c)
	}
	return q
}

func longest(s string) (n int) {
	for f := range strings.FieldsSeq(s) {
		n = max(n, len(f))
	}
	return n
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
