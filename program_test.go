package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The tests of this file run the real program: it is built once and started in
// folders of its own, as a person would start it.

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "hark-program-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	build := exec.CommandContext(context.Background(), "go", "build", "-o", filepath.Join(dir, "hark"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	if err := os.Setenv("HARK_TEST_PROGRAM", filepath.Join(dir, "hark")); err != nil {
		os.Exit(1)
	}
	status := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

// machine is a user's home on which nothing of hark is yet.
type machine struct {
	t    *testing.T
	home string
	env  []string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	home, err := os.MkdirTemp("", "hark")
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{t: t, home: home}
	for _, dir := range []string{"run", "config", "data", "tmp"} {
		if err := os.Mkdir(filepath.Join(home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	m.env = []string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "TZ=UTC", "LANG=C.UTF-8",
		"XDG_RUNTIME_DIR=" + m.path("run"), "XDG_CONFIG_HOME=" + m.path("config"), "XDG_DATA_HOME=" + m.path("data"), "TMPDIR=" + m.path("tmp"),
	}
	t.Cleanup(func() {
		m.run("", "stop") // where a hub of the default place runs
		_ = os.RemoveAll(home)
	})
	return m
}

func (m *machine) path(name string) string { return filepath.Join(m.home, name) }

func (m *machine) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(m.t.Context(), os.Getenv("HARK_TEST_PROGRAM"), args...)
	cmd.Env, cmd.Dir = m.env, m.home
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// outcome is what a run of the program came to.
type outcome struct {
	out, err string
	status   int
}

func (m *machine) run(input string, args ...string) outcome {
	m.t.Helper()
	cmd := exec.CommandContext(context.Background(), os.Getenv("HARK_TEST_PROGRAM"), args...)
	cmd.Env, cmd.Dir, cmd.Stdin = m.env, m.home, strings.NewReader(input)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		m.t.Fatal(err)
	}
	return outcome{out.String(), errOut.String(), cmd.ProcessState.ExitCode()}
}

// do runs a command that must succeed and returns its output.
func (m *machine) do(args ...string) string {
	m.t.Helper()
	o := m.run("", args...)
	if o.status != 0 {
		m.t.Fatalf("hark %v: exit %d\n%s%s", args, o.status, o.out, o.err)
	}
	return o.out
}

// demo is a demo desk without a terminal.
type demoRun struct {
	Page, Hub, Data, Socket string
	PID                     int
	cmd                     *exec.Cmd
}

func (m *machine) demo(args ...string) *demoRun {
	m.t.Helper()
	d := &demoRun{cmd: m.command(append([]string{"demo"}, args...)...)}
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	var errOut bytes.Buffer
	d.cmd.Stderr = &errOut
	if err := d.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		_ = d.cmd.Process.Kill()
		_ = d.cmd.Wait()
	})
	if err := json.NewDecoder(out).Decode(d); err != nil {
		m.t.Fatalf("the demo says no address: %v\n%s", err, errOut.String())
	}
	return d
}

// end asks the demo to end by a signal.
func (d *demoRun) end(t *testing.T) {
	t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Wait(); err != nil {
		t.Errorf("the demo ended with %v", err)
	}
}

func TestDemoWithoutATerminal(t *testing.T) {
	m := newMachine(t)
	d := m.demo("--customers", "1")
	for _, field := range []string{d.Page, d.Hub, d.Data, d.Socket} {
		if field == "" {
			t.Errorf("the line lacks an address: %+v", d)
		}
	}
	if out := m.do("--data", d.Data, "user", "ls", "--json"); !strings.Contains(out, `"roles":["admin","agent"]`) {
		t.Errorf("user ls: %s", out)
	}
	line := waitFor(t, func() string { // in the mailbox there are some as well
		for line := range strings.Lines(m.do("--data", d.Data, "ls", "--json")) {
			if strings.Contains(line, `"channels":["chat"]`) {
				return line
			}
		}
		return ""
	})
	var row struct{ ID, State string }
	if err := json.Unmarshal([]byte(line), &row); err != nil || row.ID == "" || row.State != "new" {
		t.Errorf("ls: %s", line)
	}
	m.do("--data", d.Data, "send", row.ID, "Good morning!")
	if out := m.do("cat", row.ID, "--data", d.Data); !strings.Contains(out, "< Good morning!") {
		t.Errorf("cat: %s", out)
	}
	d.end(t)
	if exists(d.Data) {
		t.Error("the demo's folder is still there")
	}
	if exists(d.Socket) {
		t.Error("the demo's socket is still there")
	}
	if o := m.run("", "--data", d.Data, "ls"); o.status != 3 {
		t.Errorf("after the end: %+v", o)
	}
}

