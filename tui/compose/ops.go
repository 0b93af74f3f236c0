package compose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Left and Right move by a letter.
func (e *Editor) Left() { e.moveTo(e.before(e.pos)) }

// Right moves forward by a letter.
func (e *Editor) Right() { e.moveTo(e.after(e.pos)) }

// Home goes to the beginning of the line.
func (e *Editor) Home() { e.moveTo(e.lineStart(e.pos)) }

// End goes to the end of the line.
func (e *Editor) End() { e.moveTo(e.lineEnd(e.pos)) }

// WordLeft goes to the beginning of the word before the cursor.
func (e *Editor) WordLeft() { e.moveTo(e.wordStart(e.pos)) }

// WordRight goes to the end of the word behind the cursor.
func (e *Editor) WordRight() { e.moveTo(e.wordEnd(e.pos)) }

// Start goes to the beginning of the text.
func (e *Editor) Start() { e.moveTo(0) }

// Finish goes to the end of the text.
func (e *Editor) Finish() { e.moveTo(len(e.text)) }

// GoTo goes to a place in the text, in bytes, or to the nearest letter behind
// it.
func (e *Editor) GoTo(at int) {
	at = max(min(at, len(e.text)), 0)
	e.moveTo(e.boundary(at))
}

// AtLineStart reports whether the cursor is in an empty line.
func (e *Editor) AtLineStart() bool {
	return e.lineStart(e.pos) == e.pos && e.lineEnd(e.pos) == e.pos
}

// Remove takes out what is between two places, in bytes, and goes there.
func (e *Editor) Remove(from, to int) {
	from, to = max(from, 0), min(to, len(e.text))
	if from < to {
		e.remove(from, to)
	}
}

func (e *Editor) moveTo(at int) {
	e.pos = at
	e.goal = -1
}

// Backspace removes the letter before the cursor.
func (e *Editor) Backspace() { e.remove(e.before(e.pos), e.pos) }

// Delete removes the letter behind the cursor.
func (e *Editor) Delete() { e.remove(e.pos, e.after(e.pos)) }

// KillWordLeft cuts the word before the cursor.
func (e *Editor) KillWordLeft() { e.cutOut(e.wordStart(e.pos), e.pos) }

// KillWordRight cuts the word behind the cursor.
func (e *Editor) KillWordRight() { e.cutOut(e.pos, e.wordEnd(e.pos)) }

// KillLine cuts from the beginning of the line to the cursor, or the line end
// before it.
func (e *Editor) KillLine() {
	start := e.lineStart(e.pos)
	if start == e.pos {
		start = e.before(e.pos)
	}
	e.cutOut(start, e.pos)
}

func (e *Editor) cutOut(from, to int) {
	if from < to {
		e.kill = e.text[from:to]
		e.remove(from, to)
	}
}

// Yank writes what was cut last. It reports false when there is no room.
func (e *Editor) Yank() bool { return e.Insert(e.kill) }

func (e *Editor) wordStart(at int) int {
	head := e.text[:at]
	head = strings.TrimRightFunc(head, notWord)
	return e.boundary(strings.LastIndexFunc(head, notWord) + e.sizeAtLast(head))
}

// sizeAtLast returns the size of the last rune of s that is in no word, or 1
// when there is none, so that it can be added to its index.
func (e *Editor) sizeAtLast(s string) int {
	i := strings.LastIndexFunc(s, notWord)
	if i < 0 {
		return 1
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return size
}

func (e *Editor) wordEnd(at int) int {
	tail := e.text[at:]
	word := strings.IndexFunc(tail, isWord)
	if word < 0 {
		return len(e.text)
	}
	if end := strings.IndexFunc(tail[word:], notWord); end >= 0 {
		return e.boundary(at + word + end)
	}
	return len(e.text)
}

func isWord(r rune) bool { return !notWord(r) }

func notWord(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && r != '\u200C' && r != '\u200D'
}
