package tui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/inbox"
	"hark/tui/settings"
	"hark/tui/ui"
)

func TestThePaletteFindsAndRuns(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("palette").Sees("commands", " FIND ", "enter run", "Reply to the customer")
		c.Type("unass").Sees("Go to: unassigned").Key("enter")
		c.Sees("inbox·unassigned 2").Misses("enter run")
	})
}

func TestThePaletteWorksWhileWriting(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("half an ans").Press("palette").Type("resolve").Key("esc")
		c.Sees(" WRITE ", "half an ans").Misses("half an ansresolve")
		c.Press("palette").Type("reopen what").Key("enter").Sees("Resolved")
		if c.row("Lea Grün").Status != desk.StatusResolved {
			t.Error("the palette did not resolve")
		}
	})
}

func TestColonOpensThePaletteOnlyWhileNavigating(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Key(":").Sees("enter run").Key("esc").Misses("enter run")
		c.Press(inbox.ActReply).Type("Hello: you").Sees("Hello: you").Misses("enter run")
	})
}

func TestThePaletteSaysWhyNot(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("palette").Type("undo the last").Sees("disabled: ", "(nothing to undo)")
		c.Key("end").Key("enter").Sees("nothing to undo", "enter run")
	})
}

func TestThePaletteFindsConversationsViewsAndColleagues(t *testing.T) {
	at(t, setup{desk: func(e *desktest.Env) {
		shop(e)
		if err := e.As("ana").SaveView(context.Background(), "refunds this week", "tag:refund"); err != nil {
			panic(err)
		}
	}}, func(c *console) {
		c.Press("palette").Type("parcel").Sees("Mo Farouk: Hello, the parcel", `Search: "parcel" in all conversations`)
		c.Key("enter").Sees("2 Mo Farouk", "the parcel came damaged").Press("back")
		c.Press("palette").Type("parcel").Key("end").Key("enter").Sees("inbox·search 1", "Mo Farouk")
		c.Press("palette").Type("refunds").Sees("Go to view: refunds this week").Key("esc")
		c.Press("palette").Type("bo").Sees("Conversations of").Key("enter")
		c.Sees("Mo Farouk").Misses("Lea Grün")
	})
}

func TestRecentCommandsComeFirst(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("palette").Type("go to all").Key("enter").Press("palette")
		c.Sees("┃▌ Go to: all")
	})
}

func TestPasteInThePaletteSearchesAndNeverRuns(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("palette").Paste("go to all\n").Sees("enter run", "> go to all").Misses("inbox·all")
	})
}

func TestAPrefixSaysWhatMayFollow(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Key("g").Misses("g … go to").Wait(time.Second).Sees("g … go to", "NAV  g-", "m mine", "s settings", "n notifications")
		c.Key("esc").Misses("g … go to")
		c.Key("g").Key("?").Sees("g … go to").Key("a").Sees("inbox·all")
	})
}

func TestWhatWasSaidCanBeReadAgain(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("notifications").Sees("━ notifications ━", "Nothing yet").Key("esc")
		c.Press("undo").Sees("nothing to undo").Wait(5 * time.Second).Misses("nothing to undo")
		c.Press("notifications").Sees("12:52   nothing to undo")
	})
}

func TestASettingIsChosenInPlaceAndKept(t *testing.T) {
	at(t, setup{desk: shop, file: Console{Theme: "dark"}}, func(c *console) {
		c.Press("settings").Sees("settings", " SET ", "Colours", "the desk's file")
		c.Key("enter").Sees("contrast", "your choice")
		if got := c.env.As("ana").Preference(settings.Theme); got != "contrast" {
			t.Errorf("the desk keeps %q", got)
		}
		c.Key("r").Sees("the desk's file").Misses("your choice ")
		if got := c.env.As("ana").Preference(settings.Theme); got != "" {
			t.Errorf("the desk still keeps %q", got)
		}
	})
}

func TestAChoiceIsThereInTheNextConsole(t *testing.T) {
	likes := func(e *desktest.Env) {
		shop(e)
		for name, value := range map[string]string{settings.Glyphs: "ascii", settings.Mouse: settings.Off, settings.EnterSends: settings.Off} {
			if err := e.As("ana").Prefer(context.Background(), name, value); err != nil {
				panic(err)
			}
		}
	}
	at(t, setup{desk: likes}, func(c *console) {
		c.Sees("#= 1 Inbox").term.expect(t, "\x1b[?1006h", false)
		c.Press(inbox.ActReply).Type("x").Sees("ctrl+s sends")
	})
	at(t, setup{desk: likes, as: "bo"}, func(c *console) {
		c.Sees("━ 1 Inbox") // what ana likes is nothing to bo
	})
}

