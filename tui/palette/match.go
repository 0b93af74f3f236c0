package palette

import (
	"strings"
	"unicode"
)

// The parts of a match's score. A letter at the beginning of a word says more
// than one within it, letters in a row more than scattered ones.
const (
	scoreLetter = 1
	scoreWord   = 8  // at the beginning of a word
	scoreStart  = 12 // at the beginning of all
	scoreRow    = 5  // right behind the letter before
	scoreGap    = -1 // for each letter passed over within a match, at most gapMost
	gapMost     = 6
)

// The bounds of what is compared: longer texts are compared by their beginning.
const (
	queryMost = 64
	textMost  = 160
)

// match is how well a text holds the letters that were typed.
type match struct {
	score int
	at    []int // runes of the text that were matched, ascending
}

// find reports whether text holds every word of the query, each as letters in
// their order that are not scattered all over it, and how well.
func find(query, text string) (match, bool) {
	runes := []rune(text)
	if len(runes) > textMost {
		runes = runes[:textMost]
	}
	folded := []rune(strings.ToLower(string(runes)))
	if len(folded) != len(runes) {
		folded = runes // a letter that changes its length when it is made small
	}
	var all match
	for word := range strings.FieldsSeq(strings.ToLower(query)) {
		letters := []rune(word)
		if len(letters) > queryMost {
			letters = letters[:queryMost]
		}
		m, ok := align(letters, runes, folded)
		if !ok || scattered(runes, m.at) {
			return match{}, false
		}
		all.score += m.score
		all.at = append(all.at, m.at...)
	}
	return all, true
}

// scattered reports whether letters are there by chance: too few begin a word
// or follow the one before them, and they do not stand close together either.
func scattered(runes []rune, at []int) bool {
	if len(at) == 0 {
		return false
	}
	anchored := 0
	for i, j := range at {
		if j == 0 || begins(runes[j-1], runes[j]) || i > 0 && at[i-1] == j-1 {
			anchored++
		}
	}
	span := at[len(at)-1] - at[0] + 1
	return 3*anchored < 2*len(at) && span > 2*len(at)
}

// never is a score that nothing can make good.
const never = -1 << 20

// align finds the best places of the letters in a text: best[j] is the best
// score of all letters so far with the last one at j.
func align(letters, runes, folded []rune) (match, bool) {
	from := make([][]int16, len(letters)) // where the letter before was
	var before []int
	for i, r := range letters {
		best := make([]int, len(folded))
		from[i] = make([]int16, len(folded))
		for j, have := range folded {
			best[j], from[i][j] = never, -1
			if have == r {
				best[j], from[i][j] = reach(before, i, j)
				best[j] += worth(runes, j)
			}
		}
		before = best
	}
	end, score := -1, never/2
	for j, s := range before {
		if s > score {
			end, score = j, s
		}
	}
	if end < 0 {
		return match{}, false
	}
	at := make([]int, len(letters))
	for i := len(letters) - 1; i >= 0; i-- {
		at[i] = end
		end = int(from[i][end])
	}
	return match{score, at}, true
}

// reach returns the best way to a letter at j from the letter before it.
func reach(before []int, i, j int) (score int, from int16) {
	if i == 0 {
		return 0, -1
	}
	score, from = never, -1
	for k := range j {
		s := before[k] + scoreRow
		if gap := j - k - 1; gap > 0 {
			s = before[k] + scoreGap*min(gap, gapMost)
		}
		if s > score {
			score, from = s, int16(k)
		}
	}
	return score, from
}

// worth is what a letter's place says by itself.
func worth(runes []rune, j int) int {
	switch {
	case j == 0:
		return scoreLetter + scoreStart
	case begins(runes[j-1], runes[j]):
		return scoreLetter + scoreWord
	}
	return scoreLetter
}

// begins reports whether a word begins between two letters.
func begins(before, r rune) bool {
	letter := unicode.IsLetter(r) || unicode.IsNumber(r)
	wasLetter := unicode.IsLetter(before) || unicode.IsNumber(before)
	return letter && !wasLetter || unicode.IsUpper(r) && unicode.IsLower(before)
}
