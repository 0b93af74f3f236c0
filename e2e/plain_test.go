package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/channels/chat/visitor"
	"hark/staff"
)

// plainEar keeps what a visitor was told.
type plainEar struct {
	mu    sync.Mutex
	texts []string
}

func (e *plainEar) hear(ev visitor.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, it := range ev.Items {
		if !it.Mine && it.Kind == "message" {
			e.texts = append(e.texts, it.Text)
		}
	}
}

func (e *plainEar) all() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.texts, "|")
}

// caller is a visitor without a browser, and what they heard.
func (w *world) caller(ctx context.Context, name string) (*visitor.Client, *plainEar) {
	w.t.Helper()
	e := &plainEar{}
	return w.client(ctx, visitor.Options{Name: name, Handle: e.hear}), e
}

// script is a console of lines at the other end of a pipe.
type script struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser

	mu  sync.Mutex
	out bytes.Buffer
	at  int // how far says has come
}

func (s *script) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

func (s *script) heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String()
}

// script opens a console of lines for an account, on a pipe.
func (w *world) script(as string) *script {
	w.t.Helper()
	s := &script{t: w.t, cmd: exec.CommandContext(context.Background(), program, "--data", w.data, "--as", as, "--plain")}
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = w.env, s, s
	var err error
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		w.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = s.in.Close(); _ = s.cmd.Wait() }) // most have ended before
	s.says("You are")
	return s
}

func (s *script) types(lines ...string) *script {
	s.t.Helper()
	if _, err := io.WriteString(s.in, strings.Join(lines, "\n")+"\n"); err != nil {
		s.t.Fatalf("%v\n%s", err, s.heard())
	}
	return s
}

// says waits until the words come behind those of the last wait.
func (s *script) says(words string) *script {
	s.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if i := strings.Index(s.heard()[s.at:], words); i >= 0 {
			s.at += i + len(words)
			return s
		}
	}
	s.t.Fatalf("%q was not said behind %d bytes of:\n%s", words, s.at, s.heard())
	return s
}

// ends closes the input and returns the exit status.
func (s *script) ends() int {
	s.t.Helper()
	_ = s.in.Close()
	err := s.cmd.Wait()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	s.t.Fatal(err)
	return -1
}

// A script serves a customer from the first word to the last, and a note stays
// inside.
func TestPlainOnAPipe(t *testing.T) {
	w := newWorld(t)
	v, heard := w.caller(t.Context(), stranger)
	agent := w.script("ana")
	if _, err := v.Say(hello); err != nil {
		t.Fatal(err)
	}
	agent.says(stranger).says("brass lantern")
	agent.types("list unassigned", "1", "take").says("You have " + stranger + " now.")
	id := w.only()
	agent.types("note " + teamNote).says("Noted about")
	agent.types("reply", answer, ".").says("Sent to " + stranger)
	w.until(t.Context(), "the visitor has the answer", func() bool { return heard.all() == answer })
	if _, err := v.Say(thanks); err != nil {
		t.Fatal(err)
	}
	agent.says(stranger + ": " + thanks)
	agent.types("tag lantern", "snooze 1h", "undo").says("Undone: put " + stranger + " away.")
	agent.types("resolve", "undo", "resolve").says("Undone: resolved " + stranger).says("Resolved " + stranger)
	if status := agent.types("quit").ends(); status != staff.ExitOK {
		t.Errorf("the script ended with %d:\n%s", status, agent.heard())
	}
	if strings.ContainsAny(agent.heard(), "\x1b\a\r") {
		t.Errorf("there are control characters in %q", agent.heard())
	}
	if heard.all() != answer {
		t.Errorf("the visitor was told %q", heard.all())
	}
	w.holds(id, []string{hello, answer, thanks})
}

// What a script does wrong ends it with the status of what went wrong.
func TestPlainExitStatus(t *testing.T) {
	w := newWorld(t)
	for line, want := range map[string]int{
		"open zzzz": staff.ExitNotFound, "repyl hello": staff.ExitUsage, "wait 50ms": staff.ExitUnavailable, "help": staff.ExitOK,
	} {
		if got := w.script("ana").types(line, "resolve").ends(); line != "help" && got != want {
			t.Errorf("%s: exit status %d, want %d", line, got, want)
		} else if line == "help" && got != staff.ExitUsage { // resolve has nothing to resolve
			t.Errorf("help, then resolve: exit status %d", got)
		}
	}
}

// A script opens no desk and answers no questions of a first run.
func TestPlainWithoutADesk(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), program, "--data", t.TempDir(), "--plain")
	cmd.Stdin = strings.NewReader("yes\nyes\nyes\n")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != staff.ExitNoDesk || !strings.Contains(string(out), "no desk is open") {
		t.Errorf("%v: %s", err, out)
	}
}

