package chat_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdp "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"hark/desk"
)

func TestFilesInBrowser(t *testing.T) {
	inBrowser(t, map[string]func(*testing.T, *browser){
		"a visitor's file reaches staff":                  fileToStaff,
		"a file of staff is downloaded and never shown":   fileToVisitor,
		"pasted and dropped files wait to be sent":        pastedAndDropped,
		"what is too large is said before it is sent":     tooLarge,
		"an upload that was cut is tried again":           uploadAgain,
		"an upload can be cancelled":                      uploadCancelled,
		"the first message may be a file":                 fileFirst,
		"a site that takes no files has no button for it": noFiles,
	})
}

// choose gives the widget files as the visitor's file dialog does.
func (tb *tab) choose(files map[string]string) {
	tb.t.Helper()
	dir := tb.t.TempDir()
	var paths []string
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			tb.t.Fatal(err)
		}
		paths = append(paths, path)
	}
	input, err := chromedp.Run(tb.ctx, chromedp.Evaluate[*runtime.RemoteObject](shadow+".querySelector('input[type=file]')"))
	if err != nil {
		tb.t.Fatal(err)
	}
	set := dom.SetFileInputFilesParams{Files: paths, ObjectID: input.ObjectID}
	if _, err := chromedp.Call(tb.ctx, dom.SetFileInputFiles, set); err != nil {
		tb.t.Fatal(err)
	}
}

// downloads lets the tab save files, and returns where.
func (tb *tab) downloads() string {
	tb.t.Helper()
	dir, err := os.MkdirTemp("", "hark-downloads-")
	if err != nil {
		tb.t.Fatal(err)
	}
	// The browser tidies up behind a download after it is there.
	tb.t.Cleanup(func() { eventually(tb.t, "the downloads are gone", func() bool { return os.RemoveAll(dir) == nil }) })
	allow := cdp.SetDownloadBehaviorParams{
		Behavior: cdp.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir,
		BrowserContextID: chromedp.FromContext(tb.ctx).BrowserContextID,
	}
	if _, err := chromedp.CallBrowser(tb.ctx, cdp.SetDownloadBehavior, allow); err != nil {
		tb.t.Fatal(err)
	}
	return dir
}

// saved waits for a download whose name has a pattern, and returns its bytes.
func saved(t *testing.T, dir, pattern string) string {
	t.Helper()
	var content []byte
	eventually(t, "a download like "+pattern, func() bool {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(found) != 1 {
			return false
		}
		content, err = os.ReadFile(found[0])
		return err == nil && len(content) > 0
	})
	return string(content)
}

// fileRows lists the names of the files in a part of the widget.
func (tb *tab) fileRows(selector string) string {
	return js[string](tb, fmt.Sprintf(`[...%s.querySelectorAll(%q + ' .file > div > bdi')].map(e => e.textContent).sort().join('|')`, shadow, selector))
}

