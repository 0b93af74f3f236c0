package entity

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// head is what stands before the body of a mail.
type head struct {
	fields Header
	body   int64 // where the body begins
	notes  []string
}

// headBuffer is how much is held at once while the fields are read.
const headBuffer = 8 << 10

// readHead reads the fields of a mail. What is no field before the first one
// is left out: a byte order mark, the "From " line of an mbox, words of a log.
// A mail without any field is all body.
func readHead(r io.ReaderAt, size int64) head {
	in := bufio.NewReaderSize(io.NewSectionReader(r, 0, size), headBuffer)
	b := block{room: MaxHeader}
	var h head
	var at int64
	ended, begins := false, true
	for !ended {
		line, err := in.ReadSlice('\n')
		text := line
		if at == 0 {
			text = bytes.TrimPrefix(line, []byte("\uFEFF"))
		}
		switch blank := len(trimBreak(text)) == 0; {
		case len(line) == 0:
		case blank && begins:
			ended = len(b.fields) > 0 // empty lines before the fields are nothing
		case !begins:
			b.more(text)
		default:
			b.add(text, at)
		}
		at += int64(len(line))
		begins = len(line) > 0 && line[len(line)-1] == '\n'
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) || b.lost(at) || begins && b.passed(text) {
			break
		}
	}
	h.take(&b, at, ended)
	return h
}

// lostAfter is how many bytes without a single field are taken for something
// that stands before the fields.
const lostAfter = 16 << 10

// passed reports that a line is the boundary of a first part: the empty line
// before the body was forgotten.
func (b *block) passed(line []byte) bool {
	return len(b.fields) > 0 && bytes.HasPrefix(line, []byte("--"))
}

// lost reports that no field will come.
func (b *block) lost(at int64) bool { return len(b.fields) == 0 && at > lostAfter }

// take decides what the fields are and where the body begins.
func (h *head) take(b *block, at int64, ended bool) {
	h.fields, h.body = b.header(), at
	switch {
	case !h.fields.known():
		h.fields, h.body = nil, 0
		h.notes = append(h.notes, "it has no fields such as From and Subject; all of it is read as text")
	case !ended && b.loose && b.before > 0: // the empty line before the text was forgotten
		h.fields, h.body = b.end(at, false)
		h.notes = append(h.notes, "nothing separates the fields from the text; the text begins where the fields end")
	case b.loose:
		h.notes = append(h.notes, "some lines among the fields are malformed")
	}
	if b.cut {
		h.notes = append(h.notes, "the fields are too long; some are left out")
	}
}

// known reports whether a field is there that mail has. A text may have lines
// that look like fields, too.
func (h Header) known() bool {
	for _, f := range h {
		switch f.Name {
		case "from", "to", "cc", "bcc", "subject", "date", "message-id", "received", "return-path", "sender", "reply-to",
			"content-type", "content-transfer-encoding", "mime-version", "delivered-to", "in-reply-to", "references":
			return true
		}
	}
	return false
}

// wholeLines makes a mail whose lines end with a lone CR, as old Macs wrote
// them, end them with LF.
func wholeLines(r io.ReaderAt, size int64) io.ReaderAt {
	start := make([]byte, min(size, 4096))
	n, _ := r.ReadAt(start, 0) // an error shows again when the lines are read
	start = start[:n]
	if bytes.IndexByte(start, '\n') >= 0 || bytes.IndexByte(start, '\r') < 0 {
		return r
	}
	return loneCR{r}
}

type loneCR struct{ r io.ReaderAt }

func (c loneCR) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.r.ReadAt(p, off)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
