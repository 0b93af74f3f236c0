package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"hark/config"
	"hark/desk"
	"hark/desk/canned"
	"hark/tui"
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
	if err := checkFile(f); err != nil {
		return err
	}
	for _, problem := range cannedProblems(place, f) {
		fmt.Fprintln(p.err, problem)
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

// checkFile reports what can be wrong with a file that is right by itself: what
// it names must be there, and fit the console.
func checkFile(f *config.File) error {
	all := slices.Concat(checkTLS(f), checkMail(f), checkKeys(f))
	if len(all) == 0 {
		return nil
	}
	return all
}

// checkTLS reports a certificate that cannot be used, at the line that names it.
func checkTLS(f *config.File) config.Problems {
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

// checkMail reports files of mail accounts that cannot be used.
func checkMail(f *config.File) config.Problems {
	var all config.Problems
	add := func(key string, err error, right string) {
		all = append(all, config.Problem{File: f.Path, Line: f.Line(key), Key: key, Wrong: sentence(err), Right: right})
	}
	for _, m := range f.Mail {
		key := "mail." + m.Name
		for server, s := range map[string]config.MailServer{".imap": m.IMAP, ".smtp": m.SMTP} {
			if _, err := mailTLS(s); err != nil {
				add(key+server+".ca_file", err, "it must be a PEM file of certificates that hark can read")
			}
		}
		if _, err := mailSigner(m.DKIM); err != nil {
			add(key+".dkim.key_file", err, "")
		}
	}
	slices.SortStableFunc(all, func(a, b config.Problem) int { return a.Line - b.Line })
	return all
}

// checkKeys reports keys of the console that cannot be, at their lines.
func checkKeys(f *config.File) config.Problems {
	var all config.Problems
	for _, k := range tui.CheckKeys(f.Console.Keys) {
		key := config.KeyOf(k.ID)
		all = append(all, config.Problem{File: f.Path, Line: f.Line(key), Key: key, Wrong: k.Wrong})
	}
	return all
}

// cannedProblems says what is wrong with the replies that are written
// beforehand.
func cannedProblems(place config.Place, f *config.File) []string {
	dir := cannedFolder(place, f.Console.Canned)
	_, problems := canned.Load(os.DirFS(dir))
	all := make([]string, len(problems))
	for i, problem := range problems {
		all[i] = filepath.Join(dir, problem.String())
	}
	return all
}
