package e2e_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/tools/browser"
)

// page is the shop in a visitor's browser.
type page struct {
	t   *testing.T
	url string
	*browser.Tab
}

// visit opens a page of the shop in a browser that was never there.
func (w *world) visit(path string) *page {
	w.t.Helper()
	b, err := browser.Start(w.ctx, w.t.TempDir())
	if errors.Is(err, browser.ErrAbsent) {
		w.t.Skip(err)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(b.Close)
	url := w.shop.Origin() + path
	tab, err := b.Open(url)
	if err != nil {
		w.t.Fatal(err)
	}
	return &page{w.t, url, tab}
}

func (p *page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// opens opens the chat.
func (p *page) opens() {
	p.t.Helper()
	p.must(p.Click("button", "Chat with us"))
}

// writes sends a message with the button.
func (p *page) writes(text string) {
	p.t.Helper()
	p.must(p.Click("textbox", "Message"))
	p.must(p.Keys(text))
	p.must(p.Click("button", "Send"))
}

// messages returns what the chat shows, in order.
func (p *page) messages() []string {
	p.t.Helper()
	texts, err := browser.Evaluate[[]string](p.Tab,
		`[...document.querySelector('hark-chat').shadowRoot.querySelectorAll('[role=log] .message .text')].map(m => m.innerText)`)
	p.must(err)
	return texts
}

// shows waits until the chat shows exactly these messages, in this order.
func (p *page) shows(texts ...string) {
	p.t.Helper()
	p.until(func(got []string) bool { return slices.Equal(got, texts) }, texts)
}

func (p *page) until(ok func([]string) bool, want []string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		got := p.messages()
		if ok(got) {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("the page shows\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
		}
	}
}
