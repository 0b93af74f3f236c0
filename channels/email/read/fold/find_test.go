package fold_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"hark/channels/email/read/clean"
	"hark/channels/email/read/fold"
	"hark/desk"
)

// example is a mail whose lines say by their first character what they are: "+"
// new, "Q" a quote, "S" a signature.
type example struct {
	name string
	o    fold.Options
	text string
	want []byte // per line
}

func examples(t *testing.T) []example {
	t.Helper()
	b, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	for s := range strings.Lines(string(b)) {
		if head, ok := strings.CutPrefix(s, "== "); ok {
			name, kind, _ := strings.Cut(strings.TrimSpace(head), " | ")
			all = append(all, example{name: name, o: fold.Options{Answer: kind == "", Forward: kind == "forward"}})
			continue
		}
		e := &all[len(all)-1]
		e.want = append(e.want, s[0])
		e.text += s[1:]
	}
	return all
}

// kinds says of each line what the folds make of it.
func kinds(text string, folds []desk.Fold) []byte {
	var all []byte
	at := 0
	for s := range strings.Lines(text) {
		kind := byte('+')
		for _, f := range folds {
			if at >= f.From && at < f.To {
				kind = map[desk.FoldKind]byte{desk.FoldQuote: 'Q', desk.FoldSignature: 'S'}[f.Kind]
			}
		}
		all = append(all, kind)
		at += len(s)
	}
	return all
}

// TestFind holds the folds to the examples: at least 95 of 100 right to the
// line, and in none of them a new line folded.
func TestFind(t *testing.T) {
	all := examples(t)
	right := 0
	for _, e := range all {
		got := kinds(e.text, fold.Find(e.text, e.o))
		wrong := ""
		for i, line := range strings.Split(strings.TrimSuffix(e.text, "\n"), "\n") {
			if strings.TrimSpace(line) == "" || got[i] == e.want[i] {
				continue
			}
			wrong += fmt.Sprintf("\n\t%c for %c: %s", got[i], e.want[i], line)
			if e.want[i] == '+' {
				t.Errorf("%s: a new line is folded: %s", e.name, line)
			}
		}
		if wrong == "" {
			right++
			continue
		}
		t.Logf("%s: not right:%s", e.name, wrong)
	}
	t.Logf("%d of %d are right", right, len(all))
	if len(all) < 60 || right*100 < len(all)*95 {
		t.Errorf("%d of %d examples are right", right, len(all))
	}
}

func TestMarks(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		marks func(text string) []desk.Fold
		want  string
	}{
		"a marked block": {
			"new\nold one\nold two\n", mark("old one\nold two\n", desk.FoldQuote), "+QQ",
		},
		"a marked block with an answer between": {
			"Bo wrote on 17 Nov 2026:\n> one\nan answer\n> two\n> three\n", mark("Bo wrote on 17 Nov 2026:\n> one\nan answer\n> two\n> three\n", desk.FoldQuote), "+++QQ",
		},
		"a marked signature": {
			"new\n\nAna\nShop\n", mark("Ana\nShop\n", desk.FoldSignature), "++SS",
		},
		"everything is marked": {"old\n", mark("old\n", desk.FoldQuote), "+"},
		"an empty line is no new text": {
			"\n\nold\n", mark("old\n", desk.FoldQuote), "+++",
		},
	} {
		got := string(kinds(c.text, fold.Find(c.text, fold.Options{Marks: c.marks(c.text), Answer: true})))
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// mark marks a part of a text as its HTML would.
func mark(part string, kind desk.FoldKind) func(string) []desk.Fold {
	return func(text string) []desk.Fold {
		i := strings.Index(text, part)
		return []desk.Fold{{From: i, To: i + len(part), Kind: kind}}
	}
}

func FuzzFind(f *testing.F) {
	b, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b), 3, 90, true)
	f.Add("a\n-- \nb\n> c\n", 0, 2, false)
	f.Fuzz(func(t *testing.T, text string, from, to int, answer bool) {
		text = clean.Text(text)
		o := fold.Options{Answer: answer}
		if 0 <= from && from < to && to <= len(text) {
			o.Marks = []desk.Fold{{From: from, To: to, Kind: desk.FoldQuote}}
		}
		at, shown := 0, ""
		for _, one := range fold.Find(text, o) {
			if one.From < at || one.To <= one.From || one.To > len(text) {
				t.Fatalf("fold %+v after %d in %d bytes", one, at, len(text))
			}
			if !utf8.ValidString(text[one.From:one.To]) || one.From > 0 && text[one.From-1] != '\n' {
				t.Fatalf("fold %+v is not of whole lines", one)
			}
			shown += text[at:one.From]
			at = one.To
		}
		if at > 0 && strings.TrimSpace(shown+text[at:]) == "" {
			t.Error("nothing is left to be shown")
		}
	})
}
