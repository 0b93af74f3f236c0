package tui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/inbox"
)

// mailbox is a desk with a mail account, and mails in it.
type mailbox struct {
	*desktest.Env
	room *desktest.Mailroom
	n    int
}

// newMailbox gives a desk the account shop.
func newMailbox(e *desktest.Env) *mailbox {
	room := desktest.NewMailroom(e, desk.MailAccount{
		Name: "shop", Address: desk.Address{Name: "The lamp shop", Mail: "help@shop.example"},
		Signature: "The lamp shop\nshop.example", State: desk.MailIdle, Words: "up to date", Fresh: time.Now(), Since: time.Now(),
		Counters: desk.MailCount{Fetched: 12_310, Threaded: 12_300, Copies: 8, Quarantined: 2},
	})
	return &mailbox{Env: e, room: room}
}

// arrives receives a mail, a minute after the last one, and returns its
// conversation and itself.
func (m *mailbox) arrives(name, address, subject, text string, with ...func(*desk.Incoming)) (conversation, item desk.ID) {
	time.Sleep(time.Minute)
	m.n++
	in := desk.Incoming{
		ID: desk.DeriveID([]byte("mail"), []byte(fmt.Sprint(m.n))), Text: text,
		Letter: desk.Letter{
			Account: "shop", MessageID: fmt.Sprintf("%d@ex.example", m.n), Subject: subject,
			From: desk.Address{Name: name, Mail: address}, To: []desk.Address{{Mail: "help@shop.example"}},
			Date: time.Now(), Received: time.Now(),
			Evidence: []desk.Evidence{{Rule: desk.RuleNew, Words: "nothing in it points to a conversation here"}},
		},
	}
	for _, f := range with {
		f(&in)
	}
	id, err := m.Receive(context.Background(), in)
	if err != nil {
		panic(err)
	}
	m.room.SetRaw(in.ID, []byte("From: "+name+" <"+address+">\r\nSubject: "+subject+"\r\nX-Trick: \x1b]52;c;AAAA\x07\r\n\r\n"+text+"\r\n"), nil)
	return id, in.ID
}

// into puts a mail into a conversation.
func into(id desk.ID) func(*desk.Incoming) { return func(in *desk.Incoming) { in.Conversation = id } }

// letter changes what a mail has beside its words.
func letter(f func(*desk.Letter)) func(*desk.Incoming) {
	return func(in *desk.Incoming) { f(&in.Letter) }
}

// posted says how far a mail of ours has come.
func (m *mailbox) posted(conversation, item desk.ID, p desk.MailPosted) {
	p.Item = item
	if err := m.Posted(context.Background(), conversation, p); err != nil {
		panic(err)
	}
}

// last returns the newest mail of ours in a conversation.
func (m *mailbox) last(t *testing.T, id desk.ID) (item desk.ID, msg desk.Message) {
	t.Helper()
	events, err := m.Journal.ReadStream(t.Context(), id, 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if b, ok := e.Body.(desk.Message); ok && b.Direction == desk.Out && b.Mail != nil {
			item, msg = e.ID, b
		}
	}
	if item.IsZero() {
		t.Fatal("no mail of ours is in the conversation")
	}
	return item, msg
}

// withMail runs a story at a desk with a mail of Ana Björk, which is open.
func withMail(t *testing.T, s setup, story func(*console, *mailbox, desk.ID)) {
	t.Helper()
	var m *mailbox
	var id desk.ID
	s.desk = func(e *desktest.Env) {
		m = newMailbox(e)
		const text = "The total is wrong.\n\nOn Monday you wrote:\n> it is right\n> really"
		id, _ = m.arrives("Ana Björk", "ana@ex.example", "Invoice 4471 is wrong", text, letter(func(l *desk.Letter) {
			l.Folds = []desk.Fold{desktest.FoldLines(text, 2, 5, desk.FoldQuote)}
			l.Cc = []desk.Address{{Name: "Bo Ek", Mail: "bo@ex.example"}}
		}))
	}
	at(t, s, func(c *console) { story(c, m, id) })
}

