package plain_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"hark/desk"
	"hark/desk/canned"
	"hark/desk/desktest"
)

// TestMorning is a short morning of an agent, from the first message to resolve
// and undo, as it is read out.
func TestMorning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo := env.As("bo")
		id := env.Says("Björk", "Hello,\nmy lamp arrived broken.")
		time.Sleep(5 * time.Minute)
		c := open(t, env, bo)
		c.Type("", "list", "list unassigned", "1", "take")
		env.Says("Björk", "Are you there?")
		time.Sleep(time.Second)
		c.Type("", "reply Good morning, I am Bo.", "note she sounds tired", "reply")
		env.Says("Björk", "It is the blue one.")
		time.Sleep(time.Minute)
		c.Type("Thank you.", "", "..hidden files begin with a dot", "A new one leaves today.", ".read", ".")
		c.Type("tag refund lamp", "priority high", "tag -lamp", "resolve", "undo", "undo", "read", "snooze fri 14:00", "wake", "resolve", "quit")
		golden.RequireEqual(t, []byte(shorts(bo, c.Heard(), map[string]desk.ID{"CASE": id})))
	})
}

func TestNoteStaysInside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		id := env.Says("kai", "hello")
		public := env.FollowPublic(64)
		defer public.Close()
		c := open(t, env, env.As("bo"))
		c.Type("list unassigned", "1", "note he is a friend of mine", "note", "secret line", ".", "note", "half a secret", ".keep")
		c.Type("reply to you").Hears("Your draft here is a note; say note to go on with it, or drop to throw it away.")
		c.Type("drop", "reply to you").Hears("Sent to kai")
		batch, err := public.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		told := ""
		for _, f := range batch.Items {
			if f.Item != nil {
				told += f.Item.Text + "; "
			}
		}
		if told != "to you; " {
			t.Errorf("the customer was told %q", told)
		}
		if n := len(journalOf(t, env, id)); n < 5 {
			t.Errorf("only %d events are kept", n)
		}
	})
}

func journalOf(t *testing.T, env *desktest.Env, id desk.ID) []desk.Event {
	t.Helper()
	events, err := env.Journal.ReadStream(t.Context(), id, 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// TestTwoAgents writes to one customer at once.
func TestTwoAgents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo, eva := env.As("bo"), env.As("eva")
		id := env.Says("kai", "hello")
		b := open(t, env, bo).Type("list unassigned", "1", "reply")
		e := open(t, env, eva).Type("list unassigned", "1")
		e.New()
		e.Type("reply mine is first").Hears("Not sent: Bo writes a reply here too.", "send anyway sends it")
		e.Type("draft").Hears("Your draft, a reply: mine is first")
		e.Type("send anyway").Hears("Sent to kai")
		b.New()
		b.Type("and this is mine").Hears("Eva: mine is first")
		b.Type(".").Hears("Not sent: eva has answered meanwhile.")
		b.Type("send").Hears("Sent to kai")
		if n := len(journalOf(t, env, id)); n != 5 { // opened, hello, assigned, two replies
			t.Errorf("%d events", n)
		}
		e.Type("").Hears("Bo: and this is mine")
	})
}

func TestOffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo := env.As("bo")
		c := open(t, env, bo)
		id := env.Says("kai", "hello")
		offer := func() {
			t.Helper()
			if err := env.Offer(t.Context(), id, bo.Actor().ID, time.Now().Add(30*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		offer()
		c.Hears("\a") // a bell, and no word before enter
		c.HearsNot("Offered to you")
		c.Type("").Hears("Offered to you: kai", "hello, until 00:00. Say accept or decline.")
		c.Type("decline").Hears("Declined kai. Somebody else is asked.")
		c.Type("accept").Hears("Nothing is offered to you now.")
		offer()
		c.Type("offers").Hears("1. kai, new", "offered to you")
		c.Type("accept").Hears("You have kai now.", "kai: hello, 00:00")
		if row := bo.Row(id); row.Assignee != bo.Actor().ID {
			t.Error("accepting did not take the conversation")
		}
		c.HearsNot("is yours now")
	})
}

