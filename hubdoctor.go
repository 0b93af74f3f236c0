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
	checks = append(checks, h.queueChecks(time.Now())...)
	checks = append(checks, newMailHouse(h.o.Place).accountChecks(ctx, h.o.File.Mail)...)
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

// queueChecks says how customers wait, and whether anybody waits who is neither
// offered to somebody nor told why not.
func (h *hub) queueChecks(now time.Time) []staff.Check {
	var checks []staff.Check
	r := h.desk.Routing()
	for i := range r.Queues {
		q := &r.Queues[i]
		words := q.Name + " is open"
		if opens, ok := q.Hours.Opens(now); !ok {
			words = q.Name + " never opens again: look at its hours and holidays"
		} else if opens.After(now) {
			words = q.Name + " is closed until " + opens.Format("Mon 2 Jan 15:04")
		}
		check := staff.Check{Part: "queue", OK: true, Words: words}
		for _, handle := range q.Members {
			if h.rec.State().AccountNamed(handle) == nil {
				check.OK, check.Words = false, check.Words+"; it names "+handle+", who has no account: hark user add "+handle
			}
		}
		checks = append(checks, check)
	}
	routing := staff.Check{Part: "routing", OK: true, Words: "every customer who waits has a live offer or a reason"}
	if lost := h.router.Check(); len(lost) > 0 {
		routing.OK = false
		routing.Words = fmt.Sprintf("%d customers wait without an offer or a reason; the first is %s: %s",
			len(lost), h.rec.State().Short(lost[0].Conversation), lost[0].Why)
	}
	_, problems := h.canned.Replies()
	for _, p := range problems {
		checks = append(checks, staff.Check{Part: "replies", Words: p.String()})
	}
	return append(checks, routing)
}
