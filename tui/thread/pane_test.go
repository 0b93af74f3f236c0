package thread

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"

	"hark/desk"
	"hark/tui/ui"
)

var (
	me       = desk.Actor{Kind: desk.ActorAccount, ID: desk.DeriveID([]byte("me"))}
	customer = desk.DeriveID([]byte("customer"))
	began    = time.Date(2026, 11, 3, 9, 38, 0, 0, time.UTC)
)

func look() *ui.Look {
	return &ui.Look{Theme: ui.NewTheme(true, colorprofile.NoTTY), Measure: ui.ByGrapheme(), Glyphs: ui.Unicode(), Zone: time.UTC}
}

func names(a desk.Actor) string {
	if a.Kind == desk.ActorContact {
		return "Ana Björk"
	}
	return "bo"
}

func said(n uint64, text string) desk.Applied {
	return desk.Applied{Ord: n, Event: desk.Event{
		N: n, Seq: n + 100, At: began.Add(time.Duration(n) * time.Minute),
		Actor: desk.Actor{Kind: desk.ActorContact, ID: customer},
		Body:  desk.Message{Direction: desk.In, Channel: desk.Chat, Text: text},
	}}
}

func page(from, to uint64) []desk.Applied {
	var out []desk.Applied
	for n := from; n <= to; n++ {
		out = append(out, said(n, fmt.Sprintf("message %d", n)))
	}
	return out
}

func open(page []desk.Applied) *Pane {
	p := New(me, names)
	p.Open(&desk.Conversation{Name: "Ana Björk"}, page, 0, All)
	return p
}

func draw(p *Pane, l *ui.Look, w, h int) string {
	return strings.Join(p.Draw(l, began.Add(time.Hour), w, h), "\n")
}

func TestNothingIsDrawnTwice(t *testing.T) {
	p, l := open(page(1, 100)), look()
	now := began.Add(time.Hour)
	first := p.Draw(l, now, 50, 30)
	if again := p.Draw(l, now, 50, 30); &again[0] != &first[0] {
		t.Error("nothing changed, and the pane was composed again")
	}
	item := &p.items[99].drawn[0]
	p.Append(said(101, "one more"))
	if again := p.Draw(l, now, 50, 30); &again[0] == &first[0] {
		t.Error("a message came, and the drawing is the old one")
	}
	if &p.items[99].drawn[0] != item {
		t.Error("a message came, and the one before was drawn again")
	}
	for i := range 60 {
		if p.items[i].drawn != nil {
			t.Fatalf("message %d is far out of sight, and was drawn", i)
		}
	}
}

func TestGapIsNoticed(t *testing.T) {
	p := open(page(1, 10))
	if !p.Append(said(10, "again")) || len(p.items) != 10 {
		t.Error("an event that was here came twice")
	}
	if !p.Append(said(11, "next")) {
		t.Error("the next event was refused")
	}
	if p.Append(said(13, "after a gap")) {
		t.Error("a gap was not noticed")
	}
}

func TestRereadKeepsWhatCameMeanwhile(t *testing.T) {
	p, l := open(page(1, 10)), look()
	p.Send("on its way", nil, false, began)
	p.Reread(p.row, page(5, 12))
	p.Append(said(13, "message 13"))
	screen := draw(p, l, 50, 60)
	for _, words := range []string{"message 5", "message 12", "message 13", "on its way"} {
		if !strings.Contains(screen, words) {
			t.Errorf("%q is not there:\n%s", words, screen)
		}
	}
	if p.Newest() != 13 || p.Waiting() != 1 {
		t.Errorf("newest %d, waiting %d", p.Newest(), p.Waiting())
	}
}

func TestReadingUpIsNotDisturbed(t *testing.T) {
	p, l := open(page(1, 100)), look()
	draw(p, l, 50, 20)
	p.Scroll(60)
	before := draw(p, l, 50, 20)
	p.Append(said(101, "new"))
	p.Prepend(nil)
	if after := draw(p, l, 50, 20); after != before {
		t.Errorf("the lines moved:\n%s\n---\n%s", before, after)
	}
	p.Bottom()
	if !strings.Contains(draw(p, l, 50, 20), "new") {
		t.Error("the newest is not at the bottom")
	}
}

