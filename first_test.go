package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"hark/tools/terminal"
)

// person sits at a terminal of 120x40.
type person struct {
	t *testing.T
	*terminal.Terminal
}

// sit starts hark on a terminal.
func (m *machine) sit(args ...string) *person {
	m.t.Helper()
	tm, err := terminal.Start(m.command(args...), terminal.Options{Width: 120, Height: 40})
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = tm.Close() }) // many have ended before
	return &person{m.t, tm}
}

func (p *person) sees(text string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	defer cancel()
	if err := p.WaitFor(ctx, text); err != nil {
		p.t.Fatalf("no %q on the screen (%v):\n%s", text, err, p.Text())
	}
}

func (p *person) types(keys string) {
	p.t.Helper()
	if err := p.Type(keys); err != nil {
		p.t.Fatal(err)
	}
}

// answers waits until a question is in focus, replaces its answer and goes on.
func (p *person) answers(question, text string) {
	p.t.Helper()
	p.sees("┃ " + question)
	p.types("\x15" + text)
	p.sees("> " + text)
	p.types("\r")
}

// ends waits until the program has ended and returns what it left.
func (p *person) ends() string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	defer cancel()
	if err := p.Ended(ctx); err != nil && ctx.Err() != nil {
		p.t.Fatalf("the program does not end:\n%s", p.Text())
	}
	return p.Text()
}

// status returns the exit status of a program that has ended.
func (p *person) status() int {
	p.t.Helper()
	err := p.Ended(p.t.Context())
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	if err == nil {
		return 0
	}
	return exit.ExitCode()
}

// leaves closes the console.
func (p *person) leaves() string {
	p.t.Helper()
	p.types("\x03")
	p.sees("again")
	p.types("\x03")
	return p.ends()
}

// A newcomer on a machine without a keyring: why it cannot be used and what
// the choices are is on the screen, nothing is chosen silently, and a few
// answers lead to an open desk.
func TestFirstRun(t *testing.T) {
	m := newMachine(t)
	p := m.sit()
	p.sees("What shall hark do?")
	p.types("\r")
	p.sees("it cannot be used:")
	p.sees("What is the desk called?")
	if !strings.Contains(p.Text(), "DBUS_SESSION_BUS_ADDRESS is not set") {
		t.Errorf("the screen does not say why the keyring cannot be used:\n%s", p.Text())
	}
	p.answers("What is the desk called?", "Harbour lamps")
	p.answers("What do customers call you?", "Ana Ek")
	p.sees("Where is the desk's key kept?")
	for _, choice := range []string{"passphrase", "systemd", "command"} {
		if !strings.Contains(p.Text(), choice) {
			t.Errorf("the screen does not offer %s:\n%s", choice, p.Text())
		}
	}
	p.types("\r")
	p.sees("Which sites carry the chat")
	p.types("https://shop.example\r")
	p.sees("a passphrase for the desk's key")
	p.types("correct horse\r")
	p.sees("the same again")
	p.types("correct horse\r")
	p.sees("HARK")
	p.sees("Harbour lamps")
	left := p.leaves()
	if !strings.Contains(left, "The desk stays open for customers (no conversation is open). hark brings the console back, hark stop closes the desk.") {
		t.Errorf("left on the terminal:\n%s", left)
	}

	if out := m.do("user", "ls", "--json"); !strings.Contains(out, `"display":"Ana Ek","roles":["admin","agent"]`) {
		t.Errorf("user ls: %s", out)
	}
	if out := m.do("config", "show"); !strings.Contains(out, `origins = ["https://shop.example"]`) || !strings.Contains(out, `backend = "passphrase"`) {
		t.Errorf("config: %s", out)
	}
	again := m.sit()
	again.sees("HARK") // no question: the hub runs
	again.leaves()
	m.do("stop")
	again = m.sit()
	again.sees("passphrase of the desk's key")
	again.types("wrong horse\r")
	again.sees("the passphrase does not open")
	again.types("correct horse\r")
	again.sees("HARK")
	again.leaves()
}

