package chat

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"strings"
)

//go:embed widget
var widget embed.FS

// parts is the order in which the widget's files are joined. They share one
// scope, which nothing leaves.
var parts = [...]string{"start.js", "store.js", "link.js", "text.js", "view.js", "bubbles.js", "chat.js"}

// script is the widget as it is served: one file for one request.
type script struct {
	plain, packed []byte
	tag           string
}

// loadScript joins the widget's files. They are part of the program, so that
// they are missing only from a program that was built wrong.
func loadScript() script {
	var b bytes.Buffer
	b.WriteString("(() => {\n\"use strict\";\nconst STYLE = ")
	b.Write(encode(lean(widgetFile("style.css"), "/*")))
	b.WriteString(";\n")
	for _, name := range parts {
		b.WriteString(lean(widgetFile(name), "//"))
	}
	b.WriteString("})();\n")
	sum := sha256.Sum256(b.Bytes())
	return script{plain: b.Bytes(), packed: pack(b.Bytes()), tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
}

func widgetFile(name string) string {
	b, err := widget.ReadFile("widget/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// lean leaves out indentation and the lines that are comments. The files hold
// no text that spans lines.
func lean(source, comment string) string {
	var out strings.Builder
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, comment) {
			continue
		}
		out.WriteString(line)
		out.WriteByte('\n')
	}
	return out.String()
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

func (s script) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // it is made for other sites' pages
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", s.tag)
	if r.Header.Get("If-None-Match") == s.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := s.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = s.packed
	}
	_, _ = w.Write(body)
}
