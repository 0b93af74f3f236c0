package chat_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hark/channels/chat"
	"hark/desk"
)

// only returns the only conversation there is.
func (h *hub) only(s *desk.Session) *desk.Conversation {
	h.t.Helper()
	var row *desk.Conversation
	eventually(h.t, "a conversation", func() bool {
		w, err := s.Window(desk.All, 0, 10)
		if err != nil {
			h.t.Fatal(err)
		}
		if len(w.Rows) == 1 {
			row = w.Rows[0]
		}
		return row != nil
	})
	return row
}

func (h *hub) reply(s *desk.Session, text string) {
	h.t.Helper()
	if err := s.Reply(h.t.Context(), h.only(s).ID, text); err != nil {
		h.t.Fatal(err)
	}
}

// kept returns the texts of everything public in the only conversation.
func (h *hub) kept(s *desk.Session) []string {
	h.t.Helper()
	items, err := h.env.PublicItems(h.t.Context(), h.only(s).ID, 0, 10_000)
	if err != nil {
		h.t.Fatal(err)
	}
	var texts []string
	for _, it := range items {
		texts = append(texts, it.Text)
	}
	return texts
}

func TestInBrowser(t *testing.T) {
	inBrowser(t, map[string]func(*testing.T, *browser){
		"a visitor is answered":                     visitorIsAnswered,
		"nothing is kept before the first message":  nothingIsKeptBefore,
		"what is written while cut is sent once":    cutIsSentOnce,
		"what waits survives a reload":              waitingSurvivesReload,
		"a hub that restarts loses nothing":         restartLosesNothing,
		"a page of another origin gets no socket":   unlistedOriginIsRefused,
		"the site's styles do not reach the widget": hostileStyles,
		"two tabs are one visitor":                  twoTabs,
		"it works where nothing may be kept":        blockedStorage,
		"the keyboard is enough":                    keyboard,
		"it fits a narrow screen":                   narrow,
		"a long text goes in parts":                 longText,
		"what was not looked at is counted":         unread,
		"hostile text stays text":                   hostileText,
		"a full disk is waited out":                 fullDisk,
	})
}

func visitorIsAnswered(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.openChat()
	page.click("textbox", "Your name (optional)")
	page.keys("Mo")
	page.write("do you have green tea?")
	page.shows("do you have green tea?")
	page.marked("do you have green tea?", "Sent")
	bo := h.env.As("bo")
	if row := h.only(bo); row.Name != "Mo" || row.Page != shop+"/" {
		t.Errorf("the row is %+v", row)
	}
	bo.Typing(h.only(bo).ID, true)
	eventually(t, "Bo is seen typing", func() bool {
		return js[string](page, shadow+".querySelector('.typist').textContent") == "Bo is typing"
	})
	h.reply(bo, "We do: https://shop.test/green. Have a look.")
	page.shows("do you have green tea?", "We do: https://shop.test/green. Have a look.")
	if got := js[string](page, shadow+".querySelector('.message a').href"); got != "https://shop.test/green" {
		t.Errorf("the link goes to %q", got)
	}
	page.reload()
	page.ready()
	if n := js[int](page, "performance.getEntriesByType('resource').length"); n != 1 {
		t.Errorf("the widget takes %d requests until its button shows, want 1", n)
	}
	page.openChat()
	page.shows("do you have green tea?", "We do: https://shop.test/green. Have a look.")
}

func nothingIsKeptBefore(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	traces := func() string {
		return js[string](page, "[document.cookie, localStorage.length, sessionStorage.length, sockets].join('|')")
	}
	page.openChat()
	page.click("textbox", "Message")
	page.keys("I am not sure yet")
	page.click("button", "Close the chat")
	page.openChat()
	if got := traces(); got != "|0|0|0" {
		t.Errorf("before the first message the browser has cookies|localStorage|sessionStorage|sockets %s", got)
	}
	page.click("button", "Send")
	page.marked("I am not sure yet", "Sent")
	if got := traces(); !strings.HasPrefix(got, "|") || !strings.HasSuffix(got, "|0|1") {
		t.Errorf("after it the browser has cookies|localStorage|sessionStorage|sockets %s", got)
	}
	if keys := js[string](page, "Object.keys(localStorage).sort().join()"); keys != "hark.seen,hark.token" && keys != "hark.token" {
		t.Errorf("localStorage has %s", keys)
	}
	if got := h.kept(h.env.As("bo")); len(got) != 1 {
		t.Errorf("the desk has %q", got)
	}
}

func cutIsSentOnce(t *testing.T, b *browser) {
	h, shop, cut := startSite(t, "")
	page := b.open(t, shop)
	page.write("before")
	page.marked("before", "Sent")
	bo := h.env.As("bo")
	for round := range 3 {
		cut.cut()
		page.says("Reconnecting")
		for i := range 2 {
			text := fmt.Sprintf("while cut %d.%d", round, i)
			page.write(text)
			page.marked(text, "Waiting to be sent")
		}
		h.reply(bo, fmt.Sprintf("answer %d", round))
		cut.heal()
		page.says("Connected")
		page.marked(fmt.Sprintf("while cut %d.1", round), "Sent")
	}
	want := []string{
		"before", "answer 0", "while cut 0.0", "while cut 0.1",
		"answer 1", "while cut 1.0", "while cut 1.1", "answer 2", "while cut 2.0", "while cut 2.1",
	}
	page.shows(want...)
	if got := h.kept(bo); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the desk has %q, want %q", got, want)
	}
}

