package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unicode"

	"hark/config"
	"hark/desk"
	"hark/recorder/keys"
)

// Rules of mail secrets: a password or a token is asked for at every sign-in,
// is handed to the connection and forgotten; it is never logged, and neither is
// anything that a command prints, to either of its streams.

// Limits of a command that prints a secret.
const (
	secretLimit = 10 * time.Second
	secretMax   = 64 << 10 // bytes; access tokens have a few thousand
	secretDelay = time.Second / 4
)

// secretSource returns how an account's password or token is had.
func secretSource(place config.Place, m config.Mail, ring keys.KeyStore) func(context.Context) (string, error) {
	if argv := m.Secret(); argv != nil {
		c := secretCommand{account: m.Name, setting: "password_command", argv: argv, dir: filepath.Dir(place.File), limit: secretLimit}
		if m.Auth != "password" {
			c.setting = "token_command"
		}
		return c.run
	}
	return func(ctx context.Context) (string, error) { return keptPassword(ctx, place, m.Name, ring) }
}

// passwordEntry names an account's entry in the OS keyring. The desk's own
// random name is part of it, so two desks of one person do not collide.
func passwordEntry(place config.Place, account string) (string, error) {
	id := deskName(place.Data)
	if id == "" {
		return "", desk.Errorf(desk.NotFound, "there is no desk in %s whose password it could be; hark makes one", place.Data)
	}
	return "mail-" + account + "-" + id, nil
}

// keptPassword asks the OS keyring.
func keptPassword(ctx context.Context, place config.Place, account string, ring keys.KeyStore) (string, error) {
	entry, err := passwordEntry(place, account)
	if err != nil {
		return "", err
	}
	secret, err := ring.Get(ctx, entry)
	defer clear(secret)
	switch {
	case err == nil:
		return string(secret), nil
	case errors.Is(err, keys.ErrNotFound):
		return "", desk.Errorf(desk.NotFound, "the OS keyring holds no password of the mail account %s; hark mail password %s asks for it and puts it there", account, account)
	}
	return "", keyringRefused("does not give", account, err)
}

// keepPassword puts a password into the OS keyring.
func keepPassword(ctx context.Context, place config.Place, account string, secret []byte, ring keys.KeyStore) error {
	entry, err := passwordEntry(place, account)
	if err != nil {
		return err
	}
	if err := ring.Put(ctx, entry, secret); err != nil {
		return keyringRefused("does not take", account, err)
	}
	return nil
}

// keyringRefused says what to do without a keyring.
func keyringRefused(does, account string, err error) error {
	why := strings.ReplaceAll(strings.TrimPrefix(err.Error(), keys.ErrNoBackend.Error()+": "), "\n", "; ")
	return &desk.Error{
		Code: desk.Unavailable, Err: err,
		Msg: "the OS keyring " + does + " the password of the mail account " + account + ": " + why +
			`; where there is none, let a program print it: mail.` + account + `.password = "command" and mail.` + account + ".password_command in hark.toml",
	}
}

// secretCommand is a program that prints a secret.
type secretCommand struct {
	account string
	setting string // that names it
	argv    []string
	dir     string // it runs here
	limit   time.Duration
}

// run returns the first line that the program prints, without the blanks around
// it: what follows is other things that password managers keep.
func (c secretCommand) run(ctx context.Context) (string, error) {
	parent := ctx
	ctx, cancel := context.WithTimeout(ctx, c.limit-secretDelay)
	defer cancel()
	out := &shortOutput{max: secretMax}
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...) //nolint:gosec // the desk's owner wrote it into hark.toml
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.WaitDelay = c.dir, cleanEnviron(), out, secretDelay
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	err := cmd.Run()
	defer clear(out.buf.Bytes())
	switch {
	case parent.Err() != nil:
		return "", parent.Err()
	case ctx.Err() != nil:
		return "", c.failed("did not end within %s", c.limit)
	case out.over:
		return "", c.failed("prints more than %d bytes, which is no secret", secretMax)
	case err != nil:
		return "", c.failed("does not work: %s", reasonOf(err))
	}
	line, _, _ := bytes.Cut(bytes.TrimSpace(out.buf.Bytes()), []byte("\n"))
	secret := strings.TrimSpace(string(line))
	if why := unusable(secret); why != "" {
		return "", c.failed("%s", "prints "+why)
	}
	return secret, nil
}

func (c secretCommand) failed(format string, args ...any) error {
	return desk.Errorf(desk.Unavailable, "the program of mail."+c.account+"."+c.setting+" "+format+"; run it by hand: its first line must be the secret", args...)
}

// reasonOf says how a program ended, without what it printed.
func reasonOf(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.String()
	}
	return err.Error()
}

// unusable says why a text is no secret, "" when it may be one.
func unusable(secret string) string {
	switch {
	case secret == "":
		return "nothing"
	case strings.ContainsFunc(secret, unicode.IsControl):
		return "a control character, which no mail server takes"
	}
	return ""
}

// cleanEnviron is what a program is told of the hub's environment: what finds
// programs, a home, and the agents of password managers.
func cleanEnviron() []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME",
		"DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK", "GNUPGHOME", "GPG_AGENT_INFO", "PASSWORD_STORE_DIR", "CREDENTIALS_DIRECTORY",
	} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// shortOutput keeps what is written to it and fails at one byte too many, so
// that a program that prints for ever ends.
type shortOutput struct {
	buf  bytes.Buffer
	max  int
	over bool
}

func (s *shortOutput) Write(p []byte) (int, error) {
	if s.buf.Len()+len(p) > s.max {
		s.over = true
		return 0, errors.New("it prints too much")
	}
	return s.buf.Write(p)
}
