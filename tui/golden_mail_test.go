package tui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/inbox"
)

// post is a desk in the middle of a day of mail, with something of everything
// that is shown of it.
func post(e *desktest.Env) {
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	ana := e.As("ana")
	m := newMailbox(e)
	for i := range 2 {
		m.room.SetQuarantine(desk.Quarantined{
			ID: desk.DeriveID([]byte{byte(i)}), Account: "shop", Box: "INBOX", UID: uint32(7 + i), Stage: "fetch", At: time.Now(), Attempts: 3, Size: 90,
			Why: "the server's answer broke off in the middle of the mail, three times in a row",
		}, []byte("From: somebody\r\n\r\nhalf a ma"))
	}
	must(ana.Claim(ctx, e.Says("K. Tanaka", "thanks! that solved it")))
	invoice, _ := m.arrives("orders@linden.example", "orders@linden.example", "Invoice 4471 is wrong", invoiceText, letter(func(l *desk.Letter) {
		l.From.Name = ""
		l.Cc = []desk.Address{{Name: "Mo Farouk", Mail: "mo@linden.example"}}
		l.Folds = []desk.Fold{desktest.FoldLines(invoiceText, 4, 8, desk.FoldQuote), desktest.FoldLines(invoiceText, 9, 11, desk.FoldSignature)}
		l.Remote, l.Trackers = 4, 2
		l.Parts = []desk.Part{
			{N: 1, ID: desk.DeriveID([]byte("part")), Name: "invoice-4471.pdf", Type: "application/pdf", Size: 48_211, Kind: desk.PartFile},
			{N: 2, Name: "logo.png", Type: "image/png", Size: 3_100, Kind: desk.PartInline},
			{N: 3, Name: "smime.p7s", Type: "application/pkcs7-signature", Size: 4_800, Kind: desk.PartSignature},
		}
	}))
	must(ana.Claim(ctx, invoice))
	o, err := ana.ReplyDraft(ctx, invoice, true)
	must(err)
	o.Text = "Thank you, we look at it at once.\n\n-- \nThe lamp shop\nshop.example"
	_, item, err := ana.SendMail(ctx, invoice, o)
	must(err)
	time.Sleep(desk.MailUndo)
	m.posted(invoice, item, desk.MailPosted{State: desk.PostTaken})
	m.posted(invoice, item, desk.MailPosted{State: desk.PostBounced, Words: "550 5.1.1 no mailbox here by that name", Failed: []desk.Address{{Mail: "mo@linden.example"}}})
	m.arrives("Linden", "orders@linden.example", "Out of office", "I am back on Monday.", into(invoice), letter(func(l *desk.Letter) {
		l.Muted, l.Automatic = true, "Auto-Submitted: auto-replied"
	}))
	join, _ := m.arrives("Eve Ray", "eve@else.example", "Re: Invoice 4471 is wrong", "I have the same. Please send me all of it.", func(in *desk.Incoming) {
		in.Proposed = invoice
		in.Letter.Warnings = []string{"answers go to another domain, mail.ru.example"}
		in.Letter.Evidence = []desk.Evidence{
			{Rule: desk.RuleReferences, Words: "it answers a mail of ours", Conversation: invoice},
			{Rule: desk.RuleParticipant, Words: "the sender takes no part there", Conversation: invoice, Refused: true},
		}
	})
	must(ana.Claim(ctx, join))
	m.arrives("Mo Farouk", "mo@ex.example", "Fwd: damaged parcel photos", "see below", letter(func(l *desk.Letter) {
		l.Parts = []desk.Part{{N: 1, Name: "", Type: "application/pgp-encrypted", Kind: desk.PartSealed}}
	}))
	a := m.room.Accounts()[0]
	a.Fresh = time.Now()
	m.room.SetAccount(a)
}

const invoiceText = `Hello,

the total of invoice 4471 is 20 kr too high; the delivery was free.

On Tuesday The lamp shop wrote:
> Dear customer,
> this is your invoice.
> It is due in 30 days.

--
Linden AB, Stockholm`

// readMail opens the conversation about something.
func readMail(c *console, subject string) {
	c.Press("go.all").Press(inbox.ActSearch).Type(subject).Key("enter").Press(inbox.ActOpen)
}

