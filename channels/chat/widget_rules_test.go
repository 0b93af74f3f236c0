package chat_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"hark/channels/chat"
	"hark/desk"
)

func TestRulesInBrowser(t *testing.T) {
	inBrowser(t, map[string]func(*testing.T, *browser){
		"the notice stands before the first message and its version goes with it": noticeFirst,
		"who closes the notice leaves no trace":                                   noticeClosed,
		"a new version of the notice is shown again":                              noticeAgain,
		"a notice that came late is shown before the message goes":                noticeLate,
		"a closed desk takes a message and shows the answer later":                closedHours,
		"a desk with nobody there takes a message":                                nobodyThere,
		"the visitor ends the chat, and may start again":                          endOfChat,
		"the end is asked for once and may be taken back":                         endAsked,
		"an end while cut comes when the wire is back":                            endWhileCut,
		"the visitor gets a transcript":                                           transcript,
		"marks tell what staff have read":                                         readMarks,
		"the place in line is said and the wait where it is known":                placeInLine,
		"unsent text stays here without a notice":                                 unsentStays,
		"unsent text goes to staff where the notice says so":                      unsentGoes,
		"what is unread is counted in the title while nobody looks":               titleHint,
		"screen readers hear a new message once and no old one":                   saidOnce,
	})
}

func withoutFiles(o *chat.Options) { o.FileLimit = 0 }

const noticeText = "We keep what you write for 24 months."

