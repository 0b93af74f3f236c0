package form

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"strconv"
	"time"
)

// TextMost is the longest message that a page takes, in characters of a
// browser (UTF-16).
const TextMost = 8000

// Pages are the pages in every language. They are safe for concurrent use.
type Pages struct {
	texts texts
	pages *template.Template
	style template.CSS
	csp   string
}

// Load prepares the pages.
func Load() (*Pages, error) {
	words, err := loadTexts()
	if err != nil {
		return nil, err
	}
	style, err := parts.ReadFile("style.css")
	if err != nil {
		return nil, err
	}
	pages, err := template.ParseFS(parts, "page.html")
	if err != nil {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	sum := sha256.Sum256(style)
	return &Pages{
		texts: words, pages: pages, style: template.CSS(style), //nolint:gosec // it is part of the program
		csp: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; img-src data:; " +
			"form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
	}, nil
}

// Policy returns the content security policy of every page: its own style, its
// own forms, and nothing else.
func (p *Pages) Policy() string { return p.csp }

// Languages returns which languages there are, the fallback first.
func (p *Pages) Languages() []string { return p.texts.languages() }

// Choose returns one of the languages: the one asked for, else the one that an
// Accept-Language header likes best, else Fallback.
func (p *Pages) Choose(asked, accepted string) string { return p.texts.choose(asked, accepted) }

// Say returns a text in a language with its fields, given as name and value.
func (p *Pages) Say(lang, key string, fields ...any) string {
	return p.texts.say(lang, key, fields...)
}

// Notice is what stands above the form.
type Notice struct{ Version, Lang, Text string }

// Problem is why words were not taken. Field is the field it is about, "" for
// none of them.
type Problem struct{ Field, Text string }

// View is what a page shows.
type View struct {
	pages *Pages

	Lang     string
	Problems []Problem
	Closed   string  // why nobody answers at once; "" when somebody does
	Notice   *Notice // form: nil for none

	Link             string // form: the secret; talk: the last part of the address
	ID               string // of the next message
	Page, Name, Mail string
	Text             string
	FileLimit        int64 // bytes of one file; 0 where files are not taken
	FileCount        int
	LinkDays         int

	Items []Item // talk
	Place string // talk: where in the line
	More  int    // talk: how many messages to show instead; 0 when all are here

	Heading, Body, Back string // a page that only says something
}

// Item is a line of a conversation.
type Item struct {
	Kind  string // "message", or what happened
	Mine  bool
	Who   string
	At    time.Time
	Text  string
	Files []File
}

// File is something attached.
type File struct {
	ID, Name string
	Bytes    int64
}

// Form, Talk and Words return a page: where a conversation begins, where it
// goes on, and one that only says something.
func (p *Pages) Form(v View) []byte { return p.page("form", v) }

// Talk returns the page on which a conversation goes on.
func (p *Pages) Talk(v View) []byte { return p.page("talk", v) }

// Words returns a page with a heading, a sentence and the way to the form.
func (p *Pages) Words(v View) []byte { return p.page("say", v) }

// page fills a page in. The pages are part of the program and know every field,
// so that a failure is a mistake in it.
func (p *Pages) page(name string, v View) []byte {
	v.pages = p
	var b bytes.Buffer
	if err := p.pages.ExecuteTemplate(&b, name, v); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// The methods below are what the pages ask of a view.

// Say returns a text in the page's language.
func (v View) Say(key string) string { return v.pages.Say(v.Lang, key) }

// Style is the style of every page.
func (v View) Style() template.CSS { return v.pages.style }

// Title stands in the browser's tab; what went wrong comes first there.
func (v View) Title() string {
	switch {
	case len(v.Problems) > 0:
		return v.Say("problem")
	case v.Heading != "":
		return v.Heading
	case v.Items != nil:
		return v.Say("talk")
	}
	return v.Say("title")
}

// Ask is what stands above the field for words.
func (v View) Ask() string {
	if v.Items != nil {
		return v.Say("reply")
	}
	return v.Say("text")
}

// Wrong returns the problem of a field, nil for none.
func (v View) Wrong(field string) *Problem {
	for i := range v.Problems {
		if v.Problems[i].Field == field {
			return &v.Problems[i]
		}
	}
	return nil
}

// TextMost is the longest message.
func (View) TextMost() int { return TextMost }

// TakesFiles reports whether files may be attached.
func (v View) TakesFiles() bool { return v.FileLimit > 0 }

// FilesHint says how many files of which size.
func (v View) FilesHint() string {
	return v.pages.Say(v.Lang, "files_hint", "n", v.FileCount, "size", Size(v.FileLimit))
}

// Keep says what the address is good for.
func (v View) Keep() string { return v.pages.Say(v.Lang, "keep", "n", v.LinkDays) }

// Choice is a language to read the page in.
type Choice struct{ Lang, Name string }

// Languages returns the other languages.
func (v View) Languages() (all []Choice) {
	for _, l := range v.pages.Languages() {
		if l != v.Lang {
			all = append(all, Choice{l, v.pages.Say(l, "self")})
		}
	}
	return all
}

// Time is when it happened, for people.
func (i Item) Time() string { return i.At.UTC().Format("2006-01-02 15:04 UTC") }

// Stamp is when it happened, for programs.
func (i Item) Stamp() string { return i.At.UTC().Format(time.RFC3339) }

// Size is how large the file is, in words.
func (f File) Size() string { return Size(f.Bytes) }

// Size writes a number of bytes as people do.
func Size(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1000*1000:
		return strconv.FormatInt((n+500)/1000, 10) + " kB"
	}
	return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
}
