package main

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/term"

	"hark/config"
	"hark/desk"
	"hark/recorder"
	"hark/recorder/keys"
	"hark/staff"
)

// passphraseTries is how often a passphrase may be wrong before hark gives up.
const passphraseTries = 3

// open is bare hark: it attaches to the desk's hub, starts the hub when it does
// not run, and makes the desk when there is none.
func (p *program) open(ctx context.Context) int {
	if !p.terminal() && !p.plain {
		return p.fail(desk.Errorf(desk.Invalid, "the console needs a terminal; hark serve opens the desk without one, and hark ls, cat, tail and send work anywhere"))
	}
	place, err := p.place()
	if err != nil {
		return p.fail(err)
	}
	c, err := p.dial(ctx, place)
	if errors.Is(err, staff.ErrNoHub) && p.socket == "" && p.terminal() { // a script answers no questions
		if err = p.bringUp(ctx, place); err == nil {
			c, err = p.dial(ctx, place)
		}
	}
	switch {
	case errors.Is(err, errDemoFirst):
		return p.local(ctx, []string{"demo"})
	case errors.Is(err, staff.ErrNoHub):
		return p.noHub(place)
	case err != nil:
		return p.fail(err)
	}
	if p.plain {
		return p.lines(ctx, c)
	}
	return p.attach(ctx, c)
}

// terminal reports whether a person sits there.
func (p *program) terminal() bool {
	return term.IsTerminal(int(p.in.Fd())) && term.IsTerminal(int(p.out.Fd()))
}

// attach shows the console until the person leaves it.
func (p *program) attach(ctx context.Context, c *staff.Client) int {
	defer func() { _ = c.Close() }() // the session has told how it ended
	c.Away = p.lent.set
	status, err := c.Attach(ctx, p.in, p.out, p.err)
	switch {
	case ctx.Err() != nil:
		return interrupted
	case err != nil:
		return p.fail(err)
	}
	return status
}

// bringUp starts the hub, and makes the desk before that when there is none.
func (p *program) bringUp(ctx context.Context, place config.Place) error {
	if !recorder.Exists(place.Data) {
		words, err := p.firstRun(ctx, place)
		if err != nil {
			return err
		}
		return p.startHub(ctx, place, words)
	}
	f, err := load(place)
	if err != nil {
		return err
	}
	backend := f.Keys.Backend
	if f.Line("keys.backend") == 0 {
		backend = backendOf(place.Data)
	}
	if backend != keys.BackendPassphrase {
		return p.startHub(ctx, place, nil)
	}
	return p.startWithPassphrase(ctx, place)
}

// startWithPassphrase asks for the passphrase here, where there is a terminal,
// and hands it to the hub.
func (p *program) startWithPassphrase(ctx context.Context, place config.Place) error {
	for try := 1; ; try++ {
		words, err := p.askPassphrase("passphrase of the desk's key: ")
		if err != nil {
			return desk.Errorf(desk.Invalid, "no passphrase was given: %w", err)
		}
		err = p.startHub(ctx, place, words)
		clear(words)
		if desk.CodeOf(err) != desk.Denied || try == passphraseTries {
			return err
		}
		fmt.Fprintln(p.err, sentence(err))
	}
}
