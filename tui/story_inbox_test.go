package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/canned"
	"hark/desk/desktest"
	"hark/tui/inbox"
)

// must fails a test in the middle of a story.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestATagIsPutOnAndTakenOff(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("tag").Sees(`tag "Lea Grün"`, "no tags yet: type a new one")
		c.Type("Re fund").Sees("new tag: re-fund").Key("enter").Sees(`Tagged "Lea Grün" re-fund · z undo`)
		if got := c.row("Lea Grün").Tags; !slices.Equal(got, []string{"re-fund"}) {
			t.Fatalf("the desk has %q", got)
		}
		c.Press(inbox.ActOpen).Sees("Tags     re-fund", "you tagged this re-fund").Press("back")
		c.Press("down").Press("tag").Sees("re-fund").Type("ref").Key("enter")
		if got := c.row("Ana Björk").Tags; !slices.Equal(got, []string{"re-fund"}) {
			t.Errorf("the desk has %q", got)
		}
		c.Press("tag").Sees("on it; enter takes it off").Key("enter").Sees(`Took re-fund off "Ana Björk"`)
		c.Press("undo").Sees("Undone: the tag re-fund")
		if got := c.row("Ana Björk").Tags; len(got) != 1 {
			t.Errorf("undo brought %q back", got)
		}
		c.Press("undo").Press("undo")
		if got := c.row("Lea Grün").Tags; len(got) != 0 {
			t.Errorf("undo left %q", got)
		}
	})
}

func TestPriorityIsSetAndTakenBack(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("priority").Sees(`priority of "Lea Grün"`, "normal", "now").Type("urg").Key("enter")
		c.Sees(`"Lea Grün" has priority urgent · z undo`, "urgent: can I change")
		c.Press("undo")
		if got := c.row("Lea Grün").Priority.Or(); got != desk.Normal {
			t.Errorf("undo left %s", got)
		}
	})
}

func TestSnoozeUntilATime(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("snooze").Sees(`snooze "Lea Grün" until`, "until a reply", "tomorrow 09:00", "Monday 09:00")
		c.Type("fri 14:00").Sees("Friday 14:00").Key("enter").Sees(`Snoozed "Lea Grün" till Friday 14:00`)
		c.Sees("z ch Lea Grün", "snoozed till Fri 14:00")
		row := c.row("Lea Grün")
		if row.Status != desk.StatusSnoozed || row.Until.Format("Mon 15:04") != "Fri 14:00" {
			t.Errorf("it is %s till %s", row.Status, row.Until)
		}
		c.Press("undo").Sees("● ch Lea Grün")
		if got := c.row("Lea Grün").Status; got != desk.StatusNew {
			t.Errorf("undo left it %s", got)
		}
	})
}

func TestSnoozeUntilAReplyAndWake(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("snooze").Type("reply").Key("enter").Sees("snoozed until a reply")
		c.Press("snooze").Sees("now: wake it").Key("enter").Sees(`Woke "Lea Grün" · z undo`)
		c.Press("undo").Sees("snoozed until a reply")
		c.env.Says("Lea Grün", "hello again")
		c.settle()
		c.Misses("snoozed until a reply").Sees("hello again")
	})
}

func TestAWrongTimeIsNoChoice(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("snooze").Type("whenever").Sees("nothing matches").Key("enter").Sees("nothing matches").Key("esc")
		if got := c.row("Lea Grün").Status; got == desk.StatusSnoozed {
			t.Error("it was snoozed")
		}
	})
}

func TestUnreadIsForTheTeam(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActOpen).Wait(2*time.Second).Press("unread").Sees(`Unread: "Lea Grün"`, "▌● ch Lea Grün", "No conversation is open")
		if !c.row("Lea Grün").Unread() {
			t.Error("the desk believes that it was read")
		}
		c.Press("undo").Wait(2 * time.Second)
		if c.row("Lea Grün").Unread() {
			t.Error("undo left it unread")
		}
	})
}

func TestMarkedOnesAreChangedTogether(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("go.all").Press("mark").Press("down").Press("mark").Sees("2 marked")
		c.Press("tag").Sees("tag 2 conversations").Type("spring").Key("enter").Sees("Tagged 2 conversations spring")
		for _, name := range []string{"Lea Grün", "Visitor 8841"} {
			if got := c.row(name).Tags; len(got) != 1 {
				t.Errorf("%s has %q", name, got)
			}
		}
		if got := c.row("Ana Björk").Tags; len(got) != 0 {
			t.Errorf("one that was not marked has %q", got)
		}
		c.Misses("marked").Press("undo").Sees("Undone: the tag spring of 2 conversations")
		if got := c.row("Visitor 8841").Tags; len(got) != 0 {
			t.Errorf("undo left %q", got)
		}
	})
}

