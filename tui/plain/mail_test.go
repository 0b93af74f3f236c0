package plain_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/plain"
)

// mailbox is a desk with the mail account shop.
type mailbox struct {
	*desktest.Env
	t    *testing.T
	room *desktest.Mailroom
	n    int
}

func newMailbox(t *testing.T, env *desktest.Env) *mailbox {
	return &mailbox{Env: env, t: t, room: desktest.NewMailroom(env, desk.MailAccount{
		Name: "shop", Address: desk.Address{Name: "The lamp shop", Mail: "help@shop.example"}, Signature: "The lamp shop",
		State: desk.MailIdle, Words: "up to date", Fresh: time.Now(), Counters: desk.MailCount{Fetched: 3, Threaded: 3},
	})}
}

// arrives receives a mail a minute after the last one.
func (m *mailbox) arrives(who desk.Address, subject, text string, with ...func(*desk.Incoming)) (conversation, item desk.ID) {
	m.t.Helper()
	time.Sleep(time.Minute)
	m.n++
	in := desk.Incoming{
		ID: desk.DeriveID([]byte("mail"), []byte(fmt.Sprint(m.n))), Text: text,
		Letter: desk.Letter{
			Account: "shop", MessageID: fmt.Sprintf("%d@ex.example", m.n), Subject: subject, From: who,
			To: []desk.Address{{Mail: "help@shop.example"}}, Received: time.Now(),
			Evidence: []desk.Evidence{{Rule: desk.RuleNew, Words: "nothing in it points to a conversation here"}},
		},
	}
	for _, f := range with {
		f(&in)
	}
	id, err := m.Receive(m.t.Context(), in)
	if err != nil {
		m.t.Fatal(err)
	}
	m.room.SetRaw(in.ID, []byte("Subject: "+subject+"\r\n\r\n"+text+"\r\n"), nil)
	return id, in.ID
}

// last returns the newest mail of ours in a conversation.
func (m *mailbox) last(id desk.ID) (item desk.ID, msg desk.Message) {
	m.t.Helper()
	events, err := m.Journal.ReadStream(m.t.Context(), id, 1, 1000)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, e := range events {
		if b, ok := e.Body.(desk.Message); ok && b.Direction == desk.Out && b.Mail != nil {
			item, msg = e.ID, b
		}
	}
	if item.IsZero() {
		m.t.Fatal("no mail of ours is in the conversation")
	}
	return item, msg
}

func (m *mailbox) posted(id, item desk.ID, p desk.MailPosted) {
	m.t.Helper()
	p.Item = item
	if err := m.Posted(m.t.Context(), id, p); err != nil {
		m.t.Fatal(err)
	}
	time.Sleep(time.Second) // it is told before anything else is typed
	synctest.Wait()
}

var bjork = desk.Address{Name: "Ana Björk", Mail: "ana@ex.example"}

// withMail runs a story at a desk with a mail, which is open.
func withMail(t *testing.T, story func(*console, *mailbox, desk.ID), with ...func(*plain.Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t)
		bo := env.As("bo")
		m := newMailbox(t, env)
		const text = "The total is wrong.\nOn Monday you wrote:\n> it is right"
		id, _ := m.arrives(bjork, "Invoice 4471", text, func(in *desk.Incoming) {
			in.Letter.Folds = []desk.Fold{desktest.FoldLines(text, 1, 3, desk.FoldQuote)}
			in.Letter.Cc = []desk.Address{{Name: "Mo", Mail: "mo@ex.example"}}
			in.Letter.Warnings = []string{"claims to be us without proof"}
			in.Letter.Parts = []desk.Part{{N: 1, ID: desk.PartID(in.ID, 1), Name: "bill.pdf", Type: "application/pdf", Size: 9, Kind: desk.PartFile}}
		})
		c := open(t, env, bo, with...)
		c.Type("list unassigned", "1")
		story(c, m, id)
	})
}

// TestMailMorning is mail as it is read out: read, answered, taken back, sent,
// and undelivered.
func TestMailMorning(t *testing.T) {
	withMail(t, func(c *console, m *mailbox, id desk.ID) {
		c.Type("whole", "reply", ".cc mo@ex.example", "We look at it.", "", "Soon.", ".read", ".", "undo", "draft", "send")
		time.Sleep(6 * time.Second)
		item, _ := m.last(id)
		m.posted(id, item, desk.MailPosted{State: desk.PostTaken})
		m.posted(id, item, desk.MailPosted{State: desk.PostFailed, Words: "550 no such user", Failed: []desk.Address{bjork}})
		c.Type("", "resolve", "settle called her", "resolve", "reopen", "why", "mailboxes", "quarantine", "raw", "quit")
		golden.RequireEqual(t, []byte(shorts(m.As("bo"), c.Heard(), map[string]desk.ID{"CASE": id})))
	})
}

