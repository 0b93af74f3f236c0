package entity

import "strings"

// Field is one field of a header. Its value is unfolded and trimmed, else as
// it came: perhaps not UTF-8, perhaps with controls inside.
type Field struct {
	Name  string // lower-cased
	Value string
}

// Header are the fields in the order in which they came, the topmost first.
type Header []Field

// Get returns the value of the topmost field of a name (lower case), or "".
func (h Header) Get(name string) string {
	for _, f := range h {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// Has reports whether there is a field of a name (lower case).
func (h Header) Has(name string) bool {
	for _, f := range h {
		if f.Name == name {
			return true
		}
	}
	return false
}

// All returns the values of every field of a name (lower case).
func (h Header) All(name string) []string {
	var values []string
	for _, f := range h {
		if f.Name == name {
			values = append(values, f.Value)
		}
	}
	return values
}

// ParseHeader reads fields from a text, such as the part of a delivery report
// that holds them. It ends at the first empty line and returns what follows.
func ParseHeader(s string) (Header, string) {
	b := block{room: MaxHeader}
	for s != "" {
		line, rest, _ := strings.Cut(s, "\n")
		s = rest
		if strings.TrimSuffix(line, "\r") == "" {
			break
		}
		b.add([]byte(line), 0)
	}
	return b.header(), s
}

// block collects the lines of a header.
type block struct {
	room   int // bytes that may still be kept
	fields []field
	cut    bool  // there was more than room or MaxFields
	loose  bool  // lines were neither a field nor folded
	stray  int64 // where the first such line lies
	before int   // how many fields came before it
	length int   // and how long the value of the last of them was
}

type field struct {
	name  string
	value strings.Builder
}

// add takes one line, which lies at offset at.
func (b *block) add(line []byte, at int64) {
	line = b.kept(trimBreak(line))
	folded := len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && len(b.fields) > 0
	if name, value, ok := splitField(trimBlank(line)); ok && !folded {
		b.start(name, value)
		return
	}
	if !folded {
		b.strayed(at)
	}
	if n := len(b.fields); n > 0 && len(line) > 0 {
		v := &b.fields[n-1].value
		v.WriteByte(' ')
		v.Write(trimBlank(line))
	}
}

// more adds the rest of a line that is longer than the buffer.
func (b *block) more(text []byte) {
	text = b.kept(trimBreak(text))
	if n := len(b.fields); n > 0 {
		b.fields[n-1].value.Write(text)
	}
}

// kept returns as much of a line as there is room for.
func (b *block) kept(line []byte) []byte {
	if len(line) > b.room {
		line, b.cut = line[:b.room], true
	}
	b.room -= len(line)
	return line
}

func (b *block) start(name string, value []byte) {
	if len(b.fields) == MaxFields {
		b.cut = true
		return
	}
	b.fields = append(b.fields, field{name: name})
	b.fields[len(b.fields)-1].value.Write(trimBlank(value))
}

func (b *block) strayed(at int64) {
	if !b.loose {
		b.loose, b.stray, b.before = true, at, len(b.fields)
		if b.before > 0 {
			b.length = b.fields[b.before-1].value.Len()
		}
	}
}

// end returns the fields and where the body begins, given where it would by
// an empty line, or by a border where there was none. Without that line the
// body begins with the first line that is no field.
func (b *block) end(body int64, empty bool) (Header, int64) {
	h := b.header()
	if b.loose && (!empty || len(h) == 0) {
		if h = h[:b.before]; b.before > 0 {
			h[b.before-1].Value = h[b.before-1].Value[:b.length]
		}
		return h, b.stray
	}
	return h, body
}

func (b *block) header() Header {
	h := make(Header, len(b.fields))
	for i := range b.fields {
		h[i] = Field{Name: b.fields[i].name, Value: b.fields[i].value.String()}
	}
	return h
}

// splitField splits a line at its colon. A name is of printable ASCII; blanks
// before the colon are let pass, as programs write them.
func splitField(line []byte) (name string, value []byte, ok bool) {
	for i, c := range line {
		switch {
		case c == ':':
			n := trimBlank(line[:i])
			return strings.ToLower(string(n)), line[i+1:], len(n) > 0
		case c == ' ' || c == '\t':
			if rest := trimBlank(line[i:]); len(rest) == 0 || rest[0] != ':' {
				return "", nil, false
			}
		case c < '!' || c > '~':
			return "", nil, false
		}
	}
	return "", nil, false
}

// trimBreak takes the line break off the end.
func trimBreak(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

// trimBlank takes spaces and tabs off both ends.
func trimBlank(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}
