package chat_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestPagesInBrowser(t *testing.T) {
	inBrowser(t, map[string]func(*testing.T, *browser){
		"what went wrong has the focus and leads to its field": problemFirst,
		"the pages fit 320 pixels in every language":           narrowPages,
		"axe-core finds nothing on the pages":                  axePages,
	})
}

func problemFirst(t *testing.T, b *browser) {
	h := startHub(t, freely)
	page := b.open(t, h.url()+"/form?lang=en")
	page.click("button", "Send")
	eventually(t, "the problem has the focus", func() bool {
		return js[string](page, "document.activeElement?.getAttribute('role') || ''") == "alert"
	})
	page.click("link", "Please write a message first.")
	eventually(t, "the field is there", func() bool { return js[string](page, "location.hash") == "#text" })
	if got := js[string](page, "document.title"); got != "It was not sent" {
		t.Errorf("the title is %q", got)
	}
}

// sights takes stop through the pages.
func sights(t *testing.T, b *browser, lang, scheme string, width int64, stop func(page *tab, what string)) {
	t.Helper()
	h := noticed(t, takingFiles, freely)
	page := b.open(t, h.url()+"/form?lang="+lang)
	page.do(chromedp.EmulateViewport(width, 800))
	page.prefers("prefers-color-scheme", scheme)
	stop(page, lang+" form")
	js[bool](page, "document.querySelector('form').submit(), true")
	eventually(t, "the problem", func() bool { return js[bool](page, "!!document.querySelector('[role=alert]')") })
	stop(page, lang+" form with a problem")
	talk := h.open("/form?lang="+lang).sent("text", "Hello! "+strings.Repeat("unbreakable", 20), "file:"+strings.Repeat("name", 20)+".pdf", "%PDF-")
	if err := h.env.As("bo").Reply(t.Context(), talk.row().ID, "We look at it."); err != nil {
		t.Fatal(err)
	}
	page.url = h.url() + talk.at
	page.reload()
	stop(page, lang+" conversation")
	page.url = h.url() + "/c/none?lang=" + lang
	page.reload()
	stop(page, lang+" unknown link")
}

func narrowPages(t *testing.T, b *browser) {
	for _, lang := range []string{"en", "de", "es", "ar"} {
		sights(t, b, lang, "light", 320, func(page *tab, what string) {
			if got := js[int](page, "document.documentElement.scrollWidth"); got > 320 {
				t.Errorf("%s is %d pixels wide", what, got)
			}
		})
	}
}

func axePages(t *testing.T, b *browser) {
	axe := axeCore(t)
	for lang, scheme := range map[string]string{"en": "light", "de": "dark", "ar": "dark"} {
		sights(t, b, lang, scheme, 320, func(page *tab, what string) { page.axe(axe, "", scheme+" "+what) })
	}
}
