package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hark/config"
	"hark/desk"
	"hark/recorder/keys"
)

// asking is a secret that a shell script prints.
func asking(script string) secretCommand {
	return secretCommand{account: "support", setting: "password_command", argv: []string{"sh", "-c", script}, limit: 20 * time.Second}
}

func TestASecretIsTheFirstLineThatAProgramPrints(t *testing.T) {
	t.Setenv("HARK_TEST_LEAK", "should not be seen")
	for script, want := range map[string]string{
		`printf 'hunter2\n'`:                                "hunter2",
		`printf '  pass word \r\nlogin: mo\nurl: x\n'`:      "pass word",
		`printf 'Bräter %%'`:                                "Bräter %",
		`printf "%s" "${HARK_TEST_LEAK:-clean}${HOME:+ +}"`: "clean +",
		`pwd`: "/",
	} {
		c := asking(script)
		c.dir = "/"
		got, err := c.run(t.Context())
		if err != nil || got != want {
			t.Errorf("%s: %q, %v", script, got, err)
		}
	}
}

func TestWhatAProgramPrintsIsInNoSentence(t *testing.T) {
	for script, want := range map[string]string{
		`printf 'hunter2'; exit 3`:                         "does not work: exit status 3; run it by hand",
		`printf 'hunter2' >&2; printf ' \n\n'`:             "prints nothing",
		`printf 'hunter2\tx'`:                              "prints a control character",
		`while :; do printf 'hunter2hunter2hunter2'; done`: "prints more than 65536 bytes",
		`kill -9 $$`: "does not work: signal: killed",
	} {
		_, err := asking(script).run(t.Context())
		if err == nil || !strings.Contains(desk.Sentence(err), want) || strings.Contains(err.Error(), "hunter2") || desk.CodeOf(err) != desk.Unavailable {
			t.Errorf("%s: %v", script, err)
		}
	}
	c := secretCommand{account: "support", setting: "token_command", argv: []string{"/no/such/program"}, limit: time.Second}
	if _, err := c.run(t.Context()); err == nil || !strings.Contains(desk.Sentence(err), "the program of mail.support.token_command does not work") {
		t.Errorf("%v", err)
	}
}

// A program that hangs is ended with everything it started.
func TestAProgramThatHangsEndsWithItsChildren(t *testing.T) {
	file := filepath.Join(t.TempDir(), "child")
	c := asking(`sleep 300 & echo $! > ` + file + `; wait`)
	c.limit = 2 * time.Second
	began := time.Now()
	_, err := c.run(t.Context())
	if err == nil || !strings.Contains(desk.Sentence(err), "did not end within 2s") {
		t.Errorf("%v", err)
	}
	if d := time.Since(began); d > 15*time.Second {
		t.Errorf("it took %v", d)
	}
	pid := strings.TrimSpace(string(must(os.ReadFile(file))))
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		state, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(state), ") Z ") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("its child runs on: %s", state)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := asking("sleep 300").run(ctx); err == nil {
		t.Error("a shutdown is not heard")
	}
}

func TestPasswordsOfTwoDesksDoNotCollide(t *testing.T) {
	ring := keys.NewMemory()
	var sources []func(context.Context) (string, error)
	for i := range 2 {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "backend.json"), fmt.Appendf(nil, `{"backend":"command","desk":"%016d"}`, i), 0o600); err != nil {
			t.Fatal(err)
		}
		place := must(config.Locate(dir))
		source := secretSource(place, config.Mail{Name: "support", Auth: "password", Password: "keyring"}, ring)
		if _, err := source(t.Context()); desk.CodeOf(err) != desk.NotFound || !strings.Contains(desk.Sentence(err), "hark mail password support") {
			t.Errorf("%v", err)
		}
		if err := keepPassword(t.Context(), place, "support", fmt.Appendf(nil, "secret %d", i), ring); err != nil {
			t.Fatal(err)
		}
		sources = append(sources, source)
	}
	for i, source := range sources {
		if got, err := source(t.Context()); err != nil || got != fmt.Sprintf("secret %d", i) {
			t.Errorf("%q, %v", got, err)
		}
	}
}

const mailAccount = `
[mail.support]
address = "help@shop.example"
imap = { host = "127.0.0.1", port = 1, security = "none" }
smtp = { host = "127.0.0.1", port = 1, security = "none" }
`

