package demo_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"hark/demo"
)

func TestShopShowsTheWidgetOnceTheHubIsKnown(t *testing.T) {
	shop := open(t)
	if page, _ := get(t, shop.PageURL()); strings.Contains(page, "widget.js") {
		t.Fatal("the page names a widget before there is a hub")
	}
	d, err := demo.Start(t.Context(), demo.Options{Shop: shop, HubURL: "http://127.0.0.1:9/"})
	if err != nil {
		t.Fatal(err)
	}
	defer closes(t, d.Close)
	for _, path := range []string{"", "lamps/ask"} {
		page, header := get(t, shop.PageURL()+path)
		if !strings.Contains(page, `<script src="http://127.0.0.1:9/widget.js" async></script>`) {
			t.Errorf("/%s does not carry the widget", path)
		}
		csp := header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "connect-src http://127.0.0.1:9 ws://127.0.0.1:9;") {
			t.Errorf("/%s does not let the widget reach the hub: %s", path, csp)
		}
	}
}

func TestShopHasNoOtherPages(t *testing.T) {
	shop := open(t)
	for _, path := range []string{"lamps/none", "page/index.html", "lamps/..%2fshop.css"} {
		resp := request(t, shop.PageURL()+path)
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("/%s: got %s", path, resp.Status)
		}
	}
	if page, _ := get(t, shop.PageURL()+"shop.css"); !strings.Contains(page, "--paper") {
		t.Error("the style sheet is not served")
	}
}

func TestStartRefusesWhatIsNoHub(t *testing.T) {
	shop := open(t)
	for _, o := range []demo.Options{{Shop: shop, HubURL: "127.0.0.1:80"}, {HubURL: "http://127.0.0.1:80"}} {
		if _, err := demo.Start(t.Context(), o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

// open opens a shop that closes with the test.
func open(t *testing.T) *demo.Shop {
	t.Helper()
	shop, err := demo.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closes(t, shop.Close) })
	return shop
}

func closes(t *testing.T, f func() error) {
	t.Helper()
	if err := f(); err != nil {
		t.Error(err)
	}
}

// request gets a page; its body closes with the test.
func request(t *testing.T, url string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closes(t, resp.Body.Close) })
	return resp
}

// get returns a page that must be there.
func get(t *testing.T, url string) (string, http.Header) {
	t.Helper()
	resp := request(t, url)
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	return string(b), resp.Header
}
