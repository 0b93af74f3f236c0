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
func (h *hub) checks(ctx context.Context) []staff.Check {
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
	kept, others := h.keptChecks(ctx)
	checks = append(checks, others...)
	return append(checks, folderChecks(h.o.Place.Data, kept)...)
}

// keptChecks says what the recorder thinks of its files, by path, and of the
// rest.
func (h *hub) keptChecks(ctx context.Context) (files map[string]staff.Check, others []staff.Check) {
	files = map[string]staff.Check{}
	for _, c := range h.rec.Checks(ctx) {
		check := staff.Check{Part: c.Part, OK: c.OK, Words: c.Words}
		if c.Path == "" {
			others = append(others, check)
			continue
		}
		files[c.Path] = check
	}
	return files, others
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
