package imap

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// fetchMender rewrites a FETCH response (RFC 3501, section 7.4.2) so that only
// the items this package asks for are left, each written as it should be. It
// never fails: an item that cannot be understood is left out, and a response
// that falls apart ends where it did. The window's audit finds what is missing.
type fetchMender struct {
	items int  // written so far
	body  bool // one of them is a body
	depth int  // of the list that is being left out, over literals
	over  bool // the list of items has ended, whatever follows
}

// start takes the first line, after "* n FETCH ". size is that of the literal
// that follows it, or noLiteral. The result is what the library reads, nil for
// nothing, and whether the literal belongs to it.
func (m *fetchMender) start(n uint32, line []byte, size int64) (out []byte, literal bool) {
	*m = fetchMender{}
	line = bytes.TrimLeft(line, " ")
	if n == 0 || !bytes.HasPrefix(line, []byte("(")) {
		m.over = true
		return nil, false
	}
	out, literal = m.run(fmt.Appendf(nil, "* %d FETCH (", n), line[1:], size)
	if m.items == 0 && m.over {
		return nil, false
	}
	return out, literal
}

// more takes a line that follows a literal.
func (m *fetchMender) more(line []byte, size int64) (out []byte, literal bool) {
	if m.over {
		return nil, false
	}
	return m.run(nil, line, size)
}

// run rewrites the items of a line. A line that no literal follows ends the
// response, also where its end is missing.
func (m *fetchMender) run(out, line []byte, size int64) ([]byte, bool) {
	announced := size != noLiteral
	for {
		if m.depth > 0 {
			line, m.depth = skipList(line, m.depth)
		}
		line = bytes.TrimLeft(line, " ")
		if len(line) == 0 && announced || m.depth > 0 && announced {
			return out, false // the literal is a value that is left out
		}
		if len(line) == 0 || m.depth > 0 || line[0] == ')' {
			m.over = true
			return append(out, ")\r\n"...), false
		}
		name, rest := cutName(line)
		if len(name) == 0 {
			m.over = true
			return append(out, ")\r\n"...), false
		}
		if rest = bytes.TrimLeft(rest, " "); len(rest) == 0 && announced {
			return m.open(out, bodyItem(name), size)
		}
		var value []byte
		value, line, m.depth = cutValue(rest)
		if m.depth == 0 {
			out = m.write(out, mendItem(name, value))
		}
	}
}

// open writes the name of a body and announces the literal that follows.
func (m *fetchMender) open(out []byte, name string, size int64) ([]byte, bool) {
	if name == "" {
		return out, false
	}
	return fmt.Appendf(m.write(out, name), " {%d}\r\n", size), true
}

// write adds an item; the empty one is none.
func (m *fetchMender) write(out []byte, item string) []byte {
	if item == "" {
		return out
	}
	if m.items > 0 {
		out = append(out, ' ')
	}
	m.items++
	if strings.HasPrefix(item, "BODY[") {
		m.body = true
	}
	return append(out, item...)
}

// cutName reads the name of an item, with the section of a body.
func cutName(line []byte) (name, rest []byte) {
	end := bytes.IndexAny(line, " ()[\"")
	if end < 0 {
		return line, nil
	}
	if line[end] != '[' {
		return line[:end], line[end:]
	}
	shut := bytes.IndexByte(line, ']')
	if shut < 0 {
		return nil, line
	}
	end = shut + 1
	if end < len(line) && line[end] == '<' {
		if n := bytes.IndexByte(line[end:], '>'); n > 0 {
			end += n + 1
		}
	}
	return line[:end], line[end:]
}

// cutValue reads a value. A list that does not end on this line leaves its
// depth.
func cutValue(line []byte) (value, rest []byte, depth int) {
	if len(line) == 0 {
		return nil, nil, 0
	}
	switch line[0] {
	case '(':
		rest, depth = skipList(line[1:], 1)
		return line[:len(line)-len(rest)], rest, depth
	case '"':
		if n, ok := quotedEnd(line); ok {
			return line[:n], line[n:], 0
		}
		return nil, nil, 0
	}
	end := bytes.IndexAny(line, " )")
	if end < 0 {
		end = len(line)
	}
	return line[:end], line[max(end, 1):], 0
}

// skipList passes over the rest of a list that is depth deep. It counts and
// does not recurse, so depth is only a number.
func skipList(line []byte, depth int) (rest []byte, left int) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '"':
			n, ok := quotedEnd(line[i:])
			if !ok {
				return nil, depth
			}
			i += n - 1
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return line[i+1:], 0
			}
		}
	}
	return nil, depth
}

// mendItem writes an item as it should be; the empty string leaves it out.
func mendItem(name, value []byte) string {
	v := string(value)
	switch strings.ToUpper(string(name)) {
	case "UID":
		if n := number32(v); n != 0 {
			return "UID " + v
		}
	case "RFC822.SIZE":
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && n >= 0 {
			return fmt.Sprintf("RFC822.SIZE %d", n)
		}
	case "MODSEQ":
		if n, err := strconv.ParseUint(strings.Trim(v, "() "), 10, 63); err == nil {
			return fmt.Sprintf("MODSEQ (%d)", n)
		}
	case "FLAGS":
		if len(value) > 0 && value[0] == '(' {
			return "FLAGS (" + strings.Join(flagsOf(value), " ") + ")"
		}
	case "INTERNALDATE":
		if at, err := time.Parse(dateTime, strings.Trim(v, `"`)); err == nil && !at.IsZero() {
			return at.Format(`INTERNALDATE "` + dateTime + `"`)
		}
	default:
		if body := bodyItem(name); body != "" && isBody(value) {
			return body + " " + v
		}
	}
	return ""
}

// dateTime is how IMAP writes a moment (RFC 3501, section 9, date-time).
const dateTime = "_2-Jan-2006 15:04:05 -0700"

// bodyItem returns the item that a body's name stands for, empty when it is
// none that is asked for. Some servers answer by the names of RFC 1730.
func bodyItem(name []byte) string {
	switch upper := strings.ToUpper(string(name)); upper {
	case "BODY[]", "RFC822":
		return "BODY[]"
	case "BODY[HEADER]", "RFC822.HEADER":
		return "BODY[HEADER]"
	case "BODY[TEXT]<0>":
		return upper
	}
	return ""
}

// isBody tells whether a value on the line can be a body.
func isBody(value []byte) bool {
	return string(value) == "NIL" || len(value) > 1 && value[0] == '"'
}