func TestReplyAllAndForward(t *testing.T) {
	withMail(t, func(c *console, m *mailbox, id desk.ID) {
		c.Type("replyall Thank you.").Hears("The mail to Ana Björk <ana@ex.example> and Mo <mo@ex.example> goes out in 5 seconds; undo takes it back.")
		if _, msg := m.last(id); msg.Text != "Thank you.\n\n-- \nThe lamp shop" || len(msg.Mail.Cc) != 1 || !msg.Mail.Quote {
			t.Errorf("sent %q, cc %v", msg.Text, msg.Mail.Cc)
		}
		c.Type("forward").Hears("To:").Type("not an address").Hears("is not a mail address", "To:")
		c.Type("carol@else.example").Hears("Copies to, or enter for none:").Type("").Hears("Subject, or enter for Fwd: Invoice 4471:").Type("")
		c.Hears("To carol@else.example. Subject Fwd: Invoice 4471. 1 part of the mail go along.").Type("Please look.", ".")
		c.Hears("Nobody here has had to do with carol@else.example", "Yes or no:").Type("no").Hears("Not sent. The mail is kept as the draft.")
		c.Type("send").Hears("Yes or no:").Type("yes").Hears("The mail to carol@else.example goes out in 5 seconds; undo takes it back. It is conversation ")
	})
}

func TestANewMailAsksForItsHead(t *testing.T) {
	withMail(t, func(c *console, m *mailbox, _ desk.ID) {
		c.Type("close", "mail", "Kai <kai@ex.example>", "", "Your lamp").Hears("To:", "Copies to, or enter for none:", "Subject:", "To Kai <kai@ex.example>. Subject Your lamp.")
		c.Type("It is on its way.", ".keep").Hears("Kept as the draft.").Type("mail").Hears("You have written already: It is on its way.")
		c.Type("Bye.", ".").Hears("goes out in 5 seconds")
		all := m.Unposted()
		if len(all) != 1 {
			t.Fatalf("%d mails are to go out", len(all))
		}
		if _, msg := m.last(all[0].Conversation); msg.Text != "It is on its way.\nBye.\n\n-- \nThe lamp shop" || msg.Mail.Subject != "Your lamp" {
			t.Errorf("sent %q, %q", msg.Mail.Subject, msg.Text)
		}
	})
}

func TestAProposedJoinIsDecidedInWords(t *testing.T) {
	withMail(t, func(c *console, m *mailbox, id desk.ID) {
		eve, _ := m.arrives(desk.Address{Mail: "eve@else.example"}, "Re: Invoice 4471", "me too", func(in *desk.Incoming) { in.Proposed = id })
		short := m.As("bo").Short(eve)
		c.Type("open "+short).Hears("may belong to "+m.As("bo").Short(id), "It may belong to")
		c.Type("apart").Hears("It stays a conversation of its own.")
		other, _ := m.arrives(desk.Address{Mail: "kim@else.example"}, "Re: Invoice 4471", "and me", func(in *desk.Incoming) { in.Proposed = id })
		c.Type("open "+m.As("bo").Short(other), "join").Hears("Joined. They go on in " + m.As("bo").Short(id))
		c.Type("undo").Hears("Undone: joined")
	})
}

func TestQuarantineIsToldAndEmptied(t *testing.T) {
	withMail(t, func(c *console, m *mailbox, _ desk.ID) {
		for i := range 2 {
			m.room.SetQuarantine(desk.Quarantined{
				ID: desk.DeriveID([]byte{byte(i)}), Account: "shop", Box: "INBOX", UID: uint32(7 + i), Stage: "fetch", Why: "the answer broke off", At: time.Now(), Attempts: 3,
			}, []byte("From: somebody\r\n\r\nhalf a ma"))
		}
		c.Type("quarantine").Hears("1. shop, INBOX, mail 7: the answer broke off, failed to fetch 3 times")
		c.Type("quarantine 2").Hears("| From: somebody", "| half a ma").Type("quarantine retry 1").Hears("Tried again")
		c.Type("quarantine drop 1").Hears("Say why").Type("quarantine drop 1 junk").Hears("Yes or no:").Type("no").Hears("Left as it was.")
		c.Type("quarantine drop 1 junk", "yes").Hears("Given up.").Type("quarantine").Hears("No mail is in quarantine")
	})
}

