package staff

import (
	"strings"
	"testing"
)

func TestModesAreLeftAndEntered(t *testing.T) {
	m := newModes()
	for _, part := range []string{"\x1b[?10", "49h\x1b[?25l\x1b[?2004;1004h", "\x1b[?1004l\x1b[=3;1u\x1b[>4;2m\x1b[5 q", "words\x1b]0;title\x07\x1b[?2026h"} {
		m.follow([]byte(part))
	}
	if got, want := m.leave(), "\x1b[?2026l\x1b[=0;1u\x1b[>4m\x1b[0 q\x1b[?2004l\x1b[?25h\x1b[?1049l\x1b[0m\r"; got != want {
		t.Errorf("leave\n%q\n%q", got, want)
	}
	if got, want := m.enter(), "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[=3;1u\x1b[>4;2m\x1b[5 q\x1b[0m\x1b[2J\x1b[H"; got != want {
		t.Errorf("enter\n%q\n%q", got, want)
	}
}

func TestFileNames(t *testing.T) {
	long := strings.Repeat("é", 300)
	for in, want := range map[string]string{
		"invoice.pdf": "invoice.pdf", "../../etc/passwd": "passwd", `C:\x\y.txt`: "y.txt", ".bashrc": "bashrc", "": "file",
		"...": "file", "a\x1b[2Jb": "a_[2Jb", "x\u202egpj.exe": "x_gpj.exe", "-rf": "rf", "a/": "file", " a ": "a", "\xff.txt": "_.txt",
		long + ".pdf": strings.Repeat("é", 98) + ".pdf",
	} {
		if got := fileName(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
	if numbered("a.tar.gz", 3) != "a.tar (3).gz" || numbered("a", 1) != "a" {
		t.Error(numbered("a.tar.gz", 3))
	}
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"a.b", "..", "/", "\x00", "\u202e", strings.Repeat("\U0001F600", 80)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := fileName(s)
		if n == "" || len(n) > fileNameMax || strings.ContainsAny(n, "/\\\x00") || n[0] == '.' || n[0] == '-' || strings.ContainsFunc(n, hidden) || fileName(n) != n {
			t.Errorf("%q became %q", s, n)
		}
	})
}

func FuzzLink(f *testing.F) {
	for _, s := range []string{"https://x.example/?a#b", "http://[::1]:80/", "HTTPS://X", "http://a@b", "//x", "https:x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := link(s)
		if err != nil {
			return
		}
		if !strings.HasPrefix(l, "http://") && !strings.HasPrefix(l, "https://") || strings.ContainsFunc(l, hidden) || strings.Contains(l, " ") {
			t.Errorf("%q became %q", s, l)
		}
		if again, err := link(l); err != nil || again != l {
			t.Errorf("%q became %q and then %q, %v", s, l, again, err)
		}
	})
}
