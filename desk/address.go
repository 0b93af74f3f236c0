package desk

import (
	"mime"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Address is a mailbox of RFC 5322 and what its owner is called.
type Address struct {
	Name string `json:"name,omitempty"`
	Mail string `json:"mail"` // in lower case
}

// String returns the address as people write it: Name <mail>.
func (a Address) String() string {
	if a.Name == "" {
		return a.Mail
	}
	return quoteName(a.Name) + " <" + a.Mail + ">"
}

// Called returns the name, or the address where there is none.
func (a Address) Called() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Mail
}

// Domain returns what stands behind the last @.
func (a Address) Domain() string { return a.Mail[strings.LastIndexByte(a.Mail, '@')+1:] }

func (a Address) masked(f func(string) string) Address {
	a.Name = f(a.Name)
	return a
}

// nameSpecials are the characters that need quotes in a display name (RFC 5322,
// section 3.2.3), and the ones that would read as another address.
const nameSpecials = `()<>[]:;@\,."`

func quoteName(name string) string {
	if !strings.ContainsAny(name, nameSpecials) {
		return name
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
}

// addressesMax is how many addresses one field of a mail takes.
const addressesMax = 100

// ParseAddresses reads addresses as people type them, separated by commas or
// semicolons: ana@shop.example, "Ek, Ana" <ana@shop.example>. An empty text is
// an empty list.
func ParseAddresses(s string) ([]Address, error) {
	if err := oneLine("an address", s); err != nil {
		return nil, err
	}
	if len(s) > addressesMax*(mailMax+nameLimit) {
		return nil, Errorf(Invalid, "these are too many addresses for one field; %d fit", addressesMax)
	}
	var all []Address
	for _, one := range splitAddresses(s) {
		a, err := parseAddress(one)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	if len(all) > addressesMax {
		return nil, Errorf(Invalid, "%d addresses are too many for one field; %d fit", len(all), addressesMax)
	}
	return all, nil
}

// splitAddresses cuts at commas and semicolons outside of quotes and brackets.
func splitAddresses(s string) []string {
	var all []string
	var quoted, escaped, angle bool
	start := 0
	cut := func(end int) {
		if one := strings.TrimSpace(s[start:end]); one != "" {
			all = append(all, one)
		}
		start = end + 1
	}
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '<':
			angle = true
		case r == '>':
			angle = false
		case (r == ',' || r == ';') && !angle:
			cut(i)
		}
	}
	if start <= len(s) {
		cut(len(s))
	}
	return all
}

func parseAddress(s string) (Address, error) {
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{}}
	a, err := parser.Parse(s)
	if err != nil {
		a, err = parser.Parse(looseName(s))
	}
	if err != nil {
		return Address{}, Errorf(Invalid, "%q is not a mail address; write name@example.com or Name <name@example.com>", s)
	}
	local, domain, _ := strings.Cut(a.Address, "@")
	if again, err := parser.Parse(a.Address); err != nil || again.Address != a.Address || local == "" || len(a.Address) > mailMax || strings.ContainsAny(domain, " \t@[") {
		return Address{}, Errorf(Invalid, "%q is not a mail address; write name@example.com or Name <name@example.com>", s)
	}
	return Address{Name: CleanName(a.Name), Mail: strings.ToLower(a.Address)}, nil
}

// looseName quotes a name that people leave unquoted: Ek, Ana <ana@x> came in
// whole, or Dr. Ek <ana@x>.
func looseName(s string) string {
	name, rest, ok := strings.Cut(s, "<")
	name = strings.TrimSpace(strings.ReplaceAll(name, `"`, ""))
	if !ok || name == "" {
		return s
	}
	return quoteName(name) + " <" + rest
}

// CleanName returns a display name on one line, without control characters and
// of 120 bytes at most.
func CleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	for len(s) > nameLimit {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// oneLine refuses control characters in what becomes a header of a mail: a line
// break there would begin another header.
func oneLine(what, s string) error {
	if !utf8.ValidString(s) {
		return Errorf(Invalid, "%s is not readable text (UTF-8)", what)
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return Errorf(Invalid, "%s holds a control character (%U) that no mail may carry there; take it out", what, r)
		}
	}
	return nil
}