func TestCanned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		folder := canned.NewFolder(fstest.MapFS{
			"refund.txt": {Data: []byte("+++\ntitle = \"Refund\"\nkey = \"ref\"\n+++\nHello {customer.first|there}, order {order} is refunded. {agent.name}\n")},
			"wrong.txt":  {Data: []byte("nothing")},
		})
		id := env.Says("Kai Ek", "hello")
		c := open(t, env, env.As("bo"), withCanned(folder)).Type("list unassigned", "1")
		c.New()
		c.Type("canned").Hears("Not usable: wrong.txt:1: the file must begin with a line +++", "1. Refund, key ref", "Number of the reply:")
		c.Type("1").Hears("Words for {order}:")
		c.Type("").Hears("Left open: {order}.")
		c.Type("send").Hears("Not sent: {order} still has to be filled; say fill order and its words.")
		c.Type("fill order 1234").Hears("Your draft: Hello Kai, order 1234 is refunded. Bo")
		c.Type("send").Hears("Sent to Kai Ek")
		events := journalOf(t, env, id)
		if m := events[len(events)-1].Body.(desk.Message); m.Text != "Hello Kai, order 1234 is refunded. Bo" {
			t.Errorf("sent: %q", m.Text)
		}
	})
}

func TestMatters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo := env.As("bo")
		id := env.Says("kai", "my lamp is broken")
		env.Says("kai", "and where is my bill?")
		c := open(t, env, bo).Type("list unassigned", "1", "take")
		c.New()
		c.Type("numbers").Hears("2. kai: my lamp is broken", "3. kai: and where is my bill?")
		c.Type("split 3").Hears("Split 1 message off into")
		c.Type("read").Hears("my lamp is broken")
		if strings.Contains(c.Heard()[strings.LastIndex(c.Heard(), "my lamp is broken"):], "bill") {
			t.Error("what was split off is still read")
		}
		c.Type("customer").Hears("1. kai")
		c.Type("merge 1").Hears("Merged. They go on in " + bo.Short(id))
		c.Type("undo").Hears("Undone: merged")
		c.Type("undo").Hears("Undone: split")
		c.Type("read").Hears("and where is my bill?")
	})
}

// TestMistakes says what was wrong and what would be right.
func TestMistakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		env.Says("kai", "hello")
		c := open(t, env, env.As("bo"))
		for line, want := range map[string]string{
			"repyl":       `There is no command "repyl"; did you mean reply? Nothing was done.`,
			"xyzzy":       `There is no command "xyzzy"; help tells what there is.`,
			"re":          `"re" can be read, release, reopen, reply, replyall or resolve; type more of it.`,
			"resolve":     "No conversation is open; say which one, by its number in the list.",
			"open 7":      "There is no number 7 in the last list; list tells it again.",
			"snooze":      "No conversation is open",
			"status gone": `There is no status "gone"; choose available, busy, wrap-up or away.`,
			"accept":      "Nothing is offered to you now.",
			"undo":        "There is nothing to undo.",
			"news loud":   "Say news mine, news all or news off.",
		} {
			c.New()
			c.Type(line).Hears(want)
		}
		c.Type("list unassigned", "1")
		for line, want := range map[string]string{
			"snooze soon":     `"soon" is not a time; say for example 1h`,
			"assign nobodyy":  "There is nobody called nobodyy here; who tells who there is.",
			"priority utmost": `There is no priority "utmost"`,
			"split x":         `"x" is not a number of a message`,
			"split 99":        "There is no message with that number here",
			"send":            "There is no draft here; write one with: reply.",
			"save 1":          "This connection cannot reach your files",
			"queue nowhere":   `There is no queue "nowhere"`,
			"hand draft to":   "Say to whom, as in: hand draft to bo.",
			"links 3":         "There is no link 3 here",
			"tag a,b!":        `"b!" cannot be a tag`,
			"merge":           "Kai has no other conversation.",
		} {
			c.New()
			c.Type(line).Hears(want)
		}
		c.Type("open 9")
		c.New()
		c.Type("reply this goes nowhere").Hears("No conversation is open")
	})
}
