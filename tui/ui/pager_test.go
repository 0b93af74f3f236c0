package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestAPagerScrollsWithinItsText(t *testing.T) {
	l := &Look{Theme: &Theme{}, Measure: ByGrapheme(), Glyphs: Unicode()}
	p := &Pager{Title: "raw", Text: strings.Repeat("line\n", 99) + "end"}
	size := Size{W: 60, H: 12}
	draw := func() string {
		lines, at := p.Draw(l, size)
		if len(lines) != size.H || at.W != size.W {
			t.Fatalf("%d lines in %+v", len(lines), at)
		}
		for _, line := range lines {
			if l.Width(line) != size.W {
				t.Fatalf("%q has %d cells", line, l.Width(line))
			}
		}
		return strings.Join(lines, "\n")
	}
	draw()
	for _, key := range []rune{'G', 'j', 'j'} {
		if _, done := p.Key(tea.KeyPressMsg{Code: key, Text: string(key)}); done {
			t.Fatalf("%q closed it", key)
		}
	}
	if screen := draw(); !strings.Contains(screen, "end") || !strings.Contains(screen, "91-100 of 100") {
		t.Errorf("at the end\n%s", screen)
	}
	p.Key(tea.KeyPressMsg{Code: 'g', Text: "g"})
	if screen := draw(); !strings.Contains(screen, "1-10 of 100") {
		t.Errorf("at the beginning\n%s", screen)
	}
	if _, done := p.Key(tea.KeyPressMsg{Code: tea.KeyEscape}); !done {
		t.Error("esc does not close it")
	}
	size = Size{W: 3, H: 1}
	p.Draw(l, size) // nothing breaks
}

func TestCountsAreReadable(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 30002: "30,002", 1234567: "1,234,567", -1234: "-1,234"} {
		if got := Count(n); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
}
