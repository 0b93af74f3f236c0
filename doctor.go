package main

import (
	"context"

	"hark/staff"
)

func (p *program) doctor(ctx context.Context, args []string) int {
	return p.remote(ctx, args)
}

var _ = staff.ExitOK