func TestAMailIsAnsweredByMail(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		c.Sees("em Ana Björk", "Invoice 4471 is wrong").Press(inbox.ActOpen)
		c.Sees("Ana Björk <ana@ex.example>", "cc Bo Ek", "<bo@ex.example>", "[3 quoted lines ▸ enter]").Misses("it is right")
		c.Press("unfold.text").Sees("> it is right").Press("unfold.text")
		c.Press(inbox.ActReply).Sees("mail to Ana Björk", "enter new line", "ctrl+s sends", "To:      Ana Björk <ana@ex.example>", "Subject: Re: Invoice 4471 is wrong", "- drops Bo Ek <bo@ex.example>")
		c.Type("We look at it.").Key("enter").Type("Soon.").Press(inbox.ActLetterSend)
		c.Sees("Mail to Ana Björk <ana@ex.example> goes out in 5 s · z undo", "sending in 5 s", "NAV")
		_, msg := m.last(t, id)
		if want := "We look at it.\nSoon.\n\n-- \nThe lamp shop\nshop.example"; msg.Text != want || len(msg.Mail.To) != 1 || len(msg.Mail.Cc) != 0 || !msg.Mail.Quote {
			t.Errorf("sent %q to %v, cc %v", msg.Text, msg.Mail.To, msg.Mail.Cc)
		}
		c.Wait(2 * time.Second).Sees("in 3 s").Wait(4 * time.Second).Misses("z undo").Sees("on its way")
		item, _ := m.last(t, id)
		m.posted(id, item, desk.MailPosted{State: desk.PostTaken})
		m.posted(id, item, desk.MailPosted{State: desk.PostSent})
		c.settle()
		c.Sees("✓ sent")
	})
}

func TestAMailIsTakenBackBeforeItLeaves(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Type("Oops").Press(inbox.ActLetterSend).Wait(2 * time.Second)
		c.Press("undo").Sees("Taken back before it left; it is in the composer", "Oops", "To:      Ana Björk <ana@ex.example>")
		if row := m.State.Conversation(id); len(row.Outbox) != 0 || row.Status == desk.StatusWaiting {
			t.Errorf("the mail is still to go out: %v, %s", row.Outbox, row.Status)
		}
		c.Type("!").Press(inbox.ActLetterSend).Wait(6 * time.Second).Press("undo").Sees("nothing to undo")
	})
}

func TestReplyAllReachesEverybody(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActReplyAll).Sees("Cc:      Bo Ek <bo@ex.example>").Misses("drops")
		c.Type("Thanks.").Press(inbox.ActLetterSend)
		if _, msg := m.last(t, id); len(msg.Mail.Cc) != 1 || msg.Mail.Cc[0].Mail != "bo@ex.example" {
			t.Errorf("cc %v", msg.Mail.Cc)
		}
	})
}

func TestANewAddressIsAskedFor(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Type("See below.").Key("shift+tab").Key("shift+tab").Type("x").Key("backspace")
		c.Key("shift+tab").Type("carol@else.example").Key("tab").Sees("! adds carol@else.example (new here)")
		c.Press(inbox.ActLetterSend).Sees("send to a new address?", "nobody here has had to do with carol@else.example")
		c.Key("enter").Sees("See below.", "WRITE").Press(inbox.ActLetterSend).Key("y")
		c.Sees("goes out in")
		if _, msg := m.last(t, id); len(msg.Mail.Cc) != 1 || msg.Mail.Cc[0].Mail != "carol@else.example" {
			t.Errorf("cc %v", msg.Mail.Cc)
		}
	})
}

func TestHalfAnAddressIsNotSent(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, _ desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Type("Hello").Key("shift+tab").Key("shift+tab").Type("not an address").Key("tab").Key("tab")
		c.Press(inbox.ActLetterSend).Sees("is not a mail address")
		if len(m.Unposted()) != 0 {
			t.Error("it went out")
		}
		c.Key("ctrl+u").Press(inbox.ActLetterSend).Sees("goes out in")
	})
}

func TestAMailDraftSurvives(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Type("Half a th").Key("shift+tab").Type(" again").Key("esc").Key("esc")
		m.arrives("Mo", "mo@ex.example", "Other", "hello")
		c.Press("go.all")
		c.Press("first").Press(inbox.ActOpen).Press("back").Press("last").Press(inbox.ActOpen)
		c.Sees("draft of a mail to Ana Björk <ana@ex.example>: Half a th")
		c.Press(inbox.ActReply).Sees("Re: Invoice 4471 is wrong again", "Half a th").Type("ought").Press(inbox.ActLetterSend)
		_, msg := m.last(t, id)
		if !strings.HasPrefix(msg.Text, "Half a thought") || strings.Count(msg.Text, "-- \n") != 1 || msg.Mail.Subject != "Re: Invoice 4471 is wrong again" {
			t.Errorf("sent %q, %q", msg.Mail.Subject, msg.Text)
		}
	})
}

