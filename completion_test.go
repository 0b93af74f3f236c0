package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// typing is a desk with one conversation, and a folder in which the program is
// called hark.
func typing(t *testing.T) (m *machine, id string) {
	t.Helper()
	m = newMachine(t)
	if err := os.Mkdir(m.path("bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(os.Getenv("HARK_TEST_PROGRAM"), filepath.Join(m.path("bin"), "hark")); err != nil {
		t.Fatal(err)
	}
	for i, e := range m.env {
		if strings.HasPrefix(e, "PATH=") {
			m.env[i] = "PATH=" + m.path("bin") + ":" + os.Getenv("PATH")
		}
	}
	dir := m.path("desk")
	m.initWithSite(dir)
	m.withAccount(dir, "password = \"command\"\npassword_command = [\"echo\", \"x\"]\n")
	m.env = append(m.env, "DESK="+dir)
	hub := m.serve(dir)
	hub.says("good morning")
	return m, hub.rows()[0].ID[:4]
}

// candidates asks as the shells' scripts do.
func (m *machine) candidates(words ...string) []string {
	m.t.Helper()
	var all []string
	for line := range strings.SplitSeq(strings.TrimSpace(m.do(append([]string{"complete", "--", "--data", m.envOf("DESK")}, words...)...)), "\n") {
		value, _, _ := strings.Cut(line, "\t")
		all = append(all, value)
	}
	return all
}

func TestCompletionFollowsTheGrammar(t *testing.T) {
	m, id := typing(t)
	m.do("--data", m.envOf("DESK"), "tag", id, "+refund", "+vip")
	m.do("--data", m.envOf("DESK"), "views", "save", "mine-too", "is:mine")
	for _, c := range []struct {
		words []string
		want  []string // some of what is offered
		never string
	}{
		{[]string{""}, []string{"ls", "tag", "serve", "completion"}, "complete"},
		{[]string{"sn"}, []string{"snooze"}, "ls"},
		{[]string{"cat", ""}, []string{id}, "refund"},
		{[]string{"cat", id[:2]}, []string{id}, "cat"},
		{[]string{"tag", id, "+"}, []string{"+refund", "+vip"}, id},
		{[]string{"tag", id, "-v"}, []string{"-vip"}, "-refund"},
		{[]string{"assign", id, ""}, []string{"me", "nobody", id}, "vip"},
		{[]string{"priority", id, "u"}, []string{"urgent"}, "low"},
		{[]string{"status", ""}, []string{"available", "wrap-up"}, id},
		{[]string{"ls", "tag:"}, []string{"tag:refund"}, "is:open"},
		{[]string{"ls", "is:"}, []string{"is:open", "is:breached"}, "tag:refund"},
		{[]string{"ls", "--view", ""}, []string{"unassigned", "mine-too"}, id},
		{[]string{"ls", "--"}, []string{"--json", "--view"}, "ls"},
		{[]string{"cat", id, "--purpose", "q"}, []string{"qa"}, "serve"},
		{[]string{"views", ""}, []string{"save", "rm"}, id},
		{[]string{"attach", id, ""}, []string{":files"}, id},
		{[]string{"mail", ""}, []string{"status", "quarantine", "import", "password"}, id},
		{[]string{"mail", "check", ""}, []string{"support"}, id},
		{[]string{"mail", "send", "--from", ""}, []string{"support"}, id},
		{[]string{"mail", "import", ""}, []string{":files"}, id},
		{[]string{"reply", id, "--"}, []string{"--all", "--outside"}, id},
		{[]string{"completion", ""}, []string{"bash", "zsh", "fish"}, id},
	} {
		got := m.candidates(c.words...)
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%q lacks %s: %q", c.words, w, got)
			}
		}
		if slices.Contains(got, c.never) {
			t.Errorf("%q offers %s", c.words, c.never)
		}
	}
}

