package desktest

import (
	"strings"

	"hark/desk"
)

// FoldLines returns the fold of a text's lines, counted from 0, from one up to
// before another.
func FoldLines(text string, from, to int, kind desk.FoldKind) desk.Fold {
	lines := strings.SplitAfter(text, "\n")
	to = min(to, len(lines))
	return desk.Fold{From: len(strings.Join(lines[:from], "")), To: len(strings.Join(lines[:to], "")), Kind: kind}
}