// The same questions line by line, for terminals that are read aloud.
func TestFirstRunLineByLine(t *testing.T) {
	m := newMachine(t)
	m.env = append(m.env, "ACCESSIBLE=1")
	p := m.sit()
	p.sees("What shall hark do?")
	p.types("\r")
	p.sees("What is the desk called?")
	p.types("\r")
	p.sees("What do customers call you?")
	p.types("Ana\r")
	p.sees("Where is the desk's key kept?")
	p.types("3\r")
	p.sees("Which sites carry the chat")
	p.types("\r")
	p.sees("Which command prints the key")
	p.types(m.keyProgram() + "\r")
	p.sees("HARK")
	p.leaves()
	if out := m.do("user", "ls"); !strings.Contains(out, "Ana") {
		t.Errorf("user ls: %s", out)
	}
}

func TestLeavingTheQuestionsLeavesNothing(t *testing.T) {
	for _, accessible := range []string{"", "1"} {
		m := newMachine(t)
		m.env = append(m.env, "ACCESSIBLE="+accessible)
		p := m.sit()
		p.sees("What shall hark do?")
		p.types("\r")
		p.sees("What is the desk called?")
		p.types("\x03")
		// The line that says so may be lost: the kernel throws away what is on
		// its way to a terminal when ctrl+c is pressed there.
		p.ends()
		if status := p.status(); status != 2 {
			t.Errorf("exit %d; left on the terminal:\n%s", status, p.Text())
		}
		for _, dir := range []string{"config", "data"} {
			if entries, err := os.ReadDir(m.path(dir)); err != nil || len(entries) > 0 {
				t.Errorf("%s holds %v, %v", dir, entries, err)
			}
		}
	}
}

func TestConfigurationThatWasThereFirstIsTaken(t *testing.T) {
	m := newMachine(t)
	if err := os.Mkdir(m.path("desk"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := m.path("desk/hark.toml")
	text := "[keys]\nbackend = \"command\"\ncommand = [\"cat\", \"" + m.path("key") + "\"]\n[chat]\nlisten = \"" + freeAddress(t) + "\"\n"
	m.keyProgram()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := m.path("desk")
	if o := m.run("", "--data", dir, "init", "--name", "x", "--key", "passphrase"); o.status != 6 || !strings.Contains(o.err, "--key command") {
		t.Errorf("%+v", o)
	}
	p := m.sit("--data", dir)
	p.sees("What shall hark do?")
	p.types("\r")
	p.sees("HARK")
	p.leaves()
	if got, err := os.ReadFile(file); err != nil || string(got) != text {
		t.Errorf("the file was changed to %s, %v", got, err)
	}
	m.do("--data", dir, "stop")
}

func TestDemoOnATerminal(t *testing.T) {
	m := newMachine(t)
	p := m.sit("demo", "--customers", "0")
	p.sees("HARK")
	p.sees("Try it as a customer: http://127.0.0.1:")
	p.leaves()
	if entries, err := os.ReadDir(m.path("tmp")); err != nil || len(entries) > 0 {
		t.Errorf("the demo left %v, %v", entries, err)
	}
}

// A console whose hub is killed gives the terminal back and says one line.
func TestConsoleOutlivesItsHub(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.init(dir)
	s := m.serve(dir)
	p := m.sit("--data", dir)
	p.sees("HARK")
	s.kill()
	left := p.ends()
	if !strings.Contains(left, "the hub ended without a word") || strings.Contains(left, "Inbox") {
		t.Errorf("left on the terminal:\n%s", left)
	}
}

func TestConsoleSaysThatTheDeskWasClosed(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.init(dir)
	s := m.serve(dir)
	p := m.sit("--data", dir)
	p.sees("HARK")
	m.do("--data", dir, "stop")
	if left := p.ends(); !strings.Contains(left, "the desk is closed") {
		t.Errorf("left on the terminal:\n%s", left)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("the hub ended with %v", err)
	}
}