// withNotice publishes a notice and shows it.
func withNotice(t *testing.T, version string) func(*chat.Options) {
	return func(o *chat.Options) {
		o.Notice = version
		for lang, text := range map[string]string{"en": noticeText, "de": "Wir bewahren 24 Monate auf, was Sie schreiben."} {
			if err := o.Desk.Publish(t.Context(), desk.NoticeRef{Version: version, Lang: lang}, text+" "+version); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// atWork signs an account in that can be offered customers.
func (h *hub) atWork(name string) *desk.Session {
	h.t.Helper()
	h.env.As(name)
	s, err := h.env.SignIn(h.t.Context(), desk.SignIn{Account: h.env.State.AccountNamed(name).ID, Via: "test", Works: true})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

func noticeFirst(t *testing.T, b *browser) {
	h, shop, _ := startSiteOf(t, shopPage{lang: "de"}, withNotice(t, "v 3"))
	page := b.open(t, shop)
	page.ready()
	page.press(".launcher")
	page.reads(".notice", "Wir bewahren 24 Monate auf")
	page.sends("hallo")
	page.marked("hallo", "Gesendet")
	page.reads(".notice", "")
	said := js[string](page, "JSON.stringify(said.filter(f => f.t === 'say').map(f => [f.notice, f.lang]))")
	if said != `[["v 3","de"]]` {
		t.Errorf("the first message carries %s", said)
	}
	row := h.only(h.env.As("bo"))
	events, err := h.env.Journal.ReadStream(t.Context(), row.ID, 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, e := range events {
		if n, ok := e.Body.(desk.NoticeShown); ok {
			shown = append(shown, n.NoticeRef.Version+" "+n.Lang)
		}
	}
	if len(shown) != 1 || shown[0] != "v 3 de" {
		t.Errorf("the journal says that %q were shown, want one: v 3 de", shown)
	}
	page.reload()
	page.ready()
	page.press(".launcher")
	page.shows("hallo")
	page.reads(".notice", "")
}

func noticeClosed(t *testing.T, b *browser) {
	h, shop, _ := startSiteOf(t, shopPage{}, withNotice(t, "1"))
	page := b.open(t, shop)
	page.openChat()
	page.reads(".notice", noticeText)
	page.click("textbox", "Message")
	page.keys("rather not")
	page.click("button", "Close the chat")
	if n := js[int](page, "localStorage.length + sessionStorage.length + sockets + document.cookie.length"); n != 0 {
		t.Errorf("%d traces are left", n)
	}
	if n := h.env.As("bo").Counts()[desk.All]; n != 0 {
		t.Errorf("the desk has %d conversations", n)
	}
}

func noticeAgain(t *testing.T, b *browser) {
	h, shop, _ := startSiteOf(t, shopPage{}, withNotice(t, "1"))
	page := b.open(t, shop)
	page.write("one")
	page.marked("one", "Sent")
	h.stop()
	withNotice(t, "2")(&h.o)
	h.start()
	page.reload()
	page.openChat()
	page.reads(".notice", noticeText+" 2")
	page.write("two")
	page.marked("two", "Sent")
	page.reads(".notice", "")
	if got := js[string](page, "said.find(f => f.text === 'two').notice"); got != "2" {
		t.Errorf("the message carries the notice %q", got)
	}
}

// noticeLate is a notice that came after the visitor opened the chat.
func noticeLate(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.openChat()
	page.one("button", "Attach files") // the hub has told how it is
	h.stop()
	withNotice(t, "1")(&h.o)
	h.start()
	page.write("hello")
	page.reads(".notice", noticeText+" 1")
	page.marked("hello", "Before you write")
	if n := h.env.As("bo").Counts()[desk.All]; n != 0 {
		t.Errorf("the desk has %d conversations", n)
	}
	page.click("button", "Try again")
	page.marked("hello", "Sent")
	page.reads(".notice", "")
	if got := js[string](page, "JSON.stringify(said.filter(f => f.t === 'say').map(f => f.notice || ''))"); got != `["","1"]` {
		t.Errorf("the message carried %s", got)
	}
}

// closedNow makes the desk one that opens tomorrow at nine.
func closedNow(t *testing.T) func(*chat.Options) {
	return func(o *chat.Options) {
		day := desk.Weekdays()[time.Now().UTC().AddDate(0, 0, 1).Weekday()]
		hours, err := desk.ParseHours(time.UTC, map[string]string{day: "09:00-17:00"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		o.Desk.Routing().Queues = []desk.Queue{{Name: "shop", Hours: hours}}
	}
}

func closedHours(t *testing.T, b *browser) {
	h, shop, _ := startSiteOf(t, shopPage{}, closedNow(t))
	page := b.open(t, shop)
	page.openChat()
	opens := js[string](page, fmt.Sprintf("new Intl.DateTimeFormat('en-US', { weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' }).format(%d)",
		time.Now().UTC().AddDate(0, 0, 1).Truncate(24*time.Hour).Add(9*time.Hour).UnixMilli()))
	page.reads(".hello", "We are closed now. We open again on "+opens)
	if got := page.text("[for=text]", "textContent"); got != "Message (needed)" {
		t.Errorf("over the field stands %q", got)
	}
	page.click("button", "Send")
	page.reads(".hint", "Please write a message first.")
	page.click("textbox", "Your name (optional)")
	page.keys("Mo")
	page.click("textbox", "E-mail (optional)")
	page.keys("mo@example.org")
	page.click("textbox", "Message")
	page.keys("do you mend lamps?")
	page.click("button", "Send")
	page.marked("do you mend lamps?", "Sent")
	page.reads(".place", "We are closed now.")
	bo := h.env.As("bo")
	row := h.only(bo)
	if row.Name != "Mo" {
		t.Errorf("the row is %+v", row)
	}
	if c := bo.Contact(row.Contact); c == nil || !strings.Contains(fmt.Sprintf("%+v", *c), "mo@example.org") {
		t.Errorf("the customer is %+v, want the address that was given", c)
	}
	page.do(chromedp.Navigate("about:blank"))
	h.reply(bo, "We do.")
	page.reload()
	page.openChat()
	page.shows("do you mend lamps?", "We do.")
}

func nobodyThere(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.openChat()
	page.reads(".hello", "Nobody is here at the moment.")
	page.one("textbox", "E-mail (optional)")
	h.atWork("cy")
	page.reload()
	page.openChat()
	page.reads(".hello", "How can we help?")
	if n := len(page.find("textbox", "E-mail (optional)")); n != 0 {
		t.Errorf("an open chat asks for an address")
	}
	page.write("only words")
	page.marked("only words", "Sent")
}

// ends goes the visitor's way to the end of the chat.
func (tb *tab) ends() {
	tb.t.Helper()
	tb.click("button", "Options")
	tb.click("button", "End the chat")
	tb.click("button", "End it")
}

func endOfChat(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	other := page.another(shop)
	page.write("hello")
	page.marked("hello", "Sent")
	other.openChat()
	other.shows("hello")
	bo := h.env.As("bo")
	id := h.only(bo).ID
	page.ends()
	eventually(t, "the conversation is resolved", func() bool { return bo.Row(id).Status == desk.StatusResolved })
	for _, tb := range []*tab{page, other} {
		tb.reads(".bar:not([hidden])", "You ended this chat.")
		eventually(t, "there is nothing to write in", func() bool { return len(tb.find("textbox", "Message")) == 0 })
	}
	page.reload()
	page.openChat()
	page.reads(".bar:not([hidden])", "You ended this chat.")
	page.click("button", "Start again")
	page.click("textbox", "Message")
	page.keys("one more thing")
	page.click("button", "Send")
	page.marked("one more thing", "Sent")
	eventually(t, "the other tab goes on as well", func() bool { return len(other.find("textbox", "Message")) == 1 })
	eventually(t, "the conversation is open", func() bool { return bo.Row(id).Status != desk.StatusResolved })
}

func endAsked(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "<script>window.confirm = window.alert = () => { faults.push('a dialog of the browser'); };</script>")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	page.click("button", "Options")
	page.click("button", "End the chat")
	page.one("button", "Go on")
	h.reply(h.env.As("bo"), "A moment, please.")
	page.shows("hello", "A moment, please.")
	page.click("button", "Go on") // an answer that arrives does not take the question away
	page.click("button", "Options")
	page.one("button", "Download transcript")
	page.keys("\x1b")
	if len(page.find("button", "Download transcript")) != 0 || page.text(".panel", "id") == "" {
		t.Error("escape does not fold the menu and leave the chat open")
	}
	page.write("still here")
	page.marked("still here", "Sent")
	if s := h.only(h.env.As("bo")).Status; s == desk.StatusResolved {
		t.Errorf("the conversation is %s", s)
	}
}

func endWhileCut(t *testing.T, b *browser) {
	_, shop, cut := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	page.click("button", "Options")
	page.one("button", "End the chat")
	cut.cut()
	page.says("Reconnecting")
	page.write("and goodbye")
	page.ends()
	cut.heal()
	page.reads(".bar:not([hidden])", "You ended this chat.")
	page.shows("hello", "and goodbye")
	page.marked("and goodbye", "Sent")
}

func transcript(t *testing.T, b *browser) {
	h, shop, _ := startSiteOf(t, shopPage{}, withNotice(t, "1"))
	page := b.open(t, shop)
	page.write("hello?")
	page.marked("hello?", "Sent")
	h.reply(h.env.As("bo"), "Hello!")
	page.shows("hello?", "Hello!")
	dir := page.downloads()
	page.click("button", "Options")
	page.click("button", "Download transcript")
	got := saved(t, dir, "chat-*.txt")
	for _, want := range []string{"hello?", "Hello!", "Bo"} {
		if !strings.Contains(got, want) {
			t.Errorf("the transcript lacks %q:\n%s", want, got)
		}
	}
	page.ends()
	page.reads(".bar:not([hidden])", "You ended this chat.")
	dir = page.downloads()
	page.click("button", "Download transcript")
	if got := saved(t, dir, "chat-*.txt"); !strings.Contains(got, "hello?") {
		t.Errorf("the transcript after the end is\n%s", got)
	}
}

func readMarks(t *testing.T, b *browser) {
	h, shop, cut := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	bo := h.env.As("bo")
	bo.MarkRead(h.only(bo).ID)
	page.marked("hello", "Read")
	page.write("and more")
	page.marked("and more", "Sent")
	cut.cut()
	page.says("Reconnecting")
	bo.MarkRead(h.only(bo).ID)
	cut.heal()
	page.marked("and more", "Read")
}

func placeInLine(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	h.atWork("cy")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	id := h.only(h.env.As("bo")).ID
	h.env.TellPlace(id, desk.Place{Position: 2, Wait: 170 * time.Second, Known: true})
	page.reads(".place", "You are number 2 in line. About 3 minutes.")
	h.env.TellPlace(id, desk.Place{Position: 1})
	page.reads(".place", "You are number 1 in line. We cannot say how long it will take.")
	h.env.TellPlace(id, desk.Place{})
	page.reads(".place", "")
}

// unsentFrames returns what of the visitor's unsent text went to the hub.
func (tb *tab) unsentFrames() []string {
	return js[[]string](tb, "said.filter(f => f.t === 'unsent').map(f => f.text)")
}

func unsentStays(t *testing.T, b *browser) {
	_, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	page.click("textbox", "Message")
	page.keys("a secret")
	time.Sleep(1500 * time.Millisecond)
	if got := js[string](page, "JSON.stringify(said)"); strings.Contains(got, "secret") {
		t.Errorf("the hub got %s", got)
	}
}

func unsentGoes(t *testing.T, b *browser) {
	_, shop, _ := startSiteOf(t, shopPage{}, withNotice(t, "1"), func(o *chat.Options) { o.Preview = true })
	page := b.open(t, shop)
	page.openChat()
	page.reads(".notice", noticeText)
	page.click("textbox", "Message")
	page.keys("before the chat")
	time.Sleep(1200 * time.Millisecond)
	if n := js[int](page, "sockets"); n != 0 {
		t.Error("there is a socket before the first message")
	}
	page.click("button", "Send")
	page.marked("before the chat", "Sent")
	page.click("textbox", "Message")
	page.keys("a thought")
	eventually(t, "the thought is with the hub", func() bool {
		got := page.unsentFrames()
		return len(got) > 0 && got[len(got)-1] == "a thought"
	})
	page.click("button", "Send")
	eventually(t, "the field is told to be clear", func() bool { got := page.unsentFrames(); return got[len(got)-1] == "" })
}

func titleHint(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	js[bool](page, `Object.defineProperty(document, "hidden", { get: () => window.away, configurable: true }), window.away = true, document.dispatchEvent(new Event("visibilitychange"))`)
	bo := h.env.As("bo")
	h.reply(bo, "one")
	h.reply(bo, "two")
	eventually(t, "the title counts", func() bool { return js[string](page, "document.title") == "(2) Shop" })
	js[bool](page, `window.away = false, document.dispatchEvent(new Event("visibilitychange"))`)
	eventually(t, "the title is as before", func() bool { return js[string](page, "document.title") == "Shop" })
}

// saidOnce watches what is put into the log, which is what screen readers say.
func saidOnce(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	bo := h.env.As("bo")
	h.reply(bo, "before")
	page.shows("hello", "before")
	page.reload()
	page.openChat()
	page.shows("hello", "before")
	watch := `(() => { window.heard = []; new MutationObserver((all) => { for (const m of all) for (const e of m.addedNodes)
		if (e.classList?.contains("message") && m.target.getAttribute("aria-live") !== "off") heard.push(e.textContent); })
		.observe(` + shadow + `.querySelector('[role=log]'), { childList: true }); return true; })()`
	js[bool](page, watch)
	h.reply(bo, "now")
	page.shows("hello", "before", "now")
	bo.MarkRead(h.only(bo).ID)
	page.write("mine")
	page.marked("mine", "Sent")
	if got := js[[]string](page, "heard.map(t => t.includes('now') ? 'now' : t.includes('mine') ? 'mine' : t)"); strings.Join(got, "|") != "now|mine" {
		t.Errorf("a screen reader hears %q, want now and mine once each", got)
	}
	log := js[string](page, `(e => [e.role, e.getAttribute("aria-relevant"), e.getAttribute("aria-label")].join())(`+shadow+`.querySelector('.log'))`)
	if log != "log,additions,Messages" {
		t.Errorf("the log is %s", log)
	}
}
