package plain

import (
	"io"
	"strings"
	"unicode/utf8"

	"hark/tui/safe"
)

// pieceLimit is how many runes one line has at most: a longer one goes on in
// the next, which says so.
const pieceLimit = 1500

// bell is the one control character that is ever written.
const bell = "\a"

// speaker writes lines. It is the only way to the terminal, and nothing that
// it is given can reach it as anything but text.
type speaker struct {
	w   io.Writer
	err error // the first; then nobody is there
}

// line writes a fact.
func (p *speaker) line(s string) {
	for i, piece := range pieces(s, pieceLimit) {
		text := safe.Line(piece).String()
		if i > 0 {
			text = "continued: " + text
		}
		p.write(text + "\n")
	}
}

// prompt writes what the person types behind.
func (p *speaker) prompt(s string) { p.write(safe.Line(s).String() + " ") }

func (p *speaker) ring() { p.write(bell) }

func (p *speaker) write(s string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, s)
	}
}

// pieces cuts a text into parts of at most limit runes, at blanks where there
// are some; there is at least one.
func pieces(s string, limit int) []string {
	var out []string
	for utf8.RuneCountInString(s) > limit {
		cut := 0
		for range limit {
			_, n := utf8.DecodeRuneInString(s[cut:])
			cut += n
		}
		if at := strings.LastIndexByte(s[:cut], ' '); at > cut/2 {
			cut = at
		}
		out = append(out, s[:cut])
		s = strings.TrimLeft(s[cut:], " ")
	}
	return append(out, s)
}

// lineEnds makes every kind of line end one.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n", "\f", "\n")

// oneLine puts a text of several lines into one, with a slash where a line
// ended: a line of its own could pretend to be somebody else's words.
func oneLine(s string) string {
	var lines []string
	for l := range strings.SplitSeq(lineEnds.Replace(s), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, " / ")
}

// name returns a name as it is read out.
func name(s string) string { return safe.Name(s).String() }

// sentence makes a sentence of an error's words.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return s
	}
	first, n := utf8.DecodeRuneInString(s)
	s = strings.ToUpper(string(first)) + s[n:]
	if strings.ContainsAny(s[len(s)-1:], ".?!:") {
		return s
	}
	return s + "."
}
