package plain_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/plain"
)

// evilClient answers with a stranger's words.
type evilClient struct{ text string }

func (e evilClient) Open(context.Context, string) error {
	return &desk.Error{Code: desk.Unavailable, Msg: e.text}
}

func (e evilClient) Save(context.Context, string, io.Reader) (string, error) { return e.text, nil }

func (e evilClient) Read(context.Context, string) (string, int64, io.ReadCloser, error) {
	return e.text, 3, io.NopCloser(strings.NewReader("abc")), nil
}

// machine is where a person sits.
type machine struct {
	files  map[string]string
	saved  map[string]string
	opened []string
}

func (m *machine) Open(_ context.Context, url string) error {
	m.opened = append(m.opened, url)
	return nil
}

func (m *machine) Save(_ context.Context, name string, r io.Reader) (string, error) {
	b, err := io.ReadAll(r)
	m.saved[name] = string(b)
	return "/home/bo/" + name, err
}

func (m *machine) Read(_ context.Context, path string) (string, int64, io.ReadCloser, error) {
	text, ok := m.files[path]
	if !ok {
		return "", 0, nil, desk.Errorf(desk.NotFound, "there is no file %s", path)
	}
	return path, int64(len(text)), io.NopCloser(strings.NewReader(text)), nil
}

func TestFilesAndLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		token := desktest.Token("kai")
		env.Says("kai", "look at https://lamps.example/fjord. and HTTPS://x.example/ö")
		f, err := env.Upload(t.Context(), token, "crack.txt", strings.NewReader("a crack"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := env.Say(t.Context(), desk.Words{Token: token, Client: "f", Files: []desk.ID{f.ID}}); err != nil {
			t.Fatal(err)
		}
		m := &machine{files: map[string]string{"bill.txt": "9 EUR"}, saved: map[string]string{}}
		c := open(t, env, env.As("bo"), withClient(m)).Type("list unassigned", "1")
		c.Hears("kai sent the file crack.txt, text/plain", "7 bytes, 00:00")
		c.Type("files").Hears("1. The file crack.txt", "from kai, 00:00.")
		c.Type("save 1").Hears("Saved as /home/bo/crack.txt, 7 bytes.")
		c.Type("save other.txt").Hears(`There is no file "other.txt" here`)
		c.Type("attach none.txt").Hears("There is no file none.txt.")
		c.Type("attach bill.txt").Hears("The file bill.txt, text/plain", "goes with your next reply.")
		c.Type("reply here is the bill").Hears("Sent to kai with 1 file, 00:00")
		c.Type("links").Hears("1. https://lamps.example/fjord\n")
		c.HearsNot("2. HTTPS")
		c.Type("links 1").Hears("Opened https://lamps.example/fjord in your browser.")
		if m.saved["crack.txt"] != "a crack" || len(m.opened) != 1 {
			t.Errorf("the machine has %v and opened %v", m.saved, m.opened)
		}
	})
}

// TestScript drives the program on a pipe.
func TestScript(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo := env.As("bo")
		id := env.Says("kai", "hello")
		c := open(t, env, bo, onPipe)
		c.Type("# take what is there", "list unassigned", "1", "reply", "one", "two", ".", "wait 30s")
		env.Says("kai", "thanks")
		c.Hears("Sent to kai, 00:00\n", "kai: thanks, 00:00\n")
		c.Type("resolve").HearsNot("Inbox:", "With kai:", "\a")
		if err := c.End(); err != nil {
			t.Errorf("a script that went well ends with %v", err)
		}
		if row := bo.Row(id); row.Status != desk.StatusResolved {
			t.Errorf("the conversation is %s", row.Status)
		}
		golden.RequireEqual(t, []byte(shorts(bo, c.Heard(), map[string]desk.ID{"CASE": id})))
	})
}

func TestScriptStopsAtTheFirstFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo := env.As("bo")
		id := env.Says("kai", "hello")
		c := open(t, env, bo, onPipe).Type("list unassigned", "1", "open zzzz", "resolve 1")
		if err := c.End(); desk.CodeOf(err) != desk.NotFound {
			t.Errorf("the script ended with %v", err)
		}
		if bo.Row(id).Status == desk.StatusResolved {
			t.Error("the script went on behind a failure")
		}
		c = open(t, env, bo, onPipe).Type("errors continue", "open zzzz", "list unassigned", "resolve 1")
		if err := c.End(); err != nil || bo.Row(id).Status != desk.StatusResolved {
			t.Errorf("the script did not go on: %v", err)
		}
		c = open(t, env, bo, onPipe).Type("wait 5s")
		time.Sleep(time.Minute)
		if err := c.End(); desk.CodeOf(err) != desk.Unavailable {
			t.Errorf("waiting in vain ended with %v", err)
		}
	})
}

// TestEndOfInputKeepsWhatWasTyped ends a console amid a text.
func TestEndOfInputKeepsWhatWasTyped(t *testing.T) {
	for _, with := range []func(*plain.Options){onPipe, func(*plain.Options) {}} {
		synctest.Test(t, func(t *testing.T) {
			env := desktest.New(t)
			bo := env.As("bo")
			id := env.Says("kai", "hello")
			c := open(t, env, bo, with).Type("list unassigned", "1", "reply", "half a thought")
			_ = c.End()
			c.Hears("it is kept as the draft")
			draft, err := bo.Draft(t.Context(), id)
			if err != nil || draft.Text != "half a thought" || draft.Note {
				t.Errorf("the draft is %+v, %v", draft, err)
			}
			c = open(t, env, bo).Type("open "+bo.Short(id), "reply")
			c.Hears("You have written already: half a thought")
			c.Type("and its end", ".").Hears("Sent to kai")
			events := journalOf(t, env, id)
			if m, ok := events[len(events)-1].Body.(desk.Message); !ok || m.Text != "half a thought\nand its end" {
				t.Errorf("sent: %+v", events[len(events)-1].Body)
			}
			if draft, _ := bo.Draft(t.Context(), id); draft.Text != "" {
				t.Errorf("the draft is still %q", draft.Text)
			}
		})
	}
}

// TestARefusedReplyIsKept sends into a journal that fails.
func TestARefusedReplyIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		env.Says("kai", "hello")
		c := open(t, env, env.As("bo")).Type("list unassigned", "1")
		env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "the disk is full", Err: errors.New("ENOSPC")})
		c.Type("reply precious words").Hears("Not sent: the disk is full. The text is kept as the draft.")
		env.Journal.Fail(nil)
		c.Type("send").Hears("Sent to kai")
	})
}

func TestNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo, eva := env.As("bo"), env.As("eva")
		mine, hers := env.Says("kai", "hello"), env.Says("lin", "hi")
		if err := errors.Join(bo.Claim(t.Context(), mine), eva.Claim(t.Context(), hers)); err != nil {
			t.Fatal(err)
		}
		c := open(t, env, bo)
		c.New()
		env.Says("kai", "are you there?")
		env.Says("lin", "not for bo")
		env.Says("new", "somebody new")
		env.Says("new", "and once more")
		c.Type("").Hears("kai in "+bo.Short(mine)+": are you there?, 00:00", "Nobody has new, ", ": somebody new, 00:00")
		c.HearsNot("not for bo", "and once more")
		c.Type("news all").Hears("You hear of all conversations.")
		env.Says("lin", "for everybody")
		c.Type("").Hears("lin in " + bo.Short(hers) + ": for everybody, 00:00")
		c.Type("news off", "listen").Hears("Listening. Press enter to stop.")
		env.Says("kai", "not told")
		if err := eva.Take(t.Context(), mine); err != nil {
			t.Fatal(err)
		}
		c.Type("news mine")
		c.HearsNot("not told")
		if err := eva.Assign(t.Context(), hers, bo.Actor().ID); err == nil {
			c.Type("").Hears("lin, " + bo.Short(hers) + " is yours now, 00:00")
		}
		c.Type("listen")
		c.New()
		env.Says("lin", "told at once")
		c.Hears("lin in " + bo.Short(hers) + ": told at once, 00:00\n")
		c.Type("", "bell off")
		c.New()
		env.Says("lin", "quietly")
		if got := c.New(); got != "" {
			t.Errorf("a silent console said %q", got)
		}
		c.Type("").Hears("quietly")
	})
}

