package compose

import (
	"strings"
	"testing"
	"unicode/utf8"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// written returns an editor with a text, the cursor where the bar is.
func written(text string) *Editor {
	e := New()
	before, after, found := strings.Cut(text, "|")
	if !found {
		e.Set(text)
		return e
	}
	e.Set(before + after)
	e.pos = len(before)
	return e
}

// shown returns the text with a bar where the cursor is.
func shown(e *Editor) string { return e.text[:e.pos] + "|" + e.text[e.pos:] }

func TestEditing(t *testing.T) {
	tests := []struct {
		name     string
		from, to string
		do       func(*Editor)
	}{
		{"type", "ab|c", "abx|c", func(e *Editor) { e.Insert("x") }},
		{"type a line end", "ab|c", "ab\n|c", func(e *Editor) { e.Insert("\n") }},
		{"left over a family", "a👨‍👩‍👧|b", "a|👨‍👩‍👧b", (*Editor).Left},
		{"right over a marked letter", "|e\u0301x", "e\u0301|x", (*Editor).Right},
		{"left over a line end", "a\n|b", "a|\nb", (*Editor).Left},
		{"backspace takes a whole letter", "ae\u0301|b", "a|b", (*Editor).Backspace},
		{"backspace at the beginning", "|ab", "|ab", (*Editor).Backspace},
		{"backspace joins lines", "a\n|b", "a|b", (*Editor).Backspace},
		{"delete takes a flag", "|🇸🇪b", "|b", (*Editor).Delete},
		{"delete at the end", "ab|", "ab|", (*Editor).Delete},
		{"home and end", "one\ntw|o\nthree", "one\n|two\nthree", (*Editor).Home},
		{"end", "one\nt|wo\nthree", "one\ntwo|\nthree", (*Editor).End},
		{"word left", "hello, wor|ld", "hello, |world", (*Editor).WordLeft},
		{"word left over a comma", "hello, |world", "|hello, world", (*Editor).WordLeft},
		{"word left of Greek", "καλη μέρα|", "καλη |μέρα", (*Editor).WordLeft},
		{"word right", "hel|lo world", "hello| world", (*Editor).WordRight},
		{"word right to the end", "hello|  ", "hello  |", (*Editor).WordRight},
		{"cut a word", "one two|", "one |", (*Editor).KillWordLeft},
		{"cut the word behind", "|one two", "| two", (*Editor).KillWordRight},
		{"cut the line", "a\nbcd|e", "a\n|e", (*Editor).KillLine},
		{"cut the line end", "a\n|e", "a|e", (*Editor).KillLine},
		{"cut and put back", "one two|", "one two|", func(e *Editor) { e.KillWordLeft(); e.Yank() }},
		{"a mark typed by itself joins its letter", "e|x", "e\u0301|x", func(e *Editor) { e.Insert("\u0301") }},
		{"a mark without a letter is nothing", "|x", "|x", func(e *Editor) { e.Insert("\u0301") }},
		{"Thai typed key by key", "ก|", "กี่|", func(e *Editor) { e.Insert("ี"); e.Insert("่") }},
		{"a joiner that Persian needs", "می|", "می\u200cخ|", func(e *Editor) { e.Insert("\u200c"); e.Insert("خ") }},
		{"go to a place", "ab|c", "|abc", func(e *Editor) { e.GoTo(-3) }},
		{"go into a letter", "|ae\u0301b", "ae\u0301|b", func(e *Editor) { e.GoTo(2) }},
		{"go behind the end", "|abc", "abc|", func(e *Editor) { e.GoTo(99) }},
		{"take a field out", "for {order}| now", "for | now", func(e *Editor) { e.Remove(4, 11) }},
		{"take nothing out", "ab|c", "ab|c", func(e *Editor) { e.Remove(2, 1) }},
		{"pasted escapes are no escapes", "|", "ab|", func(e *Editor) { e.Insert("a\x1b[31mb") }},
		{"pasted line ends are one kind", "|", "a\nb\nc|", func(e *Editor) { e.Insert("a\r\nb\rc") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := written(tt.from)
			tt.do(e)
			if got := shown(e); got != tt.to {
				t.Errorf("%q became %q, want %q", tt.from, got, tt.to)
			}
		})
	}
}

func TestRowsUpAndDown(t *testing.T) {
	m := ui.ByGrapheme()
	e := written("hello there wor|ld\nab\nlonger line")
	const w = 11 // "hello there", "world", "ab", "longer line"
	steps := []struct {
		do   func(ui.Measure, int) bool
		want string
	}{
		{e.Up, "hel|lo there world\nab\nlonger line"},
		{e.Down, "hello there wor|ld\nab\nlonger line"},
		{e.Down, "hello there world\nab|\nlonger line"},
		{e.Down, "hello there world\nab\nlon|ger line"}, // the column is remembered
	}
	for i, s := range steps {
		if s.do(m, w); shown(e) != s.want {
			t.Fatalf("step %d: %q, want %q", i, shown(e), s.want)
		}
	}
	if e.Down(m, w) {
		t.Error("there is a row below the last")
	}
}

func TestDrawKeepsTheCursorInSight(t *testing.T) {
	e := New()
	e.Set(strings.Repeat("line\n", 50) + "end")
	m := ui.ByGrapheme()
	lines, x, y := e.Draw(m, 20, 4)
	if len(lines) != 4 || x != 3 || y != 3 || lines[3] != "end                 " {
		t.Errorf("%q, cursor at %d, %d", lines, x, y)
	}
	e.Start()
	if lines, x, y = e.Draw(m, 20, 4); x != 0 || y != 0 || lines[0] != "line                " {
		t.Errorf("%q, cursor at %d, %d", lines, x, y)
	}
}

func TestTextHasALimit(t *testing.T) {
	e := New()
	if !e.Insert(strings.Repeat("x", desk.TextLimit)) {
		t.Fatal("a text of the limit was refused")
	}
	if e.Insert("y") || len(e.Text()) != desk.TextLimit {
		t.Errorf("the text has %d bytes", len(e.Text()))
	}
}

// FuzzEditor presses random keys and holds the editor to this: the cursor is
// between letters, the text is fit to be sent, the drawing has its size.
func FuzzEditor(f *testing.F) {
	f.Add("hello 漢字 👨‍👩‍👧‍👦 e\u0301 world\nmore", []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, uint8(10))
	f.Add("שלום \u200d🇸🇪🇸 क्षि", []byte{1, 9, 1, 9, 0, 13, 13, 2, 2, 10}, uint8(3))
	f.Fuzz(func(t *testing.T, text string, keys []byte, width uint8) {
		if len(text) > 2000 || len(keys) > 200 {
			t.Skip("long enough otherwise")
		}
		e, w := New(), int(width%60)+2
		for i, k := range keys {
			at := 0
			if len(text) > 0 {
				at = i % len(text)
			}
			press(e, k, text[at:min(at+3+i%7, len(text))], w)
			sound(t, e, w)
		}
	})
}

func press(e *Editor, key byte, text string, w int) {
	for _, m := range []ui.Measure{ui.ByGrapheme()} {
		switch key % 16 {
		case 0, 1, 2:
			e.Insert(text)
		case 3:
			e.Insert("\n")
		case 4:
			e.Left()
		case 5:
			e.Right()
		case 6:
			e.Up(m, w)
		case 7:
			e.Down(m, w)
		case 8:
			e.Backspace()
		case 9:
			e.Delete()
		case 10:
			e.WordLeft()
		case 11:
			e.WordRight()
		case 12:
			e.KillWordLeft()
		case 13:
			e.KillLine()
		case 14:
			e.Yank()
		case 15:
			e.Home()
		}
	}
}

func sound(t *testing.T, e *Editor, w int) {
	t.Helper()
	if !utf8.ValidString(e.text) || e.pos < 0 || e.pos > len(e.text) {
		t.Fatalf("%q, cursor at %d", e.text, e.pos)
	}
	at := 0
	for at < e.pos {
		at += cluster(e.text[at:])
	}
	if at != e.pos {
		t.Fatalf("the cursor is inside a letter of %q: %d", e.text, e.pos)
	}
	m := ui.ByGrapheme()
	lines, x, y := e.Draw(m, w, 3)
	if len(lines) != 3 || x < 0 || x >= w || y < 0 || y >= 3 {
		t.Fatalf("%d lines, cursor at %d, %d of %dx3 for %q", len(lines), x, y, w, e.text)
	}
	for _, l := range lines {
		if m.Width(l) != w || safe.New(l).String() != l {
			t.Fatalf("a row of %q is %q: %d cells, want %d", e.text, l, m.Width(l), w)
		}
	}
}

func BenchmarkTyping(b *testing.B) {
	e := New()
	e.Set(strings.Repeat("I can see both charges; they are only reservations. ", 20))
	m := ui.ByGrapheme()
	b.ReportAllocs()
	for b.Loop() {
		e.Insert("x")
		e.Draw(m, 117, 3)
		e.Backspace()
	}
}

func TestTheStartOfAnEmptyLine(t *testing.T) {
	for text, want := range map[string]bool{"|": true, "a\n|": true, "a\n|\nb": true, "|a": false, "a|": false} {
		if got := written(text).AtLineStart(); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
