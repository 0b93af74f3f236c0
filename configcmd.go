package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"

	"hark/config"
	"hark/desk"
)

type configCommand struct {
	Check configCheck `cmd:"" help:"Say whether hark.toml is right."`
	Show  configShow  `cmd:"" help:"Show every setting in force and where it comes from."`
}

type configCheck struct{}

// Run says whether the configuration is right.
func (configCheck) Run(p *program) error {
	place, err := p.place()
	if err != nil {
		return err
	}
	f, err := config.Load(place.File)
	if errors.Is(err, fs.ErrNotExist) {
		return desk.Errorf(desk.NotFound, "%s does not exist; every setting has its default", place.File)
	}
	if err != nil {
		return err
	}
	if err := checkTLS(f); err != nil {
		return err
	}
	fmt.Fprintln(p.out, place.File+": right")
	return nil
}

type configShow struct{}

// Run shows every setting in force.
func (configShow) Run(p *program) error {
	place, err := p.place()
	if err != nil {
		return err
	}
	f, err := load(place)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "# %s\n# data: %s\n\n%s", place.File, place.Data, f.Show())
	return nil
}

// checkTLS reports a certificate that cannot be used, at the line that names it.
func checkTLS(f *config.File) error {
	if f.Chat.TLS.Cert == "" {
		return nil
	}
	if _, err := tls.LoadX509KeyPair(f.Chat.TLS.Cert, f.Chat.TLS.Key); err != nil {
		return config.Problems{{
			File: f.Path, Line: f.Line("chat.tls.cert"), Key: "chat.tls.cert",
			Wrong: "cannot be used: " + err.Error(), Right: "cert and key must be PEM files of one certificate that hark can read",
		}}
	}
	return nil
}
