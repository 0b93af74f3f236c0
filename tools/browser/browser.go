// Package browser drives a real Chromium the way a person does: things are
// found by their role and name, as a screen reader finds them, clicked where
// they are, and typed into. The widget's shadow root is no obstacle to that.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
)

// ErrAbsent says that there is no Chromium on this machine.
var ErrAbsent = errors.New("needs chromium, which is not installed")

// wait is how long something may take to appear.
const wait = 20 * time.Second

// Browser is a Chromium without a window.
type Browser struct {
	ctx   context.Context
	close func()
}

// Start starts Chromium. dir is an empty folder for what it keeps.
func Start(ctx context.Context, dir string) (*Browser, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, ErrAbsent
	}
	o := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(dir), chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true))
	alloc, stop := chromedp.NewExecAllocator(context.WithoutCancel(ctx), o...)
	bctx, cancel := chromedp.NewContext(alloc)
	b := &Browser{ctx: bctx, close: func() { cancel(); stop() }}
	if err := chromedp.Do(bctx); err != nil {
		b.Close()
		return nil, fmt.Errorf("start chromium: %w", err)
	}
	return b, nil
}

// Close ends the browser.
func (b *Browser) Close() { b.close() }

// Tab is an open page.
type Tab struct {
	ctx   context.Context
	close func()
}

// Open opens a page as somebody who was never there.
func (b *Browser) Open(url string) (*Tab, error) {
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t := &Tab{ctx: ctx, close: cancel}
	if err := t.Go(url); err != nil {
		cancel()
		return nil, err
	}
	return t, nil
}

// Close closes the page.
func (t *Tab) Close() { t.close() }

// Go goes to an address, also to the one it is at.
func (t *Tab) Go(url string) error { return chromedp.Do(t.ctx, chromedp.Navigate(url)) }

// Keys types on the keyboard.
func (t *Tab) Keys(s string) error { return chromedp.Do(t.ctx, chromedp.KeyEvent(s)) }

// Click clicks the middle of what has a role and a name.
func (t *Tab) Click(role, name string) error {
	box, err := t.Box(role, name)
	if err != nil {
		return err
	}
	return chromedp.Do(t.ctx, chromedp.MouseClickXY((box[0]+box[4])/2, (box[1]+box[5])/2))
}

// Box waits until there is one thing with the role and the name that has
// stopped moving, and returns its corners: x and y of four, clockwise.
func (t *Tab) Box(role, name string) ([]float64, error) {
	var box []float64
	var last error
	for deadline := time.Now().Add(wait); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		now, err := t.border(role, name)
		if err == nil && slices.Equal(now, box) {
			return box, nil
		}
		box, last = now, err
	}
	return nil, fmt.Errorf("no %s named %q came to rest: %w", role, name, last)
}

func (t *Tab) border(role, name string) ([]float64, error) {
	ids, err := t.find(role, name)
	if err != nil {
		return nil, err
	}
	if len(ids) != 1 {
		return nil, fmt.Errorf("there are %d", len(ids))
	}
	m, err := chromedp.Call(t.ctx, dom.GetBoxModel, dom.GetBoxModelParams{BackendNodeID: ids[0]})
	if err != nil {
		return nil, err
	}
	if m.Model.Width == 0 {
		return nil, errors.New("it has no place on the page")
	}
	return m.Model.Border, nil
}

// find returns what has a role and a name.
func (t *Tab) find(role, name string) ([]cdp.BackendNodeID, error) {
	return chromedp.Run(t.ctx, func(ctx context.Context, target *chromedp.Target) ([]cdp.BackendNodeID, error) {
		doc, err := cdp.Call(ctx, target, dom.GetDocument, dom.GetDocumentParams{})
		if err != nil {
			return nil, err
		}
		query := accessibility.QueryAXTreeParams{BackendNodeID: doc.Root.BackendNodeID, Role: role, AccessibleName: name}
		all, err := cdp.Call(ctx, target, accessibility.QueryAXTree, query)
		if err != nil {
			return nil, err
		}
		var ids []cdp.BackendNodeID
		for _, n := range all.Nodes {
			if !n.Ignored {
				ids = append(ids, n.BackendDOMNodeID)
			}
		}
		return ids, nil
	})
}

// Evaluate returns what an expression comes to in the page.
func Evaluate[T any](t *Tab, expression string) (T, error) {
	return chromedp.Run(t.ctx, chromedp.Evaluate[T](expression))
}

// Screenshot returns what is to be seen, as a PNG.
func (t *Tab) Screenshot() ([]byte, error) { return chromedp.Run(t.ctx, chromedp.CaptureScreenshot()) }

// Size gives the page a size, in CSS pixels.
func (t *Tab) Size(width, height int64) error {
	return chromedp.Do(t.ctx, chromedp.EmulateViewport(width, height))
}
