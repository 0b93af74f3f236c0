package clean_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"hark/channels/email/read/clean"
)

func TestText(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"ascii":             {"a\nb", "a\nb"},
		"crlf":              {"a\r\nb\rc\r\n", "a\nb\nc\n"},
		"separators":        {"a\u2028b\u2029c", "a\nb\nc"},
		"escape":            {"\x1b[31mred\x1b]0;title\x07", "[31mred]0;title"},
		"c1":                {"a\u009b31mb\u0085c", "a31mbc"},
		"nul and delete":    {"a\x00b\x7fc", "abc"},
		"override":          {"invoice\u202Efdp.exe", "invoicefdp.exe"},
		"isolates":          {"\u2066a\u2069\u200Fb\u061C", "ab"},
		"zero width":        {"p\u200Ba\u200By\uFEFFp\u2060al", "paypal"},
		"soft hyphen":       {"pay\u00ADpal", "paypal"},
		"family":            {"👩\u200D👧", "👩\u200D👧"},
		"persian":           {"می\u200Cخواهم", "می\u200Cخواهم"},
		"joiner run":        {"a\u200D\u200C\u200Db", "a\u200Db"},
		"joiner at the end": {"a\u200D b\u200C\n", "a b\n"},
		"tags":              {"a\U000E0041b", "ab"},
		"tab":               {"a\tb\n\tc", "a       b\n        c"},
		"not utf-8":         {"a\xffb", "a\uFFFDb"},
		"accents stay":      {"Grüße, 日本", "Grüße, 日本"},
	} {
		if got := clean.Text(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		" a  b ":             "a b",
		"a\r\n b":            "a b",
		"a\tb\u00a0c":        "a b c",
		"Re: \u202Ex\u200B ": "Re: x",
		"":                   "",
	} {
		if got := clean.Line(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{{"abc", 3, "abc"}, {"abc", 2, "ab"}, {"aü", 2, "a"}, {"ü", 1, ""}, {"日本", 5, "日"}, {"a", -1, ""}} {
		if got := clean.Cut(c.in, c.most); got != c.want {
			t.Errorf("%q at %d: got %q, want %q", c.in, c.most, got, c.want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\r\nb\x1b[0m\u202E\u200D\u200D👩\u200D👧\t\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := clean.Text(s)
		if !utf8.ValidString(got) {
			t.Errorf("%q is not UTF-8", got)
		}
		if again := clean.Text(got); again != got {
			t.Errorf("%q changes to %q when it is cleaned again", got, again)
		}
		if i := strings.IndexFunc(got, hidden); i >= 0 {
			t.Errorf("%q holds %U", got, []rune(got[i:])[0])
		}
		if line := clean.Line(s); strings.ContainsAny(line, "\n\t") || strings.IndexFunc(line, hidden) >= 0 {
			t.Errorf("%q is not one clean line", line)
		}
	})
}

// hidden is what must never come out, said otherwise than in the package.
func hidden(r rune) bool {
	return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u200B' || r == '\uFEFF'
}