// waitFor calls f until it returns something.
func waitFor(t *testing.T, f func() string) string {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for time.Now().Before(deadline) {
		if s := f(); s != "" {
			return s
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("nothing came")
	return ""
}

func TestDemoEndsByStop(t *testing.T) {
	m := newMachine(t)
	d := m.demo("--customers", "0")
	if out := m.do("--data", d.Data, "stop"); !strings.Contains(out, "closed") {
		t.Errorf("stop: %s", out)
	}
	if err := d.cmd.Wait(); err != nil {
		t.Errorf("the demo ended with %v", err)
	}
}

func TestDemoThatIsKeptNeedsAKey(t *testing.T) {
	m := newMachine(t)
	if o := m.run("", "demo", "--data", m.path("kept")); o.status != 2 || !strings.Contains(o.err, "--key") {
		t.Errorf("%+v", o)
	}
}

func TestCommandsWithoutADeskSayHowToOpenOne(t *testing.T) {
	m := newMachine(t)
	for _, args := range [][]string{
		{"ls"},
		{"cat", "7f3k"},
		{"tail", "--json"},
		{"send", "7f3k", "hi"},
		{"claim", "7f3k"},
		{"user", "ls"},
		{"stop"},
		{"doctor"},
	} {
		if o := m.run("", args...); o.status != 3 || !strings.Contains(o.err, "no desk is open") || !strings.Contains(o.err, "open it with: hark") {
			t.Errorf("hark %v: %+v", args, o)
		}
	}
	if o := m.run("", "--data", "/nowhere", "ls"); !strings.Contains(o.err, "hark --data /nowhere") {
		t.Errorf("the hint leaves the folder out: %+v", o)
	}
}

func TestUsageNeedsNoDesk(t *testing.T) {
	m := newMachine(t)
	for _, args := range [][]string{{"--help"}, {"help"}, {"ls", "--help"}, {"demo", "--help"}, {"version"}} {
		if o := m.run("", args...); o.status != 0 || o.out == "" || o.err != "" {
			t.Errorf("hark %v: %+v", args, o)
		}
	}
	for _, args := range [][]string{{"frob"}, {"ls", "--frob"}, {"claim"}, {"--data"}, {"demo", "--customers", "x"}} {
		if o := m.run("", args...); o.status != 2 || o.err == "" {
			t.Errorf("hark %v: %+v", args, o)
		}
	}
}

func TestConfigCommands(t *testing.T) {
	m := newMachine(t)
	file := m.path("hark.toml")
	write := func(s string) {
		if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("[chat]\nlisten = \"127.0.0.1:8123\"\n")
	m.do("--data", m.home, "config", "check")
	out := m.do("--data", m.home, "config", "show")
	if !strings.Contains(out, "listen = \"127.0.0.1:8123\"") || !strings.Contains(out, file+":2") || !strings.Contains(out, "# default") {
		t.Errorf("show: %s", out)
	}
	write("[chat]\nlisten = \"127.0.0.1:8123\"\norigin = []\n")
	o := m.run("", "--data", m.home, "config", "check")
	if want := file + ":3: chat.origin: there is no such setting; did you mean chat.origins?\n"; o.status != 2 || o.err != want {
		t.Errorf("got %+v, want %s", o, want)
	}
	if o := m.run("", "--data", m.home, "serve"); o.status != 2 || !strings.Contains(o.err, "did you mean chat.origins") {
		t.Errorf("serve: %+v", o)
	}
}

// What the file says of keys, certificates and prepared replies is looked at
// too, not only what it is.
func TestConfigCheckLooksFurther(t *testing.T) {
	m := newMachine(t)
	file := m.path("hark.toml")
	if err := os.WriteFile(file, []byte("[console.keys]\n\"asign.me\" = \"g b\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := m.run("", "--data", m.home, "config", "check")
	if o.status != 2 || !strings.HasPrefix(o.err, file+`:2: console.keys."asign.me": `) {
		t.Errorf("%+v", o)
	}
	if err := os.WriteFile(file, []byte("[queues.a]\nmembers = [\"ana\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(m.path("canned"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(m.path("canned/refund.txt"), []byte("+++\ntitel = 1\n+++\nHello"), 0o600); err != nil {
		t.Fatal(err)
	}
	o = m.run("", "--data", m.home, "config", "check")
	if o.status != 0 || !strings.Contains(o.err, m.path("canned/refund.txt")+":2: ") || o.out != file+": right\n" {
		t.Errorf("%+v", o)
	}
}

// The doctor knows how the queues are, and who is missing from them.
func TestDoctorLooksAtQueues(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.init(dir)
	f, err := os.OpenFile(filepath.Join(dir, "hark.toml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("\n[queues.billing]\nmembers = [\"ana\", \"eva\"]\npages = [\"/b\"]\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	hub := m.serve(dir)
	o := m.run("", "--data", dir, "doctor")
	if o.status != 1 || !strings.Contains(o.out, "it names eva, who has no account") || !strings.Contains(o.out, "every customer who waits has a live offer or a reason") {
		t.Errorf("%+v", o)
	}
	if !strings.Contains(hub.log.String(), "queues.billing.members: eva") {
		t.Errorf("the log at the start: %s", hub.log.String())
	}
	m.do("--data", dir, "user", "add", "eva")
	if out := m.do("--data", dir, "queues"); !strings.Contains(out, "billing") {
		t.Errorf("queues: %s", out)
	}
	m.do("--data", dir, "doctor")
}