// withMail makes a desk with a mail account.
func (m *machine) withMail(dir, more string) {
	m.t.Helper()
	m.init(dir)
	m.withAccount(dir, more)
}

// withAccount gives a desk a mail account whose servers are not there.
func (m *machine) withAccount(dir, more string) {
	m.t.Helper()
	file := filepath.Join(dir, "hark.toml")
	if err := os.WriteFile(file, append(must(os.ReadFile(file)), mailAccount+more...), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

// Where there is no keyring, the sentence names what to do instead.
func TestPasswordWithoutAKeyring(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.withMail(dir, "")
	o := m.run("hunter2\n", "--data", dir, "mail", "password", "support")
	if o.status == 0 || !strings.Contains(o.err, `mail.support.password = "command" and mail.support.password_command`) || strings.Contains(o.err+o.out, "hunter2") {
		t.Errorf("%+v", o)
	}
	for input, want := range map[string]string{"": "what was given is nothing", "\n": "is nothing", "a\tb\n": "a control character"} {
		if o := m.run(input, "--data", dir, "mail", "password", "support"); o.status != 2 || !strings.Contains(o.err, want) {
			t.Errorf("%q: %+v", input, o)
		}
	}
	if o := m.run("x\n", "--data", dir, "mail", "password", "billing"); o.status != 5 || !strings.Contains(o.err, "has no [mail.billing]") {
		t.Errorf("%+v", o)
	}
	other := m.path("other")
	m.withMail(other, "password = \"command\"\n")
	if o := m.run("x\n", "--data", other, "mail", "password", "support"); o.status != 2 {
		t.Errorf("%+v", o)
	}
}

// What is typed at the terminal is not shown there.
func TestPasswordIsNotShown(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.withMail(dir, "")
	p := m.sit("--data", dir, "mail", "password", "support")
	p.sees("password of help@shop.example at 127.0.0.1:")
	p.types("hunter2\r")
	if screen := p.ends(); strings.Contains(screen, "hunter2") || !strings.Contains(screen, "the OS keyring does not take the password") {
		t.Errorf("%s", screen)
	}
}

// A desk without a mail account speaks to no mail server and says how to get
// one.
func TestADeskWithoutMailRunsNone(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.init(dir)
	s := m.serve(dir)
	if o := m.run("", "--data", dir, "mail", "status"); o.status != 5 || !strings.Contains(o.err, "add a [mail.NAME] to hark.toml") {
		t.Errorf("%+v", o)
	}
	if o := m.run("", "--data", dir, "doctor"); strings.Contains(o.out, "   mail ") {
		t.Errorf("%s", o.out)
	}
	if raw := string(must(os.ReadFile(filepath.Join(dir, "hark.toml")))); !strings.Contains(raw, "#[mail.support]") {
		t.Errorf("the file does not show how:\n%s", raw)
	}
	s.end(os.Interrupt.(syscall.Signal))
}

// A real keyring on a bus of its own keeps the password, and the doctor finds
// it there.
func TestPasswordInARealKeyring(t *testing.T) {
	for _, tool := range []string{"dbus-run-session", "dbus-send", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs " + tool + ", which is not installed")
		}
	}
	m := newMachine(t)
	dir := m.path("desk")
	m.withMail(dir, "")
	script := `printf %s "a login password" | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 & d=$!
i=0
while [ $i -lt 500 ] && ! dbus-send --session --dest=org.freedesktop.DBus --print-reply /org/freedesktop/DBus \
	org.freedesktop.DBus.GetNameOwner string:org.freedesktop.secrets >/dev/null 2>&1; do sleep 0.02; i=$((i+1)); done
printf 'hunter2\n' | "$PROGRAM" --data "$DESK" mail password support
"$PROGRAM" --data "$DESK" doctor | grep mail
kill -KILL $d; wait $d 2>/dev/null
exit 0
`
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "dbus-run-session", "--", "sh", "-c", script)
	cmd.Env, cmd.Dir = append(m.env, "PROGRAM="+os.Getenv("HARK_TEST_PROGRAM"), "DESK="+dir), m.home
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "the OS keyring has the password of support") || strings.Contains(string(out), "hunter2") {
		t.Errorf("%v: %s", err, out)
	}
	if !strings.Contains(string(out), "the OS keyring has its password") {
		t.Errorf("the doctor does not find it: %s", out)
	}
}
