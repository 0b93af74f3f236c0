package tui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/inbox"
)

func TestAnAgentAnswersACustomer(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Sees("Lea Grün", "Ana Björk", " NAV ")
		c.Press(inbox.ActOpen).Sees("can I change the address?")
		c.Press(inbox.ActReply).Sees(" WRITE ", "reply to Lea Grün in chat")
		c.Type("Of course. Which one?").Press(inbox.ActSend)
		c.Sees("you 12:52 ✓", "Of course. Which one?")
		if row := c.row("Lea Grün"); row.Last != "Of course. Which one?" || row.Status != desk.StatusWaiting {
			t.Errorf("the desk has %q, %s", row.Last, row.Status)
		}
		c.env.Says("Lea Grün", "Main street 5")
		c.settle()
		c.Sees("│ Main street 5", "follow ▼")
	})
}

func TestAnswerClaimsWhatNobodyHas(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("go.unassigned").Sees("inbox·unassigned 2", "Visitor 8841")
		c.Press(inbox.ActReply).Type("Yes, we do.").Press(inbox.ActSend)
		c.Sees("you took this", "Yes, we do.", "unassigned 1")
		if row := c.row("Visitor 8841"); row.Assignee != c.env.State.AccountNamed("ana").ID {
			t.Error("the reply did not claim the conversation")
		}
	})
}

func TestNoteLooksUnlikeAReply(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActNote)
		c.Sees("# note about Lea Grün · only the team sees it")
		c.Type("checked the order").Press(inbox.ActSend)
		c.Sees("-- note, only the team sees this · 12:52 --", "┆ you: checked the order")
		row := c.row("Lea Grün")
		items, err := c.env.PublicItems(c.t.Context(), row.ID, 0, 100)
		if err != nil || len(items) != 1 {
			t.Errorf("the customer has %d items, %v; want the one of their own", len(items), err)
		}
	})
}

func TestReplyTurnsIntoNoteAndBack(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("she is upset").Press("turn").Sees("note about Lea Grün", "she is upset")
		c.Press("turn").Sees("reply to Lea Grün", "she is upset")
		c.Press("turn").Press(inbox.ActSend).Sees("┆ you: she is upset")
	})
}

func TestWrittenNoteNeverBecomesAReplyByR(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActNote).Type("never tell her").Press(inbox.ActLeave)
		c.Sees("draft of a note: never tell her")
		c.Press(inbox.ActReply).Sees("note about Lea Grün", "ctrl+n changes between reply and note")
	})
}

func TestNewLines(t *testing.T) {
	for _, key := range []string{"alt+enter", "shift+enter", "ctrl+j"} {
		t.Run(key, func(t *testing.T) {
			at(t, setup{desk: shop}, func(c *console) {
				c.Press(inbox.ActReply).Type("one").Key(key).Type("two").Key("ctrl+s")
				if got := c.row("Lea Grün").Last; got != "one two" {
					t.Errorf("the desk has %q", got)
				}
				c.Sees("one", "two")
			})
		})
	}
}

func TestFailedSendKeepsTheText(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("a long careful answer")
		c.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "the disk is full; make room and try again"})
		c.Press(inbox.ActSend)
		c.Sees("the reply to Lea Grün was not sent", "the disk is full; make room and try again", "┃a long careful answer")
		c.Wait(time.Minute).Sees("the disk is full") // what went wrong stays until a key
		c.env.Journal.Fail(nil)
		c.Press(inbox.ActSend).Misses("the disk is full").Sees("you 12:53 ✓")
	})
}

func TestFailureIsNeverSaidInTheProgramsWords(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("hi")
		c.env.Journal.Fail(errors.New("sqlite: I/O error (10) at /var/lib"))
		c.Press(inbox.ActSend).Sees("something went wrong inside hark").Misses("sqlite", "/var/lib")
		c.env.Journal.Fail(nil)
	})
}

func TestWhatWaitsBehindAFailureComesBackInOrder(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("x")
		c.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "not now"})
		c.Send("\x7ffirst\rsecond\rthird")
		c.Sees("not now")
		rest := c.term.text()
		for _, words := range []string{"┃first", "second", "third"} {
			_, after, found := strings.Cut(rest, words)
			if !found {
				t.Fatalf("%q is lost or out of order:\n%s", words, c.term.text())
			}
			rest = after
		}
		c.env.Journal.Fail(nil)
	})
}

