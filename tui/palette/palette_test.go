package palette

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// labels returns what is shown for a query, the best first.
func labels(p *Palette) []string {
	var out []string
	for _, h := range p.hits {
		out = append(out, h.item.Label)
	}
	return out
}

func typed(p *Palette, words string) tea.Cmd {
	var last tea.Cmd
	for _, r := range words {
		cmd, _ := p.Key(tea.KeyPressMsg{Code: r, Text: string(r)})
		if cmd != nil {
			last = cmd
		}
	}
	return last
}

func items(names ...string) Source {
	return SourceFunc(func() []Item {
		var out []Item
		for _, n := range names {
			label, why, _ := strings.Cut(n, "|")
			out = append(out, Item{ID: label, Label: label, Why: why})
		}
		return out
	})
}

func open(recent *Recent, finder Finder, names ...string) *Palette {
	return New(context.Background(), []Source{items(names...)}, finder, recent, func(string) tea.Cmd { return nil })
}

func TestTheBestMatchComesFirst(t *testing.T) {
	tests := []struct{ query, want string }{
		{"res", "Resolve, or reopen what is resolved"},
		{"rc", "Reply to the customer"},
		{"gu", "Go to: unassigned"},
		{"note", "Write a note that only the team sees"},
		{"to me", "Assign: to me"},
		{"me assign", "Assign: to me"},
		{"SETT THEME", "Settings: theme"},
	}
	for _, tt := range tests {
		p := open(&Recent{}, nil,
			"Move: down", "Present colours", "Reply to the customer", "Write a note that only the team sees", "Resolve, or reopen what is resolved",
			"Assign: to me", "Assign: to nobody", "Go to: unassigned", "Go to: mine", "Settings: theme", "Unsettle the meter")
		typed(p, tt.query)
		if got := labels(p); len(got) == 0 || got[0] != tt.want {
			t.Errorf("%q finds %q, want %q first", tt.query, got, tt.want)
		}
	}
}

func TestWhatCannotBeDoneComesLastAndIsRefused(t *testing.T) {
	said := ""
	p := New(context.Background(), []Source{items("Refund|needs the billing role", "Referral, a longer name")}, nil, &Recent{},
		func(why string) tea.Cmd { said = why; return nil })
	typed(p, "ref")
	if got := labels(p); len(got) != 2 || got[1] != "Refund" {
		t.Fatalf("found %q; what cannot be done is not last", got)
	}
	p.Key(tea.KeyPressMsg{Code: tea.KeyDown})
	if _, done := p.Key(tea.KeyPressMsg{Code: tea.KeyEnter}); done || said != "needs the billing role" {
		t.Errorf("choosing it: done %v, said %q", done, said)
	}
}

func TestRecentUseDecidesBetweenEquals(t *testing.T) {
	var recent Recent
	p := open(&recent, nil, "Tag: refund", "Tag: return")
	if got := labels(p); got[0] != "Tag: refund" {
		t.Fatalf("at first %q", got)
	}
	recent.Use("Tag: return")
	p = open(&recent, nil, "Tag: refund", "Tag: return")
	if got := labels(p); got[0] != "Tag: return" {
		t.Errorf("without letters %q", got)
	}
	typed(p, "tag re")
	if got := labels(p); got[0] != "Tag: return" {
		t.Errorf("with letters %q", got)
	}
	typed(p, "f")
	if got := labels(p); got[0] != "Tag: refund" {
		t.Errorf("recent use beat a match: %q", got)
	}
}

func TestFoundConversationsJoinAndLateAnswersDoNot(t *testing.T) {
	finder := func(_ context.Context, query string) []Item {
		return []Item{{ID: "c:" + query, Label: "Conversation about " + query}}
	}
	p := open(&Recent{}, finder, "Go to: mine")
	late := typed(p, "lam")
	now := typed(p, "p")
	p.Update(late())
	if got := labels(p); len(got) != 0 {
		t.Fatalf("a late answer is shown: %q", got)
	}
	p.Update(now())
	if got := labels(p); len(got) != 1 || got[0] != "Conversation about lamp" {
		t.Errorf("found %q", got)
	}
	other := open(&Recent{}, finder, "x")
	other.Update(now())
	if len(other.found) != 0 {
		t.Error("an answer came to another palette")
	}
}

func TestTheChosenRowDoesNotMoveUnderTheFinger(t *testing.T) {
	finder := func(context.Context, string) []Item { return []Item{{ID: "c", Label: "lamps"}} }
	p := open(&Recent{}, finder, "a lamp", "the lamp")
	cmd := typed(p, "lamp")
	p.Key(tea.KeyPressMsg{Code: tea.KeyDown})
	before := p.hits[p.at].item.ID
	p.Update(cmd())
	if got := p.hits[p.at].item.ID; got != before {
		t.Errorf("enter would now run %q instead of %q", got, before)
	}
}

func TestScatteredLettersAreNoMatch(t *testing.T) {
	p := open(&Recent{}, nil, "Settings: colours, now auto", "Undo the last step|nothing to undo")
	typed(p, "undo the last")
	if got := labels(p); len(got) != 1 || got[0] != "Undo the last step" {
		t.Errorf("found %q", got)
	}
}

// FuzzFind holds matching to this: it never breaks, and what it says it matched
// are letters of the text, no more than were typed.
func FuzzFind(f *testing.F) {
	for _, s := range [][2]string{{"ref", "Insert canned reply: refund"}, {"å", "Åland"}, {"İ", "İi̇ stanbul"}, {"a  b", "b a"}, {"", ""}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		if !utf8.ValidString(query) || !utf8.ValidString(text) {
			return // text comes from safe.Text
		}
		m, ok := find(query, text)
		if !ok {
			return
		}
		runes := []rune(text)
		n := 0
		for range strings.Join(strings.Fields(strings.ToLower(query)), "") {
			n++
		}
		if len(m.at) > n {
			t.Fatalf("%d letters were matched of %d", len(m.at), n)
		}
		for _, i := range m.at {
			if i < 0 || i >= len(runes) {
				t.Fatalf("letter %d of %d was matched", i, len(runes))
			}
		}
	})
}

func BenchmarkRank(b *testing.B) {
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf("Insert canned reply: number %d about refunds and lamps", i))
	}
	p := open(&Recent{}, nil, names...)
	b.ReportAllocs()
	for b.Loop() {
		p.query = "canrepl 7"
		p.rank()
	}
}
