package e2e_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"hark/channels/chat/visitor"
)

// What is said in the test is said nowhere else in the program, so that it can
// be looked for.
const (
	hello      = "Ahoy, does the brass lantern float if it falls overboard?"
	answer     = "It does, for about nine minutes."
	thanks     = "Splendid, that is eight more than I need."
	cutOff     = "Can you still read me, out here past the breakwater?"
	fromShore  = "Loud and clear, skipper."
	afterKill  = "The lights went out, did you get this?"
	stillThere = "We did, every word."
	teamNote   = "Skipper owes us for the kippers, be gentle."
	stranger   = "Bartholomew Quillfeather"
)

// A visitor in a real browser and an agent at a real terminal talk to each
// other while pages are loaded again, the wire is cut and the hub is killed.
// Nothing is lost, nothing comes twice, and nothing of it can be read on disk.
func TestAConversationSurvivesEverything(t *testing.T) {
	w := newWorld(t)
	visitor := w.visit("/lamps/fjord")
	agent := w.console(nil)
	agent.sees("HARK")
	agent.keys("gu")

	visitor.opens()
	visitor.must(visitor.Click("textbox", "Your name (optional)"))
	visitor.must(visitor.Keys(stranger))
	visitor.writes(hello)
	agent.sees(stranger)
	agent.keys("\r")
	agent.sees("brass lantern")
	agent.replies(answer)
	visitor.shows(hello, answer)

	t.Log("the page is loaded again")
	visitor.must(visitor.Go(visitor.url))
	visitor.opens()
	visitor.shows(hello, answer)
	visitor.writes(thanks)
	agent.sees("eight more")
	visitor.shows(hello, answer, thanks)

	t.Log("the wire is cut, and both write")
	w.wire.cut()
	visitor.writes(cutOff)
	agent.replies(fromShore)
	agent.sees(fromShore)
	w.wire.mend()
	agent.sees("breakwater")
	visitor.shows(hello, answer, thanks, fromShore, cutOff)

	t.Log("the hub is killed, and the visitor writes")
	w.kill()
	visitor.writes(afterKill)
	agent.closes()
	w.open()
	agent = w.console(nil)
	agent.sees("HARK")
	agent.keys("gm")
	agent.sees(stranger)
	agent.keys("\r")
	agent.sees("lights went out")
	agent.replies(stillThere)
	all := []string{hello, answer, thanks, fromShore, cutOff, afterKill, stillThere}
	visitor.shows(all...)
	visitor.must(visitor.Go(visitor.url))
	visitor.opens()
	visitor.shows(all...)

	id := w.only()
	w.hark("note", id, teamNote)
	agent.sees("kippers")
	w.holds(id, all)
	visitor.shows(all...)
	agent.closes()
	w.stop()
	w.keepsSecret(append(all, teamNote, stranger, "/lamps/fjord", "Ana Ek")...)
}

// closes leaves the console, or sees that it has ended with its hub.
func (c *console) closes() {
	c.t.Helper()
	_ = c.Type("\x03") // it may have ended
	_ = c.Type("\x03")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.Ended(ctx); ctx.Err() != nil {
		c.t.Fatalf("the console does not close: %v\n%s", err, c.Text())
	}
}

// only returns the one conversation of the desk.
func (w *world) only() string {
	w.t.Helper()
	ids := w.conversations()
	if len(ids) != 1 {
		w.t.Fatalf("there are %d conversations, want 1", len(ids))
	}
	return ids[0]
}

// holds checks that the journal has these messages, in this order, once.
func (w *world) holds(id string, texts []string) {
	w.t.Helper()
	var got []string
	for _, s := range w.journaled(id) {
		got = append(got, s.Text)
	}
	if !slices.Equal(got, texts) {
		w.t.Errorf("the journal has\n\t%q\nwant\n\t%q", got, texts)
	}
}

// Many visitors write while the hub is killed again and again. Each of them
// writes in order, and of what they wrote the desk has everything, once.
func TestKillsUnderLoadLoseNothing(t *testing.T) {
	w := newWorld(t)
	const visitors, each = 12, 25
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	clients := make([]*visitor.Client, visitors)
	for i := range clients {
		clients[i] = w.client(ctx, visitor.Options{Name: fmt.Sprintf("Skipper %d", i)})
	}
	talk := make(chan struct{})
	go func() {
		defer close(talk)
		for n := range each {
			for i, c := range clients {
				if _, err := c.Say(fmt.Sprintf("%d of %d", n, i)); err != nil {
					t.Error(err)
				}
			}
			time.Sleep(120 * time.Millisecond)
		}
	}()
	for range 4 {
		time.Sleep(600 * time.Millisecond)
		w.kill()
		w.open()
	}
	<-talk
	for i, c := range clients {
		w.until(ctx, fmt.Sprintf("visitor %d has been heard", i), func() bool { return c.Waiting() == 0 })
	}
	for i, c := range clients {
		id, _ := c.Conversation()
		want := make([]string, each)
		for n := range want {
			want[n] = fmt.Sprintf("%d of %d", n, i)
		}
		w.holds(id, want)
		if s := c.Stats(); s.Gaps > 0 {
			t.Errorf("visitor %d saw %d gaps", i, s.Gaps)
		}
	}
}

// client is a visitor without a browser.
func (w *world) client(ctx context.Context, o visitor.Options) *visitor.Client {
	w.t.Helper()
	o.Hub, o.Origin, o.RetryMax = w.wire.url(), w.shop.Origin(), time.Second
	c, err := visitor.New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	go func() { defer close(ended); _ = c.Run(ctx) }() // it ends with ctx and says so
	w.t.Cleanup(func() { cancel(); <-ended })
	return c
}

func (w *world) until(ctx context.Context, what string, ok func() bool) {
	w.t.Helper()
	for !ok() {
		select {
		case <-ctx.Done():
			w.t.Fatal("waited in vain until " + what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
