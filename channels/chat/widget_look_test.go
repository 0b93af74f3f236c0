package chat_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestLookInBrowser(t *testing.T) {
	inBrowser(t, map[string]func(*testing.T, *browser){
		"nothing scrolls sideways at 320 or at 200 percent": fitsEverywhere,
		"the site and the visitor choose the theme":         theme,
		"what can be touched is large enough":               touchTargets,
		"a keyboard on the screen covers nothing":           screenKeyboard,
		"nothing moves for those who do not want it":        reducedMotion,
		"chosen colours leave every edge to be seen":        forcedColours,
		"a strict policy lets it work":                      strictPolicy,
		"every control can be reached by keyboard":          reachable,
		"a picture of Arabic has ink on the left":           pictureFromTheRight,
	})
}

// everything lists what is on the screen and stands out of it.
const standsOut = `[...` + shadow + `.querySelectorAll('.panel *')].filter(e => {
	const r = e.getBoundingClientRect();
	return r.width && (r.left < -0.5 || r.right > innerWidth + 0.5 || (!e.matches('bdi, svg *, .log, textarea') && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'));
}).map(e => e.tagName + '.' + e.className)`

func fitsEverywhere(t *testing.T, b *browser) {
	for _, size := range [][2]int64{{320, 568}, {320, 400}, {640, 400}, {1280, 800}} {
		for _, lang := range []string{"en", "de", "ar"} {
			h, shop, _ := startSiteOf(t, shopPage{lang: lang})
			page := b.open(t, shop)
			page.do(chromedp.EmulateViewport(size[0], size[1]))
			page.ready()
			page.press(".launcher")
			page.sends("is_there_room_for_a_word_that_is_longer_than_the_screen_is_wide_or_is_there_not?")
			h.reply(h.env.As("bo"), "There is: https://shop.test/a/very/long/address/that/does/not/end/for/a/while/yet")
			eventually(t, "two messages", func() bool { return len(page.messages()) == 2 })
			if out := js[[]string](page, standsOut); len(out) > 0 || js[bool](page, "document.documentElement.scrollWidth > innerWidth") {
				t.Errorf("%s at %v: %q stand out", lang, size, out)
			}
			if js[float64](page, shadow+".querySelector('textarea').getBoundingClientRect().bottom - innerHeight") > 0 {
				t.Errorf("%s at %v: the field is below the screen", lang, size)
			}
		}
	}
}

func theme(t *testing.T, b *browser) {
	for _, c := range []struct{ site, visitor, paper string }{
		{"", "light", "rgb(255, 255, 255)"},
		{"", "dark", "rgb(22, 27, 29)"},
		{`data-theme="dark"`, "light", "rgb(22, 27, 29)"},
		{`data-theme="light"`, "dark", "rgb(255, 255, 255)"},
	} {
		_, shop, _ := startSiteOf(t, shopPage{attributes: c.site})
		page := b.open(t, shop)
		page.prefers("prefers-color-scheme", c.visitor)
		page.openChat()
		if got := js[string](page, "getComputedStyle("+shadow+".querySelector('.panel')).backgroundColor"); got != c.paper {
			t.Errorf("site %q, visitor %q: the paper is %s, want %s", c.site, c.visitor, got, c.paper)
		}
	}
}

func touchTargets(t *testing.T, b *browser) {
	_, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	page.press("header .icon")
	page.reads(".menu", "End the chat")
	small := js[[]string](page, `[...`+shadow+`.querySelectorAll('button, input, textarea')].filter(e => {
		const r = e.getBoundingClientRect(); return r.width && (r.width < 44 || r.height < 44); }).map(e => e.className + ' ' + e.textContent)`)
	if len(small) > 0 {
		t.Errorf("%q are smaller than 44", small)
	}
}

func screenKeyboard(t *testing.T, b *browser) {
	_, shop, _ := startSite(t, `<script>
const screen_ = new EventTarget(); Object.assign(screen_, { scale: 1, height: innerHeight, offsetTop: 0 });
Object.defineProperty(screen_, "onresize", { set(f) { this.addEventListener("resize", f); } });
Object.defineProperty(screen_, "onscroll", { set(f) { this.addEventListener("scroll", f); } });
Object.defineProperty(window, "visualViewport", { value: screen_ });</script>`)
	page := b.open(t, shop)
	page.do(chromedp.EmulateViewport(360, 740))
	page.openChat()
	js[bool](page, "visualViewport.height = 380, visualViewport.offsetTop = 20, visualViewport.dispatchEvent(new Event('resize'))")
	box := js[[]float64](page, `(r => [r.top, r.bottom])(`+shadow+`.querySelector('.panel').getBoundingClientRect())`)
	if box[0] != 20 || box[1] != 400 {
		t.Errorf("the chat stands from %v to %v, want from 20 to 400, where it can be seen", box[0], box[1])
	}
	if bottom := js[float64](page, shadow+".querySelector('textarea').getBoundingClientRect().bottom"); bottom > 400 {
		t.Errorf("the field ends at %v, behind the keyboard", bottom)
	}
}

