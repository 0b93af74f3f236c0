package main

import (
	"context"

	"hark/config"
)

// firstRun asks a few questions and makes the desk.
func (p *program) firstRun(ctx context.Context, place config.Place) ([]byte, error) {
	pl := plan{config: config.Default(), owner: ownerAccount("", "")}
	return nil, makeDesk(ctx, place, pl, nil)
}
