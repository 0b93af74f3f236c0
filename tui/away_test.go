package tui

import (
	"strings"
	"testing"
	"time"
)

// blur and focus are what a terminal sends when it loses and gets the focus.
const (
	blur  = "\x1b[O"
	focus = "\x1b[I"
)

func TestSomebodyElsewhereIsToldByCountsOnly(t *testing.T) {
	at(t, setup{desk: shop, env: []string{"TERM=xterm-kitty", "TZ=UTC"}}, func(c *console) {
		c.env.Says("Lea Grün", "while she looks")
		c.settle()
		c.term.expect(t, "\x1b]99;", false)
		c.Send(blur)
		c.env.Says("Zoë Secret", "my card is 4242")
		c.settle()
		c.term.expect(t, "\x1b]99;i=hark;hark: 1 new\x1b\\", true)
		c.env.Says("Nils", "and me")
		c.env.Says("Nils", "again")
		c.Wait(10 * time.Second)
		if n := strings.Count(c.term.sentText(), "\x1b]99;"); n != 1 {
			t.Fatalf("%d notifications within ten seconds", n)
		}
		c.Wait(30*time.Second).term.expect(t, "\x1b]99;i=hark;hark: 2 new\x1b\\", true)
		for words := range strings.SplitSeq(c.term.sentText(), "\x1b]99;") {
			if note, _, ok := strings.Cut(words, "\x1b\\"); ok && strings.HasPrefix(note, "i=hark") && strings.ContainsAny(note, "Z4") {
				t.Errorf("a notification says %q", note)
			}
		}
		c.Send(focus).Sees("while you were away: 2 new")
	})
}

func TestAnOfferIsToldAsOne(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Send(blur)
		me := c.env.State.AccountNamed("ana").ID
		if err := c.env.Offer(c.t.Context(), c.row("Visitor 8841").ID, me, time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		before := strings.Count(c.term.sentText(), "\a")
		c.settle()
		if strings.Count(c.term.sentText(), "\a") == before {
			t.Error("the bell was not rung")
		}
		c.Send(focus).Sees("while you were away: 1 offer")
	})
}

func TestNotificationsCanBeTurnedOff(t *testing.T) {
	at(t, setup{desk: shop, file: Console{Notify: "off"}}, func(c *console) {
		before := strings.Count(c.term.sentText(), "\a") // titles end in one
		c.Send(blur)
		c.env.Says("Nils", "hello")
		c.Wait(time.Minute)
		if strings.Count(c.term.sentText(), "\a") != before {
			t.Error("the bell was rung")
		}
		c.Send(focus).Sees("while you were away: 1 new")
	})
}