func (m *machine) envOf(name string) string {
	for _, e := range m.env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

func TestCompletionIsSilentWithoutAHub(t *testing.T) {
	m := newMachine(t)
	for _, words := range [][]string{{"cat", ""}, {"tag", ""}, {"frob", ""}, {"ls", "--view"}, {}, {"--as", ""}} {
		begin := time.Now()
		o := m.run("", append([]string{"complete", "--"}, words...)...)
		if o.status != 0 || o.err != "" || strings.Contains(o.out, "desk is open") {
			t.Errorf("%q: %+v", words, o)
		}
		if d := time.Since(begin); d > 2*time.Second {
			t.Errorf("%q took %v", words, d)
		}
	}
}

// shell is a shell with a person at its keyboard.
type shell struct {
	t   *testing.T
	tty *os.File
	mu  sync.Mutex
	out strings.Builder
}

func (m *machine) shell(name string, args ...string) *shell {
	m.t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		m.t.Skip("needs " + name + ", which is not installed")
	}
	cmd := exec.CommandContext(m.t.Context(), path, args...)
	cmd.Env, cmd.Dir = append(slices.Clone(m.env), "PS1=$ ", "TERM=dumb", "ZDOTDIR="+m.home), m.home
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 200, Rows: 50})
	if err != nil {
		m.t.Fatal(err)
	}
	s := &shell{t: m.t, tty: tty}
	go s.read()
	m.t.Cleanup(func() {
		_ = tty.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return s
}

func (s *shell) read() {
	b := make([]byte, 4096)
	for {
		n, err := s.tty.Read(b)
		s.mu.Lock()
		s.out.Write(b[:n])
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *shell) typed(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.tty, keys); err != nil {
		s.t.Fatal(err)
	}
}

// sees waits for words on the screen, bells and colours left out.
func (s *shell) sees(want string) {
	s.t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for {
		s.mu.Lock()
		text := regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|\x07|\x1b[=>]`).ReplaceAllString(s.out.String(), "")
		s.mu.Unlock()
		if strings.Contains(text, want) {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("no %q:\n%q", want, text)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestCompletionInBash(t *testing.T) {
	m, id := typing(t)
	s := m.shell("bash", "--norc", "--noprofile", "-i")
	s.typed("source <(hark completion bash); echo loa''ded\n")
	s.sees("loaded")
	s.typed("hark rele\t")
	s.sees("hark release ")
	s.typed("\x15hark --data " + m.envOf("DESK") + " cat " + id[:3] + "\t")
	s.sees(" cat " + id + " ")
	s.typed("\x15hark --data " + m.envOf("DESK") + " ls is:unas\t")
	s.sees("is:unassigned ")
	s.typed("\x15touch invoice.pdf; echo rea''dy\n")
	s.sees("ready")
	s.typed("hark attach 7f3k inv\t")
	s.sees("attach 7f3k invoice.pdf ")
}

func TestCompletionInZsh(t *testing.T) {
	m, id := typing(t)
	s := m.shell("zsh", "-f", "-i")
	s.typed("autoload -Uz compinit && compinit -u; source <(hark completion zsh); echo loa''ded\n")
	s.sees("loaded")
	s.typed("hark rele\t")
	s.sees("release ")
	s.typed("\x15hark --data " + m.envOf("DESK") + " cat " + id[:3] + "\t")
	s.sees(id[3:] + " ")
}

func TestCompletionInFish(t *testing.T) {
	m, id := typing(t)
	path, err := exec.LookPath("fish")
	if err != nil {
		t.Skip("needs fish, which is not installed")
	}
	cmd := exec.CommandContext(t.Context(), path, "--no-config", "-c",
		`hark completion fish | source; complete -C "hark rele"; complete -C "hark --data `+m.envOf("DESK")+` cat `+id[:3]+`"`)
	cmd.Env, cmd.Dir = m.env, m.home
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "release\t") || !strings.Contains(string(out), id+"\t") {
		t.Errorf("%v: %q", err, out)
	}
}

// ctrl+z puts the console into the background of its shell, and fg brings it
// back.
func TestConsoleGoesIntoTheBackground(t *testing.T) {
	m, _ := typing(t)
	s := m.shell("bash", "--norc", "--noprofile", "-i")
	s.typed("TERM=xterm-256color hark --data " + m.envOf("DESK") + "\n")
	s.sees("HARK")
	s.typed("\x1a")
	s.sees("Stopped")
	s.typed("echo in the she''ll\n")
	s.sees("in the shell")
	s.mu.Lock()
	s.out.Reset()
	s.mu.Unlock()
	s.typed("fg\n")
	s.sees("HARK")
	s.typed("\x03\x03")
	s.sees("The desk stays open")
}
