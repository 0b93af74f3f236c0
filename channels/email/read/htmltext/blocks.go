package htmltext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// rule is what a horizontal rule becomes.
const rule = "────────────────────"

// open takes the start of an element that is shown.
func (w *walker) open(tag atom.Atom, a attrs) {
	switch tag {
	case atom.Br:
		w.out.br()
	case atom.P:
		w.para = paragraph(a)
		w.out.inner(w.para)
	case atom.Blockquote:
		w.openQuote()
	case atom.Ul, atom.Menu, atom.Dir:
		w.openList(-1)
	case atom.Ol:
		w.openList(1)
	case atom.Li:
		w.item()
	case atom.Dd:
		w.out.block(1)
		w.out.mark = "  "
	case atom.Tr:
		w.out.block(1)
	case atom.Td, atom.Th:
		w.cell()
	case atom.Pre, atom.Xmp, atom.Listing, atom.Plaintext:
		w.out.block(2)
		w.pre++
		w.out.keep = true
	case atom.Hr:
		w.out.block(1)
		w.out.own(rule)
		w.out.block(1)
	case atom.A:
		w.startLink(a.href)
	case atom.Img, atom.Image:
		w.picture(a)
	case atom.Q:
		w.out.own("“")
	default:
		w.blockOf(tag)
	}
}

// close takes the end of an element that is shown.
func (w *walker) close(tag atom.Atom) {
	switch tag {
	case atom.P:
		w.out.inner(max(w.para, 1))
	case atom.Blockquote:
		w.closeQuote()
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		w.closeList()
	case atom.Pre, atom.Xmp, atom.Listing:
		w.out.block(2)
		w.pre = max(w.pre-1, 0)
		w.out.keep = w.pre > 0
	case atom.A:
		w.endLink()
	case atom.Q:
		w.out.own("”")
	default:
		w.blockOf(tag)
	}
}

// blockOf ends the line when an element is a block.
func (w *walker) blockOf(tag atom.Atom) {
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.out.inner(2)
	case atom.Table, atom.Dl, atom.Figure, atom.Fieldset:
		w.out.block(2)
	case atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Nav, atom.Aside, atom.Main, atom.Center, atom.Form,
		atom.Address, atom.Caption, atom.Legend, atom.Figcaption, atom.Details, atom.Summary:
		w.out.inner(1)
	case atom.Dt, atom.Dd, atom.Li, atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot, atom.Body:
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
