package htmltext

import (
	"strconv"
	"strings"
)

// rule is what a horizontal rule becomes.
const rule = "────────────────────"

// open takes the start of an element that is shown.
func (w *walker) open(tag string, a attrs) {
	switch tag {
	case "br":
		w.out.br()
	case "p":
		w.para = paragraph(a)
		w.out.inner(w.para)
	case "blockquote":
		w.openQuote()
	case "ul", "menu", "dir":
		w.openList(-1)
	case "ol":
		w.openList(1)
	case "li":
		w.item()
	case "dd":
		w.out.block(1)
		w.out.mark = "  "
	case "tr":
		w.out.block(1)
	case "td", "th":
		w.cell()
	case "pre", "xmp", "listing", "plaintext":
		w.out.block(2)
		w.pre++
		w.out.keep = true
	case "hr":
		w.out.block(1)
		w.out.own(rule)
		w.out.block(1)
	case "a":
		w.startLink(a.href)
	case "img", "image":
		w.picture(a)
	case "q":
		w.out.own("“")
	default:
		w.blockOf(tag)
	}
}

// close takes the end of an element that is shown.
func (w *walker) close(tag string) {
	switch tag {
	case "p":
		w.out.inner(max(w.para, 1))
	case "blockquote":
		w.closeQuote()
	case "ul", "ol", "menu", "dir":
		w.closeList()
	case "pre", "xmp", "listing":
		w.out.block(2)
		w.pre = max(w.pre-1, 0)
		w.out.keep = w.pre > 0
	case "a":
		w.endLink()
	case "q":
		w.out.own("”")
	default:
		w.blockOf(tag)
	}
}

// blockOf ends the line when an element is a block.
func (w *walker) blockOf(tag string) {
	switch tag {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		w.out.inner(2)
	case "table", "dl", "figure", "fieldset":
		w.out.block(2)
	case "div", "section", "article", "header", "footer", "nav", "aside", "main", "center", "form",
		"address", "caption", "legend", "figcaption", "details", "summary":
		w.out.inner(1)
	case "dt", "dd", "li", "tr", "tbody", "thead", "tfoot", "body":
		w.out.block(1)
	}
}

// paragraph returns how many line breaks a paragraph wants before it: those of
// Outlook have no space around.
func paragraph(a attrs) int {
	if strings.HasPrefix(a.class, "mso") || strings.Contains(a.style, "margin:0") || zero(a.style, "margin-top") && zero(a.style, "margin-bottom") {
		return 1
	}
	return 2
}

func (w *walker) openQuote() {
	w.out.block(2)
	if w.out.quote == 0 {
		w.flushNotes()
	}
	w.out.quote++
}

func (w *walker) closeQuote() {
	w.out.block(2)
	if w.out.quote == 1 {
		w.flushNotes()
	}
	w.out.quote = max(w.out.quote-1, 0)
}

func (w *walker) openList(first int) {
	w.out.block(2 - min(len(w.lists), 1))
	w.lists = append(w.lists, first)
	w.indentation()
}

func (w *walker) closeList() {
	if n := len(w.lists); n > 0 {
		w.lists = w.lists[:n-1]
	}
	w.out.block(2 - min(len(w.lists), 1))
	w.out.mark = ""
	w.indentation()
}

// indentation follows from the lists that are open.
func (w *walker) indentation() { w.out.indent = 2 * len(w.lists) }

// item begins an item of a list.
func (w *walker) item() {
	w.out.block(1)
	n := len(w.lists)
	if n == 0 || w.lists[n-1] < 0 {
		w.out.mark, w.out.hang = "- ", 2
		return
	}
	w.out.mark = strconv.Itoa(w.lists[n-1]) + ". "
	w.out.hang = 2
	w.lists[n-1]++
}

// cell begins a cell of a row. Short cells of a row share a line.
func (w *walker) cell() {
	if len(w.out.line) > 0 && w.out.inRow {
		w.out.cell = true
		return
	}
	w.out.block(1)
	w.out.want, w.out.inRow = 1, true
}
