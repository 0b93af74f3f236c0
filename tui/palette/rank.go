package palette

import (
	"slices"
	"strings"
)

// hit is an item that was found.
type hit struct {
	item  Item
	score int
	at    []int // matched runes of the label
}

// rank returns the items that match, the best first; what cannot be done now
// comes last. Without letters everything matches: what was used lately comes
// first, then the order in which it was offered.
func rank(query string, items []Item, recent *Recent) []hit {
	hits := make([]hit, 0, len(items))
	for _, it := range items {
		if h, ok := matched(query, it); ok {
			if it.Weak {
				h.score /= 2
			}
			h.score += recent.bonus(it.ID)
			hits = append(hits, h)
		}
	}
	sortHits(hits)
	return hits
}

// sortHits puts the best first and what cannot be done now last.
func sortHits(hits []hit) {
	slices.SortStableFunc(hits, func(a, b hit) int {
		if can := a.item.Why == ""; can != (b.item.Why == "") {
			if can {
				return -1
			}
			return 1
		}
		return b.score - a.score
	})
}

func matched(query string, it Item) (hit, bool) {
	if strings.TrimSpace(query) == "" {
		return hit{item: it}, true
	}
	if m, ok := find(query, it.Label); ok {
		return hit{it, m.score - min(len([]rune(it.Label))/16, 3), m.at}, true
	}
	if within(query, it.Label+" "+it.More) {
		return hit{it, 0, nil}, true
	}
	return hit{}, false
}

// within reports whether a text holds every word of the query as it is: what is
// not shown has to be named, not hinted at.
func within(query, text string) bool {
	text = strings.ToLower(text)
	for word := range strings.FieldsSeq(strings.ToLower(query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
