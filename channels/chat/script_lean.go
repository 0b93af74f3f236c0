package chat

import "strings"

// token is a piece of a script: a word, the name of a private member with its
// sign, a number, a text, a regular expression or one sign.
type token struct {
	text  string
	space bool // there was space or a comment before it
}

func (t token) word() bool { return wordByte(t.text[0]) }

func (t token) private() bool { return t.text[0] == '#' }

// tokens takes a script apart. It understands as much of the language as the
// widget's files use: they end their statements with semicolons, and have no
// texts with fields in them.
func tokens(source string) []token {
	var all []token
	space := false
	for rest := source; rest != ""; {
		n := 1
		switch c := rest[0]; {
		case c == ' ' || c == '\n' || c == '\t':
			space, rest = true, rest[1:]
			continue
		case strings.HasPrefix(rest, "//"):
			_, rest, _ = strings.Cut(rest, "\n")
			space = true
			continue
		case strings.HasPrefix(rest, "/*"):
			_, rest, _ = strings.Cut(rest, "*/")
			space = true
			continue
		case c == '"' || c == '\'' || c == '/' && operand(all):
			n = quoted(rest)
		case wordByte(c) || c == '#':
			for n < len(rest) && wordByte(rest[n]) {
				n++
			}
		}
		all = append(all, token{rest[:n], space})
		space, rest = false, rest[n:]
	}
	return all
}

// operand tells whether an operand comes next, so that a slash begins a
// regular expression. Behind a word it divides: no file puts one elsewhere.
func operand(before []token) bool {
	if len(before) == 0 {
		return true
	}
	last := before[len(before)-1]
	return !last.word() && !strings.Contains(")]}\"", last.text[:1])
}

// quoted returns how long the text or regular expression is that s begins
// with.
func quoted(s string) int {
	set := false // within [...] of a regular expression
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case s[0] == '/' && (c == '[' || c == ']'):
			set = c == '['
		case c == s[0] && !set:
			return i + 1
		}
	}
	return len(s)
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// leanScript leaves out what nobody reads: comments, space that holds nothing
// apart, and the length of names.
func leanScript(source string) string {
	all := tokens(source)
	shorten(all)
	var out strings.Builder
	for i, t := range all {
		if t.space && i > 0 && apart(all[i-1], t) {
			out.WriteByte(' ')
		}
		out.WriteString(t.text)
	}
	return out.String()
}

// apart tells whether two tokens would become one without a space.
func apart(a, b token) bool {
	return wordByte(a.text[len(a.text)-1]) && b.word() || a.text == b.text && (a.text == "+" || a.text == "-")
}

// leanStyle leaves out comments, line ends and the spaces around the signs
// that take none.
func leanStyle(source string) string {
	var out strings.Builder
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "/*") {
			continue
		}
		out.WriteString(line)
	}
	return strings.NewReplacer(
		": ", ":", "; }", "}", "; ", ";", ", ", ",", " { ", "{", " {", "{", "{ ", "{", ";}", "}", " }", "}", " > ", ">",
	).Replace(out.String())
}