func reducedMotion(t *testing.T, b *browser) {
	_, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.prefers("prefers-reduced-motion", "reduce")
	page.openChat()
	page.write("hello")
	if n := js[int](page, shadow+".getAnimations().length"); n != 0 {
		t.Errorf("%d things move", n)
	}
}

func forcedColours(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.prefers("forced-colors", "active")
	page.openChat()
	page.write("hello")
	h.reply(h.env.As("bo"), "Hi.")
	page.shows("hello", "Hi.")
	bare := js[[]string](page, `[...`+shadow+`.querySelectorAll('.text, .send, .row, .panel')].filter(e => {
		const s = getComputedStyle(e); return s.borderTopStyle === 'none' || s.borderTopWidth === '0px' || s.borderTopColor === 'rgba(0, 0, 0, 0)'; }).map(e => e.className)`)
	if len(bare) > 0 {
		t.Errorf("%q have no edge", bare)
	}
}

func strictPolicy(t *testing.T, b *browser) {
	h, shop, _ := startSiteOf(t, shopPage{lang: "de", policy: "default-src 'none'; script-src http://HUB; connect-src http://HUB ws://HUB; require-trusted-types-for 'script'"})
	page := b.openTo(t, shop, `window.violations = []; addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective + " " + e.blockedURI));`)
	page.ready()
	page.press(".launcher")
	page.sends("streng?")
	page.marked("streng?", "Gesendet")
	h.reply(h.env.As("bo"), "Gern.")
	page.shows("streng?", "Gern.")
	page.press("header .icon")
	page.reads(".menu", "Chat beenden")
	if paper := js[string](page, "getComputedStyle("+shadow+".querySelector('.panel')).backgroundColor"); paper != "rgb(255, 255, 255)" {
		t.Errorf("the chat has no style: its paper is %s", paper)
	}
	// The icon of the shop is a data: address, which its own policy forbids.
	if all := js[[]string](page, "violations.filter(v => !v.startsWith('img-src'))"); len(all) > 0 {
		t.Errorf("the policy was violated: %q", all)
	}
}

// reachable goes through the open chat with the tab key alone.
func reachable(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	h.reply(h.env.As("bo"), "See https://shop.test/")
	page.shows("hello", "See https://shop.test/")
	page.press("header .icon")
	page.reads(".menu", "End the chat")
	seen := map[string]bool{js[string](page, shadow+".activeElement.textContent"): true}
	for range 20 {
		page.keys(kb.Tab)
		at := js[string](page, `(e => e ? (e.getAttribute('aria-label') || e.textContent) : 'page')(`+shadow+`.activeElement)`)
		seen[at] = true
		if at != "page" && js[string](page, "getComputedStyle("+shadow+".activeElement).outlineStyle") == "none" && at != "Message" {
			t.Errorf("nobody sees that the focus is on %q", at)
		}
	}
	for _, want := range []string{"Options", "Download transcript", "End the chat", "Close the chat", "Messages", "https://shop.test/", "Attach files", "Message", "Send", "Chat with us", "page"} {
		if !seen[want] {
			t.Errorf("the tab key does not lead to %q; it leads to %v", want, seen)
		}
	}
}

func pictureFromTheRight(t *testing.T, b *browser) {
	for lang, left := range map[string]bool{"en": false, "ar": true} {
		_, shop, _ := startSiteOf(t, shopPage{lang: lang, head: shopLook})
		page := b.open(t, shop)
		page.ready()
		page.press(".launcher")
		eventually(t, "the chat is drawn on its side of "+lang, func() bool {
			img, err := png.Decode(bytes.NewReader(page.picture()))
			if err != nil {
				t.Fatal(err)
			}
			return (accent(img, 0, 420) > 1000) == left && (accent(img, 860, 1280) > 1000) != left
		})
	}
}

// accent counts the points between two columns that have the widget's colour.
func accent(img image.Image, from, to int) (n int) {
	for x := from; x < to; x++ {
		for y := range img.Bounds().Dy() {
			if r, g, b, _ := img.At(x, y).RGBA(); r>>8 == 0x1d && g>>8 == 0x64 && b>>8 == 0x60 {
				n++
			}
		}
	}
	return n
}
