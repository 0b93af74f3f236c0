// Package auth reads what a mail server that is trusted found out about a
// sender (RFC 8601), and says in words what speaks against one.
package auth

import "strings"

// The most that is read of one header.
const (
	valueMax   = 16 << 10 // bytes
	resultsMax = 50
)

// Result is one finding, such as dkim=pass header.d=shop.example.
type Result struct {
	Method     string            // "dmarc", "dkim", "spf", …
	Value      string            // "pass", "fail", "none", …
	Properties map[string]string // "header.from", "smtp.mailfrom", …
}

// Results are what one header says.
type Results struct {
	Server string // the authserv-id, "" in Microsoft's form
	All    []Result
}

// Parse reads an Authentication-Results header. It is tolerant: what is no
// finding is passed over.
func Parse(value string) Results {
	var r Results
	sections := sections(value[:min(len(value), valueMax)])
	for i, words := range sections {
		if i == 0 && (len(words) == 0 || !strings.Contains(words[0], "=")) {
			if len(words) > 0 {
				r.Server = strings.ToLower(words[0])
			}
			continue
		}
		if one, ok := parseResult(words); ok && len(r.All) < resultsMax {
			r.All = append(r.All, one)
		}
	}
	return r
}

// parseResult reads method=value and the properties after it.
func parseResult(words []string) (Result, bool) {
	if len(words) == 0 {
		return Result{}, false
	}
	method, value, ok := strings.Cut(words[0], "=")
	method, _, _ = strings.Cut(method, "/") // a version
	if !ok || method == "" || value == "" {
		return Result{}, false
	}
	r := Result{Method: strings.ToLower(method), Value: strings.ToLower(value), Properties: map[string]string{}}
	for _, w := range words[1:] {
		if name, v, ok := strings.Cut(w, "="); ok {
			name = strings.ToLower(name)
			if _, there := r.Properties[name]; !there {
				r.Properties[name] = strings.ToLower(v)
			}
		}
	}
	return r, true
}

// sections splits a value at its semicolons into words, without comments. The
// blanks around an equals sign fall away.
func sections(s string) [][]string {
	var all [][]string
	var t tokens
	for i := range len(s) {
		if t.next(s[i]) {
			all = append(all, t.words())
		}
	}
	return append(all, t.words())
}

// tokens collects the words of a section.
type tokens struct {
	text     []byte
	comments int
	quoted   bool
	escaped  bool
}

// next takes a character and reports whether it ends the section.
func (t *tokens) next(c byte) bool {
	switch {
	case t.escaped:
		t.escaped = false
		t.keep(c)
	case c == '\\' && (t.quoted || t.comments > 0):
		t.escaped = true
	case c == '"' && t.comments == 0:
		t.quoted = !t.quoted
	case t.quoted:
		t.keep(c)
	case c == '(':
		t.comments++
		t.text = append(t.text, ' ')
	case c == ')' && t.comments > 0:
		t.comments--
	case t.comments > 0:
	case c == ';':
		return true
	case c == '\t' || c == '\r' || c == '\n':
		t.text = append(t.text, ' ')
	default:
		t.text = append(t.text, c)
	}
	return false
}

// keep adds a character of a quoted string. A blank in it joins no words.
func (t *tokens) keep(c byte) {
	switch {
	case t.comments > 0:
	case c == ' ':
		t.text = append(t.text, '_')
	default:
		t.text = append(t.text, c)
	}
}

func (t *tokens) words() []string {
	words := strings.Fields(string(t.text))
	t.text = t.text[:0]
	var joined []string
	glue := false
	for _, w := range words {
		if n := len(joined); n > 0 && (glue || w[0] == '=') {
			joined[n-1] += w
		} else {
			joined = append(joined, w)
		}
		glue = w[len(w)-1] == '='
	}
	return joined
}
