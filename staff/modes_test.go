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

func TestNumberedNames(t *testing.T) {
	for n, want := range map[int]string{1: "a.tar.gz", 2: "a.tar (2).gz"} {
		if got := numbered("a.tar.gz", n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
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
