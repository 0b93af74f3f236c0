package thread

import (
	"slices"

	"hark/desk"
)

// sorting reports whether an event changes which others are shown.
func sorting(b desk.Body) bool {
	switch b.(type) {
	case desk.MovedOut, desk.MovedBack, desk.MovedIn, desk.Joined, desk.Parted:
		return true
	}
	return false
}

// sort says of every item whether it is shown: what was moved away is shown
// where it went, and what was moved back is shown here again.
func (p *Pane) sort() {
	if !slices.ContainsFunc(p.items, func(it *item) bool { return sorting(it.Body) }) {
		return
	}
	byID := make(map[desk.ID]*item, len(p.items))
	copies := map[desk.ID]*item{}
	away := map[desk.ID]bool{}
	joined := map[desk.ID]*item{}
	for _, it := range p.items {
		it.gone, it.parted = false, false
		byID[it.ID] = it
		switch b := it.Body.(type) {
		case desk.MovedIn:
			copies[b.Item] = it
		case desk.Joined:
			joined[b.From] = it
		case desk.Parted:
			if before := joined[b.From]; before != nil {
				before.parted = true
			}
		case desk.MovedOut:
			for _, id := range b.Items {
				away[id] = true
			}
		case desk.MovedBack:
			for _, id := range b.Items {
				delete(away, id)
				if copied := copies[id]; copied != nil {
					copied.gone = true
				}
			}
		}
	}
	for id := range away {
		if it := byID[id]; it != nil {
			it.gone = true
		}
		if it := copies[id]; it != nil {
			it.gone = true // a copy that was moved on
		}
	}
	p.gen++
}

// unfolded is a conversation that was merged into this one, as it is shown.
type unfolded struct {
	gen   int // 0 while it is folded
	items []*item
}

// Unfold shows the words of a conversation that was merged into this one, at
// the place where that happened.
func (p *Pane) Unfold(id desk.ID, page []desk.Applied) {
	u := unfolded{gen: 1}
	for i := range page {
		p.follow(page[i])
		u.items = append(u.items, newItem(page[i]))
	}
	byPlace(u.items)
	var before *item
	for _, it := range u.items {
		it.foreign = true
		it.follows(before)
		if !it.hidden() {
			before = it
		}
	}
	if p.unfolded == nil {
		p.unfolded = map[desk.ID]unfolded{}
	}
	p.unfolded[id] = u
	p.gen++
}

// Fold hides the words of every merged conversation again.
func (p *Pane) Fold() {
	p.unfolded = nil
	p.gen++
}

// Unfolded reports whether a merged conversation is shown.
func (p *Pane) Unfolded() bool { return len(p.unfolded) > 0 }
