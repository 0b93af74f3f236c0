package staff

import (
	"slices"
	"testing"
)

func TestSplitReadsWhatAShellWould(t *testing.T) {
	cases := []struct {
		in   string
		want []string
	}{
		{``, nil},
		{`  `, nil},
		{`tail 7f3k`, []string{"tail", "7f3k"}},
		{" ls\t--json\n", []string{"ls", "--json"}},
		{`send 7f3k 'it''s $HOME'`, []string{"send", "7f3k", "its $HOME"}},
		{`send 7f3k "a \"b\" \n \$x"`, []string{"send", "7f3k", `a "b" \n $x`}},
		{`a\ b c\\d ''`, []string{"a b", `c\d`, ""}},
		{"a\\\nb", []string{"ab"}},
		{`x"y"'z'`, []string{"xyz"}},
	}
	for _, c := range cases {
		got, err := Split(c.in)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("Split(%q) = %q, %v; want %q", c.in, got, err, c.want)
		}
	}
	for _, bad := range []string{`'`, `"`, `a "b`, `\`, `"\`, `x'y`} {
		if got, err := Split(bad); err == nil {
			t.Errorf("Split(%q) = %q without an error", bad, got)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"tail 7f3k", `send x 'it'\''s'`, `"a\"b"`, "\x00 \xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		argv, err := Split(s)
		if err != nil {
			return
		}
		again, err := Split(Quote(argv))
		if err != nil || !slices.Equal(argv, again) {
			t.Errorf("%q became %q, then %q, %v", s, argv, again, err)
		}
		if one, err := Split(Quote([]string{s})); err != nil || len(one) != 1 || one[0] != s {
			t.Errorf("%q as one argument became %q, %v", s, one, err)
		}
	})
}
