package fold

import (
	"strings"

	"hark/desk"
)

// Options are what is known of a mail beside its words.
type Options struct {
	Marks   []desk.Fold // what the mail's HTML marks, in order
	Answer  bool        // it answers a mail: by its references or its subject
	Forward bool        // it hands on a mail
}

// The lengths, in lines, that decide.
const (
	contextMax = 4  // of a quote that stays open above its answer
	bareMax    = 6  // of a signature after two hyphens without a space
	signedMax  = 20 // of a signature after the proper mark
)

// Find returns the ranges of a clean text that are shown folded: whole lines,
// in order, never overlapping.
func Find(text string, o Options) []desk.Fold {
	f := finder{lines: split(text), o: o}
	if o.Forward || f.forwards() {
		return nil
	}
	f.marks()
	f.tail()
	f.quotes()
	f.signatures()
	if !f.something() {
		return nil
	}
	return f.folds()
}

// Forwards reports whether a clean text says that it hands on a mail.
func Forwards(text string) bool {
	f := finder{lines: split(text)}
	return f.forwards()
}

// line is one line of the text.
type line struct {
	from, to int    // in the text, with the line break
	text     string // without blanks around
	quoted   bool   // begins with the mark of quoting
	marked   bool   // lies in what the HTML marks as a quote
	kind     desk.FoldKind
}

func (l *line) blank() bool { return l.text == "" }

// open reports whether a line holds new words, as far as is known.
func (l *line) open() bool { return l.text != "" && !l.quoted && l.kind == "" }

func split(text string) []line {
	lines := make([]line, 0, strings.Count(text, "\n")+1)
	at := 0
	for s := range strings.Lines(text) {
		l := line{from: at, to: at + len(s), text: strings.TrimSpace(s)}
		l.quoted = strings.HasPrefix(l.text, ">")
		lines = append(lines, l)
		at = l.to
	}
	return lines
}

type finder struct {
	lines []line
	o     Options
}

// set gives lines a kind.
func (f *finder) set(from, to int, kind desk.FoldKind) {
	for i := from; i < to; i++ {
		f.lines[i].kind = kind
	}
}

// openIn reports whether new words stand between two lines.
func (f *finder) openIn(from, to int) bool {
	for i := from; i < to; i++ {
		if f.lines[i].open() {
			return true
		}
	}
	return false
}

// something reports whether anything is left to be shown.
func (f *finder) something() bool { return f.openIn(0, len(f.lines)) }

// folds joins lines of a kind, with the empty lines between them.
func (f *finder) folds() []desk.Fold {
	var all []desk.Fold
	for i := 0; i < len(f.lines); {
		kind := f.lines[i].kind
		if kind == "" || f.lines[i].blank() {
			i++
			continue
		}
		last := i
		j := i + 1
		for ; j < len(f.lines) && (f.lines[j].kind == kind || f.lines[j].blank()); j++ {
			if !f.lines[j].blank() {
				last = j
			}
		}
		all = append(all, desk.Fold{From: f.lines[i].from, To: f.lines[last].to, Kind: kind})
		i = last + 1
	}
	return all
}

// forwards reports whether the text itself says that it hands on a mail, before
// it quotes any.
func (f *finder) forwards() bool {
	for _, l := range f.lines {
		if l.quoted || isSeparator(l.text) {
			return false
		}
		if isForward(l.text) {
			return true
		}
	}
	return false
}

// marks takes over what the HTML marks. Where it holds lines that are marked
// in the text too, those decide: answers may stand between them.
func (f *finder) marks() {
	at := 0
	for _, m := range f.o.Marks {
		for at < len(f.lines) && f.lines[at].from < m.From {
			at++
		}
		end, quoted := at, false
		for end < len(f.lines) && f.lines[end].to <= m.To {
			quoted = quoted || f.lines[end].quoted
			f.lines[end].marked = m.Kind == desk.FoldQuote
			end++
		}
		if m.Kind == desk.FoldSignature || !quoted {
			f.set(at, end, m.Kind)
		}
		at = end
	}
}

// tail folds everything after a line that says that an earlier mail follows.
func (f *finder) tail() {
	for i := range f.lines {
		l := &f.lines[i]
		if l.blank() || l.quoted {
			continue
		}
		if isSeparator(l.text) && f.o.Answer || f.o.Answer && f.headed(i) || f.o.Answer && f.introduced(i) {
			f.set(i, len(f.lines), desk.FoldQuote)
			return
		}
	}
}

// headed reports whether the block of fields of an earlier mail begins at a
// line, perhaps after a rule.
func (f *finder) headed(i int) bool {
	ruled := isRule(f.lines[i].text)
	if ruled {
		for i++; i < len(f.lines) && f.lines[i].blank(); i++ {
			continue
		}
	} else if i > 0 && !f.lines[i-1].blank() && f.lines[i-1].kind == "" {
		return false
	}
	var seen fields
	for n := 0; i < len(f.lines) && n < 8; i, n = i+1, n+1 {
		if f.lines[i].blank() || f.lines[i].quoted {
			break
		}
		if !seen.add(f.lines[i].text) && n == 0 {
			return false
		}
	}
	return seen.block()
}

// introduced reports whether the words at a line say who wrote what follows,
// when that is not marked as a quote.
func (f *finder) introduced(i int) bool {
	for n := 1; n <= 3 && i+n <= len(f.lines); n++ {
		if f.lines[i+n-1].blank() || f.lines[i+n-1].quoted {
			return false
		}
		if s := f.joined(i, i+n); isAttribution(s) && hasDate(s) && hasClock(s) && hasAddress(s) {
			return f.openIn(i+n, len(f.lines)) && !f.quotedNext(i+n)
		}
	}
	return false
}

// quotedNext reports whether the next line that is not empty is quoted.
func (f *finder) quotedNext(i int) bool {
	for ; i < len(f.lines); i++ {
		if !f.lines[i].blank() {
			return f.lines[i].quoted
		}
	}
	return false
}

func (f *finder) joined(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString(f.lines[i].text + " ")
	}
	return strings.TrimSpace(b.String())
}