func TestDraftIsThereAgain(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("half an ans").Press(inbox.ActLeave).Sees("draft: half an ans")
		c.Press("back").Press("down").Press(inbox.ActOpen).Misses("half an ans")
		c.Press("back").Press("up").Press(inbox.ActReply).Sees("┃half an ans")
		c.Type("wer").Press(inbox.ActSend)
		if got := c.row("Lea Grün").Last; got != "half an answer" {
			t.Errorf("the desk has %q", got)
		}
		draft, err := c.env.As("ana").Draft(c.t.Context(), c.row("Lea Grün").ID)
		if err != nil || draft.Text != "" {
			t.Errorf("the draft is %q, %v; want it gone with the message", draft.Text, err)
		}
	})
}

func TestDraftOutlivesTheConsole(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("kept")
		c.stop()
		c.Wait(time.Second)
		draft, err := c.env.As("ana").Draft(c.t.Context(), c.row("Lea Grün").ID)
		if err != nil || draft.Text != "kept" || draft.Note {
			t.Errorf("the draft is %+v, %v", draft, err)
		}
	})
}

func TestBothSidesSeeTheOtherWrite(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		public := c.env.FollowPublic(64)
		defer public.Close()
		row := c.row("Lea Grün")
		c.Press(inbox.ActReply).Type("I ")
		batch, err := public.Next(c.t.Context())
		if err != nil || len(batch.Items) == 0 || batch.Items[0].Typing == nil || *batch.Items[0].Typing != "Ana Ek" {
			t.Fatalf("the customer hears %+v, %v", batch, err)
		}
		c.env.CustomerTyping(row.ID, true)
		c.settle()
		c.Sees("Lea Grün is typing…", "is typing…")
		c.Wait(desk.TypingFor + time.Second).Misses("is typing")
	})
}

func TestNotesAreWrittenInSilence(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		public := c.env.FollowPublic(64)
		defer public.Close()
		c.Press(inbox.ActNote).Type("what a story").Press(inbox.ActSend).Wait(10 * time.Second)
		c.env.CustomerTyping(c.row("Lea Grün").ID, true)
		c.env.Says("K. Tanaka", "end of test")
		batch, err := public.Next(c.t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range batch.Items {
			if f.Conversation == c.row("Lea Grün").ID && f.Read == 0 {
				t.Errorf("the customer hears %+v", f)
			}
		}
	})
}

func TestDeliveryMarks(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("hello").Press(inbox.ActSend)
		if line := c.Line("you 12:52"); strings.Contains(line, "✓✓") || !strings.Contains(line, "✓") {
			t.Errorf("journaled, not shown: %q", line)
		}
		row := c.row("Lea Grün")
		c.env.Seen(row.ID, row.Ord)
		c.Wait(2*time.Second).Sees("you 12:52 ✓✓", "everything")
	})
}

func TestUnreadGoesWhenItWasLookedAt(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Sees("● ch Lea Grün")
		c.Press(inbox.ActOpen).Sees("○ ch Lea Grün")
		c.Press("back").Press("down").Press(inbox.ActOpen)
		c.env.Says("Lea Grün", "hello?")
		c.settle()
		c.Sees("● ch Lea Grün")
	})
}

func TestNewSince(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActOpen).Misses("new since")
		c.Press("back").Press("down").Press(inbox.ActOpen)
		c.Wait(time.Minute)
		c.env.Says("Lea Grün", "are you there?")
		c.settle()
		c.Press("back").Press("first").Press(inbox.ActOpen).Sees("new since 12:53")
		c.Press(inbox.ActReply).Type("yes").Press(inbox.ActSend).Misses("new since")
	})
}

func TestNewSinceWhileTheTerminalWasAway(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActOpen).Send("\x1b[O") // the terminal lost the focus
		c.Wait(time.Minute)
		c.env.Says("Lea Grün", "are you there?")
		c.settle()
		c.Sees("new since 12:53", "● ch Lea Grün")
		c.Send("\x1b[I").Sees("○ ch Lea Grün", "new since 12:53")
	})
}

