package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
)

// NewModel returns the console as Run shows it, without the program around it:
// for measuring what a key costs. What happens at the desk does not reach it.
// done ends what it follows.
func NewModel(ctx context.Context, o Options) (m tea.Model, done func(), err error) {
	if why := o.Session.Why(desk.ActList); why != nil {
		return nil, nil, why
	}
	r := newRoot(ctx, o, func(int, *desk.Thread) {}, time.Now())
	return r, r.screen.Close, nil
}