func TestNobodyScrollsPastTheEnds(t *testing.T) {
	p, l := open(page(1, 30)), look()
	draw(p, l, 50, 20)
	p.Scroll(10000)
	top := strings.Split(draw(p, l, 50, 20), "\n")
	if !strings.Contains(top[0], "── Tuesday 3 Nov ──") || strings.TrimSpace(top[19]) == "" && strings.TrimSpace(top[18]) == "" && strings.TrimSpace(top[17]) == "" {
		t.Errorf("the top is\n%s", strings.Join(top, "\n"))
	}
	p.Scroll(-10000)
	if !p.Following() {
		t.Error("the bottom does not follow")
	}
}

func TestShortThreadBeginsAtTheTop(t *testing.T) {
	p := open(page(1, 1))
	lines := strings.Split(draw(p, look(), 50, 20), "\n")
	if !strings.Contains(lines[0], "Tuesday") || strings.TrimSpace(lines[19]) != "" {
		t.Errorf("the screen is\n%s", strings.Join(lines, "\n"))
	}
}

func TestDaysAreApart(t *testing.T) {
	events := page(1, 2)
	events[1].At = events[1].At.Add(24 * time.Hour)
	screen := draw(open(events), look(), 50, 20)
	if strings.Count(screen, "── Tuesday 3 Nov ──") != 1 || strings.Count(screen, "── Wednesday 4 Nov ──") != 1 {
		t.Errorf("the screen is\n%s", screen)
	}
}

// FuzzPane does random things and holds the pane to this: it has its size, and
// going to the bottom shows the newest.
func FuzzPane(f *testing.F) {
	f.Add(uint64(1), uint8(50), uint8(20))
	f.Add(uint64(7), uint8(20), uint8(3))
	f.Fuzz(func(t *testing.T, seed uint64, width, height uint8) {
		w, h := int(width%120)+24, int(height%60)+1
		rnd := rand.New(rand.NewPCG(seed, 1))
		p, l := open(page(200, 230)), look()
		p.older = More
		oldest, newest := uint64(200), uint64(230)
		for range 60 {
			switch rnd.IntN(9) {
			case 0:
				newest++
				if rnd.IntN(3) == 0 {
					hidden := said(newest, "")
					hidden.Body = desk.Delivered{Ord: newest}
					p.Append(hidden)
					break
				}
				p.Append(said(newest, strings.Repeat("word ", rnd.IntN(60))+fmt.Sprint("m", newest)))
			case 1:
				if oldest > 10 {
					p.Prepend(page(oldest-10, oldest-1))
					oldest -= 10
				}
			case 2, 3:
				p.Scroll(rnd.IntN(40))
			case 4:
				p.Scroll(-rnd.IntN(40))
			case 5:
				p.Send("sending", nil, rnd.IntN(2) == 0, began)
			case 6:
				p.Sent()
			case 7:
				w, h = rnd.IntN(120)+24, rnd.IntN(60)+1
			case 8:
				p.SetTyping([]Writer{{Name: "Ana", Customer: true}}[:rnd.IntN(2)])
			}
			exact(t, p, l, w, h)
		}
		p.Bottom()
		p.SetTyping(nil)
		if exact(t, p, l, w, 400); !p.Following() {
			t.Fatal("the bottom does not follow")
		}
	})
}

func exact(t *testing.T, p *Pane, l *ui.Look, w, h int) {
	t.Helper()
	lines := p.Draw(l, began, w, h)
	if len(lines) != h {
		t.Fatalf("%d lines, want %d", len(lines), h)
	}
	for _, line := range lines {
		if l.Width(line) != w {
			t.Fatalf("%q has %d cells, want %d", line, l.Width(line), w)
		}
	}
	if p.idx < 0 || p.idx >= len(p.items) || p.skip < 0 {
		t.Fatalf("the edge is at %d of %d, %d", p.idx, len(p.items), p.skip)
	}
}
