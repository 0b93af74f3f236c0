package ui

import (
	"slices"
	"strings"
	"testing"

	"hark/tui/safe"
)

func TestWrap(t *testing.T) {
	tests := []struct {
		name string
		in   string
		w    int
		want []string
	}{
		{"short", "hello", 10, []string{"hello"}},
		{"at a blank", "hello there you", 11, []string{"hello there", "you"}},
		{"a word too long", "abcdefghij kl", 4, []string{"abcd", "efgh", "ij", "kl"}},
		{"a long word moves down first", "to abcdef", 6, []string{"to", "abcdef"}},
		{"lines stay", "a\n\nb", 5, []string{"a", "", "b"}},
		{"indentation stays", "  a b", 10, []string{"  a b"}},
		{"wide letters", "漢字漢字", 5, []string{"漢字", "漢字"}},
		{"blanks hang over", "ab    cd", 3, []string{"ab", "cd"}},
		{"nothing", "", 5, []string{""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ByGrapheme().Wrap(tt.in, tt.w); !slices.Equal(got, tt.want) {
				t.Errorf("Wrap = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFit(t *testing.T) {
	m := ByGrapheme()
	for in, want := range map[string]string{"ab": "ab   ", "abcde": "abcde", "abcdef": "abcd…", "漢字漢": "漢字…", "漢字漢字": "漢字…", "ab漢字": "ab漢…"} {
		if got := m.Fit(in, 5); got != want {
			t.Errorf("Fit(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPicturesAreTakenApartWhereTerminalsDisagree(t *testing.T) {
	m := ByCodePoint()
	for in, want := range map[string]string{
		"👩\u200d👩\u200d👧": "👩👩👧    ", "👍🏽!": "👍!       ", "🇸🇪 x": "SE x      ", "❤\ufe0f": "❤         ",
	} {
		if got := m.Fit(in, 10); got != want {
			t.Errorf("Fit(%q) = %q, want %q", in, got, want)
		}
		if got := ByGrapheme().Cut(in, 10); got != in {
			t.Errorf("Cut(%q) = %q where clusters count", in, got)
		}
	}
}

func TestJoinDropsWhatDoesNotFit(t *testing.T) {
	m := ByGrapheme()
	if got := m.Join([]string{"reply", "a very long part", "end"}, " · ", 12); got != "reply · end" {
		t.Errorf("Join = %q", got)
	}
	if got := m.Join([]string{"reply to somebody"}, " · ", 8); got != "reply t…" {
		t.Errorf("Join = %q", got)
	}
}

// FuzzWrap holds wrapping to this: nothing is lost, nothing is too wide, and
// what is drawn has exactly the cells it was given.
func FuzzWrap(f *testing.F) {
	for _, s := range []string{"hello there", "漢字 漢字漢字", "👨‍👩‍👧‍👦 family", "a\n b\n\n", "क्षि স্ত্রী", strings.Repeat(" x", 40), "e\u0301\u0301"} {
		f.Add(s, uint8(7))
	}
	f.Fuzz(func(t *testing.T, s string, width uint8) {
		w := int(width%100) + 1
		for _, text := range []string{safe.New(s).String(), safe.Line(s).String()} {
			for _, m := range []Measure{ByGrapheme(), ByCodePoint()} {
				hold(t, m, text, w)
			}
		}
	})
}

func hold(t *testing.T, m Measure, text string, w int) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		at := 0
		for _, sp := range m.Spans(line, w) {
			if sp.Start != at || sp.End < at || sp.End > len(line) {
				t.Fatalf("Spans(%q, %d) leaves a gap: %v", line, w, m.Spans(line, w))
			}
			piece := strings.TrimRight(line[sp.Start:sp.End], " ")
			if got := m.Width(piece); got > w && m.First(piece) < len(piece) {
				t.Fatalf("a piece of %q has %d cells of %d: %q", line, got, w, piece)
			}
			if got := m.Width(m.Fit(piece, w)); got != w {
				t.Fatalf("Fit(%q, %d) has %d cells", piece, w, got)
			}
			at = sp.End
		}
		if at != len(line) {
			t.Fatalf("Spans(%q, %d) ends at %d", line, w, at)
		}
	}
}

func BenchmarkWrap(b *testing.B) {
	text := strings.Repeat("My payment failed twice, card ending 4242. ", 20)
	m := ByGrapheme()
	b.ReportAllocs()
	for b.Loop() {
		m.Wrap(text, 60)
	}
}
