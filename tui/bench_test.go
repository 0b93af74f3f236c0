package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/inbox"
)

// busy returns the model on a desk with 10,000 conversations and one of them,
// with 500 messages, open.
func busy(b *testing.B) (*root, *desktest.Env) {
	b.Helper()
	e := desktest.New(b)
	for i := range 10_000 {
		e.Says(fmt.Sprintf("Visitor %d", i), "do you ship to Åland? My payment failed twice but my bank says both went through.")
	}
	for i := range 500 {
		e.Says("Talkative", fmt.Sprintf("message %d with some more words, so that it has to be wrapped in the pane", i))
	}
	o := Options{
		Session: e.As("ana"), Width: 120, Height: 40,
		Env: []string{"TERM=xterm-256color", "COLORTERM=truecolor", "TZ=UTC"},
	}
	m, done, err := NewModel(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(done)
	r := m.(*root)
	press(b, r, "g", "a")
	press(b, r, "enter")
	r.View()
	return r, e
}

// press presses keys and runs what follows from them to its end, timers left
// out.
func press(b *testing.B, r *root, keys ...string) {
	b.Helper()
	for _, k := range keys {
		_, cmd := r.Update(keyMsg(k))
		work(r, cmd)
	}
}

func keyMsg(name string) tea.KeyPressMsg {
	switch name {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	case "backspace":
		return tea.KeyPressMsg{Code: tea.KeyBackspace}
	}
	return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
}

// work runs the commands of the inbox; others are timers and questions to the
// terminal.
func work(r *root, cmd tea.Cmd) {
	if cmd == nil || r.chord.prefix != "" {
		return
	}
	msg := cmd()
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, c := range batch {
			work(r, c)
		}
		return
	}
	if strings.HasPrefix(fmt.Sprintf("%T", msg), "inbox.") {
		_, next := r.Update(msg)
		work(r, next)
	}
}

// BenchmarkView measures what a key press costs before the renderer: Update
// and View at 120x40.
func BenchmarkView(b *testing.B) {
	steps := []struct {
		name  string
		setup []string
		keys  []string
	}{
		{"unchanged", nil, nil},
		{"down and up in the list", []string{"esc"}, []string{"j", "k"}},
		{"scroll the thread", nil, []string{"k", "j"}},
		{"type a letter", []string{"r"}, []string{"x", "backspace"}},
	}
	for _, s := range steps {
		b.Run(s.name, func(b *testing.B) {
			r, _ := busy(b)
			press(b, r, s.setup...)
			if r.View().Content == "" {
				b.Fatal("nothing is drawn")
			}
			b.ReportAllocs()
			for b.Loop() {
				if s.keys == nil {
					r.View()
				}
				for _, k := range s.keys {
					r.Update(keyMsg(k))
					r.View()
				}
			}
			if n := len(s.keys); n > 1 {
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/key")
			}
		})
	}
}

// BenchmarkArrival measures a message in another conversation, which the whole
// list moves for.
func BenchmarkArrival(b *testing.B) {
	r, e := busy(b)
	id := e.Visitor(desktest.Token("Visitor 500")).Conversation
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		e.Says("Visitor 500", "another word")
		msg := inbox.Arrived{Rows: []desk.Frame{{Row: e.State.Conversation(id)}}}
		b.StartTimer()
		r.Update(msg)
		r.View()
	}
}

// BenchmarkResize measures a window that is dragged.
func BenchmarkResize(b *testing.B) {
	r, _ := busy(b)
	b.ReportAllocs()
	w := 0
	for b.Loop() {
		w = (w + 1) % 40
		r.Update(tea.WindowSizeMsg{Width: 120 + w, Height: 40})
		r.View()
	}
}

// letters returns the model with a conversation of 50 long mails open, of which
// each repeats the one before it.
func letters(b *testing.B) *root {
	b.Helper()
	e := desktest.New(b)
	m := newMailbox(e)
	line := strings.Repeat("the total of the invoice is wrong ", 3) + "\n"
	text := strings.Repeat(line, 8) + strings.Repeat("> "+line, 500)
	id := desk.ID{}
	for i := range 50 {
		in := desk.Incoming{
			ID: desk.DeriveID([]byte("mail"), []byte(fmt.Sprint(i))), Conversation: id, Text: text,
			Letter: desk.Letter{
				Account: "shop", Subject: "Invoice", From: desk.Address{Name: "Ana", Mail: "ana@ex.example"},
				Folds: []desk.Fold{desktest.FoldLines(text, 8, 508, desk.FoldQuote)},
			},
		}
		var err error
		if id, err = m.Receive(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
	o := Options{Session: e.As("ana"), Width: 120, Height: 40, Env: []string{"TERM=xterm-256color", "COLORTERM=truecolor", "TZ=UTC"}}
	model, done, err := NewModel(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(done)
	r := model.(*root)
	press(b, r, "enter")
	r.View()
	return r
}

// BenchmarkMail measures what a key costs in a conversation of long mails.
func BenchmarkMail(b *testing.B) {
	steps := []struct {
		name  string
		setup []string
		keys  []string
	}{
		{"scroll", nil, []string{"k", "j"}},
		{"unfold and fold", nil, []string{"enter", "enter"}},
		{"type a letter", []string{"r"}, []string{"x", "backspace"}},
	}
	for _, s := range steps {
		b.Run(s.name, func(b *testing.B) {
			r := letters(b)
			press(b, r, s.setup...)
			if !strings.Contains(r.View().Content, "quoted lines") {
				b.Fatal("no mail is drawn")
			}
			b.ReportAllocs()
			for b.Loop() {
				for _, k := range s.keys {
					r.Update(keyMsg(k))
					r.View()
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(s.keys)), "ns/key")
		})
	}
}
