package auth

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// LooksLike reports whether a domain can be taken for another one that it is
// not: it is written with other letters of the same look, differs in one
// letter of a long name, or has the other as its beginning.
func LooksLike(domain, own string) bool {
	domain, own = strings.ToLower(domain), strings.ToLower(own)
	if domain == "" || own == "" || SameOrganisation(domain, own) {
		return false
	}
	a, b := skeleton(organisation(domain)), skeleton(organisation(own))
	if a == b || strings.HasPrefix(domain, own+".") || strings.HasPrefix(domain, own+"-") {
		return true
	}
	name, ownName := firstLabel(a), firstLabel(b)
	return name == ownName && strings.HasPrefix(organisation(domain), "xn--") || len(ownName) >= nearMin && a[len(name):] == b[len(ownName):] && near(name, ownName)
}

// nearMin is how long a name must be for a single letter to go unnoticed.
const nearMin = 6

func firstLabel(s string) string {
	label, _, _ := strings.Cut(s, ".")
	return label
}

// skeleton writes a domain so that names of the same look are equal.
func skeleton(domain string) string {
	if text, err := idna.ToUnicode(domain); err == nil {
		domain = text
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(domain)) {
		if unicode.Is(unicode.Mn, r) || r == '-' {
			continue
		}
		b.WriteRune(look(r))
	}
	return pairs.Replace(b.String())
}

var pairs = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d")

// look returns the letter that a character can be taken for.
func look(r rune) rune {
	switch r {
	case '0', 'о', 'ο', 'օ', 'ø':
		return 'o'
	case '1', 'i', 'і', 'ı', 'ι', 'ӏ', 'ł', '|':
		return 'l'
	case '5', 'ѕ':
		return 's'
	case 'а', 'α', 'ɑ':
		return 'a'
	case 'е', 'ε', 'ҽ', '3':
		return 'e'
	case 'р', 'ρ':
		return 'p'
	case 'с', 'ϲ':
		return 'c'
	case 'у', 'γ', 'ү':
		return 'y'
	case 'х', 'χ':
		return 'x'
	case 'ԁ', 'đ':
		return 'd'
	case 'ɡ', '9':
		return 'g'
	case 'һ', 'հ':
		return 'h'
	case 'ј':
		return 'j'
	case 'к', 'κ':
		return 'k'
	case 'м':
		return 'm'
	case 'п', 'ո':
		return 'n'
	case 'т', 'τ':
		return 't'
	case 'υ', 'ս':
		return 'u'
	case 'ν', 'ѵ':
		return 'v'
	case 'ѡ', 'ԝ', 'ω':
		return 'w'
	case 'в':
		return 'b'
	}
	return r
}

// near reports whether two names differ in one letter: another, one more, or
// two that changed places.
func near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return len(x) <= 1 && len(y) <= 1 || len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]
}
