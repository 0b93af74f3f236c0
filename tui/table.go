package tui

import (
	"context"
	"time"

	"hark/desk"
	"hark/tui/ui"
)

// Actions returns everything that keys do in a console, in the order of help:
// the guide's table is made of it.
func Actions(ctx context.Context, o Options) []ui.Action {
	r := newRoot(ctx, o, func(int, *desk.Thread) {}, time.Now())
	defer r.screen.Close()
	return append(r.screen.Actions(), r.actions()...)
}
