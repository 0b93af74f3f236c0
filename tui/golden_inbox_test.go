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

// full is a desk in the middle of a day, with something of everything that the
// inbox shows.
func full(e *desktest.Env) {
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	e.Routing().Queues = []desk.Queue{
		{Name: "orders", Title: "Orders"},
		{Name: "billing", Title: "Billing", Pages: []string{"/billing"}, FirstReply: 5 * time.Minute, NextReply: 15 * time.Minute, Warn: 0.75},
	}
	ana, bo := e.As("ana"), e.As("bo")
	words := func(name string, w desk.Words) desk.ID {
		time.Sleep(time.Minute)
		w.Token, w.Name = desktest.Token(name), name
		w.Client = fmt.Sprintf("w%d", time.Now().UnixNano())
		id, err := e.Say(ctx, w)
		must(err)
		return id
	}
	old := words("Ana Björk", desk.Words{Text: "how do I log in?"})
	must(ana.End(ctx, old))
	time.Sleep(desk.ReopenWithin + 23*time.Hour)
	now := words("Ana Björk", desk.Words{
		Text: "Hi! My payment failed twice but my bank says both went through: https://bank.example/receipt/8812",
		Page: "https://shop.example/billing/invoices", Mail: "ana@ex.example", Notice: desk.NoticeRef{Version: "2", Lang: "en"},
	})
	decline(e, "Ana Björk", "phone")
	must(ana.Claim(ctx, now))
	must(ana.Tag(ctx, now, []string{"billing", "vip"}, nil))
	must(ana.Prioritise(ctx, now, desk.High))
	time.Sleep(time.Minute)
	must(ana.Reply(ctx, now, "Sorry about that, Ana. Let me look at the two charges."))
	e.Seen(now, e.State.Conversation(now).Ord)
	time.Sleep(2 * time.Second)
	must(bo.Note(ctx, now, "both charges are AUTH, not CAPTURE"))
	_, err := ana.Merge(ctx, old, now)
	must(err)
	file, err := e.Upload(ctx, desktest.Token("Ana Björk"), "receipt.pdf", strings.NewReader("%PDF-1.7 a receipt"))
	must(err)
	words("Ana Björk", desk.Words{Text: "this is the receipt", Files: []desk.ID{file.ID}})
	must(bo.Claim(ctx, words("Mo Farouk", desk.Words{Text: "Hello, the parcel came damaged. I have photos."})))
	words("Visitor 8841", desk.Words{Text: "do you ship to Åland?", Page: "https://shop.example/billing/"})
	time.Sleep(12 * time.Minute)
	lea := words("Lea Grün", desk.Words{Text: "can I change the address?"})
	must(ana.Claim(ctx, lea))
	must(ana.Snooze(ctx, lea, time.Now().Add(70*time.Minute)))
	must(ana.Claim(ctx, words("Kai Ek", desk.Words{Text: "thanks! that solved it"})))
	words("Zoë Quist", desk.Words{Text: "is anybody there?"})
}

// decline says that a customer was asked for something and did not give it.
func decline(e *desktest.Env, name, field string) {
	contact := e.Visitor(desktest.Token(name)).Contact
	_, err := e.Journal.Append(context.Background(), desk.Entry{
		ID: desk.NewID(), Stream: desk.Stream{Type: desk.ContactStream, ID: contact}, Class: desk.ClassContact,
		Expect: desk.AnyN, Actor: desk.Hub(),
		Body: desk.ContactField{Field: desk.Field{Name: field, Class: desk.Direct, Declined: true, Source: "chat"}},
	})
	if err != nil {
		panic(err)
	}
}

// offered offers the conversation of a visitor to the person at the console.
func offered(c *console, name string) {
	ana := c.env.State.AccountNamed("ana").ID
	if err := c.env.Offer(c.t.Context(), c.row(name).ID, ana, time.Now().Add(30*time.Second)); err != nil {
		c.t.Fatal(err)
	}
	c.settle()
}

// open opens the conversation of a visitor.
func open(c *console, name string) {
	c.Press(inbox.ActSearch).Type("from:\"" + name + "\"").Key("enter").Press(inbox.ActOpen)
}

// TestInbox compares what the inbox shows with golden files, at every layout.
func TestInbox(t *testing.T) {
	moments := []struct {
		name string
		do   func(*console)
	}{
		{"all", func(c *console) { c.Press("go.all") }},
		{"thread", func(c *console) { open(c, "Ana Björk") }},
		{"marked", func(c *console) { c.Press("go.all").Press("mark").Press("mark").Press("down").Press("mark") }},
		{"tag", func(c *console) { c.Press("go.all").Press("tag") }},
		{"snooze", func(c *console) { c.Press("go.all").Press("snooze").Type("fri 14:00") }},
		{"search", func(c *console) { c.Press(inbox.ActSearch).Type("is:open -from:ana") }},
		{"mistake", func(c *console) { c.Press(inbox.ActSearch).Type("is:sleepy") }},
		{"offer", func(c *console) { offered(c, "Zoë Quist"); c.Press(inbox.ActReply).Type("Typing goes on") }},
		{"canned", func(c *console) { open(c, "Ana Björk"); c.Press(inbox.ActReply).Key("ctrl+r") }},
		{"links", func(c *console) { open(c, "Ana Björk"); c.Press("things") }},
		{"choosing", func(c *console) { open(c, "Ana Björk"); c.Press("choose") }},
		{"customer", func(c *console) { open(c, "Ana Björk"); c.Press("customer") }},
	}
	for _, size := range []Size{{W: 120, H: 40}, {W: 80, H: 24}, {W: 70, H: 24}, {W: 50, H: 14}, {W: 39, H: 9}} {
		for _, m := range moments {
			t.Run(fmt.Sprintf("%s-%dx%d", m.name, size.W, size.H), func(t *testing.T) {
				at(t, setup{desk: full, size: size, canned: prepared}, func(c *console) {
					m.do(c)
					golden.RequireEqual(t, c.term.text()+"\n")
				})
			})
			if size.W < 40 {
				break // the same sentence whatever one does
			}
		}
	}
}

// TestInboxStyles shows the states of rows and of a thread for each kind of
// terminal, and without a character beyond ASCII.
func TestInboxStyles(t *testing.T) {
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
			at(t, setup{desk: full, size: Size{W: 120, H: 40}, env: k.env, background: "#101010", ascii: k.ascii}, func(c *console) {
				open(c, "Ana Björk")
				c.Press("go.all").Press("mark")
				offered(c, "Zoë Quist")
				golden.RequireEqual(t, c.term.styled()+"\n")
			})
		})
	}
}
