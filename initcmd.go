package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"hark/config"
	"hark/desk"
	"hark/recorder"
	"hark/staff"
)

// initCommand is the first run without questions.
type initCommand struct {
	Name          string   `required:"" help:"The desk's name."`
	Key           string   `required:"" help:"Where the desk's key is kept: keyring, passphrase, systemd or command."`
	KeyCommand    string   `help:"The program that prints the key, with its arguments."`
	KeyCredential string   `help:"The systemd credential's name."`
	Owner         string   `help:"The name of your account; your user name without it."`
	Display       string   `help:"The name that customers see of you."`
	Origin        []string `help:"A site that may carry the widget, such as https://shop.example; may be given several times."`
	Listen        string   `help:"Where the web server listens, such as 127.0.0.1:4275."`
	PassphraseFD  int      `name:"passphrase-fd" default:"-1" placeholder:"N" help:"Read the passphrase from this open descriptor (0 for standard input)."`
}

// Run makes the desk.
func (c *initCommand) Run(ctx context.Context, p *program) error {
	place, err := p.place()
	if err != nil {
		return err
	}
	plan, err := c.plan()
	if err != nil {
		return err
	}
	if err := makeDesk(ctx, place, plan, p.passphrase(c.PassphraseFD)); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "the desk is made; open it with: %s, or without a console: %s\n", p.again(""), p.again("serve"))
	return nil
}

// plan is everything that a first run decides.
type plan struct {
	config config.Config
	owner  desk.AccountCreated
}

func (c *initCommand) plan() (plan, error) {
	pl := plan{config: config.Default(), owner: ownerAccount(c.Owner, c.Display)}
	pl.config.Desk.Name = c.Name
	pl.config.Keys.Backend = c.Key
	pl.config.Chat.Origins = c.Origin
	if c.Listen != "" {
		pl.config.Chat.Listen = c.Listen
	}
	if c.KeyCredential != "" {
		pl.config.Keys.Credential = c.KeyCredential
	}
	argv, err := staff.Split(c.KeyCommand)
	if err != nil {
		return pl, desk.Errorf(desk.Invalid, "--key-command: %w", err)
	}
	pl.config.Keys.Command = argv
	return pl, nil
}

// ownerAccount is the account of the person who makes the desk: it runs the
// desk and answers customers.
func ownerAccount(name, display string) desk.AccountCreated {
	if name == "" {
		name = userName()
	}
	if display == "" && name != "" {
		display = strings.ToUpper(name[:1]) + name[1:]
	}
	return desk.AccountCreated{
		Name: name, Display: display, UID: strconv.Itoa(os.Getuid()),
		Roles: []desk.Role{desk.RoleAdmin, desk.RoleAgent},
	}
}

// userName turns the operating system's name of the user into an account's.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return "owner"
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return -1
	}, strings.ToLower(u.Username))
	name = strings.TrimLeft(name, "0123456789._-")
	if name == "" {
		return "owner"
	}
	return name[:min(len(name), 32)]
}

// makeDesk writes hark.toml, makes the keys and the desk, and closes it again.
// What it wrote is taken back when a later step fails.
func makeDesk(ctx context.Context, place config.Place, pl plan, ask passphraseFunc) (err error) {
	if recorder.Exists(place.Data) {
		return desk.Errorf(desk.Conflict, "the folder %s holds a desk already; open it, or name another folder with --data DIR", place.Data)
	}
	if err := pl.owner.Check(); err != nil {
		return err
	}
	if err := makeFolder(place.Data); err != nil {
		return err
	}
	f, wrote, err := settle(place, pl.config)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil && wrote {
			_ = os.Remove(place.File)
		}
	}()
	create := &founding{Name: pl.config.Desk.Name, Owner: pl.owner}
	return foundDesk(ctx, hubOptions{Place: place, File: f, Key: keySource(f, ask), Create: create, Log: slog.New(slog.DiscardHandler)})
}

// makeFolder makes the data folder for its owner's eyes only.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return desk.Errorf(desk.Unavailable, "the data folder cannot be made: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return desk.Errorf(desk.Unavailable, "the data folder cannot be closed to others: %w", err)
	}
	return nil
}

// settle writes the configuration, or takes the one that is there: somebody may
// have written it first. It must keep the key where the plan does.
func settle(place config.Place, c config.Config) (f *config.File, wrote bool, err error) {
	text := config.First(c)
	if f, err = config.Parse(place.File, []byte(text)); err != nil {
		return nil, false, err
	}
	if err := os.MkdirAll(filepath.Dir(place.File), 0o700); err != nil {
		return nil, false, desk.Errorf(desk.Unavailable, "the configuration's folder cannot be made: %w", err)
	}
	file, err := os.OpenFile(place.File, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		f, err = given(place, c)
		return f, false, err
	}
	if err != nil {
		return nil, false, desk.Errorf(desk.Unavailable, "the configuration cannot be written: %w", err)
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, true, desk.Errorf(desk.Unavailable, "the configuration cannot be written: %w", err)
	}
	return f, true, nil
}

// given reads a configuration that was there before the desk.
func given(place config.Place, c config.Config) (*config.File, error) {
	f, err := config.Load(place.File)
	if err != nil {
		return nil, err
	}
	if f.Keys.Backend != c.Keys.Backend {
		return nil, desk.Errorf(desk.Conflict, "%s is there already and keeps the key by %s; say --key %s, or change the file", place.File, f.Keys.Backend, f.Keys.Backend)
	}
	return f, nil
}
