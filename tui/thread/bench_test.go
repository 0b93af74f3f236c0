package thread

import (
	"fmt"
	"testing"
	"time"

	"hark/desk"
	"hark/tui/ui"
)

// long returns an open thread of n messages, all of them loaded, one in fifty
// moved in from elsewhere.
func long(n int) (*Pane, *ui.Look) {
	p := New(desk.Actor{Kind: desk.ActorAccount, ID: desk.NewID()}, func(desk.Actor) string { return "somebody" })
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	page := make([]desk.Applied, n)
	for i := range page {
		m := desk.Message{
			Direction: desk.In, Channel: desk.Chat,
			Text: fmt.Sprintf("message %d with some more words, so that it has to be wrapped in the pane: Åland, 漢字", i),
		}
		var body desk.Body = m
		if i%50 == 49 {
			body = desk.MovedIn{From: desk.NewID(), Item: desk.NewID(), At: at, Who: desk.ActorContact, Message: &m}
		}
		page[i] = desk.Applied{Event: desk.Event{ID: desk.NewID(), N: uint64(i + 1), At: at.Add(time.Duration(i) * time.Minute), Body: body}}
	}
	p.Open(&desk.Conversation{ID: desk.NewID(), N: uint64(n), Name: "Ana"}, page, 0, All)
	look := &ui.Look{Theme: &ui.Theme{}, Measure: ui.ByGrapheme(), Glyphs: ui.Unicode(), Zone: time.UTC}
	p.Draw(look, at, 52, 32)
	return p, look
}

// BenchmarkLongThread measures what a key or a message costs in a thread of
// 5,000 messages.
func BenchmarkLongThread(b *testing.B) {
	at := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	steps := map[string]func(*Pane, *ui.Look, int){
		"unchanged": func(*Pane, *ui.Look, int) {},
		"scroll": func(p *Pane, _ *ui.Look, i int) {
			if i%2000 < 1000 {
				p.Scroll(3)
			} else {
				p.Scroll(-3)
			}
		},
		"resize": func(p *Pane, l *ui.Look, i int) { p.Draw(l, at, 52+i%40, 32) },
		"a message": func(p *Pane, _ *ui.Look, i int) {
			n := p.Newest() + 1
			p.Append(desk.Applied{Event: desk.Event{ID: desk.NewID(), N: n, At: at, Body: desk.Message{Direction: desk.In, Text: "hello"}}})
		},
		"from end to end": func(p *Pane, _ *ui.Look, i int) {
			if i%2 == 0 {
				p.Top()
			} else {
				p.Bottom()
			}
		},
	}
	for name, step := range steps {
		b.Run(name, func(b *testing.B) {
			p, look := long(5000)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				step(p, look, i)
				p.Draw(look, at, 52, 32)
			}
		})
	}
}

// TestALongThreadIsDrawnInTime holds a generous bound: what is out of sight
// must cost nothing.
func TestALongThreadIsDrawnInTime(t *testing.T) {
	p, look := long(5000)
	at := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	best := time.Hour
	for i := range 50 {
		began := time.Now()
		p.Scroll(5 - 10*(i%2))
		p.Draw(look, at, 52, 32)
		best = min(best, time.Since(began))
	}
	if best > 5*time.Millisecond {
		t.Errorf("a drawing took %s at best", best)
	}
}
