package safe

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

func TestNew(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain words stay", "do you ship to Åland?\nthanks", "do you ship to Åland?\nthanks"},
		{"colours go", "\x1b[31mred\x1b[0m", "red"},
		{"the title is not set", "a\x1b]0;owned\x07b", "ab"},
		{"the clipboard is not written", "a\x1b]52;c;aGFj\x1b\\b", "ab"},
		{"C1 as UTF-8 becomes visible", "a\u009d52;c;aGFj\u009cb", "a\uFFFD52;c;aGFj\uFFFDb"},
		{"CSI as UTF-8 becomes visible", "a\u009b2Jb", "a\uFFFD2Jb"},
		{"an unterminated OSC ends with its text", "a\x1b]0;never ends", "a"},
		{"links that lie lose their address", "\x1b]8;;https://evil.example\x1b\\bank\x1b]8;;\x1b\\", "bank"},
		{"carriage returns do not overwrite", "paid 100\rpaid 999", "paid 100\npaid 999"},
		{"every line end is one", "a\r\nb\u0085c\u2028d\u2029e", "a\nb\nc\nd\ne"},
		{"bell, backspace and nul become visible", "a\x07b\bc\x00", "a\uFFFDb\uFFFDc\uFFFD"},
		{"tabs have a width", "a\tb", "a    b"},
		{"bidi overrides go", "user\u202Egnp.exe", "usergnp.exe"},
		{"isolates go", "\u2066a\u2069", "a"},
		{"zero width goes", "pay\u200Bpal\uFEFF\u00AD", "paypal"},
		{"tag characters go", "hi\U000E0041\U000E0042", "hi"},
		{"blank letters go", "a\u3164b\u115F\u1160\uFFA0\u034F", "ab"},
		{"private use goes", "a\uE000b", "ab"},
		{"four marks stay", "e\u0301\u0302\u0303\u0304", "e\u0301\u0302\u0303\u0304"},
		{"forty marks become four", "e" + strings.Repeat("\u0301", 40), "e" + strings.Repeat("\u0301", 4)},
		{"a mark needs a base", "\u0301a\n\u0302b", "a\nb"},
		{"a family stays together", "👨\u200D👩\u200D👧", "👨\u200D👩\u200D👧"},
		{"a heart may be a picture, a digit not", "❤\uFE0F 1\uFE0F\u20E3", "❤\uFE0F 1\u20E3"},
		{"a joiner between letters goes", "a\u200Db", "ab"},
		{"a joiner at the end goes", "👨\u200D", "👨"},
		{"right to left needs no marks", "שלום עולם", "שלום עולם"},
		{"broken UTF-8 becomes visible", "a\xff\xfeb", "a\uFFFDb"},
		{"a sequence in a sequence leaves no escape", "\x1b\x1b[31m[31mx", "[31mx"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := New(tt.in).String(); got != tt.want {
				t.Errorf("New(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestNameShowsWhatWouldMislead(t *testing.T) {
	if got, want := Name("invoice\u202Egnp.exe\n").String(), "invoice\uFFFDgnp.exe"; got != want {
		t.Errorf("Name = %q, want %q", got, want)
	}
}

func TestLineIsOneLine(t *testing.T) {
	if got, want := Line("  a\nb\r\nc ").String(), "a b c"; got != want {
		t.Errorf("Line = %q, want %q", got, want)
	}
}

func TestInputKeepsJoiners(t *testing.T) {
	persian := "می\u200Cخواهم"
	if got := Input(persian); got != persian {
		t.Errorf("Input(%q) = %q", persian, got)
	}
	if got := Input("a\x1b[2Jb\u202E"); got != "ab" {
		t.Errorf("Input keeps escapes: %q", got)
	}
}

func TestLimits(t *testing.T) {
	long := New(strings.Repeat("é", LineLimit+50)).String()
	if n := utf8.RuneCountInString(long); n != LineLimit || !strings.HasSuffix(long, ellipsis) {
		t.Errorf("a line has %d runes, want %d and an ellipsis", n, LineLimit)
	}
	if got := New(strings.Repeat("line\n", TextLimit)).String(); len(got) > TextLimit {
		t.Errorf("a text has %d bytes, want at most %d", len(got), TextLimit)
	}
}

// hostile is what strangers send, by name.
func hostile() []string {
	return []string{
		"", "plain", "\x1b[31mred", "\x1b]0;t\x07", "\x1b]52;c;eA==\x1b\\", "\u009d52;c;eA==\u009c", "\x9b2J", "\x1bP1;2q\x1b\\",
		"\x1b_Gq=1\x1b\\", "a\rb", "\x1b]0;unterminated", "e" + strings.Repeat("\u0301", 40), "\u202Eabc", "👨‍👩‍👧‍👦", "❤️", "🇸🇪", "🇸",
		"漢字", "ＷＩＤＥ", "\u0600x", "ൎക", "한글", "क्षि", "נקודות", "\U000E0041", "\xf0\x28\x8c\x28", "a\u200Db", "1️⃣", "☎︎", "👍🏽",
		"\u0D4E", "\u200d", "\u0301", "ก็็็็็็็็", "\U0001F468\u200D", "\u1100\u1161\u11A8", "\u1100", "\U000111C2", "\U000113CD", "🏽", "ﾞｶﾞ",
	}
}

func FuzzNew(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		check(t, New(s))
		check(t, Line(s))
		check(t, Name(s))
		if again := New(New(s).String()); again != New(s) {
			t.Errorf("New is not idempotent: %q then %q", New(s), again)
		}
		if again := Name(Name(s).String()); again != Name(s) {
			t.Errorf("Name is not idempotent: %q then %q", Name(s), again)
		}
		if got := Line(s).String(); strings.Contains(got, "\n") {
			t.Errorf("Line has several lines: %q", got)
		}
		if again := Input(Input(s)); again != Input(s) {
			t.Errorf("Input is not idempotent: %q then %q", Input(s), again)
		}
	})
}

// check holds a Text to what it promises.
func check(t *testing.T, text Text) {
	t.Helper()
	if !utf8.ValidString(text.String()) {
		t.Errorf("not UTF-8: %q", text)
	}
	if len(text.String()) > TextLimit {
		t.Errorf("%d bytes", len(text.String()))
	}
	for _, line := range text.Lines() {
		checkLine(t, line)
	}
}

func checkLine(t *testing.T, line string) {
	t.Helper()
	for _, r := range line {
		if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Cf, r) && r != zwj {
			t.Errorf("%U got through in %q", r, line)
		}
	}
	if n := utf8.RuneCountInString(line); n > LineLimit {
		t.Errorf("a line has %d runes", n)
	}
	// What stands before and after keeps its own cells.
	for _, m := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
		w := m.StringWidth(line)
		if got := m.StringWidth("│" + line + "│"); got != w+2 {
			t.Errorf("method %d: the frame around %q has %d cells, want %d", m, line, got, w+2)
		}
		if got := m.StringWidth(" " + line + " "); got != w+2 {
			t.Errorf("method %d: blanks around %q make %d cells, want %d", m, line, got, w+2)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for name, s := range map[string]string{
		"ascii": strings.Repeat("My payment failed twice, card ending 4242. ", 20),
		"mixed": strings.Repeat("Grüße aus Åland 👋 漢字 ", 30),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			for b.Loop() {
				New(s)
			}
		})
	}
}

// TestEveryRune holds the promise for each rune at the edges of a text, where
// the frame of a pane stands next to it.
func TestEveryRune(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a few seconds")
	}
	for r := rune(0); r <= 0x3FFFF; r++ {
		line := New(string(r)).String()
		if line == "\n" {
			continue
		}
		if checkLine(t, line); t.Failed() {
			t.Fatalf("%U alone", r)
		}
	}
}
