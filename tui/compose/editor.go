// Package compose is where staff write: a small editor of plain text that moves
// by what people see as one letter, and wraps softly.
package compose

import (
	"strings"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// Editor holds a text and a place in it. Its text is fit for sending as it is:
// what is typed or pasted loses control characters on the way in.
type Editor struct {
	text string
	pos  int    // in bytes, between two grapheme clusters
	goal int    // the column that up and down aim for, -1 for none
	kill string // what was cut last
	gen  int    // changes with the text

	cut wrapped
}

// New returns an empty editor.
func New() *Editor { return &Editor{goal: -1} }

// Text returns what was written.
func (e *Editor) Text() string { return e.text }

// Empty reports whether there is nothing to send.
func (e *Editor) Empty() bool { return strings.TrimSpace(e.text) == "" }

// Gen changes whenever the text does.
func (e *Editor) Gen() int { return e.gen }

// Pos returns the place of the cursor in bytes.
func (e *Editor) Pos() int { return e.pos }

// Set replaces the text and goes to its end.
func (e *Editor) Set(text string) {
	e.text = safe.Input(text)
	e.pos = len(e.text)
	e.changed()
}

// Insert writes at the cursor. It reports false when the text would become
// longer than a message may be; then nothing changes.
func (e *Editor) Insert(s string) bool {
	s = e.fitting(s)
	if len(e.text)+len(s) > desk.TextLimit {
		return false
	}
	if s == "" {
		return true
	}
	e.text = e.text[:e.pos] + s + e.text[e.pos:]
	e.pos = e.boundary(e.pos + len(s))
	e.changed()
	return true
}

// fitting returns what of s may be written here. A mark that is typed by
// itself joins the letter before the cursor, so that is looked at together.
func (e *Editor) fitting(s string) string {
	before := e.text[e.lineStart(e.pos):e.pos]
	if len(before) > 64 {
		before = before[e.before(e.pos)-(e.pos-len(before)):]
	}
	return strings.TrimPrefix(safe.Input(before+s), before)
}

func (e *Editor) changed() {
	e.gen++
	e.goal = -1
}

// lineStart and lineEnd return the ends of the line that at is in.
func (e *Editor) lineStart(at int) int { return strings.LastIndexByte(e.text[:at], '\n') + 1 }

func (e *Editor) lineEnd(at int) int {
	if i := strings.IndexByte(e.text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(e.text)
}

// before returns where the cluster before at begins.
func (e *Editor) before(at int) int {
	if at == 0 {
		return 0
	}
	if e.text[at-1] == '\n' {
		return at - 1
	}
	start := e.lineStart(at)
	for start < at {
		next := start + cluster(e.text[start:at])
		if next >= at {
			return start
		}
		start = next
	}
	return start
}

// after returns where the cluster at at ends.
func (e *Editor) after(at int) int {
	if at >= len(e.text) {
		return at
	}
	return at + cluster(e.text[at:])
}

// cluster returns the length of the first cluster of s; a line feed is one.
func cluster(s string) int {
	if s[0] == '\n' {
		return 1
	}
	return ui.ByGrapheme().First(s)
}

// boundary moves at forward to the end of the cluster it is inside of: what
// was inserted may have joined what follows.
func (e *Editor) boundary(at int) int {
	start := e.lineStart(at)
	for start < at {
		start += cluster(e.text[start:])
	}
	return start
}

// remove takes a piece out and goes there.
func (e *Editor) remove(from, to int) {
	if from >= to {
		return
	}
	e.text = e.text[:from] + e.text[to:]
	e.pos = e.boundary(from)
	e.changed()
}