func TestLookingAtAMailMakesNoDraft(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Key("esc").Key("esc").Misses("draft")
		if d, _ := m.Drafts.Load(t.Context(), id, m.State.AccountNamed("ana").ID); d.Text != "" {
			t.Errorf("the draft is %q", d.Text)
		}
	})
}

func TestANewMailBeginsAConversation(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, _ desk.ID) {
		c.Press(inbox.ActNewMail).Sees("new mail", "2 New mail", "-- ").Type("Mo Farouk <mo@ex.example>").Key("enter").Type("Your lamp").Key("enter")
		c.Type("It is on its way.").Key("esc").Press(inbox.ActNewMail).Type(" Bye.").Press(inbox.ActLetterSend)
		c.Sees("Mo Farouk", "sending in", "It is on its way. Bye.", "subject: Your lamp")
		c.Press("undo").Sees("it is in the composer", "It is on its way. Bye.").Press(inbox.ActLetterSend).Sees("goes out in")
	})
}

func TestAMailIsForwarded(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActForward).Sees("forward", "Subject: Fwd: Invoice 4471 is wrong").Type("mo@ex.example").Press(inbox.ActLetterSend)
		c.Sees("send to a new address?").Key("y").Sees("Mail to mo@ex.example goes out in")
		var linked *desk.Conversation
		for _, u := range m.Unposted() {
			linked = m.State.Conversation(u.Conversation)
		}
		if linked == nil || linked.ID == id || linked.Previous != id {
			t.Errorf("the forward is in %+v", linked)
		}
	})
}

func TestTroubleIsSaidAndSettled(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Type("Hi").Press(inbox.ActLetterSend).Wait(6 * time.Second)
		item, msg := m.last(t, id)
		m.posted(id, item, desk.MailPosted{State: desk.PostTaken})
		m.posted(id, item, desk.MailPosted{State: desk.PostFailed, Words: "550 no such user", Failed: msg.Mail.To})
		c.settle()
		c.Press("go.all").Sees("✗ em Ana Björk", "undelivered: > Re: Invoice", "✗ undelivered: 1 mail of ours", "✗ undelivered: Ana Björk <ana@ex.example>: 550", "no such user").Press("pane.2")
		c.Press(inbox.ActResolve).Sees("nothing was changed")
		c.Press("mail.settle").Type("called her").Key("enter").Sees("Dealt with").Misses("✗")
		c.Press(inbox.ActResolve).Sees("Resolved")
	})
}

func TestAnUndeliveredMailGoesOutAgainByDecision(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Type("Hi").Press(inbox.ActLetterSend).Wait(6 * time.Second)
		item, _ := m.last(t, id)
		m.posted(id, item, desk.MailPosted{State: desk.PostTaken})
		m.posted(id, item, desk.MailPosted{State: desk.PostParked})
		c.settle()
		c.Press("go.all").Sees("it is not known whether this left;", "Sent, or ask Ana", "sent or not: ").Press("pane.2")
		c.Press("mail.again").Sees("Whoever has it already gets it twice").Key("y").Sees("goes out again", "on its way")
		if got := m.room.Resent(); len(got) != 1 || got[0] != item {
			t.Errorf("sent again: %v", got)
		}
	})
}

func TestAProposedJoinIsDecidedByAPerson(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		other, _ := m.arrives("Eve", "eve@else.example", "Re: Invoice 4471 is wrong", "me too", func(in *desk.Incoming) { in.Proposed = id })
		c.settle()
		open(c, "Eve")
		c.Sees("may belong to #"+m.As("ana").Short(id), "the sender takes no part there", "m y", "joins them")
		c.Press("why").Sees("why these mails are in", "new: nothing in it points to a conversation here").Key("esc")
		c.Press("join.decline").Sees("It stays a conversation of its own").Misses("takes no part")
		if !m.State.Conversation(other).Proposed.IsZero() {
			t.Error("it is still proposed")
		}
	})
}

func TestRawMailIsReadAndNeverObeyed(t *testing.T) {
	withMail(t, setup{}, func(c *console, _ *mailbox, _ desk.ID) {
		c.Press(inbox.ActOpen).Press("mail.raw").Sees("raw mail", "Subject: Invoice 4471 is wrong", "X-Trick:", "READ")
		c.term.expect(t, "\x1b]52;c;AAAA", false)
		c.Key("esc").Sees("NAV")
	})
}