func crowd(e *desktest.Env) {
	for i := range 14 {
		time.Sleep(time.Second)
		e.Says(fmt.Sprintf("Guest %02d", i), "hello")
	}
}

func TestManyAreAskedForFirst(t *testing.T) {
	at(t, setup{desk: crowd}, func(c *console) {
		c.Press("mark").Press("last").Press("mark.range").Sees("14 marked")
		c.Press(inbox.ActResolve).Sees("resolve 14 conversations?", "z takes all of").Key("enter").Sees("unassigned 14")
		c.Press(inbox.ActResolve).Key("y").Sees("Resolved 14 conversations", "unassigned 0")
		c.Press("undo").Wait(time.Second).Sees("unassigned 14")
	})
}

func TestMarksAreLeftWithTheList(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("mark").Sees("1 marked").Press("go.all").Misses("marked")
		c.Press("mark").Sees("1 marked").Press(inbox.ActOut).Misses("marked")
	})
}

func TestResolvingGoesOnToTheNext(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActOpen).Press(inbox.ActResolve).Sees(`Resolved "Lea Grün"`, "2 Ana Björk", "ok thank you")
		c.Press(inbox.ActResolve).Sees("No conversation is open", "Nothing is assigned to you")
		c.Press("undo").Press("undo").Sees("mine 2")
	})
}

func TestSearchFindsWithEveryLetter(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActSearch).Sees("words from: tag: is:").Type("is:open from:mo").Sees("Mo Farouk").Misses("Lea Grün")
		c.Key("esc").Sees("Lea Grün", "inbox·mine").Misses("Mo Farouk")
	})
}

func TestASearchStaysUntilEsc(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActSearch).Type("is:open").Key("enter").Sees("/ is:open", "▌● ch Lea Grün")
		c.Press("found.next").Sees("▌● ch Ana Björk").Press("found.previous").Sees("▌● ch Lea Grün")
		c.Press(inbox.ActOpen).Press("back").Sees("/ is:open").Press(inbox.ActOut).Sees("inbox·mine").Misses("/ is:open")
	})
}

func TestAMistakeInASearchIsExplained(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActSearch).Type("is:sleepy").Sees("snoozed, resolved").Key("enter").Sees("is:sleepy")
		c.Key("esc").Sees("Lea Grün")
	})
}

func TestASearchBecomesAView(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("go.views").Sees("no saved views yet").Key("esc")
		c.Press(inbox.ActSearch).Type("address").Key("enter").Press("go.views").Type("Moves").Sees(`save this search as "Moves"`).Key("enter")
		c.Sees(`Saved the view "Moves" · z undo`, "1 Inbox · Moves", "Lea Grün").Misses("/ address")
		c.Press("view.next").Sees("inbox·mine").Press("view.previous").Sees("1 Inbox · Moves")
		c.Press("go.mine").Press("go.views").Sees("Moves", "address").Key("enter").Sees("1 Inbox · Moves")
		c.Press("go.views").Key("delete").Sees(`Took the view "Moves" away`)
		if got := c.env.As("ana").Views(); len(got) != 0 {
			t.Errorf("the views are %+v", got)
		}
		c.Press("undo")
		if got := c.env.As("ana").Views(); len(got) != 1 || got[0].Query != "address" {
			t.Errorf("undo brought back %+v", got)
		}
	})
}

func TestAnOfferNeverHasTheKeys(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		ana := c.env.State.AccountNamed("ana").ID
		id := c.row("Visitor 8841").ID
		c.Press(inbox.ActReply).Type("half a ")
		must(t, c.env.Offer(c.t.Context(), id, ana, time.Now().Add(30*time.Second)))
		c.settle()
		c.Sees("offered to you until 12:52:", "Visitor 8841", "do you ship to Åland?", "ctrl+o a accept", "1 offer")
		c.Type("y").Key("space").Sees("half a y")
		if got := c.row("Visitor 8841").Assignee; !got.IsZero() {
			t.Fatal("a letter took the offer")
		}
		c.Press(inbox.ActAccept).Sees(`You have "Visitor 8841" · z undo`, "half a y").Misses("offered to you")
		if got := c.row("Visitor 8841").Assignee; got != ana {
			t.Error("the offer was not taken")
		}
		c.Press(inbox.ActLeave).Press("undo")
		if got := c.row("Visitor 8841").Assignee; !got.IsZero() {
			t.Error("undo did not let go of it")
		}
	})
}

