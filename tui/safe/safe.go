// Package safe makes text from strangers fit to show on a terminal.
//
// Evidence is kept raw; display is another type. A Text is made only by this
// package, and what it holds cannot move the cursor, change colours, write the
// clipboard or the title, hide or reorder what stands around it. Everything
// that comes from outside goes through it: words, names, addresses, file
// names, error sentences, canned replies, the desk's own name.
package safe

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Limits of a Text. What is cut ends in an ellipsis.
const (
	LineLimit = 2000     // runes of a line
	TextLimit = 64 << 10 // bytes of a text
)

// ellipsis stands for what was cut.
const ellipsis = "…"

// Text is text that may be written to a terminal. The zero Text is empty.
type Text struct{ s string }

// String returns the text.
func (t Text) String() string { return t.s }

// Lines returns the lines of the text, at least one.
func (t Text) Lines() []string { return strings.Split(t.s, "\n") }

// New returns what a stranger wrote, in as many lines as it has. It is
// idempotent: New(New(s).String()) is New(s).
func New(s string) Text {
	if plain(s) {
		return Text{s}
	}
	return Text{capped(filter(prepare(s), rules{}))}
}

// Line returns what a stranger wrote on one line: a subject, the last words of
// a conversation, an error sentence.
func Line(s string) Text {
	if plain(s) && strings.IndexByte(s, '\n') < 0 {
		return Text{s}
	}
	return Text{capped(oneLine(filter(prepare(s), rules{})))}
}

// Name returns a name, an address or a file name on one line. What could make
// it pass for another one is not dropped but shown as U+FFFD.
func Name(s string) Text {
	if plain(s) && strings.IndexByte(s, '\n') < 0 {
		return Text{s}
	}
	return Text{capped(oneLine(filter(prepare(s), rules{show: true})))}
}

// Input returns what a member of staff types or pastes into a composer: as
// New, without a limit, and with the joiners that Persian and the Indic
// scripts are spelled with. It is for the text itself; it is shown as a Text.
func Input(s string) string {
	return filter(prepare(s), rules{joiners: true})
}

// plain reports whether s is short lines of visible ASCII, which is most of
// what people write and needs no work.
func plain(s string) bool {
	if len(s) > TextLimit {
		return false
	}
	start := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\n':
			if i-start > LineLimit {
				return false
			}
			start = i + 1
		case c < ' ' || c > '~':
			return false
		}
	}
	return len(s)-start <= LineLimit
}

// lineEnds makes every kind of line end one line feed and tabs four spaces.
var lineEnds = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\t", "    ",
)

// prepare makes s valid UTF-8 without escape sequences and with one kind of
// line end.
func prepare(s string) string {
	s = ansi.Strip(strings.ToValidUTF8(s, "\uFFFD"))
	return lineEnds.Replace(strings.ToValidUTF8(s, "\uFFFD"))
}

func oneLine(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\n", " "))
}

// capped cuts lines and the whole to their limits.
func capped(s string) string {
	if len(s) <= LineLimit {
		return s
	}
	if len(s) > TextLimit {
		cut := TextLimit - len(ellipsis)
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + ellipsis
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = cappedLine(l)
	}
	return strings.Join(lines, "\n")
}

func cappedLine(l string) string {
	if len(l) <= LineLimit {
		return l
	}
	n := 0
	cut := 0
	for i := range l {
		if n == LineLimit-1 {
			cut = i
		}
		n++
	}
	if n <= LineLimit {
		return l
	}
	return l[:cut] + ellipsis
}
