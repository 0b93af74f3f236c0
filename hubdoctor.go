package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"hark/staff"
)

// checks says how the hub's parts are: every listening socket and who can reach
// it, every file, and what keeps the key.
func (h *hub) checks(context.Context) []staff.Check {
	c := h.o.File.Chat
	checks := []staff.Check{
		{Part: "hub", OK: true, Words: fmt.Sprintf("hark %s, process %d, consoles open: %d", release(), os.Getpid(), h.staff.Consoles())},
		socketCheck(h.socket()),
		webCheck(c, h.url()),
		originsCheck(c),
	}
	if c.TLS.Cert != "" {
		checks = append(checks, certCheck(c.TLS, time.Now()))
	}
	checks = append(checks, h.configCheck(), filesCheck(c.Limits))
	return append(checks, folderChecks(h.o.Place.Data)...)
}

// configCheck says whether the file would be taken as it is now; what is in
// force was read at the start.
func (h *hub) configCheck() staff.Check {
	if h.o.File.Path != h.o.Place.File {
		return staff.Check{Part: "configuration", OK: true, Words: h.o.File.Path}
	}
	_, check := configCheckup(h.o.Place)
	return check
}
