package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"

	"charm.land/huh/v2"

	"hark/config"
	"hark/recorder/keys"
	"hark/staff"
)

// askStart offers the demo before anything is made.
func askStart(a *answers) *huh.Form {
	return huh.NewForm(huh.NewGroup(
		huh.NewSelect[bool]().Title("What shall hark do?").Value(&a.demo).Options(
			huh.NewOption("make a desk here", false),
			huh.NewOption("show the demo first: a working desk with invented customers, nothing of it is kept", true),
		),
	))
}

// askDesk asks for everything that a desk begins with. why is what keeps the OS
// keyring from being a choice, if anything does.
func askDesk(a *answers, why error) *huh.Form {
	return huh.NewForm(
		huh.NewGroup(
			huh.NewInput().Title("What is the desk called? ["+a.name+"]").Value(&a.name).Validate(short),
			huh.NewInput().Title("What do customers call you? ["+a.display+"]").Value(&a.display).Validate(short),
		),
		huh.NewGroup(
			huh.NewSelect[string]().Title("Where is the desk's key kept? What is recorded can be read with it alone.").
				Value(&a.backend).Options(keyOptions(why)...),
		),
		huh.NewGroup(
			huh.NewInput().Title("Which sites carry the chat, such as https://shop.example? It can be said later.").
				Value(&a.origins).Validate(areSites),
		),
	)
}

func keyOptions(why error) []huh.Option[string] {
	var all []huh.Option[string]
	if why == nil {
		all = append(all, huh.NewOption("the OS keyring, which signing in unlocks", keys.BackendKeyring))
	}
	return append(
		all,
		huh.NewOption("a passphrase, asked for at each start", keys.BackendPassphrase),
		huh.NewOption("a systemd credential, which the service manager hands over", keys.BackendSystemd),
		huh.NewOption("a command that prints the key", keys.BackendCommand),
	)
}

// askCommand asks for the program that prints the key.
func askCommand(a *answers) *huh.Form {
	return huh.NewForm(huh.NewGroup(
		huh.NewInput().Title("Which command prints the key, such as: pass show hark").Value(&a.command).Validate(isCommand),
	))
}

// nameMax is the longest name of a desk or a person, in bytes.
const nameMax = 120

func short(s string) error {
	if len(s) > nameMax {
		return errors.New("that is too long")
	}
	return nil
}

func areSites(s string) error {
	for _, site := range sites(s) {
		if err := config.Origin(site); err != nil {
			return err
		}
	}
	return nil
}

func isCommand(s string) error {
	argv, err := staff.Split(s)
	if err == nil && len(argv) == 0 {
		err = errors.New("a program is needed")
	}
	return err
}

// ask shows a form, or asks line by line where the terminal is read aloud. It
// fails with errLeft when the person leaves.
func (p *program) ask(ctx context.Context, form *huh.Form) error {
	in := &endNoting{r: p.in}
	if p.accessible {
		form = form.WithAccessible(true).WithInput(in).WithTheme(huh.ThemeFunc(huh.ThemeBase))
	} else {
		form = form.WithInput(p.in).WithTheme(huh.ThemeFunc(huh.ThemeBase16))
	}
	done := make(chan error, 1)
	go func() { done <- form.WithOutput(p.out).RunWithContext(ctx) }()
	select {
	case err := <-done:
		if err != nil || in.ended.Load() || ctx.Err() != nil {
			return errLeft
		}
		return nil
	case <-ctx.Done():
		if !p.accessible {
			<-done // the form gives the terminal back
		}
		return errLeft
	}
}

// endNoting remembers that the input ended: the answers behind it are not the
// person's.
type endNoting struct {
	r     io.Reader
	ended atomic.Bool
}

func (e *endNoting) Read(b []byte) (int, error) {
	n, err := e.r.Read(b)
	if err != nil {
		e.ended.Store(true)
	}
	return n, err
}

// accessibleByEnv reports whether a variable asks for line-by-line questions.
func accessibleByEnv(value string) bool {
	return value != "" && value != "0" && !strings.EqualFold(value, "false")
}