func TestResolveAndUndo(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActResolve).Sees(`✓ Resolved "Lea Grün" · z undo`, "mine 1", "▌● ch Ana Björk")
		c.Press("undo").Sees(`Undone: resolved "Lea Grün"`, "mine 2", "○ ch Lea Grün")
		if got := c.row("Lea Grün").Status; got != desk.StatusOpen {
			t.Errorf("the conversation is %s", got)
		}
		c.Press("undo").Sees("nothing to undo")
	})
}

func TestAssignAndUndo(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("assign.nobody").Sees(`Nobody has "Lea Grün" · z undo`, "unassigned 3", "mine 1")
		c.Press("undo").Sees("mine 2")
		c.Press("go.unassigned").Press("assign.me").Sees(`You have "Visitor 8841"`, "mine 3")
		c.Press("undo").Sees("mine 2")
	})
}

func TestAssignToAColleague(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("first").Press("assign.other").Sees(`assign "Lea Grün" to`, "Bo")
		c.Type("zz").Sees("nothing matches").Key("backspace").Key("backspace")
		c.Type("b").Key("enter").Sees(`bo has "Lea Grün" · z undo`, "mine 1")
		if got := c.row("Lea Grün").Assignee; got != c.env.State.AccountNamed("bo").ID {
			t.Error("bo does not have it")
		}
		c.Press("undo").Sees("mine 2")
		if got := c.row("Lea Grün").Assignee; got != c.env.State.AccountNamed("ana").ID {
			t.Error("undo did not bring it back")
		}
	})
}

func TestUndoDoesNotTakeItFromSomebodyElse(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		row := c.row("Lea Grün")
		c.Press("assign.nobody")
		if err := c.env.As("bo").Claim(c.t.Context(), row.ID); err != nil {
			t.Fatal(err)
		}
		c.settle()
		c.Press("undo").Sees("it has gone on to bo since")
		if got := c.row("Lea Grün").Assignee; got != c.env.State.AccountNamed("bo").ID {
			t.Error("undo took it from bo")
		}
	})
}

func TestNextThatWaitsForMe(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("go.all").Sees("▌● ch Lea Grün")
		c.Press("next").Sees("▌● ch K. Tanaka") // who has waited longest; Mo Farouk is bo's
		c.Press("next").Sees("▌● ch Visitor 8841").Press("next").Sees("▌● ch Ana Björk").Press("next").Sees("▌● ch Lea Grün")
		c.Press("previous").Sees("▌● ch Ana Björk")
	})
}

func TestTwoAgentsInOneThread(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("mine")
		c.env.As("bo").Typing(c.row("Lea Grün").ID, true)
		c.settle()
		c.Sees("! Bo is replying…")
		c.Press(inbox.ActSend).Sees("Bo is replying; enter once more sends anyway", "┃mine")
		c.Press(inbox.ActSend).Sees("you 12:52 ✓")
	})
}

func TestPasteIsText(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Paste("e\nq\n").Sees("press r or n first")
		if got := c.row("Lea Grün").Status; got == desk.StatusResolved {
			t.Error("a pasted letter acted")
		}
		c.Press(inbox.ActReply).Paste("one\ntwo\n").Sees("┃one", "┃two")
		if got := c.row("Lea Grün").Last; got != "can I change the address?" {
			t.Errorf("a pasted line end sent %q", got)
		}
	})
}

func TestLeavingIsAskedForTwice(t *testing.T) {
	at(t, setup{desk: shop, leaving: "the demo ends with it"}, func(c *console) {
		c.Key("ctrl+c").Sees("ctrl+c again closes the console", "the demo ends with it")
		c.Wait(6 * time.Second).Key("ctrl+c").Sees("ctrl+c again") // too late: it is a first time again
		c.Press("down").Key("ctrl+c")
		select {
		case <-c.ended:
			t.Fatal("the console closed although something else was pressed in between")
		default:
		}
		c.Send("\x03")
		select {
		case err := <-c.ended:
			if err != nil {
				t.Error(err)
			}
			c.ended <- nil
		default:
			t.Fatal("the console is still open")
		}
	})
}

func TestWhichKey(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Key("g").Misses("g … go to").Sees("g-")
		c.Wait(300*time.Millisecond).Sees("━ g … go to ━", "unassigned", "resolved")
		c.Key("u").Sees("inbox·unassigned").Misses("g … go to")
		c.Key("g").Key("?").Sees("g … go to").Key("esc").Misses("g … go to")
		c.Key("g").Key("k").Sees("g k does nothing")
	})
}

