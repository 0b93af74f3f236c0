package main

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/term"

	"hark/config"
	"hark/recorder/keys"
	"hark/staff"
)

// doctor says how the desk is. A hub that runs tells it itself; without one,
// what can be seen from outside is looked at.
func (p *program) doctor(ctx context.Context, argv []string) int {
	command, status, ok := staff.Parse(argv, p.out, p.err)
	if !ok {
		return status
	}
	place, err := p.place()
	if err != nil {
		return p.fail(err)
	}
	c, err := p.dial(ctx, place)
	switch {
	case err == nil:
		defer func() { _ = c.Close() }() // the session has told how it ended
		return p.send(ctx, c, command, argv)
	case !errors.Is(err, staff.ErrNoHub):
		return p.fail(err)
	case !exists(place.Data) && !exists(place.File):
		return p.noHub(place)
	}
	width := 0
	if w, _, err := term.GetSize(int(p.out.Fd())); err == nil {
		width = w
	}
	well, err := staff.WriteChecks(p.out, closedChecks(ctx, place, p.again("")), slices.Contains(argv, "--json"), width)
	if err != nil || !well {
		return staff.ExitFailed
	}
	return staff.ExitOK
}

// closedChecks says how a desk is that no hub has open.
func closedChecks(ctx context.Context, place config.Place, open string) []staff.Check {
	checks := []staff.Check{{Part: "hub", OK: true, Words: "not running; " + open + " opens the desk"}}
	f, check := configCheckup(place)
	checks = append(checks, check)
	checks = append(checks, folderChecks(place.Data, nil)...)
	if f != nil {
		checks = append(checks, keyCheckup(ctx, place, f))
		checks = append(checks, newMailHouse(place).accountChecks(ctx, f.Mail)...)
	}
	return checks
}

// configCheckup says whether the configuration is right, and returns it.
func configCheckup(place config.Place) (*config.File, staff.Check) {
	f, err := load(place)
	if err == nil {
		err = checkFile(f)
	}
	if err != nil {
		return nil, staff.Check{Part: "configuration", Words: err.Error()}
	}
	words := place.File + " is right"
	if !exists(place.File) {
		words = place.File + " does not exist; every setting has its default"
	}
	return f, staff.Check{Part: "configuration", OK: true, Words: words}
}

// keyCheckup says whether what keeps the desk's key answers.
func keyCheckup(ctx context.Context, place config.Place, f *config.File) staff.Check {
	backend := backendOf(place.Data)
	if backend == "" {
		return staff.Check{Part: "key", Words: "the data folder does not say how the desk's key is kept (backend.json)"}
	}
	src := keySource(f, nil)
	src.Backend = backend
	switch backend {
	case keys.BackendPassphrase:
		return staff.Check{Part: "key", OK: true, Words: "sealed with a passphrase, which is asked for when the desk is opened"}
	case keys.BackendMemory:
		return staff.Check{Part: "key", Words: "it was in the memory of a demo that has ended: nothing here can be read any more"}
	}
	if err := keys.Probe(ctx, src); err != nil {
		return staff.Check{Part: "key", Words: sentence(err)}
	}
	return staff.Check{Part: "key", OK: true, Words: "kept by " + backend + ", which answers"}
}
