package imap

import (
	"bytes"
	"math"
	"strconv"
)

// What becomes of each response on its way in. The library is given only what
// it asked for and can read: the fetch items of mails, and how its commands
// ended. All else is read here, or left out.

// take decides about a line: what of it the library reads, and what becomes of
// the literal that it announces.
func (w *wire) take(line []byte) error {
	w.size += len(line)
	text, size := literalAt(trimEnd(line))
	switch w.state {
	case atStart:
		w.ring.add("S: ", text)
		var err error
		if size, err = w.first(text, size); err != nil {
			return err
		}
	case inFetch:
		w.pass(w.fetch.more(text, size))
	case leavingOut:
		w.hidden = true
	}
	if size != noLiteral {
		return w.open(size)
	}
	w.state, w.size = atStart, 0
	return nil
}

// open begins a literal.
func (w *wire) open(size int64) error {
	if size > w.limits.Literal {
		return w.tooBig(size)
	}
	w.literal = size
	w.pace.nextLiteral(size)
	if size == 0 {
		w.took(0)
	}
	return nil
}

// pass gives the library what a part of a FETCH response became.
func (w *wire) pass(out []byte, literal bool) {
	w.out = append(w.out[:0], out...)
	w.hidden = !literal
}

// first takes the first line of a response. It returns the size of the literal
// that follows: in words for people braces mean nothing.
func (w *wire) first(text []byte, size int64) (int64, error) {
	word, rest := cutWord(text)
	switch {
	case len(text) == 0:
		return noLiteral, nil
	case bytes.HasPrefix(text, []byte("+")):
		w.goOn(text)
		return noLiteral, nil
	case string(word) != "*":
		return noLiteral, w.tagged(string(word), rest)
	}
	word, rest = cutWord(rest)
	if number, err := strconv.ParseUint(string(word), 10, 32); err == nil {
		w.numbered(uint32(number), rest, size)
		return size, nil
	}
	kind := string(bytes.ToUpper(word))
	if isStatus(kind) {
		w.untagged(kind, string(rest))
		return noLiteral, nil
	}
	w.leaveOut()
	switch kind {
	case "SEARCH":
		w.answer.search(rest)
	case "LIST":
		if size == noLiteral { // a name that needs a literal is none we could use
			w.answer.list(rest)
		}
	case "VANISHED":
		w.changed()
	}
	return size, nil
}

// leaveOut keeps the rest of the response from the library.
func (w *wire) leaveOut() { w.state, w.hidden = leavingOut, true }

// numbered takes a response that begins with a number.
func (w *wire) numbered(n uint32, rest []byte, size int64) {
	word, rest := cutWord(rest)
	kind := string(bytes.ToUpper(word))
	if kind == "FETCH" {
		w.fetched(n, rest, size)
		return
	}
	if kind == "EXPUNGE" || kind == "EXISTS" && !w.answer.exists(n) {
		w.changed()
	}
	w.leaveOut()
}

// fetched takes the first line of a FETCH response. Flags that come by
// themselves while bodies are asked for would be taken for the answer, and the
// answer for something unasked: they are left out.
func (w *wire) fetched(n uint32, rest []byte, size int64) {
	asked, bodies := w.answer.fetching()
	if !asked {
		w.changed()
	}
	out, literal := w.fetch.start(n, rest, size)
	if !asked || out == nil || bodies && w.fetch.over && !w.fetch.body {
		w.leaveOut()
		return
	}
	w.state = inFetch
	w.pass(out, literal)
}

// trimEnd takes the line end off, CRLF or LF alone.
func trimEnd(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}

const (
	noLiteral = -1
	// hugeLiteral stands for a size that no number holds.
	hugeLiteral = math.MaxInt64
)

// literalAt returns the text before the announcement of a literal and the
// literal's size (RFC 3501, section 4.3), noLiteral when none is announced.
func literalAt(line []byte) (text []byte, size int64) {
	open := bytes.LastIndexByte(line, '{')
	if open < 0 || line[len(line)-1] != '}' {
		return line, noLiteral
	}
	digits := bytes.TrimSuffix(line[open+1:len(line)-1], []byte("+"))
	if len(digits) == 0 || bytes.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return line, noLiteral
	}
	size, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		size = hugeLiteral
	}
	return bytes.TrimSuffix(line[:open], []byte("~")), size
}

// isSearch tells whether a line is a list of UIDs.
func isSearch(line []byte) bool {
	const begin = "* SEARCH "
	return len(line) >= len(begin) && bytes.EqualFold(line[:len(begin)], []byte(begin))
}

// cutWord returns the text up to the first space, and after it.
func cutWord(text []byte) (word, rest []byte) {
	word, rest, _ = bytes.Cut(text, []byte(" "))
	return word, rest
}
