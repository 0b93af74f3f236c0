package chat_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
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

// arrives waits until the tab has gone to an address with a part in it and
// stayed for a while. Chromium's answers about a page that another is just
// taking the place of get lost, so nothing is asked of the page meanwhile.
func (tb *tab) arrives(part string) {
	tb.t.Helper()
	var since time.Time
	last := int64(-1)
	eventually(tb.t, "the tab goes to "+part, func() bool {
		wait, cancel := context.WithTimeout(tb.ctx, findWait)
		defer cancel()
		all, err := chromedp.Call(wait, page.GetNavigationHistory, cdp.Empty{})
		if err != nil {
			return false
		}
		if all.CurrentIndex != last {
			last, since = all.CurrentIndex, time.Now()
		}
		return strings.Contains(all.Entries[last].URL, part) && time.Since(since) > time.Second
	})
}

// withoutScript goes from the site's link to an answer.
func withoutScript(t *testing.T, b *browser) {
	h, shop, _ := startSiteOf(t, shopPage{}, withNotice(t, "1"))
	page := b.open(t, "about:blank")
	page.do(chromedp.EmulateViewport(1280, 1600))
	page.scripts(false)
	page.do(chromedp.Navigate(shop))
	page.click("link", "Write to us")
	page.arrives("/form")
	page.one("StaticText", noticeText+" 1")
	page.click("textbox", "Your name (optional)")
	page.keys("Mo")
	page.click("textbox", "Your message")
	page.keys("do you mend lamps?")
	page.click("button", "Send")
	bo := h.env.As("bo")
	h.only(bo)
	page.arrives("/c/")
	page.one("StaticText", "do you mend lamps?")
	if row := h.only(bo); row.Name != "Mo" {
		t.Errorf("the row is %+v", row)
	}
	h.reply(bo, "We do, every Monday.")
	page.click("link", "Look for new answers")
	page.arrives("?lang=")
	page.one("StaticText", "We do, every Monday.")
	page.click("textbox", "Write again")
	page.keys("lovely")
	page.click("button", "Send")
	eventually(t, "the desk has the words", func() bool { return h.only(bo).Ord == 3 })
	page.arrives("/c/")
	page.one("StaticText", "lovely")
	if row := h.only(bo); row.Side != desk.In || row.Ord != 3 {
		t.Errorf("the row is %+v", row)
	}
	page.scripts(true)
	page.do(chromedp.Navigate("about:blank"))
}
