package entity

import "strings"

// maxParams is how many parameters of one field are kept.
const maxParams = 32

// maxValue is how much of a field with parameters is read, in bytes.
const maxValue = 8 << 10

// Media is the value of Content-Type or Content-Disposition.
type Media struct {
	Type   string            // lower-cased, such as "text/plain" or "attachment"
	Params map[string]string // by lower-cased name, decoded
}

// ParseMedia reads a type with its parameters (RFC 2045, RFC 2231). It is
// tolerant: parameters need no quotes, no separator after the type and no
// particular alphabet; the first of two of a name counts.
func ParseMedia(value string) Media {
	if len(value) > maxValue {
		value = value[:maxValue]
	}
	s := scanner{s: value}
	m := Media{Type: strings.ToLower(s.token(";\" \t\r\n"))}
	if strings.Contains(m.Type, "=") { // parameters without a type
		s.i, m.Type = 0, ""
	}
	c := continued{}
	for len(c) < maxParams {
		name, v, ok := s.param()
		if !ok {
			break
		}
		c.add(name, v)
	}
	m.Params = c.join()
	return m
}

// scanner walks over a structured value.
type scanner struct {
	s string
	i int
}

// token returns what stands before any of the stop characters.
func (s *scanner) token(stop string) string {
	s.blanks("")
	rest := s.s[s.i:]
	n := strings.IndexAny(rest, stop)
	if n < 0 {
		n = len(rest)
	}
	s.i += n
	return rest[:n]
}

// blanks passes blanks, comments and the characters named.
func (s *scanner) blanks(also string) {
	for s.i < len(s.s) {
		switch c := s.s[s.i]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || strings.IndexByte(also, c) >= 0:
			s.i++
		case c == '(':
			s.comment()
		default:
			return
		}
	}
}

// comment passes a comment, which may hold others.
func (s *scanner) comment() {
	depth := 0
	for ; s.i < len(s.s); s.i++ {
		switch s.s[s.i] {
		case '\\':
			s.i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.i++
				return
			}
		}
	}
	s.i = len(s.s)
}

// param returns the next name and value.
func (s *scanner) param() (name, value string, ok bool) {
	s.blanks(";,")
	if s.i >= len(s.s) {
		return "", "", false
	}
	name = strings.ToLower(strings.TrimSpace(s.token("=;")))
	if s.i >= len(s.s) || s.s[s.i] == ';' {
		return name, "", true
	}
	s.i++ // the equals sign
	s.blanks("")
	if s.i < len(s.s) && s.s[s.i] == '"' {
		return name, s.quoted(), true
	}
	return name, s.bare(), true
}

// quoted returns a quoted string. A quote inside that no separator follows
// belongs to it: some programs forget to escape.
func (s *scanner) quoted() string {
	var b strings.Builder
	for s.i++; s.i < len(s.s); s.i++ {
		switch c := s.s[s.i]; {
		case c == '\\' && s.i+1 < len(s.s) && (s.s[s.i+1] == '"' || s.s[s.i+1] == '\\'):
			s.i++
			b.WriteByte(s.s[s.i])
		case c == '"' && s.ends():
			s.i++
			return b.String()
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// ends reports whether the quote here is the last one of a value.
func (s *scanner) ends() bool {
	for i := s.i + 1; i < len(s.s); i++ {
		switch s.s[i] {
		case ' ', '\t', '\r', '\n':
			continue
		case ';', '(', ',':
			return true
		case '"':
			return false
		}
		// Without a separator the next parameter may still begin.
		rest := s.s[i:]
		eq, stop := strings.IndexByte(rest, '='), strings.IndexAny(rest, "\"; \t")
		return i > s.i+1 && eq > 0 && (stop < 0 || eq < stop)
	}
	return true
}

// bare returns a value without quotes: until the separator, blanks included,
// since file names come without quotes too.
func (s *scanner) bare() string {
	rest := s.s[s.i:]
	n := strings.IndexByte(rest, ';')
	if n < 0 {
		n = len(rest)
	}
	s.i += n
	v := rest[:n]
	if sp := strings.IndexAny(v, " \t"); sp >= 0 { // perhaps a parameter after a forgotten separator
		next := strings.TrimLeft(v[sp:], " \t")
		if eq := strings.IndexByte(next, '='); eq > 0 && eq < len(next)-1 && isToken(next[:eq]) {
			s.i -= len(next)
			v = v[:sp]
		}
	}
	return strings.TrimSpace(v)
}

func isToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || strings.IndexByte(`()<>@,;:\"/[]?=`, c) >= 0 {
			return false
		}
	}
	return s != ""
}