// received returns what a file of the only conversation has in it.
func (h *hub) received(s *desk.Session, n int) (desk.File, string) {
	h.t.Helper()
	items, err := h.env.PublicItems(h.t.Context(), h.only(s).ID, 0, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	var files []desk.File
	for _, it := range items {
		files = append(files, it.Files...)
	}
	if len(files) <= n {
		h.t.Fatalf("the desk has the files %+v, want %d", files, n+1)
	}
	f, r, err := s.OpenFile(h.t.Context(), h.only(s).ID, files[n].ID)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	b, err := io.ReadAll(r)
	if err != nil {
		h.t.Fatal(err)
	}
	return f, string(b)
}

func fileToStaff(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	page.choose(map[string]string{"receipt of März.txt": "one lamp"})
	eventually(t, "the file waits", func() bool { return page.fileRows(".chips") == "receipt of März.txt" })
	if got := h.kept(h.env.As("bo")); len(got) != 1 {
		t.Errorf("something was sent before the visitor sent it: %q", got)
	}
	page.write("here it is")
	page.marked("here it is", "Sent")
	f, content := h.received(h.env.As("bo"), 0)
	if f.Name != "receipt of März.txt" || content != "one lamp" {
		t.Errorf("the desk has %+v with %q", f, content)
	}
	page.reload()
	page.openChat()
	page.shows("hello", "here it is")
	eventually(t, "the file is there after a reload", func() bool { return page.fileRows(".mine") == "receipt of März.txt" })
	dir := page.downloads()
	page.click("button", "Download receipt of März.txt")
	if got := saved(t, dir, "receipt*"); got != "one lamp" {
		t.Errorf("the visitor gets %q back", got)
	}
}

func fileToVisitor(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	bo := h.env.As("bo")
	evil := `<html><script>opener ? opener.faults.push("ran") : window.faults?.push("ran")</script>`
	f, err := bo.Attach(t.Context(), "figures.html", strings.NewReader(evil))
	if err != nil {
		t.Fatal(err)
	}
	if err := bo.ReplyWith(t.Context(), h.only(bo).ID, "The figures:", []desk.ID{f.ID}); err != nil {
		t.Fatal(err)
	}
	page.shows("hello", "The figures:")
	dir := page.downloads()
	page.click("button", "Download "+f.Name)
	if got := saved(t, dir, "figures*"); got != evil {
		t.Errorf("the visitor gets %q", got)
	}
	if n := js[int](page, shadow+".querySelectorAll('img, iframe, object, embed, video, audio').length"); n != 0 {
		t.Errorf("%d things are shown inside the page", n)
	}
	if js[string](page, "location.href") != shop+"/" {
		t.Error("the page went elsewhere")
	}
}

// hands dispatches an event that carries a file.
func (tb *tab) hands(selector, event string) bool {
	tb.t.Helper()
	return js[bool](tb, fmt.Sprintf(`(() => {
		const d = new DataTransfer();
		d.items.add(new File(["content"], %q + ".txt", { type: "text/plain" }));
		const e = %[1]q === "paste" ? new ClipboardEvent("paste", { clipboardData: d, bubbles: true, cancelable: true })
			: new DragEvent(%[1]q, { dataTransfer: d, bubbles: true, cancelable: true });
		return !%s.querySelector(%q).dispatchEvent(e);
	})()`, event, shadow, selector))
}

func pastedAndDropped(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	if !page.hands("textarea", "paste") || !page.hands(".log", "dragover") {
		t.Error("the browser does something of its own with files")
	}
	if got := js[string](page, "getComputedStyle("+shadow+".querySelector('.over'), '::after').content"); !strings.Contains(got, "1 MB each") {
		t.Errorf("who drags a file is told %s", got)
	}
	if !page.hands(".log", "drop") {
		t.Error("a dropped file takes the visitor away from the page")
	}
	eventually(t, "two files wait", func() bool { return page.fileRows(".chips") == "drop.txt|paste.txt" })
	page.click("button", "Remove paste.txt")
	page.click("button", "Send")
	bo := h.env.As("bo")
	eventually(t, "the message is there", func() bool { return h.only(bo).Ord == 2 })
	if f, content := h.received(bo, 0); f.Name != "drop.txt" || content != "content" {
		t.Errorf("the desk has %+v with %q", f, content)
	}
}

func tooLarge(t *testing.T, b *browser) {
	_, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.openChat()
	page.one("button", "Attach files")
	eventually(t, "the limit is said before anything is chosen", func() bool {
		return strings.Contains(js[string](page, shadow+".querySelector('.row .icon').getAttribute('title')"), "1 MB each")
	})
	page.choose(map[string]string{"large.bin": string(bytes.Repeat([]byte("x"), 1<<20+1))})
	page.reads(".hint", "large.bin is larger than 1 MB")
	page.choose(map[string]string{"void.txt": ""})
	page.reads(".hint", "void.txt is empty")
	if got := page.fileRows(".chips"); got != "" {
		t.Errorf("%q wait to be sent", got)
	}
}

func uploadAgain(t *testing.T, b *browser) {
	h, shop, cut := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	page.choose(map[string]string{"a.txt": "content"})
	eventually(t, "the file waits", func() bool { return page.fileRows(".chips") == "a.txt" })
	cut.cut()
	page.says("Reconnecting")
	page.write("with a file")
	page.reads(".mine .file", "Try again")
	cut.heal()
	page.says("Connected")
	page.write("meanwhile")
	page.marked("meanwhile", "Sent")
	page.press(".mine .file .link")
	page.marked("with a file", "Sent")
	page.shows("hello", "meanwhile", "with a file")
	if _, content := h.received(h.env.As("bo"), 0); content != "content" {
		t.Errorf("the desk has %q", content)
	}
}

func uploadCancelled(t *testing.T, b *browser) {
	h, shop, cut := startSite(t, "")
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	page.choose(map[string]string{"a.txt": "content"})
	eventually(t, "the file waits", func() bool { return page.fileRows(".chips") == "a.txt" })
	cut.cut()
	page.write("never mind the file")
	page.reads(".mine .file", "Try again")
	page.click("button", "Cancel a.txt")
	cut.heal()
	page.marked("never mind the file", "Sent")
	page.choose(map[string]string{"b.txt": "content"})
	eventually(t, "the file waits", func() bool { return page.fileRows(".chips") == "b.txt" })
	cut.cut()
	page.click("button", "Send")
	page.reads(".mine .file", "Try again")
	page.click("button", "Cancel b.txt")
	page.shows("hello", "never mind the file")
	cut.heal()
	page.says("Connected")
	if got := h.kept(h.env.As("bo")); strings.Join(got, "|") != "hello|never mind the file" {
		t.Errorf("the desk has %q", got)
	}
}

func fileFirst(t *testing.T, b *browser) {
	h, shop, _ := startSite(t, "")
	page := b.open(t, shop)
	page.openChat()
	page.one("button", "Attach files")
	page.choose(map[string]string{"first.txt": "content"})
	eventually(t, "the file waits", func() bool { return page.fileRows(".chips") == "first.txt" })
	if n := js[int](page, "localStorage.length + sockets"); n != 0 {
		t.Errorf("%d things were kept or opened before the visitor sent", n)
	}
	page.click("button", "Send")
	bo := h.env.As("bo")
	if h.only(bo); js[int](page, "sockets") != 1 {
		t.Error("there is no socket")
	}
	if _, content := h.received(bo, 0); content != "content" {
		t.Errorf("the desk has %q", content)
	}
}

func noFiles(t *testing.T, b *browser) {
	_, shop, _ := startSiteOf(t, shopPage{}, withoutFiles)
	page := b.open(t, shop)
	page.write("hello")
	page.marked("hello", "Sent")
	if page.hands("textarea", "paste") || page.text(".row .icon", "title") != "" {
		t.Error("the widget takes files that the hub does not take")
	}
}