// Two agents write to one customer: the second is stopped once and may go on.
func TestPlainCollision(t *testing.T) {
	w := newWorld(t)
	w.hark("user", "add", "bo", "--display", "Bo Lind", "--role", "agent")
	v, heard := w.caller(t.Context(), stranger)
	if _, err := v.Say(hello); err != nil {
		t.Fatal(err)
	}
	w.until(t.Context(), "the desk has the message", func() bool { return v.Waiting() == 0 })
	id := w.only()[:8]
	ana, bo := w.script("ana"), w.script("bo")
	ana.types("errors continue", "open "+id, "reply", "mine takes longer").says("Type the reply")
	bo.types("errors continue", "open "+id).says("brass lantern")
	bo.types("reply mine is quick").says("Not sent: Ana Ek writes a reply here too.")
	bo.types("send anyway").says("Sent to " + stranger)
	ana.says("Bo Lind: mine is quick")
	ana.types(".").says("has answered meanwhile")
	ana.types("send").says("Sent to " + stranger)
	bo.says("Ana Ek: mine takes longer")
	w.until(t.Context(), "the visitor has both", func() bool { return heard.all() == "mine is quick|mine takes longer" })
	for _, s := range []*script{ana, bo} {
		if status := s.ends(); status != staff.ExitOK {
			t.Errorf("exit status %d:\n%s", status, s.heard())
		}
	}
}

// Who declines is done with it: the customer is offered to the next, and who
// accepts has them.
func TestPlainOffers(t *testing.T) {
	w := newWorld(t)
	w.hark("user", "add", "bo", "--display", "Bo Lind", "--role", "agent")
	agents := []*script{w.script("ana"), w.script("bo")}
	v, heard := w.caller(t.Context(), stranger)
	if _, err := v.Say(hello); err != nil {
		t.Fatal(err)
	}
	first := -1
	w.until(t.Context(), "somebody is asked", func() bool {
		first = slices.IndexFunc(agents, func(s *script) bool { return strings.Contains(s.heard(), "Say accept or decline.") })
		return first >= 0
	})
	asked, other := agents[first], agents[1-first]
	asked.types("decline").says("Declined " + stranger)
	other.says("Offered to you: " + stranger).says("Say accept or decline.")
	other.types("accept", "reply "+answer).says("You have " + stranger + " now.").says("Sent to " + stranger)
	w.until(t.Context(), "the visitor has the answer", func() bool { return heard.all() == answer })
	if strings.Contains(asked.heard(), answer) {
		t.Error("who declined hears what the other one writes")
	}
	for _, s := range agents {
		if status := s.ends(); status != staff.ExitOK {
			t.Errorf("exit status %d:\n%s", status, s.heard())
		}
	}
}

// At a terminal nothing is drawn: not one escape sequence is written, and a
// line that is being typed stays whole.
func TestPlainInATerminal(t *testing.T) {
	w := newWorld(t)
	v, heard := w.caller(t.Context(), stranger)
	var mu sync.Mutex
	var raw bytes.Buffer
	agent := w.console(func(_ time.Time, p []byte) {
		mu.Lock()
		defer mu.Unlock()
		raw.Write(p)
	}, "--plain")
	agent.sees("You are Ana Ek, available.", "Inbox:")
	if _, err := v.Say(hello); err != nil {
		t.Fatal(err)
	}
	w.until(t.Context(), "the bell rings", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return bytes.ContainsRune(raw.Bytes(), '\a')
	})
	agent.keys("list unass")
	agent.sees("Inbox: list unass")
	time.Sleep(200 * time.Millisecond) // nothing may come in between
	agent.keys("igned\n")
	agent.sees("Inbox: list unassigned", stranger, "1. "+stranger)
	agent.keys("1\ntake\nreply\n")
	agent.sees("Reply to " + stranger + ":")
	agent.keys(answer + "\n.\n")
	agent.sees("Sent to " + stranger)
	w.until(t.Context(), "the visitor has the answer", func() bool { return heard.all() == answer })
	agent.keys("resolve\nquit\n")
	agent.sees("Goodbye. The desk stays open.")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := agent.Ended(ctx); err != nil {
		t.Errorf("the console did not end well: %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	if bytes.ContainsRune(raw.Bytes(), '\x1b') {
		t.Errorf("an escape sequence was written: %q", raw.String())
	}
}

// The hub is killed amid a text: what was typed is the draft.
func TestPlainDraftSurvivesAKill(t *testing.T) {
	w := newWorld(t)
	v, _ := w.caller(t.Context(), stranger)
	if _, err := v.Say(hello); err != nil {
		t.Fatal(err)
	}
	w.until(t.Context(), "the desk has the message", func() bool { return v.Waiting() == 0 })
	id := w.only()[:8]
	agent := w.script("ana").types("open "+id, "reply", "first half,", "second half").says("Type the reply")
	time.Sleep(2 * time.Second) // the disk sees a draft within a second
	w.kill()
	if status := agent.ends(); status != staff.ExitUnavailable {
		t.Errorf("exit status %d:\n%s", status, agent.heard())
	}
	w.open()
	agent = w.script("ana").types("open "+id, "draft").says("Your draft, a reply: first half, / second half")
	agent.types("send").says("Sent to " + stranger)
	if status := agent.ends(); status != staff.ExitOK {
		t.Errorf("exit status %d:\n%s", status, agent.heard())
	}
	w.holds(w.only(), []string{hello, "first half,\nsecond half"})
}
