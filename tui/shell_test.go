package tui

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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

// TestHostileTextInOverlays opens everything that lies over the screen on a desk
// where every name and word is hostile.
func TestHostileTextInOverlays(t *testing.T) {
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			s := setup{desk: evil(text), size: Size{W: 80, H: 24}, facts: []DeskSetting{{text, text, text}}, filePath: text}
			at(t, s, func(c *console) {
				c.Press("palette").Paste(pasteable(text))
				framed(c)
				c.Key("ctrl+u").Type("evil").Key("end")
				framed(c)
				c.Key("esc").Press("settings")
				framed(c)
				c.Key("end")
				framed(c)
				c.Key("esc").Press(inbox.ActResolve).Press("notifications")
				framed(c)
				c.Key("esc").Sees(" NAV ")
			})
		})
	}
}

// pasteable is what terminals pass on of a text that is pasted: a paste must
// not be able to end itself.
func pasteable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, valid(s))
}

// framed checks that the overlay's frame is whole and that nothing of what
// strangers wrote got through to the terminal.
func framed(c *console) {
	c.t.Helper()
	screen := c.term.text()
	raw := c.term.sentText()
	for _, bad := range []string{"\x1b]52", "\u009b", "\u009d", "\u0090", "\u202e", "\U000E0041", "\x1b]8;"} {
		if strings.Contains(raw, bad) {
			c.t.Fatalf("%q was sent to the terminal", bad)
		}
	}
	left, right, top := -1, -1, -1
	for y := range c.term.emu.Height() {
		for x := range c.term.emu.Width() {
			switch cell := c.term.emu.CellAt(x, y); {
			case cell == nil:
			case top < 0 && cell.Content == "┏" && slices.Contains([]string{"commands", "settings", "notifications"}, titleAt(c, x, y)):
				left, top = x, y
			case y == top && right < 0 && left >= 0 && cell.Content == "┓":
				right = x
			}
		}
	}
	if right < 0 {
		c.t.Fatalf("no overlay is open:\n%s", screen)
	}
	for y := top + 1; y < c.term.emu.Height()-1; y++ {
		l, r := c.term.emu.CellAt(left, y), c.term.emu.CellAt(right, y)
		if l.Content == "┗" && r.Content == "┛" {
			return
		}
		if l.Content != "┃" || r.Content != "┃" {
			c.t.Fatalf("the frame is broken at line %d:\n%s", y, screen)
		}
	}
	c.t.Fatalf("the frame has no end:\n%s", screen)
}

// titleAt returns the title of a frame whose corner is at a cell.
func titleAt(c *console, x, y int) string {
	var b strings.Builder
	for x += 3; x < c.term.emu.Width(); x++ {
		cell := c.term.emu.CellAt(x, y)
		if cell == nil || cell.Content == " " || cell.Content == "" {
			break
		}
		b.WriteString(cell.Content)
	}
	return b.String()
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

// TestMotionIsInOnePlace finds what appears or changes by itself outside of
// motion.go, where reduced motion is obeyed.
func TestMotionIsInOnePlace(t *testing.T) {
	moving := []string{"tea.Tick", "tea.Every", "time.Tick", "time.NewTicker", "time.AfterFunc"}
	found := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && path == "plain" {
			return fs.SkipDir // the line-oriented console draws nothing that could move
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(moving, pkg.Name+"."+sel.Sel.Name) {
				found++
				if path != "motion.go" {
					t.Errorf("%s moves something by %s.%s; that belongs into motion.go", path, pkg.Name, sel.Sel.Name)
				}
			}
			return true
		})
		for _, r := range string(src) {
			if r >= 0x2800 && r <= 0x28FF {
				t.Errorf("%s draws with braille, which screen readers spell out", path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 4 {
		t.Errorf("only %d timers were found: this test looks for the wrong thing", found)
	}
}

var _ ui.Suspender = (*client)(nil)
