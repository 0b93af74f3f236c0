package desk

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask replaces what must never be kept. It is applied to every text on its
// way into the journal. Today it knows payment card numbers.
func Mask(s string) string { return maskCards(s) }

// The shortest and longest card numbers in use (ISO/IEC 7812 allows 19).
const (
	cardMin = 13
	cardMax = 19
)

// maskCards replaces card numbers: 13 to 19 digits of any script, in groups
// that single spaces, dots or dashes may join, beginning as card numbers do
// and with a right check digit (Luhn, ISO/IEC 7812-1 annex B). Invisible
// characters between digits do not hide one.
func maskCards(s string) string {
	if !mayHoldCard(s) {
		return s
	}
	var out strings.Builder
	var r run
	done := 0 // what is before it has been written
	for i := 0; i < len(s); {
		if r.read(s, i); len(r.digits) == 0 {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			continue
		}
		done = r.mask(s, done, &out)
		i = r.ends[len(r.ends)-1]
	}
	if done == 0 {
		return s
	}
	out.WriteString(s[done:])
	return out.String()
}

// mayHoldCard is the fast path: fewer than 13 digit-like characters are no card.
func mayHoldCard(s string) bool {
	n := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= '0' && c <= '9' || c >= utf8.RuneSelf {
			n++
		}
	}
	return n >= cardMin
}

// digitAt returns the value of the digit at s[i:], -1 if there is none, and
// the size of the rune.
func digitAt(s string, i int) (value, size int) {
	if c := s[i]; c < utf8.RuneSelf {
		if c >= '0' && c <= '9' {
			return int(c - '0'), 1
		}
		return -1, 1
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	if !unicode.Is(unicode.Nd, r) {
		return -1, size
	}
	// Each script's digits are ten consecutive code points, zero first: walk
	// back to the zero of this one.
	v := 0
	for v < 9 && unicode.Is(unicode.Nd, r-1-rune(v)) {
		v++
	}
	if r >= 0x1D7CE && r <= 0x1D7FF { // the mathematical digits: five sets in a row
		v = int(r-0x1D7CE) % 10
	}
	return v, size
}

// run is a stretch of digits with the joints between them.
type run struct {
	digits []int
	starts []int // byte offset of each digit
	ends   []int // byte offset behind each digit
}

// read collects the digits from s[i:] on, across single separators and any
// invisible characters. It uses the run's memory again.
func (r *run) read(s string, i int) {
	r.digits, r.starts, r.ends = r.digits[:0], r.starts[:0], r.ends[:0]
	separated := false
	for i < len(s) {
		v, size := digitAt(s, i)
		switch {
		case v >= 0:
			r.digits = append(r.digits, v)
			r.starts = append(r.starts, i)
			r.ends = append(r.ends, i+size)
			separated = false
		case len(r.digits) == 0:
			return
		case invisible(s, i):
		case !separated && joint(s, i):
			separated = true
		default:
			return
		}
		i += size
	}
}

// joint reports whether people write this character between groups of digits.
func joint(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r == '.' || r == '_' || r == '/' || unicode.Is(unicode.Zs, r) || unicode.Is(unicode.Pd, r)
}

func invisible(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me) || unicode.Is(unicode.Cc, r) && r != '\n'
}

// mask writes s from done on with the run's cards replaced, as far as there is
// one, and returns up to where it has written.
func (r *run) mask(s string, done int, out *strings.Builder) int {
	for from := 0; from < len(r.digits); {
		n := r.cardFrom(from)
		if n == 0 {
			from++
			continue
		}
		out.WriteString(s[done:r.starts[from]])
		fmt.Fprintf(out, "[card number removed: %d digits]", n)
		from += n
		done = r.ends[from-1]
	}
	return done
}

// cardFrom returns how many digits the card number that begins at index from
// has, 0 when none begins there.
func (r *run) cardFrom(from int) int {
	for n := min(cardMax, len(r.digits)-from); n >= cardMin; n-- {
		if r.borders(from, n) && card(r.digits[from:from+n]) {
			return n
		}
	}
	return 0
}

// borders reports whether the n digits from index from on stand by themselves:
// a longer unbroken number is something else, such as a parcel code.
func (r *run) borders(from, n int) bool {
	last := from + n - 1
	before := from == 0 || r.ends[from-1] != r.starts[from]
	after := last == len(r.digits)-1 || r.ends[last] != r.starts[last+1]
	return before && after
}

// card reports whether the digits are a card number: first digits of an issuer
// that makes cards of this length, and the check digit.
func card(d []int) bool {
	return issued(d) && luhn(d)
}

// issued knows the ranges of the card schemes by their leading digits.
func issued(d []int) bool {
	switch n := len(d); d[0] {
	case 4:
		return n == 13 || n == 16 || n == 19
	case 3:
		return n >= 14
	case 5, 6:
		return true
	case 2:
		return n == 16 || n == 19
	case 8, 9:
		return n == 16
	}
	return false
}

// luhn checks the last digit against the others.
func luhn(d []int) bool {
	sum := 0
	for i := range d {
		v := d[len(d)-1-i]
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}
