// Package clean takes out of a stranger's text what moves a cursor, hides
// words or changes their order.
//
// What goes: C0 and C1 controls, direction marks and overrides (U+202A to
// U+202E, U+2066 to U+2069 and the single marks), zero-width characters unless
// one joins two letters, tag characters and other invisible format characters.
// The raw mail keeps them all.
package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The invisible characters that writing systems and pictographs need, one at a
// time, between two visible ones.
const (
	zwnj = '\u200C'
	zwj  = '\u200D'
)

// tabStop is how far apart the columns are that a tab leads to.
const tabStop = 8

// Text returns s as lines that end with \n and hold nothing invisible. CR LF,
// CR and the separators of Unicode become \n, tabs become spaces, what is not
// UTF-8 becomes U+FFFD. Cleaning a clean text changes nothing.
func Text(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/64)
	w := writer{b: &b}
	for i, r := range s {
		switch r {
		case '\r':
			if !strings.HasPrefix(s[i+1:], "\n") {
				w.line()
			}
		case '\n', '\u2028', '\u2029':
			w.line()
		case '\t':
			w.tab()
		default:
			w.rune(r)
		}
	}
	return b.String()
}

// Line returns s as one line: like Text, with every run of blanks a single
// space and none at the ends.
func Line(s string) string {
	if plain(s) && strings.IndexByte(s, '\n') < 0 && !strings.Contains(s, "  ") {
		return strings.Trim(s, " ")
	}
	return strings.Join(strings.Fields(Text(s)), " ")
}

// plain reports whether s holds printable ASCII and line feeds only.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '\n' && (c < ' ' || c > '~') {
			return false
		}
	}
	return true
}

// writer writes what is visible and counts columns for tabs.
type writer struct {
	b       *strings.Builder
	col     int
	joiner  rune // a joiner that waits for a letter after it
	letters bool // a visible character is just before
}

func (w *writer) line() {
	w.b.WriteByte('\n')
	w.col, w.joiner, w.letters = 0, 0, false
}

func (w *writer) tab() {
	n := tabStop - w.col%tabStop
	w.b.WriteString("        "[:n])
	w.col, w.joiner, w.letters = w.col+n, 0, false
}

func (w *writer) rune(r rune) {
	switch {
	case r == zwj || r == zwnj:
		if w.letters && w.joiner == 0 {
			w.joiner = r
		}
		return
	case Invisible(r):
		return
	}
	blank := unicode.IsSpace(r)
	if w.joiner != 0 && !blank {
		w.b.WriteRune(w.joiner)
	}
	w.b.WriteRune(r)
	w.col, w.joiner, w.letters = w.col+1, 0, !blank
}

// Invisible reports whether a character is taken out wherever it stands. The
// two joiners are not among them, and neither are line feed and tab.
func Invisible(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == zwj || r == zwnj:
		return false
	case r < ' ' || r >= 0x7F && r <= 0x9F:
		return true
	case r < 0xAD:
		return false
	case r == '\u00AD', r == '\u034F', r == '\u115F', r == '\u1160', r == '\u17B4', r == '\u17B5', r == '\u3164', r == '\uFFA0':
		return true
	case r == '\u2028' || r == '\u2029':
		return true
	case r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// Cut returns the longest beginning of s of at most so many bytes that does
// not split a character.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	most = max(most, 0)
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
