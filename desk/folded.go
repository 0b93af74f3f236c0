package desk

import (
	"strings"
	"unicode/utf8"
)

// fresh returns the words of a message that are new: without what a mail
// repeats. Where nothing is new it returns all of them.
func (m Message) fresh() string {
	if m.Mail == nil || !validFolds(m.Text, m.Mail.Folds) {
		return m.Text
	}
	var fresh strings.Builder
	at := 0
	for _, f := range m.Mail.Folds {
		fresh.WriteString(m.Text[at:f.From])
		at = f.To
	}
	fresh.WriteString(m.Text[at:])
	if s := fresh.String(); strings.TrimSpace(s) != "" {
		return s
	}
	return m.Text
}

// LineFolds returns the folds of a mail as ranges of the lines of its text,
// counted from 0; none where they do not lie within it.
func (m Message) LineFolds() []Fold {
	if m.Mail == nil || !validFolds(m.Text, m.Mail.Folds) {
		return nil
	}
	lines := make([]Fold, 0, len(m.Mail.Folds))
	line, at := 0, 0
	count := func(to int) int {
		line += strings.Count(m.Text[at:to], "\n")
		at = to
		return line
	}
	for _, f := range m.Mail.Folds {
		l := Fold{From: count(f.From), To: count(f.To), Kind: f.Kind}
		if f.To == len(m.Text) && f.To > f.From && m.Text[f.To-1] != '\n' {
			l.To++ // the last line has no end
		}
		if l.From < l.To {
			lines = append(lines, l)
		}
	}
	return lines
}

// validFolds reports whether folds lie within the text, in order, at borders of
// letters.
func validFolds(text string, folds []Fold) bool {
	at := 0
	for _, f := range folds {
		if f.From < at || f.To < f.From || f.To > len(text) || !border(text, f.From) || !border(text, f.To) {
			return false
		}
		at = f.To
	}
	return true
}

func border(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

// maskFolded masks a text as the journal will, and keeps its folds where they
// belong: they begin and end with lines, which no card number crosses.
func maskFolded(text string, folds []Fold) (string, []Fold) {
	if !validFolds(text, folds) {
		return text, nil // the journal masks it; it is shown unfolded
	}
	var out strings.Builder
	masked := make([]Fold, len(folds))
	at := 0
	for i, f := range folds {
		out.WriteString(Mask(text[at:f.From]))
		masked[i] = Fold{From: out.Len(), Kind: f.Kind}
		out.WriteString(Mask(text[f.From:f.To]))
		masked[i].To = out.Len()
		at = f.To
	}
	out.WriteString(Mask(text[at:]))
	return out.String(), masked
}

// cutText returns at most TextLimit bytes of a text, cut at a letter, the folds
// that lie in it, and whether something is missing.
func cutText(text string, folds []Fold) (string, []Fold, bool) {
	if len(text) <= TextLimit {
		return text, folds, false
	}
	end := TextLimit
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	var kept []Fold
	for _, f := range folds {
		if f.From < end {
			f.To = min(f.To, end)
			kept = append(kept, f)
		}
	}
	return text[:end], kept, true
}
