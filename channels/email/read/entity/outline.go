package entity

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
)

// Outline finds the parts of a mail of so many bytes.
func Outline(r io.ReaderAt, size int64) *Tree {
	r = wholeLines(r, size)
	head := readHead(r, size)
	t := &Tree{Notes: head.notes}
	root := newEntity(head.fields, r, false)
	t.Root = root
	root.from, root.to = head.body, size
	w := &walk{src: r, tree: t, end: size}
	w.body(root)
	if root.boundary != "" && !root.found && w.seen != "" { // the fields name another one than the body has
		t.note("its parts are separated otherwise than it says")
		root.boundary, root.to = w.seen, size
		w = &walk{src: r, tree: t, end: size}
		w.body(root)
	}
	t.Body = w.sum.body()
	t.number(root)
	return t
}

// bufferSize is how much of a mail is held at once while its parts are found.
const bufferSize = 64 << 10

// walk is the pass over the body.
type walk struct {
	src   io.ReaderAt
	tree  *Tree
	end   int64
	open  []*Entity // the multiparts that we are in, outermost first
	leaf  *Entity   // the leaf that we are in
	parts int
	sum   bodySum

	head   *block // the fields of a part that begins
	digest bool   // that part stands in a digest
	seen   string // what looks like the first boundary, while none was found
	at     int64  // where the line begins
	brk    int64  // how long the line break before it is
}

// body walks over all lines after the mail's own fields.
func (w *walk) body(root *Entity) {
	w.sum = bodySum{h: sha256.New(), brk: [1]byte{'\n'}}
	w.enter(root)
	r := bufio.NewReaderSize(io.NewSectionReader(w.src, root.from, w.end-root.from), int(min(w.end-root.from+1, bufferSize)))
	w.at = root.from
	begins := true
	for {
		line, err := r.ReadSlice('\n')
		if len(line) > 0 {
			w.sum.add(line)
			w.line(line, begins)
			begins = line[len(line)-1] == '\n'
			w.at += int64(len(line))
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			w.finish(err)
			return
		}
	}
}

// line takes one line, or a piece of one that is longer than the buffer.
func (w *walk) line(line []byte, begins bool) {
	text := trimBreak(line)
	switch {
	case begins && len(text) >= 2 && text[0] == '-' && text[1] == '-' && w.border(text):
	case w.head == nil:
	case begins && len(text) == 0:
		w.endHead(w.at+int64(len(line)), true)
	case begins:
		w.head.add(line, w.at)
	default:
		w.head.more(line)
	}
	w.brk = int64(len(line) - len(text))
}

// border takes a line that begins with two hyphens and reports whether it is
// the boundary of an open multipart. The innermost is asked first.
func (w *walk) border(text []byte) bool {
	text = bytes.TrimRight(text[2:], " \t")
	for i := len(w.open) - 1; i >= 0; i-- {
		rest, ok := bytes.CutPrefix(text, []byte(w.open[i].boundary))
		switch {
		case !ok:
		case len(rest) == 0:
			w.next(i)
			return true
		case string(rest) == "--":
			w.leave(i)
			return true
		}
	}
	if w.seen == "" && w.parts == 0 && len(text) > 0 && len(text) <= boundaryMax {
		w.seen = string(text)
	}
	return false
}

// boundaryMax is how long a boundary may be (RFC 2046, section 5.1.1).
const boundaryMax = 70

// next begins another part of the i-th open multipart.
func (w *walk) next(i int) {
	if w.parts >= MaxParts {
		return
	}
	if w.parts++; w.parts == MaxParts {
		w.note("it has more than 1000 parts; what follows the last of them belongs to it")
	}
	w.endPart()
	for _, e := range w.open[i+1:] {
		e.to = w.before()
	}
	w.open = w.open[:i+1]
	w.open[i].found = true
	w.head, w.digest = &block{room: MaxPartHeader}, w.open[i].Is("multipart/digest")
}

// leave ends the i-th open multipart and all inside it. Its boundary stays
// known: some programs go on after they have ended it.
func (w *walk) leave(i int) {
	w.endPart()
	for _, e := range w.open[max(i, 1):] {
		e.to = w.before()
	}
	w.open = w.open[:i+1]
	w.open[i].found, w.open[i].closed = true, true
}

// before is where the text before this line ends: its line break belongs to
// the boundary.
func (w *walk) before() int64 { return w.at - w.brk }

// endPart ends the leaf or the fields that we are in.
func (w *walk) endPart() {
	if w.head != nil {
		w.endHead(w.at, false)
	}
	if w.leaf != nil {
		w.leaf.to = max(w.before(), w.leaf.from)
		w.leaf = nil
	}
}

// endHead ends the fields of a part at an offset: by an empty line, or by the
// next border.
func (w *walk) endHead(at int64, empty bool) {
	if w.head.cut {
		w.note("the fields of a part are too long; some are left out")
	}
	fields, body := w.head.end(at, empty)
	w.head = nil
	e := newEntity(fields, w.src, w.digest)
	e.from, e.to = body, w.end
	parent := w.open[len(w.open)-1]
	parent.Children = append(parent.Children, e)
	w.enter(e)
}

// enter goes into an entity whose fields are known.
func (w *walk) enter(e *Entity) {
	if e.boundary != "" && len(w.open) < MaxDepth {
		w.open = append(w.open, e)
		return
	}
	if e.Is("multipart/") {
		if e.boundary != "" {
			w.note("its parts are nested too deep; the innermost are shown as one")
		} else {
			w.note("a multipart does not name its boundary; it is read as text")
		}
		e.asText()
	}
	w.leaf = e
}

// finish ends everything at the end of the mail.
func (w *walk) finish(err error) {
	if !errors.Is(err, io.EOF) {
		w.note("the mail could not be read to its end")
	}
	w.brk = 0
	w.endPart()
	for _, e := range w.open {
		if e.found && !e.closed {
			w.note("the end of its parts is missing")
		}
		if !e.closed {
			e.to = w.at
		}
	}
}

func (w *walk) note(s string) { w.tree.note(s) }

func (t *Tree) note(s string) {
	for _, n := range t.Notes {
		if n == s {
			return
		}
	}
	t.Notes = append(t.Notes, s)
}

// asText makes a multipart that has no parts a text.
func (e *Entity) asText() {
	e.Media.Type, e.boundary = "text/plain", ""
	e.Encoding = ""
}

// number counts the leaves. A multipart whose boundary never came is a text.
func (t *Tree) number(e *Entity) {
	if e.boundary != "" && !e.found {
		t.note("a boundary that was announced never comes; what is there is read as text")
		e.asText()
	}
	if e.boundary == "" {
		t.Leaves = append(t.Leaves, e)
		e.N = len(t.Leaves)
		return
	}
	for _, c := range e.Children {
		t.number(c)
	}
}

// bodySum hashes a body whose line ends may have been changed on the way.
type bodySum struct {
	h     hash.Hash
	brk   [1]byte // a line break
	blank int     // line breaks that count only if something follows
}

func (s *bodySum) add(line []byte) {
	text := trimBreak(line)
	if len(text) > 0 {
		for ; s.blank > 0; s.blank-- {
			s.h.Write(s.brk[:])
		}
		s.h.Write(text)
	}
	if len(line) > len(text) {
		s.blank++
	}
}

func (s *bodySum) body() (sum [32]byte) {
	s.h.Sum(sum[:0])
	return sum
}
