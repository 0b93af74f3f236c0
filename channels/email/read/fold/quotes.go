package fold

import (
	"strings"

	"hark/desk"
)

// run is a run of quoted lines, with who is said to have written them.
type run struct {
	head     int // where the attribution begins; from without one
	from, to int
	marked   bool
}

// quotes folds runs of quoted lines: one after which nothing new comes, and
// long ones before an answer.
func (f *finder) quotes() {
	runs := f.runs()
	for _, r := range runs {
		if r.head < r.from { // an attribution is no new text
			f.set(r.head, r.from, desk.FoldQuote)
		}
	}
	for _, r := range runs {
		certain := f.o.Answer || r.marked || r.head < r.from
		trailing := !f.openIn(r.to, len(f.lines)) || f.onlySigned(r.to)
		long := f.quotedLines(r) > contextMax
		if certain && (trailing || long) && !f.lone(r) {
			f.set(r.head, r.to, desk.FoldQuote)
			continue
		}
		f.set(r.head, r.from, "")
	}
}

// runs finds the runs of quoted lines that no mark of a tail covers.
func (f *finder) runs() []run {
	var all []run
	end := 0
	for i := 0; i < len(f.lines); i++ {
		if !f.lines[i].quoted || f.lines[i].kind != "" {
			continue
		}
		r := run{from: i, to: i, marked: f.lines[i].marked}
		for ; i < len(f.lines) && (f.lines[i].quoted || f.lines[i].blank()) && f.lines[i].kind == ""; i++ {
			if f.lines[i].quoted {
				r.to = i + 1
			}
		}
		r.head = f.attributed(r.from, end)
		end = r.to
		all = append(all, r)
	}
	return all
}

// attributed returns where the words begin that say who wrote what is quoted
// from a line on. They do not reach above floor.
func (f *finder) attributed(from, floor int) int {
	end := from
	for range 2 { // at most two empty lines between
		if end > floor && f.lines[end-1].blank() {
			end--
		}
	}
	found := 0
	for n := 1; n <= 4 && end-n >= floor; n++ {
		l := &f.lines[end-n]
		if l.blank() || l.quoted {
			break
		}
		s := f.joined(end-n, end)
		if !isAttribution(s) {
			continue
		}
		if found == 0 || hasDate(s) && opens(s) { // what does not begin so is new text above
			found = n
		}
		if hasDate(s) {
			break
		}
	}
	if found == 0 {
		return from
	}
	return end - found
}

// onlySigned reports whether nothing but a signature comes from a line on.
func (f *finder) onlySigned(from int) bool {
	i := from
	for i < len(f.lines) && (f.lines[i].blank() || f.lines[i].kind != "") {
		i++
	}
	return i < len(f.lines) && f.lines[i].text == "--" && f.signs(i) || i < len(f.lines) && isSentFrom(f.lines[i].text) && !f.openIn(i+1, len(f.lines))
}

func (f *finder) quotedLines(r run) int {
	n := 0
	for i := r.from; i < r.to; i++ {
		if f.lines[i].quoted && strings.Trim(f.lines[i].text, "> ") != "" {
			n++
		}
	}
	return n
}

// lone reports whether a run is a single line that an mbox has escaped.
func (f *finder) lone(r run) bool {
	return r.to == r.from+1 && r.head == r.from && strings.HasPrefix(f.lines[r.from].text, ">From ")
}

// signatures folds what closes every mail of the sender.
func (f *finder) signatures() {
	for i := range f.lines {
		if f.lines[i].text == "--" && f.lines[i].kind == "" && f.signs(i) && f.openIn(0, i) {
			f.set(i, f.signatureEnd(i), desk.FoldSignature)
			break
		}
	}
	f.sentFrom()
}

// signs reports whether a line of two hyphens begins a signature.
func (f *finder) signs(i int) bool {
	most, proper := bareMax, false
	if l := f.lines[i]; l.to-l.from >= len("-- \n") { // with the space that makes it one
		most, proper = signedMax, true
	}
	if !proper && i > 0 && !f.lines[i-1].blank() {
		return false
	}
	n := 0
	for i++; i < len(f.lines); i++ {
		switch l := &f.lines[i]; {
		case l.quoted || l.kind == desk.FoldQuote:
			return !f.openIn(i, len(f.lines))
		case !l.blank():
			if n++; n > most || !proper && strings.ContainsAny(l.text[len(l.text)-1:], ".?!") {
				return false
			}
		}
	}
	return true
}

// signatureEnd is where a quote follows, or the end.
func (f *finder) signatureEnd(i int) int {
	for i++; i < len(f.lines); i++ {
		if f.lines[i].quoted || f.lines[i].kind == desk.FoldQuote {
			break
		}
	}
	return i
}

// sentFrom folds the last new line when a telephone wrote it.
func (f *finder) sentFrom() {
	for i := len(f.lines) - 1; i >= 0; i-- {
		if l := &f.lines[i]; l.open() {
			if isSentFrom(l.text) {
				l.kind = desk.FoldSignature
			}
			return
		}
	}
}
