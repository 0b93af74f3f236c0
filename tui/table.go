package tui

import (
	"context"
	"time"

	"hark/desk"
	"hark/tui/inbox"
	"hark/tui/ui"
)

// Actions returns everything that keys do in a console, in the order of help:
// the guide's table is made of it.
func Actions(ctx context.Context, o Options) []ui.Action {
	r := newRoot(ctx, o, func(int, *desk.Thread) {}, time.Now())
	defer r.screen.Close()
	return r.table()
}

// CheckKeys returns what is wrong with keys of a desk's own, in the order of
// the actions' names. It needs no desk.
func CheckKeys(keys map[string]string) []ui.KeyProblem {
	r := &root{screen: &inbox.Screen{}}
	_, problems := ui.Rebind(r.table(), keys)
	return problems
}