func waitingSurvivesReload(t *testing.T, b *browser) {
	h, shop, cut := startSite(t, "")
	page := b.open(t, shop)
	page.write("one")
	page.marked("one", "Sent")
	cut.cut()
	page.says("Reconnecting")
	page.write("two")
	page.write("three")
	page.marked("three", "Waiting to be sent")
	cut.heal()
	page.reload()
	page.openChat()
	page.shows("one", "two", "three")
	page.marked("three", "Sent")
	if got := h.kept(h.env.As("bo")); strings.Join(got, "|") != "one|two|three" {
		t.Errorf("the desk has %q", got)
	}
	if left := js[int](page, "Object.keys(localStorage).filter(k => k.startsWith('hark.out.')).length"); left != 0 {
		t.Errorf("%d messages are left in the outbox", left)
	}
}

func restartLosesNothing(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("before")
	page.marked("before", "Sent")
	bo := h.env.As("bo")
	h.stop()
	page.says("Reconnecting")
	page.write("in between")
	page.marked("in between", "Waiting to be sent")
	h.reply(bo, "from the desk")
	h.start()
	page.says("Connected")
	page.shows("before", "from the desk", "in between")
	page.marked("in between", "Sent")
	h.reply(bo, "and after")
	page.shows("before", "from the desk", "in between", "and after")
}

func unlistedOriginIsRefused(t *testing.T, b *browser) {
	var widget string
	var log strings.Builder
	shop := startShop(t, &widget, shopPage{})
	h := startHub(t, func(o *chat.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	widget = h.url()
	page := b.open(t, shop)
	page.write("hello?")
	eventually(t, "the chat says that it cannot be reached", func() bool { return strings.Contains(page.hint(), "cannot be reached") })
	if n := js[int](page, "localStorage.length + sockets"); n != 0 {
		t.Errorf("%d things were kept or opened for a chat that did not begin", n)
	}
	if got := page.text("textarea", "value"); got != "hello?" {
		t.Errorf("the text is gone: %q", got)
	}
	h.stop()
	if strings.Contains(log.String(), "127.0.0.1") {
		t.Errorf("the log has %q", log.String())
	}
	if n := h.env.As("bo").Counts()[desk.All]; n != 0 {
		t.Errorf("the desk has %d conversations", n)
	}
}

const hostile = `<style>
* { display: none !important; visibility: hidden !important; opacity: 0 !important; position: static !important;
	transform: scale(0) !important; pointer-events: none !important; color: red !important; font-size: 90px !important;
	z-index: -1 !important; width: 0 !important; height: 0 !important; overflow: hidden !important; clip-path: inset(50%) !important; }
html { display: block !important; visibility: visible !important; opacity: 1 !important; transform: none !important; height: auto !important;
	width: auto !important; clip-path: none !important; overflow: visible !important; pointer-events: auto !important; }
html > hark-chat { display: none !important; filter: opacity(0) !important; --paper: red !important; }
button, textarea, [role=log] { display: none !important; }
</style><script>addEventListener("keydown", (e) => { window.shortcuts = (window.shortcuts || 0) + 1; });</script>`

func hostileStyles(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, hostile)
	page := b.open(t, shop)
	page.write("can you see me?")
	page.marked("can you see me?", "Sent")
	h.reply(h.env.As("bo"), "Clearly.")
	page.shows("can you see me?", "Clearly.")
	look := js[string](page, `(() => { const s = getComputedStyle(`+shadow+`.querySelector('.text')); return [s.fontSize, s.opacity, s.visibility, s.color].join(' '); })()`)
	if look != "15px 1 visible rgb(255, 255, 255)" {
		t.Errorf("a message looks %s", look)
	}
	whole := js[string](page, `(() => { const s = getComputedStyle(document.querySelector('hark-chat'));
		return [s.display, s.opacity, s.filter, s.transform, s.clipPath, s.visibility].join(' '); })()`)
	if whole != "block 1 none none none visible" {
		t.Errorf("the widget is %s", whole)
	}
	if n := js[int](page, "window.shortcuts || 0"); n != 0 {
		t.Errorf("typing set off the site's shortcuts %d times", n)
	}
}

func twoTabs(t *testing.T, b *browser) {
	h, shop, cut := startSite(t, "")
	left := b.open(t, shop)
	right := left.another(shop)
	left.write("from the left")
	left.marked("from the left", "Sent")
	right.openChat()
	right.shows("from the left")
	right.write("from the right")
	right.marked("from the right", "Sent")
	h.reply(h.env.As("bo"), "for both")
	for _, tb := range []*tab{left, right} {
		tb.shows("from the left", "from the right", "for both")
	}
	cut.cut()
	left.says("Reconnecting")
	right.says("Reconnecting")
	left.write("left, cut")
	right.write("right, cut")
	right.shows("from the left", "from the right", "for both", "left, cut", "right, cut")
	cut.heal()
	for _, tb := range []*tab{left, right} {
		tb.marked("right, cut", "Sent")
		tb.shows("from the left", "from the right", "for both", "left, cut", "right, cut")
	}
	if got := h.kept(h.env.As("bo")); len(got) != 5 {
		t.Errorf("the desk has %q", got)
	}
}

func blockedStorage(t *testing.T, b *browser) {
	h, shop, cut := startSite(t, `<script>Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });</script>`)
	page := b.open(t, shop)
	page.write("one")
	page.marked("one", "Sent")
	cut.cut()
	page.says("Reconnecting")
	page.write("two")
	page.marked("two", "Waiting to be sent")
	cut.heal()
	page.marked("two", "Sent")
	if got := h.kept(h.env.As("bo")); strings.Join(got, "|") != "one|two" {
		t.Errorf("the desk has %q", got)
	}
}

func keyboard(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.one("button", "Chat with us")
	page.keys(kb.Tab)
	page.keys(kb.Enter)
	page.one("dialog", "Chat")
	page.keys("first line")
	page.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierShift)))
	page.keys("second line")
	page.keys(kb.Enter)
	page.shows("first line\nsecond line")
	page.marked("first line\nsecond line", "Sent")
	page.keys(kb.Enter) // nothing to send
	page.keys(kb.Escape)
	if js[bool](page, "!"+shadow+".querySelector('.panel').hidden") {
		t.Error("escape does not close the chat")
	}
	if !js[bool](page, shadow+".activeElement === "+shadow+".querySelector('.launcher')") {
		t.Error("the focus is not back on the button")
	}
	if got := h.kept(h.env.As("bo")); len(got) != 1 {
		t.Errorf("the desk has %q", got)
	}
}

