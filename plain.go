package main

import (
	"context"

	"hark/staff"
	"hark/tui/plain"
)

// plain runs a console of lines for a person or a script.
func (h *hub) plain(ctx context.Context, l staff.Lines) error {
	o := plain.Options{
		Session: l.Session, In: l.In, Out: l.Out, Terminal: l.Terminal, Zone: l.Zone,
		Canned: h.canned, Notices: h.o.Notices, Leaving: h.leaving(),
	}
	if l.Seat != nil { // an interface that holds nothing is not nil
		o.Client = l.Seat
	}
	return plain.Run(ctx, o)
}

// lines shows the console of lines until the person leaves it or the input
// ends.
func (p *program) lines(ctx context.Context, c *staff.Client) int {
	defer func() { _ = c.Close() }() // the session has told how it ended
	status, err := c.Plain(ctx, p.terminal(), staff.Environ(p.out), staff.Streams{In: p.in, Out: p.out, Err: p.err})
	switch {
	case ctx.Err() != nil:
		return interrupted
	case err != nil:
		return p.fail(err)
	}
	return status
}
