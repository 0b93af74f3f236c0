package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"hark/recorder/keys"
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
	checks = append(checks, h.configCheck(), h.keyCheck(ctx), filesCheck(c.Limits))
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

// keyCheck says what keeps the desk's key, and whether it still answers.
func (h *hub) keyCheck(ctx context.Context) staff.Check {
	switch backendOf(h.o.Place.Data) {
	case keys.BackendMemory:
		return staff.Check{Part: "key", OK: true, Words: "in the memory of this demo: once it ends, nothing in the folder can be read"}
	case keys.BackendPassphrase:
		return staff.Check{Part: "key", OK: true, Words: "sealed with a passphrase, which was given at the start"}
	}
	return keyCheckup(ctx, h.o.Place, h.o.File)
}
