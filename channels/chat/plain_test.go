package chat

import (
	"mime"
	"strings"
	"testing"
	"unicode"

	"hark/desk"
)

// FuzzDisposition: whatever a file is called, the header is one that every
// parser reads as an attachment with that very name.
func FuzzDisposition(f *testing.F) {
	for _, s := range []string{"a.txt", `a";b=c.html`, "é %41 \\.png", "فاتورة.pdf", "a'b*c+d.txt", "\U0001F600"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name := desk.SafeFileName(s)
		d := disposition(name)
		if strings.ContainsFunc(d, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Fatalf("%q gives a header with other than ASCII: %q", name, d)
		}
		kind, params, err := mime.ParseMediaType(d)
		if err != nil || kind != "attachment" || len(params) != 1 || params["filename"] != name {
			t.Errorf("%q is read as %s %q, %v", name, kind, params, err)
		}
	})
}

func FuzzPlainText(f *testing.F) {
	for _, s := range []string{"a\r\nb\rc\u2028d", "\x1b[2J\u202ea\u200d\ufeff", "\xff", "\u0085\u009b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plainText(s)
		bad := func(r rune) bool {
			return r != '\n' && r != '\t' && r != '\u200c' && r != '\u200d' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
		}
		if strings.ContainsFunc(got, bad) || plainText(got) != got {
			t.Errorf("%q becomes %q", s, got)
		}
		if strings.ContainsAny(plainLine(s), "\n\r\t") {
			t.Errorf("%q on one line is %q", s, plainLine(s))
		}
	})
}

func TestClientOf(t *testing.T) {
	a := clientOf(received{print: "p"})
	got := received{print: "p"}
	got.ID, got.Text = strings.Repeat("x", 500)+"é", "text"
	b := clientOf(got)
	got.Text = "other"
	if a == b || b == clientOf(got) || b != func() string { got.Text = "text"; return clientOf(got) }() {
		t.Error("other words are the same message, or the same words another")
	}
	got.ID = "é\x00 \n"
	if c := clientOf(got); len(c) > desk.ClientMax || strings.ContainsFunc(c+b, func(r rune) bool { return r <= ' ' || r > '~' }) {
		t.Errorf("the identifier is %q", c)
	}
}
