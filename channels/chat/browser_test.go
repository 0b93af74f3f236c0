package chat_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"hark/channels/chat"
)

// browser is a real Chromium. What a test does to the widget it does as a
// person would: it finds things by role and name, clicks where they are, and
// types.
type browser struct {
	ctx context.Context
}

func startBrowser(t *testing.T) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("needs chromium, which is not installed")
	}
	o := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), o...)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() { cancel(); stop() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx}
}

// tab is an open page.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string
}

// open opens a page as somebody who was never there.
func (b *browser) open(t *testing.T, url string) *tab {
	t.Helper()
	return openTab(t, b.ctx, url, chromedp.WithNewBrowserContext())
}

// another opens a page beside this one, as the same person.
func (tb *tab) another(url string) *tab {
	tb.t.Helper()
	same := chromedp.FromContext(tb.ctx).BrowserContextID
	return openTab(tb.t, tb.ctx, url, chromedp.WithExistingBrowserContext(same))
}

func openTab(t *testing.T, parent context.Context, url string, o chromedp.ContextOption) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(parent, o)
	t.Cleanup(cancel)
	tb := &tab{t, ctx, url}
	watch := page.AddScriptToEvaluateOnNewDocumentParams{Source: watchPage}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, watch); err != nil {
		t.Fatal(err)
	}
	tb.do(chromedp.Navigate(url))
	t.Cleanup(tb.checkFaults)
	return tb
}

// watchPage notes what goes wrong in a page and which sockets it opens.
const watchPage = `
window.faults = []; window.sockets = 0; window.said = [];
addEventListener("error", (e) => faults.push(String(e.message)));
addEventListener("unhandledrejection", (e) => faults.push(String(e.reason)));
window.WebSocket = class extends WebSocket {
	constructor(...a) { super(...a); sockets++; }
	send(frame) { said.push(JSON.parse(frame)); super.send(frame); }
};`

func (tb *tab) checkFaults() {
	if all := js[[]string](tb, "window.faults || []"); len(all) > 0 {
		tb.t.Errorf("the page reports %q", all)
	}
}

func (tb *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	if err := chromedp.Do(tb.ctx, steps...); err != nil {
		tb.t.Fatal(err)
	}
}

func (tb *tab) reload() { tb.t.Helper(); tb.do(chromedp.Navigate(tb.url)) }

// js evaluates an expression in the page.
func js[T any](tb *tab, expression string) T {
	tb.t.Helper()
	v, err := chromedp.Run(tb.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		tb.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// eventually waits until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain: " + what)
		}
	}
}

// find returns what has a role and a name, as a screen reader finds it.
func (tb *tab) find(role, name string) []cdp.BackendNodeID {
	tb.t.Helper()
	found, err := chromedp.Run(tb.ctx, func(ctx context.Context, t *chromedp.Target) ([]cdp.BackendNodeID, error) {
		doc, err := cdp.Call(ctx, t, dom.GetDocument, dom.GetDocumentParams{})
		if err != nil {
			return nil, err
		}
		q := accessibility.QueryAXTreeParams{BackendNodeID: doc.Root.BackendNodeID, Role: role, AccessibleName: name}
		all, err := cdp.Call(ctx, t, accessibility.QueryAXTree, q)
		var ids []cdp.BackendNodeID
		for _, n := range all.Nodes {
			if !n.Ignored {
				ids = append(ids, n.BackendDOMNodeID)
			}
		}
		return ids, err
	})
	if err != nil {
		tb.t.Fatal(err)
	}
	return found
}

// one waits for the only thing with a role and a name, and returns where its
// middle is.
func (tb *tab) one(role, name string) (x, y float64) {
	tb.t.Helper()
	var ids []cdp.BackendNodeID
	eventually(tb.t, fmt.Sprintf("a %s named %q", role, name), func() bool {
		ids = tb.find(role, name)
		return len(ids) == 1
	})
	var box []float64
	eventually(tb.t, fmt.Sprintf("the %s named %q has a place", role, name), func() bool {
		m, err := chromedp.Call(tb.ctx, dom.GetBoxModel, dom.GetBoxModelParams{BackendNodeID: ids[0]})
		if err != nil || m.Model.Width == 0 {
			return false
		}
		still := slices.Equal(box, m.Model.Border)
		box = m.Model.Border
		return still
	})
	return (box[0] + box[4]) / 2, (box[1] + box[5]) / 2
}

func (tb *tab) click(role, name string) {
	tb.t.Helper()
	x, y := tb.one(role, name)
	tb.do(chromedp.MouseClickXY(x, y))
}

func (tb *tab) keys(s string) { tb.t.Helper(); tb.do(chromedp.KeyEvent(s)) }

// write opens the chat if it is closed and sends a message with the button.
func (tb *tab) write(text string) {
	tb.t.Helper()
	tb.openChat()
	tb.click("textbox", "Message")
	tb.keys(text)
	tb.click("button", "Send")
}

func (tb *tab) openChat() {
	tb.t.Helper()
	eventually(tb.t, "the widget is there", func() bool { return js[bool](tb, "!!document.querySelector('hark-chat')") })
	if js[bool](tb, shadow+".querySelector('.panel').hidden") {
		tb.click("button", "Chat with us")
	}
	tb.one("log", "Messages")
}

const shadow = "document.querySelector('hark-chat').shadowRoot"

// shown is a message on the screen.
type shown struct {
	Text string
	Meta string
	Mine bool
}

func (tb *tab) messages() []shown {
	tb.t.Helper()
	return js[[]shown](tb, `[...`+shadow+`.querySelectorAll('[role=log] .message')].map(m => ({
		Text: m.querySelector('.text').innerText, Meta: m.querySelector('.meta').textContent, Mine: m.classList.contains('mine')}))`)
}

// shows waits until the messages are exactly these.
func (tb *tab) shows(texts ...string) {
	tb.t.Helper()
	var got []string
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		got = nil
		for _, m := range tb.messages() {
			got = append(got, m.Text)
		}
		if slices.Equal(got, texts) {
			return
		}
		if time.Now().After(deadline) {
			tb.t.Fatalf("the page shows\n\t%q, want\n\t%q", got, texts)
		}
	}
}

// marked waits until the message with the text has words in its mark.
func (tb *tab) marked(text, words string) {
	tb.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		all := tb.messages()
		if slices.ContainsFunc(all, func(m shown) bool { return m.Text == text && strings.Contains(m.Meta, words) }) {
			return
		}
		if time.Now().After(deadline) {
			tb.t.Fatalf("no message %q marked %q among %+v", text, words, all)
		}
	}
}

// says waits until the state line has words in it.
func (tb *tab) says(words string) {
	tb.t.Helper()
	eventually(tb.t, "the chat says "+words, func() bool {
		return strings.Contains(js[string](tb, shadow+".querySelector('.state').textContent"), words)
	})
}

// shop is a website on an origin of its own. head is what else its pages have.
func startShop(t *testing.T, widget *string, head string) (origin string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shop</title><link rel="icon" href="data:,">%s<body><h1>Tea</h1><p>Many kinds of tea.</p>
<script src="%s/widget.js" async></script></body></html>`, head, html.EscapeString(*widget))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// startSite starts a hub, and a shop that carries its widget by way of a proxy
// that can be cut.
func startSite(t *testing.T, head string) (h *hub, shop string, cut *cutter) {
	t.Helper()
	var widget string
	shop = startShop(t, &widget, head)
	h = startHub(t, func(o *chat.Options) { o.Origins = []string{shop} })
	cut = startCutter(t, h)
	widget = cut.url()
	return h, shop, cut
}
