package desk

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestSafeFileName(t *testing.T) {
	for in, want := range map[string]string{
		"receipt (2).pdf":                 "receipt (2).pdf",
		"Übersicht März.xlsx":             "Übersicht März.xlsx",
		"فاتورة.pdf":                      "فاتورة.pdf",
		"":                                "file",
		"...":                             "file",
		" . . ":                           "file",
		"/":                               "file",
		"../../etc/passwd":                "passwd",
		`..\..\windows\system32\a.dll`:    "a.dll",
		`C:\fakepath\cat.png`:             "cat.png",
		"..":                              "file",
		".bashrc":                         "bashrc",
		"a\x00b.txt":                      "ab.txt",
		"a\r\nSet-Cookie: x.txt":          "a Set-Cookie_ x.txt",
		"\x1b]0;owned\x07.txt":            "]0;owned.txt",
		"gpj\u202e.exe":                   "gpj.exe",
		"a\u200b\u2066b\ufeff.txt":        "ab.txt",
		"photo.jpg          .exe":         "photo.jpg.exe",
		"photo.jpg. . .":                  "photo.jpg",
		"photo. exe":                      "photo.exe",
		"a\u00a0\u2003b.txt":              "a b.txt",
		"CON":                             "_CON",
		"con.txt":                         "_con.txt",
		"Com1.tar.gz":                     "_Com1.tar.gz",
		"lpt³":                            "_lpt³",
		"nul .txt":                        "_nul.txt",
		"console.log":                     "console.log",
		"com10.txt":                       "com10.txt",
		"-rf":                             "_-rf",
		"~root":                           "_~root",
		`a<b>:"|?*.txt`:                   "a_b______.txt",
		"\xff\xfe.txt":                    "txt",
		strings.Repeat("a", 300) + ".pdf": strings.Repeat("a", 115) + ".pdf",
		strings.Repeat("ü", 300) + ".pdf": strings.Repeat("ü", 57) + ".pdf",
		strings.Repeat("a", 300):          strings.Repeat("a", 119),
		"a." + strings.Repeat("b", 300):   "a." + strings.Repeat("b", 117),
	} {
		if got := SafeFileName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func FuzzSafeFileName(f *testing.F) {
	for _, s := range []string{"a.txt", "../x", "CON.txt", "\u202egpj.exe", " . a . ", strings.Repeat("ü", 200) + ".pdf", "aux. .", "- .a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s := SafeFileName(in)
		switch {
		case s == "" || len(s) > FileNameMax || !utf8.ValidString(s):
			t.Errorf("%q becomes %q, of %d bytes", in, s, len(s))
		case strings.ContainsAny(s, `/\<>:"|?*`) || strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) }):
			t.Errorf("%q becomes %q, with a character that is not safe", in, s)
		case strings.Trim(s, " .") != s || strings.HasPrefix(s, "-"):
			t.Errorf("%q becomes %q, with an end that is not safe", in, s)
		case SafeFileName(s) != s:
			t.Errorf("%q becomes %q and then %q", in, s, SafeFileName(s))
		}
		base, _, _ := strings.Cut(s, ".")
		if isDevice(strings.ToUpper(strings.TrimSpace(base))) {
			t.Errorf("%q becomes the device %q", in, s)
		}
	})
}
