package typo

import (
	"strings"
	"testing"
)

func TestDistance(t *testing.T) {
	long := strings.Repeat("x", 65)
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"reply", "reply", 0},
		{"reply", "rply", 1},
		{"kitten", "sitting", 3},
		{"tag", "gat", 2},
		{long, "x", 65},
		{"x", long, 65},
	} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q is %d, not %d", c.a, c.b, got, c.want)
		}
		if Distance(c.a, c.b) != Distance(c.b, c.a) {
			t.Errorf("%q and %q are not as far apart both ways", c.a, c.b)
		}
	}
}
