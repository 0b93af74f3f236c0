package htmltext

// Page is what a page says.
type Page struct {
	Text     string // clean lines, each ended by \n
	Spans    []Span // what the page itself marks as written before or as a signature, in order, never overlapping
	Visible  int    // how many characters of Text are the page's own and no blanks
	Remote   int    // remote pictures and styles, never loaded
	Trackers int    // pictures that only watch: of one pixel, hidden, or of an address known for it
	Lies     []Lie  // links that name one place and lead to another, LiesMax at most
	Cut      bool   // the text was longer than the limit
}

// LiesMax is how many such links are listed.
const LiesMax = 5

// Lie is a link whose text names another host than it leads to.
type Lie struct {
	Named string // the host that is shown
	Host  string // the host that it leads to, in ASCII
}

// Span is a range of bytes of a text, whole lines.
type Span struct {
	From, To int
	Kind     Kind
	Guess    bool // a line across, or the like, stood before it: whether an earlier mail follows is to be seen in the text
}

// Kind says what a span is.
type Kind uint8

// The kinds of spans.
const (
	Quote     Kind = iota + 1 // written before
	Signature                 // how every mail of the sender ends
)

// Options are what Render needs to know.
type Options struct {
	Limit   int                     // the text is cut about there, in bytes
	Picture func(cid string) string // the name of a picture that came along, or ""; may be nil
}

// Render writes a page as text.
func Render(page string, o Options) Page {
	w := newWalker(page, o)
	w.run(page)
	if w.out.visible == 0 && w.hid { // an element that is hidden and never ends hides everything
		w = newWalker(page, o)
		w.showAll = true
		w.run(page)
	}
	return w.page()
}