// mailMoments are the moments in which mail is on the screen.
func mailMoments() []struct {
	name string
	do   func(*console)
} {
	return []struct {
		name string
		do   func(*console)
	}{
		{"list", func(c *console) { c.Press("go.all") }},
		{"thread", func(c *console) { readMail(c, "linden") }},
		{"unfolded", func(c *console) { readMail(c, "linden"); c.Press("first").Press("unfold.text") }},
		{"writing", func(c *console) {
			readMail(c, "linden")
			c.Press(inbox.ActReplyAll).Type("You are right, the delivery was free.").Key("enter").Type("We send another one.")
		}},
		{"head", func(c *console) {
			readMail(c, "linden")
			c.Press(inbox.ActReply).Type("Yes.").Key("shift+tab").Key("shift+tab").Key("shift+tab").Type("carol@else.example").Key("tab")
		}},
		{"sending", func(c *console) {
			readMail(c, "linden")
			c.Press(inbox.ActReply).Type("You are right.").Press(inbox.ActLetterSend).Wait(time.Second)
		}},
		{"forward", func(c *console) { readMail(c, "linden"); c.Press(inbox.ActForward) }},
		{"new", func(c *console) {
			c.Press(inbox.ActNewMail).Type("mo@ex.example").Key("enter").Type("Your parcel").Key("enter")
		}},
		{"proposal", func(c *console) { readMail(c, "from:\"Eve Ray\"") }},
		{"why", func(c *console) { readMail(c, "from:\"Eve Ray\""); c.Press("why") }},
		{"settle", func(c *console) { readMail(c, "linden"); c.Press("mail.settle") }},
		{"quarantine", func(c *console) { c.Press("go.quarantine").Key("j") }},
		{"mailboxes", func(c *console) { c.Press("go.mailboxes") }},
	}
}

// TestMail compares what is shown of mail with golden files, at every layout.
func TestMail(t *testing.T) {
	for _, size := range []Size{{W: 120, H: 40}, {W: 80, H: 24}, {W: 50, H: 16}} {
		for _, m := range mailMoments() {
			t.Run(fmt.Sprintf("%s-%dx%d", m.name, size.W, size.H), func(t *testing.T) {
				at(t, setup{desk: post, size: size}, func(c *console) {
					m.do(c)
					golden.RequireEqual(t, c.term.text()+"\n")
				})
			})
		}
	}
}

// TestMailStyles shows mail for each kind of terminal: what is red is said in
// words as well.
func TestMailStyles(t *testing.T) {
	kinds := []struct {
		name  string
		env   []string
		ascii bool
	}{
		{"truecolor", []string{"TERM=xterm-256color", "COLORTERM=truecolor", "TZ=UTC"}, false},
		{"sixteen", []string{"TERM=xterm-color", "TZ=UTC"}, false},
		{"none", []string{"TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR=yes", "TZ=UTC"}, false},
		{"ascii", []string{"TERM=xterm-256color", "NO_COLOR=yes", "TZ=UTC"}, true},
	}
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			at(t, setup{desk: post, size: Size{W: 120, H: 40}, env: k.env, background: "#101010", ascii: k.ascii}, func(c *console) {
				readMail(c, "linden")
				c.Press("go.all").Press("pane.2").Press(inbox.ActReply).Key("shift+tab").Key("shift+tab").Type("carol@else.example").Key("tab")
				golden.RequireEqual(t, c.term.styled()+"\n")
			})
		})
	}
}

// TestSmallWindowsHoldMail opens everything about mail in windows of all sizes:
// nothing breaks.
func TestSmallWindowsHoldMail(t *testing.T) {
	for _, m := range mailMoments() {
		at(t, setup{desk: post}, func(c *console) {
			m.do(c)
			for _, size := range []Size{{W: 200, H: 60}, {W: 61, H: 17}, {W: 40, H: 10}, {W: 39, H: 9}, {W: 1, H: 1}, {W: 120, H: 40}} {
				c.Resize(size)
			}
			if n := strings.Count(c.term.text(), "\n"); n != 39 {
				t.Errorf("%s: %d lines", m.name, n+1)
			}
		})
	}
}
