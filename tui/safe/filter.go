package safe

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The invisible runes that matter by name.
const (
	zwnj = '\u200C'
	zwj  = '\u200D'
	vs16 = '\uFE0F'
)

// marksMax is how many combining marks a letter may carry. Real writing needs
// fewer; more of them climb over the lines above.
const marksMax = 4

// rules are what filter may be asked to do differently.
type rules struct {
	show    bool // put U+FFFD where a misleading rune was
	joiners bool // keep U+200C and U+200D wherever they stand
}

// filter drops or replaces every rune that does more than stand in its cell.
// s is valid UTF-8.
func filter(s string, r rules) string {
	var b strings.Builder
	b.Grow(len(s))
	st := state{rules: r}
	for i, c := range s {
		switch st.verdict(c, s[i:]) {
		case keep:
			b.WriteRune(c)
		case replace:
			b.WriteRune(unicode.ReplacementChar)
		case drop:
		}
	}
	return b.String()
}

type verdict uint8

const (
	keep verdict = iota
	drop
	replace
)

// state is what the filter remembers of the runes before.
type state struct {
	rules
	base  bool // there is something for a mark to stand on
	marks int  // marks on it so far
	pict  bool // a pictograph, perhaps with its modifiers, is just before
}

// verdict decides about c, which rest begins with.
func (st *state) verdict(c rune, rest string) verdict {
	switch {
	case c == '\n' || unicode.Is(unicode.Zs, c): // a blank may be trimmed, and then its mark would stand on the frame
		st.base, st.marks, st.pict = false, 0, false
		return keep
	case c >= ' ' && c <= '~':
		st.letter(false)
		return keep
	case c == zwj || c == zwnj:
		return st.joiner(c, rest)
	case unicode.Is(unicode.Cc, c):
		st.letter(false)
		return replace
	case misleading(c):
		if !st.show {
			return drop
		}
		st.letter(false)
		return replace
	case unicode.Is(unicode.M, c):
		return st.mark(c)
	case skinTone(c) && !st.pict, extends(c) && !st.base:
		st.letter(false)
		return replace
	case prepended(c), !assigned(c):
		st.letter(false)
		return replace
	}
	st.letter(pictograph(c))
	return keep
}

func (st *state) letter(pict bool) { st.base, st.marks, st.pict = true, 0, pict }

// mark lets a few marks stand on a base and drops the rest, and those that
// would stand on what is drawn before the text. The sign that asks for a
// picture goes where there is none to ask for: terminals do not agree how wide
// a digit becomes by it.
func (st *state) mark(c rune) verdict {
	if !st.base || st.marks == marksMax || c == vs16 && !st.pict {
		return drop
	}
	st.marks++
	st.pict = st.pict && c == vs16
	return keep
}

// joiner keeps a zero width joiner that makes one picture of two.
func (st *state) joiner(c rune, rest string) verdict {
	if st.joiners && st.base {
		return keep
	}
	if c != zwj || !st.pict {
		return drop
	}
	next, _ := utf8.DecodeRuneInString(rest[len(string(zwj)):])
	if !pictograph(next) {
		return drop
	}
	st.pict = false
	return keep
}

// misleading reports whether c is invisible, changes the direction of what is
// around it, or has no agreed look: the categories Cf and Co, and the letters
// that are blank.
func misleading(c rune) bool {
	switch c {
	case '\u034F', '\u115F', '\u1160', '\u3164', '\uFFA0':
		return true
	}
	return unicode.Is(unicode.Cf, c) || unicode.Is(unicode.Co, c)
}

// skinTone reports whether c colours the pictograph before it. Alone it would
// join whatever stands there.
func skinTone(c rune) bool { return c >= 0x1F3FB && c <= 0x1F3FF }

// extends reports whether c is a letter that joins the one before it, such as
// the voiced sound marks of narrow katakana or the Thai and Lao AM.
func extends(c rune) bool {
	return c == 0x0E33 || c == 0x0EB3 || unicode.Is(unicode.Other_Grapheme_Extend, c)
}

// prepended reports whether c joins the letter after it, wherever that comes
// from: it would take the frame of a pane into its cell.
func prepended(c rune) bool { return unicode.Is(unicode.Prepended_Concatenation_Mark, c) || reph(c) }

// assigned reports whether this program knows what c is. Of what it does not
// know it cannot say how many cells it takes, or whether it joins what stands
// before; only new pictures are let through.
func assigned(c rune) bool {
	return pictograph(c) || unicode.In(c, unicode.L, unicode.N, unicode.P, unicode.S, unicode.Z)
}

// reph lists the letters of the grapheme property Prepend.
func reph(c rune) bool {
	switch c {
	case 0x0D4E, 0x111C2, 0x111C3, 0x113D1, 0x1193F, 0x11941, 0x11A84, 0x11A85,
		0x11A86, 0x11A87, 0x11A88, 0x11A89, 0x11D46, 0x11F02:
		return true
	}
	return false
}

// pictograph reports whether c is of a kind that emoji sequences are made of.
// It follows the blocks of the property Extended_Pictographic.
func pictograph(c rune) bool {
	switch {
	case c < 0x2190:
		return c == 0xA9 || c == 0xAE || c == 0x203C || c == 0x2049 || c == 0x2122 || c == 0x2139
	case c <= 0x21FF, c >= 0x2300 && c <= 0x23FF, c >= 0x2600 && c <= 0x27BF, c >= 0x2B00 && c <= 0x2BFF:
		return true
	}
	return c >= 0x1F000 && c <= 0x1FAFF && (c < 0x1F1E6 || c > 0x1F1FF)
}