func TestQuarantineIsAView(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, _ desk.ID) {
		for i := range 3 {
			m.room.SetQuarantine(desk.Quarantined{
				ID: desk.DeriveID([]byte{byte(i)}), Account: "shop", Box: "INBOX", UID: uint32(7 + i), Stage: "fetch", At: time.Now(), Attempts: 3, Size: 90,
				Why: "the server's answer broke off",
			}, []byte("From: somebody\r\n\r\nhalf a ma"))
		}
		c.Sees("quarantine 2").Press("go.quarantine").Sees("quarantine · 3 mails", "shop, INBOX, mail 7", "the server's answer broke off", "failed to fetch 3 times")
		c.Key("j").Key("enter").Sees("half a ma").Key("esc").Key("r").Sees("Tried again", "quarantine · 2 mails")
		c.Key("x").Type("junk").Key("enter").Sees("give this mail up?").Key("n").Sees("2 mails").Key("x").Key("enter").Key("y").Sees("Given up", "quarantine · 1 mail")
	})
}

func TestAccountsAreSaidWhenTheyAreNotWell(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, _ desk.ID) {
		c.Misses("mail shop as of")
		a := m.room.Accounts()[0]
		a.State, a.Words = desk.MailTrouble, "cannot reach mail.example:993, next try in 20 s"
		m.room.SetAccount(a)
		c.Wait(4 * time.Minute).Sees("mail shop as of 5m ago")
		m.SetLamp(desk.Lamp{Part: "mail shop", Words: a.Words})
		c.settle()
		c.Sees("mail shop cannot reach mail.example:993, next try in 20 s", "enter open")
		a.State, a.Done, a.Total, a.Rate, a.Fresh = desk.MailSyncing, 12_300, 30_002, 410, time.Now()
		m.room.SetAccount(a)
		m.SetLamp(desk.Lamp{Part: "mail shop", OK: true})
		c.Wait(time.Minute).Sees("mail shop 12,300 of 30,002, 410/s").Press("go.mailboxes")
		c.Sees("12,310 fetched = 12,300 in conversations + 8 copies + 2 in quarantine").Key("r").Sees("Every mailbox is asked now")
		if len(m.room.Pokes()) != 1 {
			t.Error("nobody was asked")
		}
	})
}

func TestANoteAboutAMailIsNoMail(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Type("only for us").Press("turn").Sees("# note about", "only for us").Misses("Subject:", "-- \n", "The lamp shop")
		c.Press(inbox.ActSend).Sees("-- note, only the team sees this").Key("esc")
		if len(m.Unposted()) != 0 {
			t.Error("a note went out")
		}
		c.Press(inbox.ActReply).Sees("To:      Ana Björk <ana@ex.example>")
	})
}

func TestTheEditorGetsTheHead(t *testing.T) {
	cl := &machine{edit: func(text string) string {
		return strings.Replace(strings.Replace(text, "Subject: Re: Invoice 4471 is wrong", "Subject: Your invoice", 1), "\n\n", "\n\nWritten there.", 1)
	}}
	withMail(t, setup{client: cl}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Press("editor").Wait(time.Second).Sees("Subject: Your invoice", "Written there.")
		c.Press(inbox.ActLetterSend)
		if _, msg := m.last(t, id); msg.Mail.Subject != "Your invoice" || msg.Mail.Parent.IsZero() {
			t.Errorf("%q, answers %v", msg.Mail.Subject, msg.Mail.Parent)
		}
	})
}

func TestAKeyChangesBetweenChatAndMail(t *testing.T) {
	withMail(t, setup{}, func(c *console, m *mailbox, _ desk.ID) {
		id := m.Says("Mo Farouk", "are you there?")
		m.arrives("Mo Farouk", "mo@ex.example", "Photos", "here they are", into(id))
		c.settle()
		open(c, "Mo Farouk")
		c.Press(inbox.ActReply).Sees("mail to Mo Farouk", "Subject: Re: Photos", "ctrl+x ctrl+t in the chat").Type("thank you")
		c.Press(inbox.ActSwitch).Sees("reply to Mo Farouk in chat", "enter sends", "thank you", "by mail").Misses("Subject:")
		c.Key("esc").Press(inbox.ActReply).Sees("reply to Mo Farouk in chat").Press(inbox.ActSend)
		items, err := m.PublicItems(t.Context(), id, 0, 10)
		if err != nil || len(items) != 2 || items[1].Text != "thank you" {
			t.Errorf("the chat shows %+v, %v", items, err)
		}
		c.Type("also by mail").Press(inbox.ActSwitch).Sees("To:      Mo Farouk <mo@ex.example>", "also by mail").Press(inbox.ActLetterSend).Sees("goes out in")
	})
}

