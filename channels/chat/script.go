package chat

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

//go:embed widget lang
var widget embed.FS

const scriptType = "text/javascript; charset=utf-8"

// defaultLanguage is what the widget speaks when it knows nothing better. Its
// words are part of the script.
const defaultLanguage = "en"

// parts is the order in which the widget's files are joined. They share one
// scope, which nothing leaves.
var parts = [...]string{
	"start.js", "words.js", "store.js", "link.js", "text.js", "load.js", "door.js",
	"view.js", "bubbles.js", "desk.js", "chat.js", "main.js",
}

// more is the same for what is loaded when a visitor uses it.
var more = [...]string{"more/files.js", "more/tray.js", "more/freight.js", "more/end.js", "more/renew.js"}

// script is the widget as it is served: one file for one request, another for
// the words where they are not the default ones, and one for what only some
// visitors use.
type script struct {
	asset
	more      asset
	languages map[string]asset
}

// asset is a file that any site's pages may load.
type asset struct {
	kind          string // its media type
	plain, packed []byte
	tag           string
}

func newAsset(kind string, b []byte) asset {
	sum := sha256.Sum256(b)
	return asset{kind: kind, plain: b, packed: pack(b), tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
}

// loadScript joins the widget's files. They are part of the program, so that
// they are missing only from a program that was built wrong.
func loadScript() script {
	languages := languageNames()
	rest := loadMore()
	var b strings.Builder
	b.WriteString("(() => {\"use strict\";")
	constant(&b, "MORE", strings.Trim(rest.tag, `"`))
	constant(&b, "STYLE", leanStyle(widgetFile("widget/style.css")))
	constant(&b, "PANEL", leanStyle(widgetFile("widget/panel.css")))
	constant(&b, "ENGLISH", english(false))
	constant(&b, "LANGUAGES", languages)
	for _, name := range parts {
		b.WriteString(widgetFile("widget/" + name))
	}
	b.WriteString("})();")
	s := script{newAsset(scriptType, []byte(leanScript(b.String()))), rest, map[string]asset{}}
	for _, l := range languages {
		s.languages[l] = newAsset("application/json", encode(texts(l)))
	}
	return s
}

// loadMore makes a module of the parts that are loaded when they are used. It
// gets what it shares with the widget, and returns what the widget may use.
func loadMore() asset {
	var b strings.Builder
	b.WriteString("export default ([chat, el, icon, button, worded, tell, count, bytes, clean, hub, ask, outbox, forget, learn, language, FILE_WAIT]) => {")
	b.WriteString("learn(")
	b.Write(encode(english(true)))
	b.WriteString(");chat.view.door.dress(")
	b.Write(encode(leanStyle(widgetFile("widget/more/style.css"))))
	b.WriteString(");")
	for _, name := range more {
		b.WriteString(widgetFile("widget/" + name))
	}
	b.WriteString("return { add, raise, stored, unfold, end, renew }; };")
	return newAsset(scriptType, []byte(leanScript(b.String())))
}

// languageNames lists what the widget speaks, in alphabetical order.
func languageNames() []string {
	entries, err := widget.ReadDir("lang")
	if err != nil {
		panic(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	slices.Sort(names)
	return names
}

// texts returns the words of a language by key.
func texts(language string) map[string]string {
	var words map[string]string
	if err := json.Unmarshal([]byte(widgetFile("lang/"+language+".json")), &words); err != nil {
		panic(err)
	}
	return words
}

// english returns the words that are part of the script, or those that only
// the rest needs.
func english(rest bool) map[string]string {
	words := texts(defaultLanguage)
	maps.DeleteFunc(words, func(key, _ string) bool {
		return rest == (names(parts[:], key) || !names(more[:], key))
	})
	return words
}

// names tells whether one of the files has a text that is the key.
func names(files []string, key string) bool {
	return slices.ContainsFunc(files, func(f string) bool {
		return strings.Contains(widgetFile("widget/"+f), strconv.Quote(key))
	})
}

func constant(b *strings.Builder, name string, value any) {
	b.WriteString("const " + name + "=")
	b.Write(encode(value))
	b.WriteString(";")
}

func widgetFile(path string) string {
	b, err := widget.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// pack compresses b. Writing to memory does not fail.
func pack(b []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

// serveMore answers GET /more.js. A module is only taken from another origin
// that says it may be.
func (s script) serveMore(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	s.more.serve(w, r)
}

// serveLanguage answers GET /lang/{file}, such as /lang/de.json.
func (s script) serveLanguage(w http.ResponseWriter, r *http.Request) {
	l, ok := s.languages[strings.TrimSuffix(r.PathValue("file"), ".json")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	l.serve(w, r)
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // it is made for other sites' pages
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", a.tag)
	if r.Header.Get("If-None-Match") == a.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.packed
	}
	_, _ = w.Write(body)
}
