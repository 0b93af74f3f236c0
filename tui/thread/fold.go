package thread

import (
	"slices"
	"strings"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// textLine is a line of a mail as it is drawn.
type textLine struct {
	text string
	dim  bool
}

// Of a long mail that is not unfolded this much is drawn: the rest is a key
// away, and costs nothing until then.
const (
	longLines = 120
	longBytes = 12 << 10
)

// mailText returns the words of a mail in lines of w cells. Quotes, signatures
// and the end of a long mail are one line each until they are unfolded.
func (p *Pane) mailText(m desk.Message, w int, open bool) []textLine {
	if m.Text == "" {
		return nil
	}
	lines := strings.Split(m.Text, "\n")
	shown := len(lines)
	if !open {
		shown = longEnd(lines)
	}
	var out []textLine
	at := 0
	for _, f := range folds(m, lines) {
		if f.From < at || f.From >= shown {
			continue
		}
		out = append(out, p.plainLines(lines[at:f.From], w, false)...)
		out = append(out, textLine{p.foldLine(f.To-f.From, foldWords(f.Kind), open), true})
		if open {
			out = append(out, p.plainLines(lines[f.From:f.To], w, true)...)
		}
		at = f.To
	}
	if at < shown {
		out = append(out, p.plainLines(lines[at:shown], w, false)...)
		at = shown
	}
	if rest := len(lines) - at; rest > 0 {
		out = append(out, textLine{p.foldLine(rest, "more", open), true})
	}
	return out
}

// longEnd returns how many lines of a text are drawn while it is not unfolded.
func longEnd(lines []string) int {
	size := 0
	for i, line := range lines {
		size += len(line) + 1
		if i >= longLines || size > longBytes && i > 0 {
			return i
		}
	}
	return len(lines)
}

// folds returns what of a mail is folded, in lines; of a mail of ours that is
// the signature.
func folds(m desk.Message, lines []string) []desk.Fold {
	if at := slices.Index(lines, "-- "); m.Direction == desk.Out && at > 0 {
		return []desk.Fold{{From: at, To: len(lines), Kind: desk.FoldSignature}}
	}
	return m.LineFolds()
}

func foldWords(k desk.FoldKind) string {
	switch k {
	case desk.FoldQuote:
		return "quoted"
	case desk.FoldSignature:
		return "signature"
	}
	return safe.Line(string(k)).String()
}

// foldLine is what stands for lines that are folded, or above those that were.
func (p *Pane) foldLine(n int, what string, open bool) string {
	g := p.look.Glyphs
	text := ui.Count(n) + " " + what + " line"
	if n != 1 {
		text += "s"
	}
	if open {
		return "[" + text + " " + g.Unfolded + "]"
	}
	if key := p.look.Bound["unfold.text"]; key != "" {
		return "[" + text + " " + g.Folded + " " + key + "]"
	}
	return "[" + text + " " + g.Folded + "]"
}

// plainLines wraps lines of a stranger's text.
func (p *Pane) plainLines(lines []string, w int, dim bool) []textLine {
	if len(lines) == 0 {
		return nil
	}
	var out []textLine
	for _, row := range p.look.Wrap(safe.New(strings.Join(lines, "\n")).String(), w) {
		out = append(out, textLine{row, dim})
	}
	return out
}

// foldable reports whether some of the item is folded, or was before it was
// unfolded.
func (it *item) foldable() bool {
	m, _ := it.message()
	if m.Mail == nil || m.Text == "" {
		return false
	}
	lines := strings.Split(m.Text, "\n")
	return len(folds(m, lines)) > 0 || longEnd(lines) < len(lines)
}

// inSight returns the items that are drawn at the moment.
func (p *Pane) inSight() []*item {
	var out []*item
	room := p.page()
	for i := p.idx; i >= 0 && i < len(p.items) && room > 0; i-- {
		room -= p.height(i)
		if i == p.idx {
			room += p.skip
		}
		out = append(out, p.items[i])
	}
	return out
}

// UnfoldText shows what is folded in the mails in sight, or folds it again
// when all of it is shown. It reports false when there is nothing to unfold.
func (p *Pane) UnfoldText() bool {
	var found []*item
	closed := false
	for _, it := range p.inSight() {
		if it.foldable() {
			found = append(found, it)
			closed = closed || !p.shown[it.ID]
		}
	}
	if p.shown == nil {
		p.shown = map[desk.ID]bool{}
	}
	for _, it := range found {
		p.shown[it.ID] = closed
	}
	if len(found) > 0 {
		p.gen++
		p.showBeginning()
	}
	return len(found) > 0
}

// showBeginning brings the first line of the lowest mail into sight, when it
// has become longer than the pane.
func (p *Pane) showBeginning() {
	if p.look == nil {
		return
	}
	p.skip = max(p.height(p.idx)-p.page(), 0)
	p.settleEdge()
}

// HasFolds reports whether something in sight can be unfolded.
func (p *Pane) HasFolds() bool {
	if p.look == nil {
		return false
	}
	for _, it := range p.inSight() {
		if it.foldable() {
			return true
		}
	}
	return false
}
