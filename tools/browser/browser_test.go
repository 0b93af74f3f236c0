package browser_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"hark/tools/browser"
)

const page = `<!doctype html><title>t</title><div id="host"></div><script>
const root = document.getElementById("host").attachShadow({mode: "open"});
root.innerHTML = '<label>Your name <input></label><button>Greet</button><p role="status"></p>';
root.querySelector("button").onclick = () => root.querySelector("p").textContent = "Hello " + root.querySelector("input").value;
</script>`

func TestAPersonFindsTypesAndClicks(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(page))
	}))
	defer s.Close()
	b, err := browser.Start(t.Context(), t.TempDir())
	if errors.Is(err, browser.ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	tab, err := b.Open(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range []func() error{
		func() error { return tab.Click("textbox", "Your name") },
		func() error { return tab.Keys("Åsa") },
		func() error { return tab.Click("button", "Greet") },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	got, err := browser.Evaluate[string](tab, `document.getElementById("host").shadowRoot.querySelector("p").textContent`)
	if err != nil || got != "Hello Åsa" {
		t.Errorf("got %q, %v", got, err)
	}
	png, err := tab.Screenshot()
	if err != nil || !bytes.HasPrefix(png, []byte("\x89PNG")) {
		t.Errorf("the picture is no PNG: %v", err)
	}
}
