package main

// Rules of the first run: it asks what only a person can know, and nothing
// twice; every question has an answer already; leaving at any question leaves
// nothing behind. Where the terminal is read aloud (ACCESSIBLE or --accessible)
// the same questions come line by line.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"hark/config"
	"hark/desk"
	"hark/recorder/keys"
	"hark/staff"
)

// errDemoFirst says that the person wants to look at the demo.
var errDemoFirst = errors.New("the demo first")

// errLeft says that the person left the questions.
var errLeft = desk.Errorf(desk.Invalid, "no desk was made; hark asks again whenever you like")

// answers are what a first run asks.
type answers struct {
	demo    bool
	name    string // the desk's
	display string // the person's
	backend string
	command string // that prints the key
	origins string
}

// firstRun asks a few questions and makes the desk. It returns the passphrase,
// so that the hub can be started without asking again.
func (p *program) firstRun(ctx context.Context, place config.Place) ([]byte, error) {
	fmt.Fprintf(p.out, "There is no desk in %s yet. A few questions make one; ctrl+c leaves and changes nothing.\n\n", place.Data)
	owner := ownerAccount("", "")
	a := answers{name: config.Default().Desk.Name, display: owner.Display}
	if err := p.ask(ctx, askStart(&a)); err != nil {
		return nil, err
	}
	if a.demo {
		return nil, errDemoFirst
	}
	pl, err := p.decide(ctx, place, &a, owner)
	if err != nil {
		return nil, err
	}
	words, err := p.newPassphrase(pl.config.Keys.Backend)
	if err != nil {
		return nil, err
	}
	if err := makeDesk(ctx, place, pl, typed(words)); err != nil {
		return nil, err
	}
	fmt.Fprintf(p.out, "The desk is made; %s configures it.\n", place.File)
	return words, nil
}

// decide asks what the configuration does not say already.
func (p *program) decide(ctx context.Context, place config.Place, a *answers, owner desk.AccountCreated) (plan, error) {
	if exists(place.File) {
		fmt.Fprintf(p.out, "%s is there already and is taken as it is.\n", place.File)
		f, err := config.Load(place.File)
		if err != nil {
			return plan{}, err
		}
		return plan{config: f.Config, owner: owner}, nil
	}
	why := p.tryKeyring(ctx)
	a.backend = keys.BackendKeyring
	if why != nil {
		a.backend = keys.BackendPassphrase
	}
	if err := p.ask(ctx, askDesk(a, why)); err != nil {
		return plan{}, err
	}
	if a.backend == keys.BackendCommand {
		if err := p.ask(ctx, askCommand(a)); err != nil {
			return plan{}, err
		}
	}
	return a.plan(owner)
}

// tryKeyring asks the OS keyring to keep something for a moment and tells the
// person what came of it.
func (p *program) tryKeyring(ctx context.Context) error {
	fmt.Fprint(p.out, "Trying the OS keyring (10 s at most) … ")
	err := keys.Probe(ctx, keys.Source{Backend: keys.BackendKeyring})
	if err == nil {
		fmt.Fprint(p.out, "it answers.\n\n")
		return nil
	}
	why := err
	var e *desk.Error
	if errors.As(err, &e) && e.Err != nil {
		why = e.Err
	}
	fmt.Fprintf(p.out, "it cannot be used:\n%s.\nThe desk's key needs another place; the choices are below.\n\n", why)
	return why
}

// newPassphrase asks for a new passphrase, twice, where one is needed.
func (p *program) newPassphrase(backend string) ([]byte, error) {
	if backend != keys.BackendPassphrase {
		return nil, nil
	}
	for range passphraseTries {
		first, err := p.askPassphrase(fmt.Sprintf("a passphrase for the desk's key (%d letters at least): ", keys.PassphraseMin))
		if err != nil {
			return nil, errLeft
		}
		if len(first) < keys.PassphraseMin {
			fmt.Fprintln(p.err, "that is too short; several random words are good")
			continue
		}
		again, err := p.askPassphrase("the same again: ")
		switch {
		case err != nil:
			return nil, errLeft
		case string(again) == string(first):
			return first, nil
		}
		fmt.Fprintln(p.err, "the two differ")
	}
	return nil, errLeft
}

// plan turns the answers into a configuration and an account.
func (a answers) plan(owner desk.AccountCreated) (plan, error) {
	pl := plan{config: config.Default(), owner: owner}
	pl.owner.Display = cmp.Or(strings.TrimSpace(a.display), owner.Display)
	pl.config.Desk.Name = cmp.Or(strings.TrimSpace(a.name), pl.config.Desk.Name)
	pl.config.Keys.Backend = a.backend
	pl.config.Chat.Origins = sites(a.origins)
	argv, err := staff.Split(a.command)
	if err != nil {
		return pl, desk.Errorf(desk.Invalid, "%w", err)
	}
	pl.config.Keys.Command = argv
	return pl, nil
}

// sites reads a list of sites parted by blanks or commas.
func sites(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
}
