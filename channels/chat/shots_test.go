package chat_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "the folder that TestPictures draws the widget into")

// TestPictures draws the widget for the eye: go test -run Pictures -args -shots DIR.
func TestPictures(t *testing.T) {
	if *shots == "" {
		return
	}
	b := startBrowser(t)
	for _, width := range []int64{1280, 320} {
		for _, scheme := range []string{"light", "dark"} {
			picture(t, b, *shots, width, scheme)
		}
	}
}

func picture(t *testing.T, b *browser, dir string, width int64, scheme string) {
	h, shop, cut := startSite(t, shopLook)
	page := b.open(t, shop)
	page.do(chromedp.EmulateViewport(width, 800))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(page.ctx, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
	page.one("button", "Chat with us")
	n := 0
	shot := func(name string) {
		t.Helper()
		n++
		time.Sleep(1000 * time.Millisecond)
		raw, err := chromedp.Run(page.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, fmt.Sprintf("%d-%s-%d-%s.png", width, scheme, n, name))
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	shot("closed")
	page.openChat()
	shot("open")
	page.write("Hello! Does the Fjord lamp come with a bulb?")
	page.marked("Hello! Does the Fjord lamp come with a bulb?", "Sent")
	bo := h.env.As("bo")
	h.reply(bo, "Good evening! It does: a warm one of 2700 K, made to be dimmed.")
	h.reply(bo, "All the figures are here: https://shop.test/lamps/fjord#figures")
	page.write("Lovely, thank you.")
	page.marked("Lovely, thank you.", "Sent")
	bo.Typing(h.only(bo).ID, true)
	shot("talk")
	cut.cut()
	page.says("Reconnecting")
	page.write("One more question: do you mend old ones, too? I have a very old lamp from my grandmother.")
	page.marked("One more question: do you mend old ones, too? I have a very old lamp from my grandmother.", "Waiting")
	shot("cut")
	if width > 480 {
		page.click("button", "Close the chat")
	} else {
		page.keys("\x1b")
	}
	cut.heal()
	eventually(t, "it is back", func() bool { return h.only(bo).Ord == 5 })
	h.reply(bo, "Of course.")
	h.reply(bo, "Send it in and we have a look.")
	time.Sleep(500 * time.Millisecond)
	shot("unread")
}
