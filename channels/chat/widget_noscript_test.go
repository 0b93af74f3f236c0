package chat_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"hark/desk"
)

func TestWithoutScriptInBrowser(t *testing.T) {
	inBrowser(t, map[string]func(*testing.T, *browser){
		"who has no script writes and reads by a link": withoutScript,
	})
}

// scripts switches the page's scripts off or on.
func (tb *tab) scripts(on bool) {
	tb.t.Helper()
	off := emulation.SetScriptExecutionDisabledParams{Value: !on}
	if _, err := chromedp.Call(tb.ctx, emulation.SetScriptExecutionDisabled, off); err != nil {
		tb.t.Fatal(err)
	}
}

// withoutScript goes from the site's link to an answer.
func withoutScript(t *testing.T, b *browser) {
	h, shop, _ := startSiteOf(t, shopPage{}, withNotice(t, "1"))
	page := b.open(t, "about:blank")
	page.do(chromedp.EmulateViewport(1280, 1600))
	page.scripts(false)
	page.do(chromedp.Navigate(shop))
	page.click("link", "Write to us")
	page.one("StaticText", noticeText+" 1")
	page.click("textbox", "Your name (optional)")
	page.keys("Mo")
	page.click("textbox", "Your message")
	page.keys("do you mend lamps?")
	page.click("button", "Send")
	page.one("StaticText", "do you mend lamps?")
	bo := h.env.As("bo")
	if row := h.only(bo); row.Name != "Mo" {
		t.Errorf("the row is %+v", row)
	}
	h.reply(bo, "We do, every Monday.")
	page.click("link", "Look for new answers")
	page.one("StaticText", "We do, every Monday.")
	page.click("textbox", "Write again")
	page.keys("lovely")
	page.click("button", "Send")
	page.one("StaticText", "lovely")
	if row := h.only(bo); row.Side != desk.In || row.Ord != 3 {
		t.Errorf("the row is %+v", row)
	}
	page.scripts(true)
	page.do(chromedp.Navigate("about:blank"))
}
