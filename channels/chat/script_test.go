package chat

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sizeLimit is what a page may load until the chat is open, in bytes of gzip:
// the script, and the answer to /config with a notice of some length.
const (
	sizeLimit  = 12 << 10
	configRoom = 250
)

func TestWidgetIsSmallAndWhole(t *testing.T) {
	s := loadScript()
	t.Logf("the widget takes %d bytes of gzip, %d plain, in one request; what is loaded on use %d", len(s.packed), len(s.plain), len(s.more.packed))
	if len(s.packed)+configRoom > sizeLimit {
		t.Errorf("%d bytes and %d for the configuration are more than the limit of %d", len(s.packed), configRoom, sizeLimit)
	}
	for _, a := range []asset{s.asset, s.more} {
		z, err := gzip.NewReader(bytes.NewReader(a.packed))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(z); err != nil || !bytes.Equal(plain, a.plain) {
			t.Errorf("what is packed is not what is plain: %v", err)
		}
		for _, sink := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "cookie", "sessionStorage"} {
			if strings.Contains(string(a.plain), sink) {
				t.Errorf("the widget uses %s", sink)
			}
		}
	}
}

func TestWidgetIsServedPackedOrPlainOrNotAtAll(t *testing.T) {
	s := loadScript()
	for _, c := range []struct {
		header, value string
		code          int
		body          []byte
	}{
		{"Accept-Encoding", "br, gzip", 200, s.packed},
		{"Accept-Encoding", "identity", 200, s.plain},
		{"If-None-Match", s.tag, 304, nil},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/widget.js", nil)
		r.Header.Set(c.header, c.value)
		w := httptest.NewRecorder()
		s.serve(w, r)
		if w.Code != c.code || !bytes.Equal(w.Body.Bytes(), c.body) {
			t.Errorf("%s %s: %d with %d bytes", c.header, c.value, w.Code, w.Body.Len())
		}
	}
}

func TestLanguagesAreWhole(t *testing.T) {
	want := texts(defaultLanguage)
	names := languageNames()
	for _, needed := range []string{"ar", "de", "en", "es"} {
		if !slices.Contains(names, needed) {
			t.Errorf("there is no %s", needed)
		}
	}
	for _, l := range names {
		got := texts(l)
		for _, key := range slices.Sorted(maps.Keys(want)) {
			switch {
			case strings.TrimSpace(got[key]) == "":
				t.Errorf("%s has no %q", l, key)
			case !slices.Equal(fields(got[key]), fields(want[key])):
				t.Errorf("%s: %q has the fields %q, want %q", l, key, fields(got[key]), fields(want[key]))
			case l != defaultLanguage && got[key] == want[key] && !slices.Contains([]string{"dir", "title"}, key):
				t.Errorf("%s: %q is not translated", l, key)
			}
		}
		for key := range got {
			if _, ok := want[key]; !ok {
				t.Errorf("%s has %q, which nobody uses", l, key)
			}
		}
		if dir := got["dir"]; dir != "ltr" && dir != "rtl" {
			t.Errorf("%s is written %q", l, dir)
		}
	}
}

var fieldPattern = regexp.MustCompile(`\{\w+\}`)

// fields lists the names in braces in a text.
func fields(text string) []string {
	return slices.Sorted(slices.Values(fieldPattern.FindAllString(text, -1)))
}

func TestEveryTextIsUsedAndEveryUseHasOne(t *testing.T) {
	var source strings.Builder
	for _, f := range append(parts[:], more[:]...) {
		source.WriteString(widgetFile("widget/" + f))
	}
	words := texts(defaultLanguage)
	for key := range words {
		if !strings.Contains(source.String(), `"`+key+`"`) && !strings.Contains(source.String(), "words."+key) {
			t.Errorf("nobody says %q", key)
		}
	}
	for _, m := range regexp.MustCompile(`tell\("(\w+)"`).FindAllStringSubmatch(source.String(), -1) {
		if words[m[1]] == "" {
			t.Errorf("there is no text %q", m[1])
		}
	}
	both := english(true)
	maps.Copy(both, english(false))
	if !maps.Equal(both, words) {
		t.Error("the script and what is loaded on use do not have all texts between them")
	}
}

func TestLanguagesAreServed(t *testing.T) {
	s := loadScript()
	for path, code := range map[string]int{"de.json": 200, "ar.json": 200, "en.json": 200, "xx.json": 404, "..%2Fstyle.css": 404, "": 404} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/lang/x", nil)
		r.SetPathValue("file", path)
		w := httptest.NewRecorder()
		s.serveLanguage(w, r)
		if w.Code != code {
			t.Errorf("%s answers %d, want %d", path, w.Code, code)
		}
		if code == 200 && w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s may not be read by a page", path)
		}
	}
}
