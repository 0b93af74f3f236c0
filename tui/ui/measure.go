package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Measure counts the cells that text takes, in the way the terminal at hand
// does: by grapheme clusters where it said that it can, else by code points.
type Measure struct {
	method ansi.Method
	tail   string // ends text that was cut
}

// ByGrapheme counts a letter with all that belongs to it once, as terminals do
// that know mode 2027.
func ByGrapheme() Measure { return Measure{ansi.GraphemeWidth, "…"} }

// ByCodePoint counts as wcwidth does.
func ByCodePoint() Measure { return Measure{ansi.WcWidth, "…"} }

// InASCII returns the measure with an ellipsis of dots.
func (m Measure) InASCII() Measure {
	m.tail = "..."
	return m
}

// Width returns the cells of s. It may hold styles.
func (m Measure) Width(s string) int {
	if ascii(s) {
		return len(s)
	}
	return m.method.StringWidth(m.drawn(s))
}

// drawn returns s as this terminal is sent it.
func (m Measure) drawn(s string) string {
	if m.method == ansi.GraphemeWidth {
		return s
	}
	return simple(s)
}

// ascii reports whether every byte of s is one visible cell.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Cut returns s in at most w cells, ending in an ellipsis when it was longer.
// s holds no style.
func (m Measure) Cut(s string, w int) string {
	s, _ = m.cut(s, w)
	return s
}

// Fit returns s in exactly w cells. s holds no style.
func (m Measure) Fit(s string, w int) string {
	s, cells := m.cut(s, w)
	return s + Blank(w-cells)
}

// cut returns s in at most w cells, and how many they are.
func (m Measure) cut(s string, w int) (string, int) {
	if w <= 0 {
		return "", 0
	}
	if ascii(s) && len(s) <= w {
		return s, len(s)
	}
	s = m.drawn(s)
	tail := m.tail
	tailW := m.method.StringWidth(tail)
	if tailW > w {
		tail, tailW = "", 0
	}
	cells, keep, kept := 0, 0, 0 // what fits with the ellipsis behind it
	for i := 0; i < len(s); {
		size, n := m.cluster(s[i:])
		if cells+n > w {
			return s[:keep] + tail, kept + tailW
		}
		cells += n
		i += size
		if cells+tailW <= w {
			keep, kept = i, cells
		}
	}
	return s, cells
}

// Join returns as many of the parts as fit into w cells with sep between them;
// the first is cut when it does not fit alone. Empty parts are left out.
func (m Measure) Join(parts []string, sep string, w int) string {
	out := m.Cut(parts[0], w)
	for _, p := range parts[1:] {
		if p == "" {
			continue
		}
		if longer := out + sep + p; m.Width(longer) <= w {
			out = longer
		}
	}
	return out
}

// blanks is where short runs of spaces are cut from.
const blanks = "                                                                                                                                "

// Blank returns n spaces, none for a negative n.
func Blank(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// Span is a piece of a line in bytes.
type Span struct{ Start, End int }

// Spans breaks a line into pieces of at most w cells, at blanks where there
// are any. The pieces follow each other without a gap; blanks at a piece's end
// hang over and do not count. There is at least one piece.
func (m Measure) Spans(line string, w int) []Span {
	w = max(w, 1)
	if len(line) <= w && ascii(line) {
		return []Span{{0, len(line)}}
	}
	b := breaker{w: w}
	for i := 0; i < len(line); {
		size, cells := m.cluster(line[i:])
		b.add(i, i+size, cells, line[i] == ' ')
		i += size
	}
	return append(b.out, Span{b.start, len(line)})
}

// cluster returns the bytes and the cells of what s begins with.
func (m Measure) cluster(s string) (size, cells int) {
	if s[0] < 0x80 && (len(s) == 1 || s[1] < 0x80) {
		return 1, 1
	}
	c, cells := ansi.FirstGraphemeCluster(s, m.method)
	if m.method != ansi.GraphemeWidth && composed(c) {
		cells = m.method.StringWidth(simple(c))
	}
	return max(len(c), 1), cells
}

// breaker collects the pieces of one line.
type breaker struct {
	w     int
	out   []Span
	start int // of the piece being filled
	cells int // in it, without blanks at its end
	hang  int // blanks at its end
	soft  int // where it may break: behind a blank; 0 for nowhere
	kept  int // cells behind soft
}

func (b *breaker) add(from, to, cells int, blank bool) {
	if blank {
		b.hang++
		b.soft, b.kept = to, 0
		return
	}
	for b.cells+b.hang+cells > b.w && from > b.start {
		b.wrap(from)
	}
	b.cells += b.hang + cells
	b.hang = 0
	b.kept += cells
}

// wrap ends the piece at its last blank, or right before from.
func (b *breaker) wrap(from int) {
	at, rest := from, 0
	if b.soft > b.start {
		at, rest = b.soft, b.kept
	}
	b.out = append(b.out, Span{b.start, at})
	b.start, b.cells, b.hang, b.soft, b.kept = at, rest, 0, 0, rest
}

// Wrap returns the lines of s, wrapped to w cells, without blanks at the ends
// of wrapped lines.
func (m Measure) Wrap(s string, w int) []string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		spans := m.Spans(line, w)
		for i, sp := range spans {
			piece := line[sp.Start:sp.End]
			if i < len(spans)-1 {
				piece = strings.TrimRight(piece, " ")
			}
			out = append(out, piece)
		}
	}
	return out
}

// First returns the bytes of the grapheme cluster that s begins with.
func (m Measure) First(s string) int {
	if s == "" {
		return 0
	}
	size, _ := m.cluster(s)
	return size
}
