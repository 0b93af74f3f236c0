package tui

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
)

// NewModel returns the console as Run shows it, without the program around it:
// for measuring what a key costs. What happens at the desk does not reach it.
// done ends what it follows.
func NewModel(ctx context.Context, o Options) (m tea.Model, done func(), err error) {
	changes, err := o.Session.Changes(feedLimit)
	if err != nil {
		return nil, nil, fmt.Errorf("follow the desk: %w", err)
	}
	r := newRoot(ctx, o, newFeed(ctx, changes), time.Now())
	return r, func() { r.screen.Close(); changes.Close() }, nil
}