func TestAnOfferIsLookedAtAndDeclined(t *testing.T) {
	for _, size := range []Size{{W: 120, H: 40}, {W: 80, H: 24}, {W: 70, H: 20}, {W: 50, H: 14}} {
		t.Run(fmt.Sprintf("%dx%d", size.W, size.H), func(t *testing.T) {
			at(t, setup{desk: shop, size: size}, func(c *console) {
				ana := c.env.State.AccountNamed("ana").ID
				must(t, c.env.Offer(c.t.Context(), c.row("Visitor 8841").ID, ana, time.Now().Add(30*time.Second)))
				c.settle()
				c.Sees("offered")
				c.Press(inbox.ActLook).Sees("do you ship to Åland?", "offered")
				c.Press(inbox.ActDecline).Sees("Declined").Misses("offered to you until", " offered:")
				if c.row("Visitor 8841").Offer.Live() {
					t.Error("it is still offered")
				}
			})
		})
	}
}

func TestPresenceIsChosenAndShown(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Sees("ana (available)").Press("presence").Sees("available", "wrap-up").Type("away").Key("enter")
		c.Sees("You are away · z undo", "ana (away)")
		c.Press("undo").Sees("ana (available)")
		c.Press("presence").Type("busy 14:00").Sees("busy until today 14:00").Key("enter").Sees("You are busy until 14:00", "ana (busy)")
	})
}

func TestAReplyThatCrossesAnotherIsHeldOnce(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("mine")
		must(t, c.env.As("bo").Reply(c.t.Context(), c.row("Lea Grün").ID, "bo was faster"))
		c.settle()
		c.Press(inbox.ActSend).Sees("bo has replied while you wrote", "┃mine").Press(inbox.ActSend).Misses("┃mine")
		if got := c.row("Lea Grün").Last; got != "mine" {
			t.Errorf("the desk has %q", got)
		}
	})
}

func TestTheCustomersUnsentWordsAreMarked(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActOpen)
		c.env.Preview(c.row("Lea Grün").ID, "I live in main str")
		c.settle()
		c.Sees("typing, not sent", "I live in main str")
		c.env.Preview(c.row("Lea Grün").ID, "")
		c.settle()
		c.Misses("not sent")
	})
}

// twice is a desk where one customer has two conversations.
func twice(e *desktest.Env) {
	ctx := context.Background()
	ana := e.As("ana")
	first := e.Says("Lea Grün", "my order is late")
	if err := ana.End(ctx, first); err != nil {
		panic(err)
	}
	time.Sleep(desk.ReopenWithin + time.Hour)
	second := e.Says("Lea Grün", "and now it is broken")
	e.Says("Lea Grün", "what do I do?")
	if err := ana.Claim(ctx, second); err != nil {
		panic(err)
	}
}

func TestTwoConversationsOfACustomerBecomeOne(t *testing.T) {
	at(t, setup{desk: twice}, func(c *console) {
		c.Press(inbox.ActOpen).Sees("Past (1 conversation)", "ch ✓ my order")
		c.Press("merge").Sees(`merge "Lea Grün" with`, "my order is late").Key("enter").Sees("Merged #", "z undo", "unfolds")
		c.Press("unfold").Sees("│ my order is late", "end of #").Press("unfold").Misses("end of #")
		c.Press("undo").Sees("Undone: the merge", "took #").Misses("v unfolds")
	})
}

func TestMessagesAreSplitOff(t *testing.T) {
	at(t, setup{desk: twice}, func(c *console) {
		row := c.row("Lea Grün")
		c.Press(inbox.ActOpen).Press("split").Sees("choose messages in the thread with x first")
		c.Press("choose").Sees("■").Press("split").Sees("Split 1 message off into #", "z undo", "you moved 1 message to #").Misses("what do I do?▏")
		if got := c.env.As("ana").Past(row.Contact); len(got) != 3 {
			t.Fatalf("the customer has %d conversations", len(got))
		}
		c.Press("undo").Sees("Undone: the split", "│ what do I do?")
	})
}

