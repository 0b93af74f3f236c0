package chat

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

// sizeLimit is what a page may load until the chat is open, in bytes of gzip.
const sizeLimit = 12 << 10

func TestWidgetIsSmallAndWhole(t *testing.T) {
	s := loadScript()
	t.Logf("the widget takes %d bytes of gzip, %d plain, in one request", len(s.packed), len(s.plain))
	if len(s.packed) > sizeLimit*3/4 {
		t.Errorf("%d bytes are more than three quarters of the limit of %d", len(s.packed), sizeLimit)
	}
	z, err := gzip.NewReader(bytes.NewReader(s.packed))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(z); err != nil || !bytes.Equal(plain, s.plain) {
		t.Errorf("what is packed is not what is plain: %v", err)
	}
	for _, sink := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "cookie", "sessionStorage"} {
		if strings.Contains(string(s.plain), sink) {
			t.Errorf("the widget uses %s", sink)
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
