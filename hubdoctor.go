package main

import (
	"context"

	"hark/staff"
)

// checks says how the hub's parts are.
func (h *hub) checks(context.Context) []staff.Check {
	return []staff.Check{
		{Part: "staff", OK: true, Words: h.socket()},
		{Part: "web", OK: true, Words: h.url()},
	}
}
