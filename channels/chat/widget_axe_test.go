package chat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"hark/desk"
)

// look is a way in which visitors see the widget.
type look struct {
	name, lang, scheme string
	width              int64
}

var looks = []look{
	{"light", "en", "light", 1280},
	{"dark", "en", "dark", 1280},
	{"narrow", "de", "light", 320},
	{"from the right", "ar", "light", 1280},
	{"from the right, dark, narrow", "ar", "dark", 320},
}

// TestAxeFindsNothing lets axe-core look at each state of the widget.
func TestAxeFindsNothing(t *testing.T) {
	axe := axeCore(t)
	tests := map[string]func(*testing.T, *browser){}
	for _, l := range looks {
		tests[l.name] = func(t *testing.T, b *browser) {
			walk(t, b, l, func(page *tab, state string) {
				page.rest()
				page.axe(axe, "hark-chat", state)
			})
		}
	}
	inBrowser(t, tests)
}

// rest waits until what moves has come to rest, but for what never does.
func (tb *tab) rest() {
	tb.t.Helper()
	eventually(tb.t, "all is still", func() bool {
		return js[bool](tb, shadow+".getAnimations().every(a => a.effect.getTiming().iterations === Infinity || a.playState === 'finished')")
	})
}

// walk takes a visitor through every state of the widget and stops at each.
func walk(t *testing.T, b *browser, l look, stop func(page *tab, state string)) {
	t.Helper()
	h, shop, cut := startSiteOf(t, shopPage{lang: l.lang, head: shopLook}, withNotice(t, "1"), closedNow(t))
	page := b.open(t, shop)
	page.do(chromedp.EmulateViewport(l.width, 800))
	page.prefers("prefers-color-scheme", l.scheme)
	page.ready()
	stop(page, "the button")
	page.press(".launcher")
	page.reads(".notice", " 1")
	stop(page, "closed hours")
	h.stop()
	h.o.Desk.Routing().Queues = nil
	h.start()
	h.atWork("cy")
	page.reload()
	page.ready()
	page.press(".launcher")
	page.reads(".notice", " 1")
	stop(page, "before the first message")
	talk(t, h, page, stop)
	ending(page, cut, stop)
	alone(t, b, l, stop)
}

// talk goes on with the notice on the screen.
func talk(t *testing.T, h *hub, page *tab, stop func(*tab, string)) {
	t.Helper()
	page.sends("Hello! Does the Fjord lamp come with a bulb?")
	page.marked("Hello! Does the Fjord lamp come with a bulb?", "·")
	bo := h.env.As("bo")
	id := h.only(bo).ID
	h.env.TellPlace(id, desk.Place{Position: 2, Wait: 170 * time.Second, Known: true})
	eventually(t, "the place in line", func() bool { return page.text(".place", "textContent") != "" })
	stop(page, "in line")
	f, err := bo.Attach(t.Context(), "figures of the Fjord lamp.pdf", strings.NewReader("%PDF-1.7 "+strings.Repeat("x", 48_000)))
	if err != nil {
		t.Fatal(err)
	}
	h.env.TellPlace(id, desk.Place{})
	h.reply(bo, "It does: a warm one of 2700 K, made to be dimmed. See https://shop.test/lamps/fjord#figures")
	if err := bo.ReplyWith(t.Context(), id, "", []desk.ID{f.ID}); err != nil {
		t.Fatal(err)
	}
	page.reads(".message:not(.mine) .file", "figures")
	page.sends("شكراً جزيلاً")
	page.marked("شكراً جزيلاً", "·")
	bo.MarkRead(id)
	bo.Typing(id, true)
	page.reads(".typist", "Bo")
	read := map[string]string{"en": "Read", "de": "Gelesen", "es": "Leído", "ar": "قُرئت"}
	page.marked("شكراً جزيلاً", read[js[string](page, "document.documentElement.lang")])
	stop(page, "a talk")
	page.choose(map[string]string{"receipt of the lamp that I bought in March.txt": "one lamp", "إيصال.txt": "one lamp"})
	page.reads(".chips", "receipt")
	stop(page, "files to be sent")
	bo.Typing(id, false)
}

// ending goes on with two files in the tray.
func ending(page *tab, cut *cutter, stop func(*tab, string)) {
	page.t.Helper()
	page.press("header .icon")
	eventually(page.t, "the menu", func() bool { return page.text(".menu", "textContent") != "" })
	stop(page, "the menu")
	page.press(".menu button:last-child")
	eventually(page.t, "the question", func() bool { return page.text(".bar", "textContent") != "" })
	stop(page, "the question")
	page.press(".bar button:last-child")
	cut.cut()
	eventually(page.t, "trouble", func() bool { return page.text(".state.trouble", "textContent") != "" })
	page.press(".send")
	page.sends("One more question: do you mend old ones, too?")
	eventually(page.t, "an upload that failed", func() bool { return page.text(".mine .file .link", "textContent") != "" })
	stop(page, "cut")
	cut.heal()
	eventually(page.t, "it is back", func() bool { return page.text(".state.up", "textContent") != "" })
	for range 2 {
		page.press(".mine .file .link")
	}
	eventually(page.t, "the files are sent", func() bool {
		return len(js[[]string](page, shadow+`.querySelectorAll('.unsent, progress').length ? [] : ['']`)) == 1
	})
	page.press("header .icon")
	page.press(".menu button:last-child")
	page.press(".bar button")
	eventually(page.t, "the end", func() bool { return page.text(".bar [role=status]", "textContent") != "" })
	stop(page, "the end")
	page.press("header .icon:last-of-type")
}

// alone shows the button with something unread, and a chat that cannot begin.
func alone(t *testing.T, b *browser, l look, stop func(*tab, string)) {
	t.Helper()
	h, shop, cut := startSiteOf(t, shopPage{lang: l.lang, head: shopLook})
	page := b.open(t, shop)
	page.do(chromedp.EmulateViewport(l.width, 800))
	page.prefers("prefers-color-scheme", l.scheme)
	page.ready()
	page.press(".launcher")
	page.sends("hi")
	page.marked("hi", "·")
	page.press("header .icon:last-of-type")
	h.reply(h.env.As("bo"), "Hi.")
	page.reads(".badge", "1")
	stop(page, "something unread")
	other := b.open(t, shop)
	other.do(chromedp.EmulateViewport(l.width, 800))
	other.prefers("prefers-color-scheme", l.scheme)
	other.ready()
	cut.cut()
	other.press(".launcher")
	eventually(t, "it cannot be reached", func() bool { return other.hint() != "" })
	stop(other, "out of reach")
}
