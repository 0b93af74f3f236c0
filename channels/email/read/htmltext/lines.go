package htmltext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hark/channels/email/read/clean"
)

// The most that is drawn before a line: a page may nest without end.
const (
	quoteMax  = 8
	indentMax = 8
)

// rowMax is how long a line may be, in bytes, to which another cell of the row
// is added.
const rowMax = 120

// blankMax is how many line breaks may follow one another.
const blankMax = 3

// lines collects words into lines. A block asks for the line breaks it wants
// before what comes next; they are written when something comes.
type lines struct {
	out     []byte
	line    []byte
	limit   int
	full    bool
	visible int

	quote    int // level of quoting
	indent   int // columns before list items
	hang     int // columns that stand for the mark of a list item on its further lines
	mark     string
	depth    int // the quote level of the line
	last     int // and of the line before
	breaks   int // how many line breaks out ends with
	want     int // how many are wanted before what comes next
	space    bool
	nbsp     bool // a blank line is meant: one with nothing but a space that holds
	cell     bool // the next word begins another cell of the row
	keep     bool // blanks and line breaks count: within pre
	inRow    bool // a cell of this row stands on this line
	linkText *strings.Builder
}

func newLines(limit int) lines { return lines{limit: limit, breaks: blankMax} }

// write adds a text of the page, which is not yet clean.
func (l *lines) write(s string) {
	s = clean.Text(s)
	for i := 0; i < len(s); {
		if n := word(s[i:]); n > 0 {
			l.word(s[i : i+n])
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case l.keep && r == '\n':
			l.br()
		case r == '\u00A0':
			l.hold()
		case l.keep && r == ' ':
			l.put(" ")
		default:
			l.space = true
		}
	}
}

// word returns how many bytes s begins with that are no blanks.
func word(s string) int {
	for i, r := range s {
		if r <= ' ' || r >= 0x85 && unicode.IsSpace(r) {
			return i
		}
	}
	return len(s)
}

// word adds a word of the page.
func (l *lines) word(s string) {
	l.put(s)
	l.visible += utf8.RuneCountInString(s)
}

// own adds words of ours, in one piece.
func (l *lines) own(s string) { l.put(s) }

// hold adds a space that does not break.
func (l *lines) hold() {
	if len(l.line) == 0 {
		l.nbsp = true
	}
	l.space = true
}

// put adds a piece of text without line breaks.
func (l *lines) put(s string) {
	if s == "" {
		return
	}
	if len(l.line) > l.limit {
		return
	}
	joins := l.cell && l.inRow && len(l.line) < rowMax
	if len(l.line) > 0 && !joins && (l.want > 0 || l.cell) {
		l.end()
	}
	if len(l.line) == 0 {
		l.begin()
		joins = false
	}
	switch {
	case joins:
		l.line, l.want = append(l.line, " | "...), 0
	case l.space && len(l.line) > 0 && l.line[len(l.line)-1] != ' ':
		l.line = append(l.line, ' ')
		l.link(" ")
	}
	l.space, l.cell, l.nbsp = false, false, false
	if room := l.limit - len(l.line) + 1; len(s) > room { // more will not be written
		s = clean.Cut(s, room)
	}
	l.line = append(l.line, s...)
	l.link(s)
}

// linkMax is how much of a link's text is compared with where it leads.
const linkMax = 300

func (l *lines) link(s string) {
	if l.linkText != nil && l.linkText.Len() < linkMax {
		l.linkText.WriteString(s)
	}
}

// begin begins a line.
func (l *lines) begin() {
	l.depth = min(l.quote, quoteMax)
	for l.breaks < min(l.want, blankMax) {
		l.blank(min(l.last, l.depth))
	}
	l.want, l.space = 0, false
	indent := min(l.indent, indentMax)
	if l.mark != "" {
		l.line = append(l.line, "                "[:max(indent-l.hang, 0)]...)
		l.line = append(l.line, l.mark...)
		l.mark = ""
		return
	}
	l.line = append(l.line, "                "[:indent]...)
}

// end ends the line if there is something on it.
func (l *lines) end() {
	text := strings.TrimRight(string(l.line), " ")
	if text != "" {
		l.prefix(l.depth)
		l.add(text + "\n")
		l.breaks, l.last = 1, l.depth
	} else if l.nbsp {
		l.want = max(l.want, 1)
		for l.breaks < min(l.want, blankMax) {
			l.blank(min(l.quote, quoteMax))
		}
		l.want = min(l.breaks+1, blankMax)
	}
	l.line, l.space, l.nbsp, l.cell, l.inRow = l.line[:0], false, false, false, false
}

// blank writes a line break, and the marks of quoting before it.
func (l *lines) blank(depth int) {
	l.prefix(depth)
	l.add("\n")
	l.breaks++
}

func (l *lines) prefix(depth int) {
	if depth > 0 {
		l.add(strings.Repeat(">", depth))
		if len(l.line) > 0 {
			l.add(" ")
		}
	}
}

func (l *lines) add(s string) {
	if l.full {
		return
	}
	if room := l.limit - len(l.out); len(s) > room {
		s, l.full = strings.TrimSuffix(clean.Cut(s, room), "\n"), true
		if s != "" {
			s += "\n"
		}
	}
	l.out = append(l.out, s...)
}

// block ends the line and wants n line breaks before what comes next.
func (l *lines) block(n int) {
	l.end()
	l.want = max(l.want, n)
}

// inner is block for what may stand in a cell: the line goes on if only the
// next cell of the row comes.
func (l *lines) inner(n int) {
	if l.inRow && len(l.line) == 0 { // the cell is still empty
		return
	}
	if !l.inRow {
		l.end()
	}
	l.want = max(l.want, n)
}

// br breaks the line where the page says so.
func (l *lines) br() {
	if len(l.line) > 0 {
		l.end()
		return
	}
	for l.breaks < min(l.want, blankMax) {
		l.blank(min(l.last, min(l.quote, quoteMax)))
	}
	l.want, l.nbsp = 0, false
	if l.breaks < blankMax {
		l.blank(min(l.quote, quoteMax))
	}
}

// at is where the next line will begin.
func (l *lines) at() int { return len(l.out) }
