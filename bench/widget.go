package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"hark/tools/browser"
)

// slowdown is how much slower than this machine's a visitor's processor is
// taken to be.
const slowdown = 4

// page is a website's page that loads the widget when it is told to.
const page = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Bench</title>
<link rel="icon" href="data:,"><h1>Tea</h1><p>Many kinds of tea.</p><script>
const wait = (ms) => new Promise((go) => setTimeout(go, ms));
const root = () => document.querySelector("hark-chat")?.shadowRoot;
const shows = async (selector) => { for (let i = 0; i < 400; i++) { if (root()?.querySelector(selector)?.getClientRects().length) return true; await wait(25); } return false; };
const asked = () => performance.getEntriesByType("resource").map((e) => e.name);
const bare = () => load("/bare.js");
const load = (src) => { const s = document.createElement("script"); s.src = src; document.head.append(s); return new Promise((go) => { s.onload = go; }).then(() => shows(".launcher")); };
const config = () => asked().some((name) => name.includes("/config"));
const open_ = async () => { root().querySelector(".launcher").click(); for (let i = 0; i < 400 && !config(); i++) await wait(25); return config() && shows("textarea"); };
const nothing = async () => true;
</script></html>`

// bare is the least that a chat's button can be: a script that shows one.
const bare = `const host = document.createElement("hark-chat"), b = document.createElement("button");
b.className = "launcher"; b.textContent = "Chat with us";
b.style.cssText = "position:fixed;right:20px;bottom:20px;height:52px;padding:0 20px;border:0;border-radius:26px;background:#1d6460;color:#fff;font:600 15px system-ui;box-shadow:0 8px 36px rgba(0,20,22,.28)";
host.attachShadow({ mode: "open" }).append(b); document.documentElement.append(host);`

// widget measures what the chat's widget costs a page in a real browser: bytes
// and requests by what the browser asks for, and the time of its main thread,
// from which the same time with nothing to do is taken off. The peer is a
// script that shows a bare button.
func widget(ctx context.Context, p *plan) error {
	dir, err := os.MkdirTemp("", "hark-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears it as well
	shop, err := serveShop(ctx)
	if err != nil {
		return err
	}
	defer shop.Close() //nolint:errcheck // nothing is lost
	hub, err := p.hubFor(ctx, dir, shop.origin)
	if err != nil {
		return err
	}
	defer hub.close()
	b, err := browser.Start(ctx, filepath.Join(dir, "browser"))
	if err != nil {
		return err
	}
	defer b.Close()
	var seen visits
	for range max(p.rounds, 1) {
		if err := errors.Join(seen.peer(b, shop.origin), seen.visit(b, shop.origin, hub.url)); err != nil {
			return err
		}
	}
	return seen.print(ctx, p, shop.origin)
}

// shop is the website.
type shop struct {
	*http.Server
	origin string
}

func serveShop(ctx context.Context) (*shop, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &shop{&http.Server{
		ReadHeaderTimeout: openTimeout,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/bare.js" {
				w.Header().Set("Content-Type", "text/javascript")
				_, _ = io.WriteString(w, bare)
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, page)
		}),
	}, "http://" + l.Addr().String()}
	go func() { _ = s.Serve(l) }()
	return s, nil
}

// hubFor opens the hub of a desk whose visitors come from an origin.
func (p *plan) hubFor(ctx context.Context, dir, origin string) (*liveDesk, error) {
	program, err := p.build(ctx, dir)
	if err != nil {
		return nil, err
	}
	d, err := newDesk(ctx, program, dir)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(d.data, "hark.toml")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(text, []byte(site), []byte(origin)), 0o600); err != nil {
		return nil, err
	}
	return d, d.serve(ctx)
}

// visits are what some pages' visits came to.
type visits struct {
	button, opened, bare []float64 // milliseconds of the main thread
	first, all           []string  // addresses asked for until the button, and until the chat was open
}

// slow opens the page as somebody who was never there, and returns what doing
// nothing costs there.
func slow(b *browser.Browser, origin string) (tab *browser.Tab, idle float64, err error) {
	if tab, err = b.Open(origin); err != nil {
		return nil, 0, err
	}
	if err = tab.Throttle(slowdown); err == nil {
		idle, err = work(tab, "nothing()")
	}
	if err != nil {
		tab.Close()
	}
	return tab, idle, err
}

// peer loads the bare button.
func (v *visits) peer(b *browser.Browser, origin string) error {
	tab, idle, err := slow(b, origin)
	if err != nil {
		return err
	}
	defer tab.Close()
	button, err := work(tab, "bare()")
	v.bare = append(v.bare, max(button-idle, 0))
	return err
}

// visit loads the widget and opens the chat.
func (v *visits) visit(b *browser.Browser, origin, hub string) error {
	tab, idle, err := slow(b, origin)
	if err != nil {
		return err
	}
	defer tab.Close()
	button, err := work(tab, fmt.Sprintf("load(%q)", hub+"/widget.js"))
	if err != nil {
		return err
	}
	if v.first, err = browser.Evaluate[[]string](tab, "asked()"); err != nil {
		return err
	}
	opened, err := work(tab, "open_()")
	if err != nil {
		return err
	}
	v.button = append(v.button, max(button-idle, 0))
	v.opened = append(v.opened, max(opened-idle, 0))
	v.all, err = browser.Evaluate[[]string](tab, "asked()")
	return err
}

// work returns how long the main thread worked, in milliseconds, until a
// promise came true and the page was still for a while.
func work(tab *browser.Tab, promise string) (float64, error) {
	before, err := tab.MainThread()
	if err != nil {
		return 0, err
	}
	ok, err := browser.Await[bool](tab, promise+".then(async (ok) => { await wait(500); return ok; })")
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, fmt.Errorf("%s did not come true", promise)
	}
	after, err := tab.MainThread()
	return milliseconds(after - before), err
}

func (v *visits) print(ctx context.Context, p *plan, origin string) error {
	size := 0
	for _, address := range v.all {
		n, err := transferred(ctx, address, origin)
		if err != nil {
			return err
		}
		size += n
	}
	for _, f := range []figure{
		{Figure: "bytes", Case: "until the chat is open", Value: float64(size), Unit: "bytes"},
		{Figure: "requests", Case: "until the button shows", Value: float64(len(v.first)), Unit: "requests"},
		{Figure: "main_thread", Case: "until the button shows", Value: median(v.button), Unit: "ms", Peer: "bare button", PeerValue: median(v.bare)},
		{Figure: "main_thread", Case: "opening the chat", Value: median(v.opened), Unit: "ms"},
	} {
		f.Bench = "widget"
		if err := p.print(f); err != nil {
			return err
		}
	}
	return nil
}

// transferred returns how many bytes an address's body has on the wire for a
// page of the origin whose browser takes gzip.
func transferred(ctx context.Context, address, origin string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	q.Header.Set("Accept-Encoding", "gzip")
	q.Header.Set("Origin", origin)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %d", address, r.StatusCode)
	}
	return len(body), err
}