func TestMessagesAreMoved(t *testing.T) {
	at(t, setup{desk: twice}, func(c *console) {
		c.Press(inbox.ActOpen).Press("choose").Press("move").Sees("move 1 message to", "my order is late").Key("enter")
		c.Sees("Moved 1 message to #", "you moved 1 message to #").Misses("│ what do I do?")
		c.Press("pane.3").Press("past").Sees("moved from #", "│ what do I do?")
		c.Press("back").Press("undo").Sees("Undone: the move").Press("first").Press(inbox.ActOpen).Sees("│ what do I do?")
	})
}

func TestEscForgetsWhatWasChosen(t *testing.T) {
	at(t, setup{desk: twice}, func(c *console) {
		c.Press(inbox.ActOpen).Press("choose").Sees("■").Press(inbox.ActOut).Misses("■").Sees("┏━ 2 Lea Grün")
	})
}

func TestAPastConversationIsOpened(t *testing.T) {
	at(t, setup{desk: twice}, func(c *console) {
		c.Press(inbox.ActOpen).Press("pane.3").Press("past").Sees("│ my order is late", "┏━ 2 Lea Grün")
	})
}

// prepared is a folder of canned replies.
func prepared() canned.Replies {
	return canned.Replies{
		{Name: "hello", Title: "Greeting", Key: "hi", Text: "Hello {customer.name}, this is {agent.name}."},
		{Name: "refund", Title: "Refund promised", Tags: []string{"money"}, Text: "Order {order} of {day} is refunded."},
		{Name: "bill", Title: "Invoice", Queue: "billing", Text: "never here"},
	}
}

func TestACannedReplyIsFilledIn(t *testing.T) {
	at(t, setup{desk: shop, canned: prepared}, func(c *console) {
		c.Press(inbox.ActReply).Key("ctrl+r").Sees("canned replies", "Greeting", "Refund promised", "Hello Lea Grün, this is").Misses("Invoice")
		c.Type("greet").Key("enter").Sees("┃Hello Lea Grün, this is Ana")
		c.Press(inbox.ActSend)
		if got := c.row("Lea Grün").Last; !strings.HasPrefix(got, "Hello Lea Grün, this is Ana") {
			t.Errorf("the desk has %q", got)
		}
	})
}

func TestAnOpenFieldHoldsTheReply(t *testing.T) {
	at(t, setup{desk: shop, canned: prepared}, func(c *console) {
		c.Press(inbox.ActReply).Type("/").Sees("canned replies").Type("money").Key("enter").Sees("┃Order {order} of {day}", "fill in {order}, {day}")
		c.Press(inbox.ActSend).Sees("not sent: {order}, {day} is still to be filled in")
		c.Type("42").Sees("┃Order 42 of {day}").Press(inbox.ActSend).Sees("not sent: {day}")
		c.Type("May 2").Press(inbox.ActSend)
		if got := c.row("Lea Grün").Last; got != "Order 42 of May 2 is refunded." {
			t.Errorf("the desk has %q", got)
		}
	})
}

func TestASlashWithinWordsIsASlash(t *testing.T) {
	at(t, setup{desk: shop, canned: prepared}, func(c *console) {
		c.Press(inbox.ActReply).Type("and").Type("/").Type("or").Sees("┃and/or")
	})
}

func TestADraftIsHandedToAColleague(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActReply).Type("half an answer").Press(inbox.ActLeave).Press("assign.draft").Sees("hand your draft", "Bo").Misses("ana)")
		c.Key("enter").Sees("has your draft", "you handed a draft to bo").Misses("draft: half")
		draft, err := c.env.As("bo").Draft(c.t.Context(), c.row("Lea Grün").ID)
		if err != nil || draft.Text != "half an answer" {
			t.Errorf("bo has %q, %v", draft.Text, err)
		}
	})
}

func TestTheClockOfServiceIsShown(t *testing.T) {
	at(t, setup{desk: promised}, func(c *console) {
		c.Sees("! ch Lea Grün", "in 1m").Press(inbox.ActOpen).Sees("SLA      ! reply in 1m")
		c.Wait(3*time.Minute).Sees("! ch Lea Grün               1m late", "SLA      ! reply 1m late", "! 1 breaching")
	})
}

// promised is a desk that promises an answer within five minutes.
func promised(e *desktest.Env) {
	e.Routing().Queues = []desk.Queue{{Name: "shop", FirstReply: 5 * time.Minute, NextReply: 5 * time.Minute, Warn: 0.5}}
	e.Says("Lea Grün", "hello?")
	time.Sleep(3*time.Minute + 20*time.Second)
}

