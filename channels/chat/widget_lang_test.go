package chat_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func TestLanguagesInBrowser(t *testing.T) {
	inBrowser(t, map[string]func(*testing.T, *browser){
		"the site chooses first, then the page, then the browser": languageIsChosen,
		"two requests show the button in another language":        requestsOfALanguage,
		"without the words of a language there are English ones":  languageIsMissing,
		"Arabic is written from the right":                        fromTheRight,
	})
}

// speaks opens a page in a browser that asks for a language, and returns what
// the button says.
func speaks(t *testing.T, b *browser, p shopPage, asks string) (*tab, string) {
	t.Helper()
	_, shop, _ := startSiteOf(t, p)
	page := b.openAs(t, shop, asks)
	page.ready()
	return page, page.text(".launcher", "textContent")
}

// openAs opens a page in a browser that asks for languages.
func (b *browser) openAs(t *testing.T, url, languages string) *tab {
	t.Helper()
	page := b.open(t, "about:blank")
	agent := emulation.SetUserAgentOverrideParams{UserAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome", AcceptLanguage: languages}
	if _, err := chromedp.Call(page.ctx, emulation.SetUserAgentOverride, agent); err != nil {
		t.Fatal(err)
	}
	page.url = url
	page.reload()
	return page
}

func languageIsChosen(t *testing.T, b *browser) {
	for _, c := range []struct{ site, page, browser, want string }{
		{`data-lang="es"`, "de", "ar", "Escríbanos"},
		{"", "de-AT", "es", "Chatten Sie mit uns"},
		{`data-lang="xx"`, "tlh", "es-MX,en", "Escríbanos"},
		{"", "tlh", "fr,tlh", "Chat with us"},
	} {
		if _, got := speaks(t, b, shopPage{lang: c.page, attributes: c.site}, c.browser); got != c.want {
			t.Errorf("site %q, page %q, browser %q: the button says %q, want %q", c.site, c.page, c.browser, got, c.want)
		}
	}
}

func requestsOfALanguage(t *testing.T, b *browser) {
	for lang, want := range map[string]int{"en": 1, "de": 2} {
		page, _ := speaks(t, b, shopPage{lang: lang}, lang)
		if n := js[int](page, "performance.getEntriesByType('resource').length"); n != want {
			t.Errorf("%s takes %d requests until the button shows, want %d", lang, n, want)
		}
	}
}

func languageIsMissing(t *testing.T, b *browser) {
	h, shop, _ := startSiteOf(t, shopPage{lang: "de", head: `<script>
const real = fetch; window.fetch = (u, o) => String(u).includes("/lang/") ? Promise.reject(new TypeError("no")) : real(u, o);</script>`})
	page := b.open(t, shop)
	page.write("hallo?")
	page.marked("hallo?", "Sent")
	if got := h.kept(h.env.As("bo")); len(got) != 1 {
		t.Errorf("the desk has %q", got)
	}
}

func fromTheRight(t *testing.T, b *browser) {
	h, shop, _ := startSiteOf(t, shopPage{lang: "ar"})
	page := b.open(t, shop)
	page.ready()
	page.click("button", "تحدّث معنا")
	page.one("dialog", "محادثة")
	page.click("textbox", "الرسالة")
	page.keys("مرحبا")
	page.click("button", "إرسال")
	page.marked("مرحبا", "أُرسلت")
	bo := h.env.As("bo")
	h.reply(bo, "Hello, and see https://shop.test/")
	page.shows("مرحبا", "Hello, and see https://shop.test/")
	place := func(selector string) float64 {
		return js[float64](page, `(r => (r.left + r.right) / 2)(`+shadow+`.querySelector('`+selector+`').getBoundingClientRect())`)
	}
	if x := place(".panel"); x > 640 {
		t.Errorf("the chat is at %v, want it on the left of 1280", x)
	}
	if mine, theirs := place(".mine .text"), place(".message:not(.mine) .text"); mine >= theirs {
		t.Errorf("own words are at %v, the answer at %v; want them left of it", mine, theirs)
	}
	if send, attach := place(".send"), place(".row .icon"); send >= attach {
		t.Errorf("the button that sends is at %v, the one that attaches at %v; want it left of it", send, attach)
	}
	for selector, want := range map[string]string{".mine .text": "rtl", ".message:not(.mine) .text": "ltr", ".log": "rtl"} {
		if got := js[string](page, "getComputedStyle("+shadow+".querySelector('"+selector+"')).direction"); got != want {
			t.Errorf("%s runs %s, want %s", selector, got, want)
		}
	}
	if js[int](page, "document.documentElement.scrollWidth") > 1280 {
		t.Error("the page scrolls sideways")
	}
}

// prefers gives the tab a preference, such as prefers-color-scheme: dark.
func (tb *tab) prefers(name, value string) {
	tb.t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}}
	if _, err := chromedp.Call(tb.ctx, emulation.SetEmulatedMedia, media); err != nil {
		tb.t.Fatal(err)
	}
}

func (tb *tab) picture() []byte {
	tb.t.Helper()
	raw, err := chromedp.Run(tb.ctx, chromedp.CaptureScreenshot())
	if err != nil && !strings.Contains(err.Error(), context.Canceled.Error()) {
		tb.t.Fatal(err)
	}
	return raw
}
