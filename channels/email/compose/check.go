package compose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hark/desk"
)

// idMax is the longest Message-ID that is passed on. With the angle brackets it
// stays far below the 998 bytes of a line.
const idMax = 500

// line refuses what no header may carry: a line break in a field would begin
// another field, and NUL passes the library unseen.
func line(field, s string) error {
	if !utf8.ValidString(s) {
		return desk.Errorf(desk.Invalid, "%s is not readable text (UTF-8); write it anew", field)
	}
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return desk.Errorf(desk.Invalid, "%s holds a control character (%U) that no mail may carry there; take it out", field, r)
		}
	}
	return nil
}

// validID reports whether s can stand between angle brackets (RFC 5322, section
// 3.6.4): visible ASCII, an @, no white space and no brackets.
func validID(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || len(s) > idMax {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '<' || c == '>' || c == '(' || c == ')' || c == '"' || c == '\\' || c == ',' {
			return false
		}
	}
	return true
}

// plain takes out of a text what no mail shows: control characters but tab and
// line break. Line breaks of every kind become "\n".
func plain(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// oneLine is plain for what strangers wrote and stands in a line of its own.
func oneLine(s string) string { return strings.Join(strings.Fields(plain(s)), " ") }