func narrow(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.do(chromedp.EmulateViewport(320, 568))
	page.write("is_there_room_for_a_word_that_is_longer_than_the_screen_is_wide_or_is_there_not?")
	h.reply(h.env.As("bo"), "There is: https://shop.test/a/very/long/address/that/does/not/end/for/a/while/yet")
	eventually(t, "two messages", func() bool { return len(page.messages()) == 2 })
	fits := js[bool](page, `[...`+shadow+`.querySelectorAll('.panel, .text, header, form, .send')].every(e => {
		const r = e.getBoundingClientRect(); return r.left >= 0 && r.right <= 320 && e.scrollWidth <= e.clientWidth + 1; })`)
	if !fits || js[int](page, "document.documentElement.scrollWidth") > 320 {
		t.Error("something stands out of a screen of 320")
	}
}

func longText(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.openChat()
	page.click("textbox", "Message")
	words := strings.Repeat("word ", 2000)
	js[bool](page, shadow+".querySelector('textarea').value = 'word '.repeat(2000), true")
	page.click("button", "Send")
	eventually(t, "all parts", func() bool { return h.only(h.env.As("bo")).Ord == 3 })
	if got := strings.Join(h.kept(h.env.As("bo")), " "); got != strings.TrimSpace(words) {
		t.Errorf("the desk has %d bytes, want %d", len(got), len(words)-1)
	}
}

func unread(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	page.click("button", "Close the chat")
	bo := h.env.As("bo")
	h.reply(bo, "one")
	h.reply(bo, "two")
	badge := func() string {
		return js[string](page, `(b => b.hidden ? '' : b.textContent)(`+shadow+`.querySelector('.badge'))`)
	}
	eventually(t, "a badge with 2", func() bool { return badge() == "2" })
	page.reload()
	eventually(t, "a badge with 2 after a reload", func() bool { return js[bool](page, "!!document.querySelector('hark-chat')") && badge() == "2" })
	if got := h.only(bo).Delivered; got > 1 {
		t.Errorf("%d items count as seen while the chat is closed", got)
	}
	page.openChat()
	eventually(t, "no badge", func() bool { return badge() == "" })
	eventually(t, "the desk knows that all was seen", func() bool { return h.only(bo).Delivered == 3 })
}

func hostileText(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	evil := `<img src=x onerror="faults.push('ran')"> javascript:faults.push(1) https://a.test/"onmouseover="faults.push(2) &lt;`
	page.write("hi")
	page.marked("hi", "Sent")
	h.reply(h.env.As("bo"), evil)
	page.shows("hi", evil)
	links := js[string](page, `[...`+shadow+`.querySelectorAll('.message a')].map(a => a.href).join(' ')`)
	if links != "https://a.test/" {
		t.Errorf("the links are %q", links)
	}
}

func fullDisk(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("one")
	page.marked("one", "Sent")
	h.env.Journal.Fail(desk.Errorf(desk.Unavailable, "the disk is full"))
	page.write("two")
	page.write("three")
	page.marked("two", "Waiting to be sent")
	page.marked("three", "Waiting to be sent")
	h.env.Journal.Fail(nil)
	page.marked("three", "Sent")
	if got := h.kept(h.env.As("bo")); strings.Join(got, "|") != "one|two|three" {
		t.Errorf("the desk has %q", got)
	}
}