func TestHelpNamesTheReason(t *testing.T) {
	at(t, setup{desk: shop, as: "quinn", roles: []desk.Role{desk.RoleQA}, size: Size{W: 120, H: 60}}, func(c *console) {
		c.Press("go.all").Misses("r reply")
		c.Press(inbox.ActReply).Sees("reply needs one of the roles agent and supervisor; you have qa")
		c.Press("help").Sees("help: in the list", "not now", "reply to the customer: reply needs one of the roles")
		c.Key("esc").Press(inbox.ActOpen).Sees("can I change the address?") // for the purpose of review
	})
}

func TestEmptyDesk(t *testing.T) {
	at(t, setup{}, func(c *console) {
		c.Sees("Nothing is assigned to you, and", "No conversation is open")
		c.Press("view.next").Sees("Every conversation has").Press("view.next").Sees("they appear")
		c.Press("view.next").Sees("Nothing is resolved yet").Press("view.next").Sees("inbox·mine")
		c.env.Says("Zoe", "first!")
		c.settle()
		c.Sees("takes you to 1 unassigned")
	})
}

func TestConsoleBeginsWhereThereIsSomethingToDo(t *testing.T) {
	at(t, setup{}, func(c *console) {
		c.Sees("inbox·mine 0")
		c.env.Says("Zoe", "first!")
		c.settle()
		c.Sees("inbox·unassigned 1", "▌● ch Zoe").Press("go.mine").Sees("inbox·mine 0")
		c.env.Says("Al", "second!")
		c.settle()
		c.Sees("inbox·mine 0") // who asked for a list keeps it
	})
}

func TestNoticesStayReachable(t *testing.T) {
	s := setup{desk: shop, notices: []string{"data in memory", "shop: http://127.0.0.1:43121"}}
	at(t, s, func(c *console) {
		c.Sees("data in memory", "http://127.0.0.1:43121")
		c.Press(inbox.ActOpen).Misses("data in memory").Press("help").Sees("data in memory", "http://127.0.0.1:43121")
	})
}

func TestLampsAreWords(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.env.SetLamp(desk.Lamp{Part: "journal", OK: true, Words: "ok"})
		c.settle()
		c.Sees("journal ok")
		c.env.SetLamp(desk.Lamp{Part: "chat", Words: "port taken, next try in 5 s"})
		c.settle()
		c.Sees("chat port taken, next try in 5 s").Misses("journal ok")
	})
}

func TestHistoryIsReadAsItComesNear(t *testing.T) {
	at(t, setup{desk: longThread}, func(c *console) {
		c.Press("go.all").Press(inbox.ActOpen).Sees("message 400").Misses("message 300")
		for range 100 {
			c.Press("half.up")
		}
		c.Sees("message 001", "chat began").Press("last").Sees("message 400", "follow ▼")
		c.Press("half.up").Misses("follow ▼").Sees("g e newest")
		c.env.Says("Talkative", "message 401")
		c.settle()
		c.Misses("│ message 401").Press("last").Sees("│ message 401")
	})
}

func longThread(e *desktest.Env) {
	for i := range 400 {
		e.Says("Talkative", "message "+string(rune('0'+(i+1)/100))+string(rune('0'+(i+1)/10%10))+string(rune('0'+(i+1)%10)))
	}
}

func TestSlowTerminalIsResynchronised(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActOpen)
		c.term.mu.Lock() // the terminal takes nothing any more
		for range 3 * feedLimit {
			c.env.Says("Lea Grün", "flood")
		}
		c.env.Says("Lea Grün", "the last drop")
		c.term.mu.Unlock()
		c.Wait(time.Second).Sees("the last drop")
		if line := c.Line("3 Customer"); line == "" {
			t.Error("the customer is gone")
		}
	})
}

func TestWindowIsResized(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("still here")
		c.Resize(Size{W: 30, H: 8}).Sees("make the window larger")
		c.Resize(Size{W: 70, H: 20}).Sees("┃still here", "reply to Lea Grün").Misses("1 Inbox")
		c.Press(inbox.ActLeave).Press("back").Sees("1 Inbox")
		c.Resize(Size{W: 120, H: 40}).Sees("1 Inbox", "3 Customer", "draft: still here")
	})
}

