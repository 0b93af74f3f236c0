package palette

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// Item is one thing that can be done or gone to.
type Item struct {
	ID    string // the same each time, so that recent use can be remembered; never shown
	Label string // what is matched and shown, fit for a terminal
	Note  string // beside the label: a key, or what kind of thing it is
	More  string // matched as well, and not shown
	Why   string // why it cannot be done now; empty: it can
	Weak  bool   // comes behind what fits as well: hardly anybody looks for it here
	Do    func() tea.Cmd
}

// Source offers items when the palette opens. A screen that has commands of
// its own beside the table of keys implements it.
type Source interface {
	Commands() []Item
}

// SourceFunc is a function as a source.
type SourceFunc func() []Item

// Commands calls the function.
func (f SourceFunc) Commands() []Item { return f() }

// Finder looks for items by what was typed. It runs beside the screen and ends
// with the context; it changes nothing that the screen reads.
type Finder func(ctx context.Context, query string) []Item

// Recent remembers what was chosen, the latest first. The zero value is ready.
type Recent struct{ ids []string }

// recentMost is how many choices count as recent.
const recentMost = 32

// Use remembers a choice.
func (r *Recent) Use(id string) {
	ids := []string{id}
	for _, old := range r.ids {
		if old != id && len(ids) < recentMost {
			ids = append(ids, old)
		}
	}
	r.ids = ids
}

// bonus is what recent use adds to the score of a match: enough to decide
// between two that fit alike, not enough to bring up one that fits badly.
func (r *Recent) bonus(id string) int {
	for i, have := range r.ids {
		if have == id {
			return max(10-i, 2)
		}
	}
	return 0
}