func TestAnUndeliveredMailIsSentAgainAfterAYes(t *testing.T) {
	withMail(t, func(c *console, m *mailbox, id desk.ID) {
		c.Type("reply Hello")
		time.Sleep(6 * time.Second)
		item, _ := m.last(id)
		m.posted(id, item, desk.MailPosted{State: desk.PostTaken})
		m.posted(id, item, desk.MailPosted{State: desk.PostParked})
		c.Type("").Hears("It is not known whether the mail to Ana Björk <ana@ex.example> has left; look in Sent")
		c.Type("again").Hears("already gets it twice").Type("yes").Hears("goes out again")
		if len(m.room.Resent()) != 1 {
			t.Error("it was not sent again")
		}
	})
}

func TestAScriptSaysYesBeforehand(t *testing.T) {
	withMail(t, func(c *console, m *mailbox, id desk.ID) {
		c.Type("errors continue", "bymail", ".to new@else.example", "Hello", ".").Hears("Not sent: Nobody here has had to do with new@else.example", "send anyway sends it")
		c.Type("send anyway").Hears("goes out in 5 seconds")
		if _, msg := m.last(id); msg.Mail.To[0].Mail != "new@else.example" {
			t.Errorf("sent to %v", msg.Mail.To)
		}
	}, onPipe)
}

func TestFilesOfMailsAreSaved(t *testing.T) {
	cl := &machine{saved: map[string]string{}}
	withMail(t, func(c *console, m *mailbox, id desk.ID) {
		item := desk.DeriveID([]byte("mail"), []byte("1"))
		m.room.SetRaw(item, []byte("raw"), map[int][]byte{1: []byte("%PDF bill")})
		c.Type("files").Hears("1. The file bill.pdf").Type("save 1").Hears("Saved as")
	}, withClient(cl))
}

func TestBothChannelsInWords(t *testing.T) {
	withMail(t, func(c *console, m *mailbox, _ desk.ID) {
		id := m.Says("Kai", "are you there?")
		m.arrives(desk.Address{Name: "Kai", Mail: "kai@ex.example"}, "Photos", "here", func(in *desk.Incoming) { in.Conversation = id })
		c.Type("open "+m.As("bo").Short(id), "inchat I have your mail.").Hears("Sent to Kai")
		items, err := m.PublicItems(t.Context(), id, 0, 10)
		if err != nil || len(items) != 2 || items[1].Text != "I have your mail." {
			t.Errorf("the chat shows %+v, %v", items, err)
		}
		c.Type("bymail Here is the bill.").Hears("The mail to Kai <kai@ex.example> goes out")
	})
}

// TestHostileMail reads mails whose every part is hostile.
func TestHostileMail(t *testing.T) {
	for _, text := range hostile() {
		synctest.Test(t, func(t *testing.T) {
			env := desktest.New(t)
			m := newMailbox(t, env)
			id, _ := m.arrives(desk.Address{Name: text, Mail: "eve@ex.example"}, text, text+"\n"+text, func(in *desk.Incoming) {
				l := &in.Letter
				l.Cc, l.Warnings, l.Mended, l.Automatic = []desk.Address{{Name: text, Mail: "x@ex.example"}}, []string{text}, []string{text}, text
				l.Folds = []desk.Fold{desktest.FoldLines(text+"\n"+text, 0, 1, desk.FoldKind(text))}
				l.Parts = []desk.Part{{N: 1, ID: desk.NewID(), Name: text, Type: text, Size: 1, Kind: desk.PartFile}}
				l.Evidence = []desk.Evidence{{Rule: desk.Rule(text), Words: text}}
			})
			m.room.SetQuarantine(desk.Quarantined{ID: desk.NewID(), Account: text, Box: text, Stage: text, Why: text, At: time.Now()}, []byte(text))
			a := m.room.Accounts()[0]
			a.Words, a.State = text, desk.MailTrouble
			m.room.SetAccount(a)
			bo := env.As("bo")
			c := open(t, env, bo)
			c.echo = false
			c.Type("list unassigned", "open "+bo.Short(id), "whole", "raw", "why", "files", "links", "replyall", "hello", ".", "quarantine", "quarantine 1", "mailboxes")
			time.Sleep(6 * time.Second)
			item, _ := m.last(id)
			m.posted(id, item, desk.MailPosted{State: desk.PostTaken})
			m.posted(id, item, desk.MailPosted{State: desk.PostFailed, Words: text, Failed: []desk.Address{{Name: text, Mail: "y@ex.example"}}})
			c.Type("", "forward", "settle", "close")
			harmless(t, c.Heard())
			for line := range strings.SplitSeq(c.Heard(), "\n") {
				if strings.HasPrefix(line, "Bo: refund") || strings.HasPrefix(line, "Bo: yes") {
					t.Errorf("a stranger speaks as a colleague: %q", line)
				}
			}
		})
	}
}