func TestIdleConsoleSendsNothingButTheMinute(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActOpen).Wait(10 * time.Second)
		c.term.sent()
		c.Wait(20 * time.Second)
		if n := c.term.sent(); n != 0 {
			t.Errorf("%d bytes were sent to an idle screen", n)
		}
		c.Wait(time.Minute).Sees("12:53")
		if n := c.term.sent(); n == 0 || n > 400 {
			t.Errorf("%d bytes were sent for a minute", n)
		}
	})
}

func TestLongFailureIsShownWhole(t *testing.T) {
	at(t, setup{desk: shop, size: Size{W: 80, H: 24}}, func(c *console) {
		c.Press(inbox.ActReply).Type("a long careful answer")
		c.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "the disk is full, so nothing can be kept; make room in the data folder and try again"})
		c.Press(inbox.ActSend)
		c.Sees("━ not done ━", "make room in the", "data folder and try again", "┃a long careful answer")
		c.Press(inbox.ActLeave).Misses("not done")
		c.env.Journal.Fail(nil)
	})
}

func TestConsoleEndsWithItsTerminal(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("kept")
		if err := c.keys.Close(); err != nil {
			t.Fatal(err)
		}
		c.settle()
		select {
		case err := <-c.ended:
			if err != nil {
				t.Errorf("a hang-up is an error: %v", err)
			}
			c.ended <- nil
		default:
			t.Fatal("the console goes on without a terminal")
		}
		if d, err := c.env.As("ana").Draft(c.t.Context(), c.row("Lea Grün").ID); err != nil || d.Text != "kept" {
			t.Errorf("the draft is %q, %v", d.Text, err)
		}
	})
}

func TestReducedMotionKeepsMessagesUntilAKey(t *testing.T) {
	env := []string{"TERM=xterm-256color", "TZ=UTC", "REDUCED_MOTION=1"}
	at(t, setup{desk: shop, env: env}, func(c *console) {
		c.Press(inbox.ActResolve).Wait(time.Minute).Sees(`Resolved "Lea Grün"`).Press("down").Misses("Resolved")
		c.Key("g").Sees("g … go to")
	})
}

func TestMessagesGoByThemselves(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActResolve).Wait(3 * time.Second).Sees(`Resolved "Lea Grün"`).Wait(2 * time.Second).Misses("Resolved")
		c.Press("undo").Sees("Undone") // what was done can be undone long after
	})
}

func TestPanesByTabAndNumber(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActOpen).Sees("┏━ 2 Lea Grün")
		c.Press("pane.next").Sees("┏━ 3 Customer").Press("pane.next").Sees("┏━ reply to Lea Grün", " WRITE ")
		c.Press("pane.next").Sees("┏━ 1 Inbox").Press("pane.previous").Sees("┏━ reply to")
		c.Press(inbox.ActLeave).Press("pane.1").Sees("┏━ 1 Inbox").Press("pane.3").Sees("┏━ 3 Customer").Press("pane.2").Sees("┏━ 2 Lea Grün")
	})
}

func TestNumberIsCopiedByKeyOnly(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		if strings.Contains(c.term.raw.String(), "\x1b]52") {
			t.Fatal("the clipboard was written without a key")
		}
		c.Press("copy").Sees("copied #")
		if !strings.Contains(c.term.raw.String(), "\x1b]52;c;") {
			t.Error("the clipboard was not written")
		}
	})
}

func TestThreadScrollsWhileWriting(t *testing.T) {
	at(t, setup{desk: longThread}, func(c *console) {
		c.Press(inbox.ActReply).Type("wait").Press("thread.up").Misses("│ message 400").Sees("┃wait", "g e newest")
		c.Press("thread.down").Sees("│ message 400", "┃wait")
	})
}

func TestOwnerInTheNameOfAnAccountIsNamed(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		ana := c.env.State.AccountNamed("ana").ID
		owner, err := c.env.SignIn(c.t.Context(), desk.SignIn{Account: ana, Owner: true, Via: "test"})
		if err != nil {
			t.Fatal(err)
		}
		c.Press(inbox.ActOpen)
		if err := owner.Reply(c.t.Context(), c.row("Lea Grün").ID, "by hand"); err != nil {
			t.Fatal(err)
		}
		c.settle()
		c.Sees("owner as ana 12:52")
	})
}
