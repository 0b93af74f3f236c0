package chat_test

import (
	"cmp"
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

// inBrowser runs tests beside each other, each as people of their own.
func inBrowser(t *testing.T, tests map[string]func(*testing.T, *browser)) {
	t.Helper()
	b := startBrowser(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, b)
		})
	}
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

// openTo opens a page that runs a script before its own.
func (b *browser) openTo(t *testing.T, url, script string) *tab {
	t.Helper()
	tb := b.open(t, "about:blank")
	if _, err := chromedp.Call(tb.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		t.Fatal(err)
	}
	tb.url = url
	tb.reload()
	return tb
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
	wait, cancel := context.WithTimeout(tb.ctx, stepWait)
	defer cancel()
	if err := chromedp.Do(wait, steps...); err != nil {
		tb.t.Fatal(err)
	}
}

func (tb *tab) reload() { tb.t.Helper(); tb.do(chromedp.Navigate(tb.url)) }

// js evaluates an expression in the page.
func js[T any](tb *tab, expression string) T {
	tb.t.Helper()
	wait, cancel := context.WithTimeout(tb.ctx, stepWait)
	defer cancel()
	v, err := chromedp.Run(wait, chromedp.Evaluate[T](expression))
	for err != nil && strings.Contains(err.Error(), "navigated or closed") && wait.Err() == nil {
		v, err = chromedp.Run(wait, chromedp.Evaluate[T](expression)) // the page that took its place answers
	}
	if err != nil {
		tb.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// eventually waits until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain: " + what)
		}
	}
}

// stepWait is how long Chromium may take over one thing that a person does.
const stepWait = 30 * time.Second

// findWait is how long Chromium may take over one look. A page that another
// takes the place of meanwhile answers nothing.
const findWait = 3 * time.Second

// find returns what has a role and a name, as a screen reader finds it.
func (tb *tab) find(role, name string) []cdp.BackendNodeID {
	tb.t.Helper()
	wait, cancel := context.WithTimeout(tb.ctx, findWait)
	defer cancel()
	found, err := chromedp.Run(wait, func(ctx context.Context, t *chromedp.Target) ([]cdp.BackendNodeID, error) {
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
	if err != nil && wait.Err() == nil {
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

// ready waits until the widget shows its button.
func (tb *tab) ready() {
	tb.t.Helper()
	eventually(tb.t, "the widget is there", func() bool {
		return js[bool](tb, "!!document.querySelector('hark-chat')?.shadowRoot?.querySelector('.launcher')")
	})
}

// press clicks the first thing in the widget that a selector finds, whatever
// its name is in the language.
func (tb *tab) press(selector string) {
	tb.t.Helper()
	eventually(tb.t, "a "+selector, func() bool {
		return js[bool](tb, fmt.Sprintf(`(e => Boolean(e && e.getClientRects().length && (e.click(), true)))(%s.querySelector(%q))`, shadow, selector))
	})
}

// sends types a message where the focus is and sends it, in any language.
func (tb *tab) sends(text string) {
	tb.t.Helper()
	js[bool](tb, shadow+".querySelector('textarea').focus(), true")
	tb.keys(text)
	tb.press(".send")
}

func (tb *tab) openChat() {
	tb.t.Helper()
	tb.ready()
	if js[bool](tb, shadow+".querySelector('.panel')?.hidden ?? true") {
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
		Text: m.querySelector('.text')?.innerText ?? '', Meta: m.querySelector(':scope > .meta').textContent, Mine: m.classList.contains('mine')}))`)
}

// shows waits until the messages are exactly these.
func (tb *tab) shows(texts ...string) {
	tb.t.Helper()
	var got []string
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
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
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		all := tb.messages()
		if slices.ContainsFunc(all, func(m shown) bool { return m.Text == text && strings.Contains(m.Meta, words) }) {
			return
		}
		if time.Now().After(deadline) {
			tb.t.Fatalf("no message %q marked %q among %+v", text, words, all)
		}
	}
}

// text returns a property of the first thing in the widget that a selector
// finds; "" when there is nothing or when it is hidden.
func (tb *tab) text(selector, property string) string {
	tb.t.Helper()
	return js[string](tb, fmt.Sprintf(`(e => e && e.getClientRects().length ? String(e.%s) : '')(%s.querySelector(%q))`, property, shadow, selector))
}

// reads waits until the first thing that a selector finds has words in it.
func (tb *tab) reads(selector, words string) {
	tb.t.Helper()
	got := ""
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if got = tb.text(selector, "textContent"); strings.Contains(got, words) && (words != "" || got == "") {
			return
		}
		if time.Now().After(deadline) {
			tb.t.Fatalf("%s reads %q, want %q", selector, got, words)
		}
	}
}

func (tb *tab) hint() string { tb.t.Helper(); return tb.text(".hint", "textContent") }

// says waits until the state line has words in it.
func (tb *tab) says(words string) {
	tb.t.Helper()
	eventually(tb.t, "the chat says "+words, func() bool {
		return strings.Contains(js[string](tb, shadow+".querySelector('.state').textContent"), words)
	})
}

// shopPage is what a website's page has besides tea.
type shopPage struct {
	lang       string // of the page; "en" when empty
	head       string // more of its head
	attributes string // of the element that loads the widget
	policy     string // the site's Content-Security-Policy, with HUB for the hub's host
}

const shopLook = `<style>body{font:18px/1.6 Georgia,serif;margin:0;padding:8vw;color:#234;background:#fbf8f2}@media(prefers-color-scheme:dark){body{background:#101416;color:#cdd}}</style>`

// startShop is a website on an origin of its own.
func startShop(t *testing.T, widget *string, p shopPage) (origin string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hub := html.EscapeString(*widget)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if p.policy != "" {
			w.Header().Set("Content-Security-Policy", strings.ReplaceAll(p.policy, "HUB", strings.TrimPrefix(*widget, "http://")))
		}
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="%s"><head><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shop</title><link rel="icon" href="data:,">%s</head><body><main><h1>Tea</h1><p>Many kinds of tea.</p></main>
<noscript><a href="%s/form">Write to us</a></noscript><script src="%s/widget.js" %s async></script></body></html>`,
			cmp.Or(p.lang, "en"), p.head, hub, hub, p.attributes)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// startSite starts a hub, and a shop that carries its widget by way of a proxy
// that can be cut.
func startSite(t *testing.T, head string) (h *hub, shop string, cut *cutter) {
	t.Helper()
	return startSiteOf(t, shopPage{head: head})
}

func startSiteOf(t *testing.T, p shopPage, change ...func(*chat.Options)) (h *hub, shop string, cut *cutter) {
	t.Helper()
	var widget string
	shop = startShop(t, &widget, p)
	h = startHub(t, append([]func(*chat.Options){func(o *chat.Options) {
		o.Origins, o.FileLimit, o.ReadMarks = []string{shop}, 1<<20, true
	}}, change...)...)
	cut = startCutter(t, h)
	widget = cut.url()
	return h, shop, cut
}