func TestCannedRepliesAndFieldsHoldForMails(t *testing.T) {
	withMail(t, setup{canned: prepared}, func(c *console, m *mailbox, _ desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Press(inbox.ActCanned).Type("refund").Key("enter")
		c.Press(inbox.ActLetterSend).Sees("is still to be filled in")
		if len(m.Unposted()) != 0 {
			t.Error("a field went out unfilled")
		}
	})
}

func TestFilesGoWithAMail(t *testing.T) {
	cl := &machine{files: map[string]string{"bill.pdf": "%PDF-1.7 a bill"}}
	withMail(t, setup{client: cl}, func(c *console, m *mailbox, id desk.ID) {
		c.Press(inbox.ActOpen).Press(inbox.ActReply).Type("here").Press("attach").Type("bill.pdf").Key("enter").Sees("+ bill.pdf 15 B")
		c.Press(inbox.ActLetterSend)
		if _, msg := m.last(t, id); len(msg.Files) != 1 || msg.Files[0].Name != "bill.pdf" {
			t.Errorf("files %v", msg.Files)
		}
		c.Press("undo").Sees("+ bill.pdf 15 B").Press(inbox.ActLetterSend).Sees("goes out in")
	})
}

func TestPartsOfAMailAreSaved(t *testing.T) {
	cl := &machine{}
	withMail(t, setup{client: cl}, func(c *console, m *mailbox, id desk.ID) {
		_, item := m.arrives("Ana Björk", "ana@ex.example", "Re: Invoice 4471 is wrong", "see the photo", into(id), func(in *desk.Incoming) {
			in.Letter.Parts = []desk.Part{{N: 1, ID: desk.PartID(in.ID, 1), Name: "photo.jpg", Type: "image/jpeg", Size: 5, Kind: desk.PartFile}}
		})
		m.room.SetRaw(item, []byte("raw"), map[int][]byte{1: []byte("photo")})
		c.settle()
		c.Press(inbox.ActOpen).Sees("[photo.jpg · jpeg · 5 B]").Press("things").Sees("photo.jpg · jpeg · 5 B").Type("photo").Key("enter").Sees("Saved ~/Downloads/photo.jpg")
		if cl.saved["photo.jpg"] != "photo" {
			t.Errorf("saved %q", cl.saved)
		}
	})
}

func TestAllOfAMailFromAStrangerIsMadeSafe(t *testing.T) {
	evil := "\x1b]52;c;QUFB\x07\x1b[2Jx\u009b31m\u202egnp.exe"
	at(t, setup{desk: func(e *desktest.Env) {
		m := newMailbox(e)
		id, _ := m.arrives(evil, "eve@ex.example", evil, evil+"\n> "+evil, letter(func(l *desk.Letter) {
			l.Cc = []desk.Address{{Name: evil, Mail: "x@ex.example"}}
			l.Warnings, l.Mended, l.Automatic = []string{evil}, []string{evil}, evil
			l.Parts = []desk.Part{{N: 1, ID: desk.NewID(), Name: evil, Type: evil, Size: 1, Kind: desk.PartFile}}
			l.Folds = []desk.Fold{desktest.FoldLines(evil+"\n> "+evil, 1, 2, desk.FoldKind(evil))}
			l.Evidence = []desk.Evidence{{Rule: desk.Rule(evil), Words: evil}}
		}))
		m.arrives("Mo", "mo@ex.example", evil, evil, func(in *desk.Incoming) { in.Proposed = id })
		m.room.SetQuarantine(desk.Quarantined{ID: desk.NewID(), Account: evil, Box: evil, Stage: evil, Why: evil, At: time.Now()}, []byte(evil))
		a := m.room.Accounts()[0]
		a.Words, a.State = evil, desk.MailTrouble
		m.room.SetAccount(a)
	}}, func(c *console) {
		for range 2 {
			c.Press("go.all").Press("down").Press(inbox.ActOpen).Press("unfold.text").Press("why").Key("esc").Press("mail.raw").Key("esc").Press("things").Key("esc")
			c.Press(inbox.ActReplyAll).Key("shift+tab").Wait(time.Second).Key("esc").Press(inbox.ActForward).Key("esc").Press("pane.1").Press("first")
		}
		c.Press("go.quarantine").Key("enter").Key("esc").Key("esc").Press("go.mailboxes").Key("esc").Press("customer")
		sent := c.term.sentText()
		for _, bad := range []string{"\x1b]52", "\x1b[2Jx", "\u009b", "\u202e", "QUFB\x07"} {
			if strings.Contains(sent, bad) {
				t.Errorf("%q reached the terminal", bad)
			}
		}
	})
}