func TestAColleaguesDraftArrivesInTheOpenComposer(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		id := c.row("Lea Grün").ID
		c.Press(inbox.ActReply).Type("mine")
		bo := c.env.As("bo")
		bo.SaveDraft(id, false, "from bo")
		must(t, bo.HandDraft(c.t.Context(), id, c.env.State.AccountNamed("ana").ID))
		c.Wait(2*time.Second).Sees("┃mine", "┃from bo", "a colleague handed you a draft")
	})
}

func TestDraftsGoAlongWithAMerge(t *testing.T) {
	at(t, setup{desk: twice}, func(c *console) {
		old := c.env.As("ana").Past(c.row("Lea Grün").Contact)[1]
		c.Press(inbox.ActOpen).Press("pane.3").Press("past").Press(inbox.ActReply).Type("about the old one").Press(inbox.ActLeave)
		c.Press("merge").Key("enter").Sees("Merged #", "2 Lea Grün").Sees("draft: about the old one")
		if row := c.env.State.Conversation(old.ID); row.Merged.IsZero() {
			t.Error("the old one was not merged")
		}
	})
}

func TestAQueueIsChangedAndTakenBack(t *testing.T) {
	at(t, setup{desk: full}, func(c *console) {
		c.Press("queue").Sees("into the queue", "Billing", "agent").Type("bill").Key("enter").Sees(`"Kai Ek" is in the queue Billing · z undo`)
		if row := c.row("Kai Ek"); row.Queue != "billing" || !row.Assignee.IsZero() {
			t.Errorf("it is in %q, somebody has it: %v", row.Queue, !row.Assignee.IsZero())
		}
		c.Press("undo")
		if row := c.row("Kai Ek"); row.Queue != "orders" || row.Assignee.IsZero() {
			t.Errorf("undo left it in %q, somebody has it: %v", row.Queue, !row.Assignee.IsZero())
		}
	})
}

func TestAConversationIsTakenFromAColleague(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		bo := c.env.State.AccountNamed("bo").ID
		c.Press("go.all").Press("last").Sees("▌● ch Mo Farouk").Press("assign.me").Sees(`You have "Mo Farouk" · z undo`)
		if c.row("Mo Farouk").Assignee == bo {
			t.Error("bo still has it")
		}
		c.Press("undo").Wait(time.Second)
		if c.row("Mo Farouk").Assignee != bo {
			t.Error("undo did not give it back")
		}
	})
}

func TestWhatFailsInTheMiddleIsSaidAndTakenBack(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press("mark").Press("mark").Sees("2 marked")
		c.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "the disk is full"})
		c.Press(inbox.ActResolve).Sees("nothing was changed", "0 of 2 were changed; the disk is full")
		c.env.Journal.Fail(nil)
		c.Press("undo").Sees("nothing to undo")
	})
}

func TestThePaletteOffersTagsViewsAndPresence(t *testing.T) {
	at(t, setup{desk: full}, func(c *console) {
		c.Press("palette").Type("tag: vip").Sees("Tag: vip").Key("enter").Sees(`Tagged "Kai Ek" vip`)
		c.Press("palette").Type("be away").Sees("Be away").Key("enter").Sees("ana (away)")
	})
}

func TestASearchFollowsWhatHappens(t *testing.T) {
	at(t, setup{desk: shop}, func(c *console) {
		c.Press(inbox.ActSearch).Type("is:new is:unassigned").Key("enter").Sees("inbox·search 2")
		c.env.Says("Zoe", "hello there")
		c.Wait(time.Second).Sees("inbox·search 3", "Zoe", "▌● ch Visitor 8841")
		must(t, c.env.As("bo").Claim(c.t.Context(), c.row("Visitor 8841").ID))
		c.Wait(time.Second).Sees("inbox·search 2").Misses("Visitor 8841")
	})
}

func TestALongSearchIsWalkedThrough(t *testing.T) {
	at(t, setup{desk: func(e *desktest.Env) {
		for i := range 500 {
			e.Says(fmt.Sprintf("Guest %03d", i), "hello")
		}
	}}, func(c *console) {
		c.Press(inbox.ActSearch).Type("hello").Key("enter").Sees("1/500")
		c.Press("last").Sees("500/500").Press("half.up").Sees("493/500").Press("first").Sees("1/500")
		c.Press("found.previous").Sees("500/500")
	})
}
