package read

import (
	"strings"

	"hark/channels/email/read/charset"
	"hark/channels/email/read/clean"
	"hark/desk"
)

// addressMax is how long an address may be, in bytes (RFC 5321, section 4.5.3).
const addressMax = 320

// addresses reads the addresses of a field (RFC 5322, section 3.4), also as
// they are written against the rules: names with commas and no quotes,
// semicolons between, addresses without brackets. What is no address is left
// out.
func addresses(value string) []desk.Address {
	var all []desk.Address
	name := "" // what stood before a comma that belongs to a name
	for _, piece := range pieces(value) {
		if len(all) == listMax {
			break
		}
		a, ok := address(piece)
		if !ok {
			name = joinName(name, piece)
			continue
		}
		if name != "" && a.Name != "" {
			a.Name = desk.CleanName(line(name, markMax) + ", " + a.Name)
		}
		name = ""
		all = append(all, a)
	}
	return all
}

func joinName(name, piece string) string {
	piece = strings.TrimSpace(piece)
	if len(piece) > markMax || strings.ContainsAny(piece, "<>@") {
		return ""
	}
	if name == "" {
		return piece
	}
	return name + ", " + piece
}

// pieces splits a field at its commas and semicolons, and at the colon after
// the name of a group.
func pieces(s string) []string {
	var all []string
	start := 0
	var in nesting
	for i := range len(s) {
		sep := in.next(s[i])
		if !sep {
			continue
		}
		if one := strings.TrimSpace(s[start:i]); one != "" && s[i] != ':' {
			all = append(all, one)
		}
		start = i + 1
	}
	if in.quoted && strings.Contains(s, `"`) { // a quote that never ends is none
		return pieces(strings.ReplaceAll(s, `"`, ""))
	}
	if one := strings.TrimSpace(s[start:]); one != "" {
		all = append(all, one)
	}
	return all
}

// nesting knows whether a character stands in quotes, a comment or brackets.
type nesting struct {
	quoted, escaped, angle bool
	comments               int
}

// next takes a character and reports whether it separates.
func (n *nesting) next(c byte) bool {
	switch {
	case n.escaped:
		n.escaped = false
	case c == '\\' && (n.quoted || n.comments > 0):
		n.escaped = true
	case c == '"' && n.comments == 0:
		n.quoted = !n.quoted
	case n.quoted:
	case c == '(':
		n.comments++
	case c == ')':
		n.comments = max(n.comments-1, 0)
	case n.comments > 0:
	case c == '<':
		n.angle = true
	case c == '>':
		n.angle = false
	case n.angle:
	default:
		return c == ',' || c == ';' || c == ':'
	}
	return false
}

// address reads one address with its name.
func address(s string) (desk.Address, bool) {
	name, inner := "", s
	if open := strings.LastIndexByte(s, '<'); open >= 0 {
		name, inner = s[:open], s[open+1:]
		inner, _, _ = strings.Cut(inner, ">")
		if route := strings.LastIndexByte(inner, ':'); strings.HasPrefix(inner, "@") && route >= 0 {
			inner = inner[route+1:]
		}
	} else {
		name, inner = loose(s)
	}
	mail := strings.ToLower(clean.Line(charset.Words(strings.TrimPrefix(strings.TrimSpace(inner), "mailto:"))))
	mail = strings.Trim(mail, "'\". ")
	if !isAddress(mail) {
		return desk.Address{}, false
	}
	name = displayName(name)
	if strings.EqualFold(name, mail) {
		name = ""
	}
	return desk.Address{Name: name, Mail: mail}, true
}

// loose finds the address in words without angle brackets; a comment is the
// name.
func loose(s string) (name, mail string) {
	if open := strings.IndexByte(s, '('); open >= 0 {
		comment := s[open+1:]
		if end := strings.LastIndexByte(comment, ')'); end >= 0 {
			comment = comment[:end]
		}
		return comment, s[:open]
	}
	for word := range strings.FieldsSeq(s) {
		if strings.Contains(word, "@") {
			mail = word
		} else {
			name += word + " "
		}
	}
	return name, strings.Trim(mail, "[]")
}

func isAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && len(s) <= addressMax && !strings.ContainsAny(s, " <>,;\"()")
}

// displayName decodes a name and takes the quotes off.
func displayName(s string) string {
	s = strings.TrimSpace(s)
	if n := len(s); n >= 2 && s[0] == '"' && s[n-1] == '"' {
		s = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s[1 : n-1])
	}
	s = line(s, markMax)
	s = strings.Trim(s, "\" ")
	if n := len(s); n >= 2 && s[0] == '\'' && s[n-1] == '\'' {
		s = s[1 : n-1]
	}
	return desk.CleanName(s)
}
