package htmltext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// walker is one walk over the tokens of a page.
type walker struct {
	source  string
	out     lines
	o       Options
	showAll bool // show hidden elements too
	again   bool // an endless comment was entered already

	hidden element // the element that hides what is inside
	hid    bool
	silent bool // after the start of an element whose text is no text, such as style
	head   bool
	mark   element // the element that is a span
	span   Span
	spans  []Span
	lists  []int // of each open list the number of the next item, -1 without numbers
	pre    int
	para   int   // the line breaks around the paragraph
	seen   int64 // bytes of tokens so far
	ends   map[string]int64

	href     string
	linkText strings.Builder
	notes    notes

	remote, trackers int
	lies             []Lie
}

// element counts how deep we are in an element, by the elements of its name.
type element struct {
	name  string
	depth int
}

func (e *element) open() bool { return e.depth > 0 }

// start and end see every tag.
func (e *element) start(name string) {
	if e.depth > 0 && e.name == name {
		e.depth++
	}
}

// end reports whether the element ends here.
func (e *element) end(name string) bool {
	if e.depth == 0 || e.name != name {
		return false
	}
	e.depth--
	return e.depth == 0
}

func newWalker(page string, o Options) *walker {
	return &walker{source: page, o: o, out: newLines(o.Limit), notes: notes{byURL: map[string]int{}}, ends: map[string]int64{}}
}

// endsNever reports whether no end of an element comes any more.
func (w *walker) endsNever(tag string) bool {
	last, known := w.ends[tag]
	if !known {
		last = lastEnd(w.source, tag)
		w.ends[tag] = last
	}
	return last < w.seen
}

// lastEnd returns where the last end tag of a name begins, or -1.
func lastEnd(page, name string) int64 {
	for i := len(page); ; {
		if i = strings.LastIndex(page[:i], "</"); i < 0 {
			return -1
		}
		if tag := page[i+2:]; len(tag) >= len(name) && strings.EqualFold(tag[:len(name)], name) {
			return int64(i)
		}
	}
}

func (w *walker) run(page string) {
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		w.seen += int64(len(z.Raw()))
		switch kind {
		case html.ErrorToken:
			w.finish()
			return
		case html.TextToken:
			w.text(z)
		case html.CommentToken:
			if rest := w.endless(page, z.Raw()); rest != "" {
				w.again = true
				w.seen -= int64(len(rest))
				w.run(rest)
				return
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			w.startTag(z)
		case html.EndTagToken:
			raw, _ := z.TagName()
			tag, _ := tagName(raw)
			w.endTag(tag)
		case html.DoctypeToken:
		}
	}
}

// endless returns what stands in a comment that never ends, once: it is text.
func (w *walker) endless(page string, raw []byte) string {
	const begin = "<!--"
	if w.again || w.seen != int64(len(page)) || len(raw) < len(begin)+2 || string(raw[:4]) != begin || string(raw[len(raw)-2:]) == "->" {
		return ""
	}
	return page[len(page)-len(raw)+len(begin):]
}

// text takes words, unless they are hidden or none.
func (w *walker) text(z *html.Tokenizer) {
	if w.silent {
		w.remote += strings.Count(string(z.Raw()), "url(http")
		w.silent = false
		return
	}
	if w.hidden.open() || w.head {
		return
	}
	w.out.write(string(z.Text()))
}

// startTag takes the start of an element.
func (w *walker) startTag(z *html.Tokenizer) {
	raw, has := z.TagName()
	tag, known := tagName(raw)
	a := readAttrs(z, has)
	w.silent = false
	w.raw(z, tag)
	w.hidden.start(tag)
	w.mark.start(tag)
	if w.head && known && !inHead(tag) {
		w.head = false
	}
	if tag == "head" {
		w.head = true
	}
	w.watch(tag, a)
	if w.hidden.open() || w.head {
		return
	}
	if !void(tag) && !w.showAll && (a.hides() || skipped(tag)) {
		w.hidden, w.hid = element{tag, 1}, true
		return
	}
	w.marks(tag, a)
	w.open(tag, a)
}

// raw handles elements whose inside the tokenizer does not look at. One that
// never ends would take the rest of the page with it.
func (w *walker) raw(z *html.Tokenizer, tag string) {
	switch tag {
	case "style", "script":
		w.silent = true
		if w.endsNever(tag) {
			z.NextIsNotRawText()
		}
	case "title", "textarea", "iframe", "noembed", "noframes", "noscript", "plaintext", "xmp":
		z.NextIsNotRawText()
	}
}

// inHead reports whether an element may stand in the head of a page. Any other
// shows that the head's end was forgotten.
func inHead(tag string) bool {
	switch tag {
	case "head", "title", "meta", "link", "base", "style", "script", "noscript", "template", "object", "html":
		return true
	}
	return false
}

// skipped reports whether nothing inside an element is text.
func skipped(tag string) bool {
	switch tag {
	case "title", "template", "svg", "iframe", "noembed", "noframes", "select", "datalist", "audio", "video", "canvas":
		return true
	}
	return tag == "xml"
}

// void reports whether an element has no inside.
func void(tag string) bool {
	switch tag {
	case "img", "br", "hr", "input", "meta", "link", "base", "area", "col", "embed", "param", "source", "track", "wbr":
		return true
	}
	return false
}

// tagName returns the name of a tag, and whether it is one of HTML.
func tagName(raw []byte) (name string, known bool) {
	if tag := atom.Lookup(raw); tag != 0 {
		return tag.String(), true // without another string for each tag
	}
	return string(raw), false
}

// endTag takes the end of an element.
func (w *walker) endTag(tag string) {
	w.silent = false
	if w.hidden.open() {
		w.hidden.end(tag)
		w.mark.end(tag)
		return
	}
	if tag == "head" {
		w.head = false
	}
	if w.head {
		return
	}
	w.close(tag)
	if w.mark.end(tag) {
		w.endSpan()
	}
}

// finish writes what is still open.
func (w *walker) finish() {
	w.endLink()
	w.endSpan()
	w.flushNotes()
	w.out.end()
}

func (w *walker) page() Page {
	p := Page{Text: string(w.out.out), Visible: w.out.visible, Remote: w.remote, Trackers: w.trackers, Lies: w.lies, Cut: w.out.full}
	for _, s := range w.spans {
		if s.To = min(s.To, len(p.Text)); s.From < s.To {
			p.Spans = append(p.Spans, s)
		}
	}
	return p
}