// TestOlder reads a long conversation in parts, each message once.
func TestOlder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		for i := range 25 {
			env.Says("kai", "word "+string(rune('a'+i)))
		}
		c := open(t, env, env.As("bo")).Type("list unassigned", "1").Hears("kai: word p,", "kai: word y,", "There is more before this: say older.")
		c.Type("older").Hears("kai: word f,", "kai: word o,")
		c.Type("older 3").Hears("kai: word c,", "kai: word e,")
		c.Type("older").Hears("It began by chat", "kai: word a,", "This was all, from the beginning.")
		c.Type("older").Hears("There is nothing before what you have heard.")
		for i := range 25 {
			if n := strings.Count(c.Heard(), "word "+string(rune('a'+i))+", 00:00\n"); n != 1 && i != 24 {
				t.Errorf("word %c was told %d times", 'a'+i, n)
			}
		}
	})
}

func TestPeopleAndViews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo := env.As("bo")
		env.As("eva")
		id := env.Says("kai", "my refund")
		c := open(t, env, bo)
		c.Type("status away 1h").Hears("You are away until today 01:00.")
		c.Type("undo", "status").Hears("Undone: your status.", "You are available.")
		c.Type("search refund").Hears("The search refund: 1 conversation.", "1. kai")
		c.Type("save view money").Hears("The search refund is the view money now.")
		c.Type("views").Hears("money: 1 conversation, the search refund.")
		c.Type("list money", "1", "assign ev").Hears("Eva has kai now.")
		c.Type("undo").Hears("Undone: who has kai.")
		c.Type("take", "release").Hears("You have kai now.", "Let go of kai. Nobody has it now.")
		c.Type("forget money").Hears("The view money is forgotten.")
		c.Type("undo", "list money").Hears("The search money: 1 conversation.")
		c.Type("reply", "words for Eva", ".keep", "hand draft to eva").Hears("Eva has your draft about kai now.")
		draft, err := env.As("eva").Draft(t.Context(), id)
		if err != nil || draft.Text != "words for Eva" {
			t.Errorf("eva has the draft %+v, %v", draft, err)
		}
		c.Type("draft").Hears("There is no draft here.")
		c.Type("why").Hears("Kai: nothing is offered here: people take what they like.")
		c.Type("help snooze").Hears("snooze 1h, fri 14:00 or reply: put it away until a time or a reply.")
		c.Type("help").Hears("For finding:", "For people and queues:", "The beginning of a command is enough.")
	})
}

// busyRouter is one that has everything in hand.
type busyRouter struct{}

func (busyRouter) Explain(id desk.ID) desk.Waiting {
	return desk.Waiting{Conversation: id, Code: "full", Reason: "everybody has their hands full"}
}

func (busyRouter) Place(desk.ID) desk.Place { return desk.Place{} }

// TestNobodysNewsWaitsForAnOffer tells of a customer once: as an offer, or as
// one that nobody was found for.
func TestNobodysNewsWaitsForAnOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		env.SetRouter(busyRouter{})
		bo, eva := env.As("bo"), env.As("eva")
		c := open(t, env, bo)
		mine, hers := env.Says("kai", "for bo"), env.Says("lin", "for eva")
		env.Says("new", "for nobody")
		for id, s := range map[desk.ID]*desk.Session{mine: bo, hers: eva} {
			if err := env.Offer(t.Context(), id, s.Actor().ID, time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		c.Type("").Hears("Offered to you: kai")
		time.Sleep(10 * time.Second)
		c.Type("").Hears("Nobody has new, ")
		c.HearsNot("Nobody has kai", "for eva")
	})
}
