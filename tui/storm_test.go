package tui

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/inbox"
)

// TestAStormIsDrawnInFrames has a thousand messages a second arrive for five
// seconds: the console is told of them together, writes no more often than its
// frames, and shows the last one in the end.
func TestAStormIsDrawnInFrames(t *testing.T) {
	const seconds, each = 5, 1000
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("go.all")
		writes := c.term.written()
		for i := range seconds * each {
			c.env.Says(fmt.Sprintf("Visitor %d", i%40), fmt.Sprintf("storm %d", i))
			time.Sleep(time.Second / each)
		}
		if n := c.term.written() - writes; n > seconds*60 || n < seconds*10 {
			t.Errorf("%d frames in %d s; want some, and 60 a second at most", n, seconds)
		}
		c.settle()
		c.Press("first").Sees(fmt.Sprintf("storm %d", seconds*each-1))
		c.Press(inbox.ActReply).Type("still here").Sees("still here") // keys go through
	})
}

// TestTheFeedGathers counts the messages that the program gets in a storm.
func TestTheFeedGathers(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		changes, err := c.env.As("bo").Changes(feedLimit)
		if err != nil {
			t.Fatal(err)
		}
		defer changes.Close()
		sent, rows := 0, 0
		done := make(chan struct{})
		ctx, cancel := context.WithCancel(c.t.Context())
		defer cancel()
		f := newFeed(ctx, changes)
		end := func(m tea.Msg) {
			sent++
			rows += len(m.(inbox.Arrived).Rows)
			if rows == 2000 {
				close(done)
			}
		}
		go f.run(end)
		for range 2000 {
			c.env.Says("Lea Grün", "again")
			time.Sleep(time.Millisecond)
		}
		<-done
		if most := int(2*time.Second/gather) + 2; sent > most {
			t.Errorf("%d messages for 2,000 events in 2 s; want %d at most", sent, most)
		}
	})
}

// TestAFrameIsCheap holds one change and the picture after it to a
// millisecond, the middle of many.
func TestAFrameIsCheap(t *testing.T) {
	limit := time.Millisecond
	if raced {
		limit *= 20 // the detector makes everything slow
	}
	e := desktest.New(t)
	for i := range 2000 {
		e.Says(fmt.Sprintf("Visitor %d", i), "do you ship to Åland? My payment failed twice.")
	}
	m, done, err := NewModel(t.Context(), Options{
		Session: e.As("ana"), Width: 120, Height: 40, Env: []string{"TERM=xterm-256color", "COLORTERM=truecolor", "TZ=UTC"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	r := m.(*root)
	r.Update(keyMsg("g"))
	r.Update(keyMsg("a"))
	frame := func(name string, change func(i int)) {
		var took []time.Duration
		for i := range 300 {
			began := time.Now()
			change(i)
			r.View()
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		if mid := took[len(took)/2]; mid > limit {
			t.Errorf("%s: a frame takes %v, want %v at most", name, mid, limit)
		} else {
			t.Logf("%s: %v", name, mid)
		}
	}
	frame("rows arrive", func(i int) {
		id := e.Says(fmt.Sprintf("Visitor %d", i), "another word")
		r.Update(inbox.Arrived{Rows: []desk.Frame{{Row: e.State.Conversation(id)}}})
	})
	r.Update(tea.KeyPressMsg{Code: 'k', Mod: tea.ModCtrl})
	if r.top() == nil {
		t.Fatal("the palette did not open")
	}
	frame("the palette is open", func(int) { r.Update(tea.KeyPressMsg{Code: tea.KeyDown}) })
	frame("letters in the palette", func(i int) { r.Update(keyMsg(string(rune('a' + i%3)))); r.Update(keyMsg("backspace")) })
	frame("the palette over a list that moves", func(i int) {
		id := e.Says(fmt.Sprintf("Visitor %d", i), "another word")
		r.Update(inbox.Arrived{Rows: []desk.Frame{{Row: e.State.Conversation(id)}}})
	})
}
