package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"hark/config"
	"hark/desk"
	"hark/recorder/keys"
	"hark/staff"
)

// passwordMax is the longest password that is taken, in bytes.
const passwordMax = 4096

// mailPassword asks for an account's password and puts it into the OS keyring
// of whoever runs the hub here. A hub that runs tries it at once.
func (p *program) mailPassword(ctx context.Context, place config.Place, account string) int {
	m, err := passwordAccount(place, account)
	if err != nil {
		return p.fail(err)
	}
	secret, err := p.readPassword(m)
	defer clear(secret)
	if err == nil {
		err = keepPassword(ctx, place, account, secret, keys.NewKeyring())
	}
	if err != nil {
		return p.fail(err)
	}
	fmt.Fprintf(p.out, "the OS keyring has the password of %s\n", account)
	p.tryAccount(ctx, place, account)
	return staff.ExitOK
}

// passwordAccount returns the account of a name, when its password is one that
// the keyring keeps.
func passwordAccount(place config.Place, account string) (config.Mail, error) {
	f, err := load(place)
	if err != nil {
		return config.Mail{}, err
	}
	i := slices.IndexFunc(f.Mail, func(m config.Mail) bool { return m.Name == account })
	switch {
	case i < 0:
		return config.Mail{}, desk.Errorf(desk.NotFound, "%s has no [mail.%s]; add the account first", place.File, account)
	case f.Mail[i].Secret() != nil:
		return config.Mail{}, desk.Errorf(desk.Invalid, "the mail account %s asks a program for its secret (%s), not the keyring", account, staff.Quote(f.Mail[i].Secret()))
	}
	_, err = passwordEntry(place, account)
	return f.Mail[i], err
}

// readPassword asks on the terminal without showing what is typed; without one
// it reads the first line of standard input.
func (p *program) readPassword(m config.Mail) ([]byte, error) {
	var raw []byte
	var err error
	if term.IsTerminal(int(p.in.Fd())) {
		raw, err = p.askSecret(fmt.Sprintf("password of %s at %s: ", m.Login(), m.IMAP.Host))
	} else {
		raw, err = io.ReadAll(io.LimitReader(p.in, passwordMax+2))
	}
	if err != nil {
		return nil, desk.Errorf(desk.Invalid, "no password was given: %w", err)
	}
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if why := unusable(string(line)); why != "" || len(line) > passwordMax {
		clear(raw)
		if why == "" {
			why = "more than a password"
		}
		return nil, desk.Errorf(desk.Invalid, "what was given is %s; nothing is changed", why)
	}
	return line, nil
}

// tryAccount makes a hub that runs try the account. That none runs is no error.
func (p *program) tryAccount(ctx context.Context, place config.Place, account string) {
	c, err := p.dial(ctx, place)
	if err != nil {
		return
	}
	defer func() { _ = c.Close() }() // the session has told how it ended
	var nobody bytes.Buffer
	status, err := c.Run(ctx, []string{"mail", "check", account}, nil, staff.Streams{Out: &nobody, Err: &nobody})
	if err == nil && status == staff.ExitOK {
		fmt.Fprintln(p.out, "the desk tries it now; hark mail status shows what comes of it")
	}
}

// sendMail sends mail in the person's files to the hub.
func (p *program) sendMail(ctx context.Context, c *staff.Client, command *staff.Command) int {
	in, size, err := openMail(command.Here.Path)
	if err != nil {
		return p.fail(err)
	}
	defer func() { _ = in.Close() }() // it was only read
	argv := append(slices.Clone(command.Here.Args), fmt.Sprintf("--size=%d", size))
	status, err := c.Run(ctx, argv, staff.Environ(p.out), staff.Streams{In: in, Out: p.out, Err: p.err})
	switch {
	case ctx.Err() != nil:
		return interrupted
	case err != nil && !errors.Is(err, io.EOF):
		return p.fail(err)
	}
	return status
}

// openMail opens an mbox file as it is, and a Maildir as a tar archive of its
// mails. It returns how many bytes of mail there are.
func openMail(path string) (io.ReadCloser, int64, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, desk.Errorf(desk.NotFound, "there is no %s", path)
	case err != nil:
		return nil, 0, desk.Errorf(desk.Unavailable, "%s cannot be read: %w", path, err)
	case info.IsDir():
		return openMaildir(path)
	case !info.Mode().IsRegular():
		return nil, 0, desk.Errorf(desk.Invalid, "%s is neither a file nor a Maildir", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, desk.Errorf(desk.Unavailable, "%s cannot be read: %w", path, err)
	}
	return f, info.Size(), nil
}

// maildirMail is a file of a Maildir.
type maildirMail struct {
	path string
	size int64
	at   time.Time
}

// openMaildir reads the mails of a Maildir one after the other. What is still
// being delivered (tmp) is left out, and so are folders inside it.
func openMaildir(dir string) (io.ReadCloser, int64, error) {
	var all []maildirMail
	total, found := int64(0), false
	for _, sub := range []string{"cur", "new"} {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, 0, desk.Errorf(desk.Unavailable, "%s cannot be read: %w", dir, err)
		}
		found = true
		for _, e := range entries {
			info, err := e.Info()
			if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(e.Name(), ".") {
				continue // moved away meanwhile, or no mail
			}
			all = append(all, maildirMail{filepath.Join(dir, sub, e.Name()), info.Size(), info.ModTime()})
			total += info.Size()
		}
	}
	if !found {
		return nil, 0, desk.Errorf(desk.Invalid, "%s is no Maildir: it has neither cur nor new in it", dir)
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(archiveMails(w, all)) }()
	return r, total, nil
}

// archiveMails writes the files as a tar archive.
func archiveMails(w io.Writer, all []maildirMail) error {
	t := tar.NewWriter(w)
	for _, m := range all {
		if err := archiveMail(t, m); err != nil && !errors.Is(err, fs.ErrNotExist) { // a mail program has moved it
			return err
		}
	}
	return t.Close()
}

func archiveMail(t *tar.Writer, m maildirMail) error {
	raw, err := os.ReadFile(m.path)
	if err != nil {
		return err
	}
	h := &tar.Header{Typeflag: tar.TypeReg, Name: filepath.Base(m.path), Size: int64(len(raw)), Mode: 0o600, ModTime: m.at, Format: tar.FormatPAX}
	if err := t.WriteHeader(h); err != nil {
		return err
	}
	_, err = t.Write(raw)
	return err
}
