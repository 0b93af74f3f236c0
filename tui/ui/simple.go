package ui

import (
	"strings"
	"unicode/utf8"
)

// Terminals that do not count by grapheme clusters disagree about pictures that
// are made of several: some draw a family in two cells, some in eight, and the
// picture behind it then stands in another place than the program believes. For
// them such pictures are taken apart into pieces that have one width everywhere.

// simple returns s with its composed pictures taken apart.
func simple(s string) string {
	if !composed(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case joins(r):
		case flag(r):
			b.WriteByte(byte('A' + r - 0x1F1E6))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func composed(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0xE2 { // what joins or is a flag begins with this byte or a later one
			r, size := utf8.DecodeRuneInString(s[i:])
			if joins(r) || flag(r) {
				return true
			}
			i += size - 1
		}
	}
	return false
}

// joins reports whether r only changes the picture before it: the joiner, the
// variation selectors, the colours of skin and the frame of a key.
func joins(r rune) bool {
	return r == 0x200D || r >= 0xFE00 && r <= 0xFE0F || r >= 0x1F3FB && r <= 0x1F3FF || r == 0x20E3
}

// flag reports whether r is half of a flag: a letter.
func flag(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