func TestAChoiceThatCannotBeKeptHoldsAndIsSaid(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "the disk is full; make room and try again"})
		c.Press("settings").Key("j").Key("enter").Key("esc")
		c.Sees("#= 1 Inbox").Press("notifications").Sees("holds in this console only", "the disk is full")
		c.env.Journal.Fail(nil)
	})
}

func TestEnterIsANewLineForWhoLikesItSo(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("palette").Type("settings: enter").Key("enter").Sees("sends; alt+enter").Key("enter").Sees("ctrl+s sends").Key("esc")
		c.Press(inbox.ActReply).Type("one").Sees("ctrl+s send").Key("enter").Type("two")
		if got := c.row("Lea Grün").Last; got != "can I change the address?" {
			t.Fatalf("enter sent %q", got)
		}
		c.Key("ctrl+s")
		if got := c.row("Lea Grün").Last; got != "one two" {
			t.Errorf("the desk has %q", got)
		}
	})
}

func TestKeysOfTheDesksOwn(t *testing.T) {
	keys := map[string]string{inbox.ActReply: "w", "customer": "", "redraw": "f5"}
	at(t, setup{desk: shop, keys: keys}, func(c *console) {
		c.Sees("w reply").Misses("r reply", "i customer")
		c.Key("i").Misses("Assignee").Key("w").Sees(" WRITE ").Key("esc")
		c.Press("help").Sees("w ", "no key").Key("esc")
		c.Press("palette").Type("reply to the")
		if line := c.Line("Reply to the customer"); !strings.Contains(line, " w ") {
			t.Errorf("the palette has %q", line)
		}
	})
}

func TestAKeyThatContradictsIsSaidAndNotTaken(t *testing.T) {
	at(t, setup{desk: shop, keys: map[string]string{inbox.ActReply: "e"}}, func(c *console) {
		c.Sees("a key of this desk is not taken", `reply: "e" is the key of resolve`)
		c.Key("r").Sees(" WRITE ")
	})
}

func TestCheckKeys(t *testing.T) {
	if p := CheckKeys(map[string]string{inbox.ActReply: "w", "quit": "ctrl+q", "nonsense": "x", inbox.ActResolve: "r"}); len(p) != 2 {
		t.Errorf("told %v", p)
	}
	if p := CheckKeys(nil); len(p) != 0 {
		t.Errorf("told %v without any key", p)
	}
}

func TestTheMouseIsOptional(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.term.expect(t, "\x1b[?1006h", true)
		c.Press("settings").Key("j").Key("j").Key("j").Key("enter").Sees("the terminal's own selection")
		c.term.expect(t, "\x1b[?1006l", true)
	})
	at(t, setup{desk: shop, file: Console{Mouse: settings.Off}}, func(c *console) {
		c.term.expect(t, "\x1b[?1006h", false)
	})
}

func TestAClickOutsideThrowsNothingAway(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("palette").Type("abc").Send("\x1b[<0;5;5M\x1b[<0;5;5m").Sees("> abc")
	})
}

func TestTheWheelMovesWhereItIs(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("palette")
		before := c.term.text()
		if c.Send("\x1b[<65;60;10M"); c.term.text() == before {
			t.Error("the wheel moved nothing")
		}
	})
}

// client is a person's machine that can do little.
type client struct {
	Client
	suspended int
	err       error
}

func (c *client) Suspend(context.Context) error { c.suspended++; return c.err }

func TestSuspendOnlyWhereItCan(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("suspend").Sees("runs over a connection")
	})
	cl := &client{}
	at(t, setup{desk: shop, local: true, client: cl}, func(c *console) {
		c.Press("suspend").Wait(time.Second)
		if cl.suspended != 1 {
			t.Fatalf("the client was suspended %d times", cl.suspended)
		}
		c.Sees("Lea Grün").Press(inbox.ActReply).Sees(" WRITE ") // the first key is not lost
		cl.err = errors.New("no job control")
		c.Press("suspend").Wait(time.Second).Sees("could not go into the background")
	})
}

func TestRedrawWorksAboveOverlays(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("palette").Type("abc")
		c.term.sent()
		c.Key("ctrl+l").Sees("> abc")
		if n := c.term.sent(); n < 2000 {
			t.Errorf("%d bytes were sent for a whole screen", n)
		}
	})
}

func TestReducedMotionKeepsMessages(t *testing.T) {
	at(t, setup{desk: shop, file: Console{Motion: settings.Reduced}}, func(c *console) {
		c.Press("undo").Wait(time.Minute).Sees("nothing to undo").Press("down").Misses("nothing to undo")
	})
}

func TestADumbTerminalGetsLetters(t *testing.T) {
	at(t, setup{desk: shop, env: []string{"TERM=dumb", "TZ=UTC"}}, func(c *console) {
		c.Sees("+- 2 Thread")
		for _, r := range c.term.text() {
			if r > 0x2000 {
				t.Fatalf("%q is on the screen of a dumb terminal", r)
			}
		}
	})
}

var _ ui.Suspender = (*client)(nil)
