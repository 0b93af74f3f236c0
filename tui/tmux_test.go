package tui

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/ui"
)

// childMark in the environment makes the test program a console on its own
// terminal instead.
const childMark = "HARK_TUI_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childMark) != "" {
		if err := child(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child is a console on a desk in memory with names and words of every width.
func child() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	session, err := wideDesk(ctx)
	if err != nil {
		return err
	}
	state, err := term.MakeRaw(os.Stdin.Fd())
	if err != nil {
		return err
	}
	defer term.Restore(os.Stdin.Fd(), state) //nolint:errcheck // the terminal ends with the test
	sizes := make(chan Size, 1)
	winch := make(chan os.Signal, 1)
	signal.Notify(winch, syscall.SIGWINCH)
	go func() {
		for range winch {
			if w, h, err := term.GetSize(os.Stdin.Fd()); err == nil {
				sizes <- Size{W: w, H: h}
			}
		}
	}()
	w, h, err := term.GetSize(os.Stdin.Fd())
	if err != nil {
		return err
	}
	return Run(ctx, Options{Session: session, In: os.Stdin, Out: os.Stdout, Width: w, Height: h, Env: os.Environ(), Resize: sizes})
}

// wide is what customers write in the tmux test.
func wide() []string {
	return []string{
		"plain words", "山田太郎 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字", "👨‍👩‍👧‍👦 a family 👩🏽‍🚀", "🇸🇪🇫🇮 flags ❤️ and hearts", "한국어 조선말",
		"e\u0301e\u0302e\u0303 marks", "ＷＩＤＥ ｌｅｔｔｅｒｓ", "☎︎ ✓ ● signs",
	}
}

func wideDesk(ctx context.Context) (*desk.Session, error) {
	j, s := desktest.NewJournal(), desk.NewState()
	if err := j.Follow(ctx, 1, s.Apply); err != nil {
		return nil, err
	}
	d := desk.New(desk.Options{Journal: j, State: s, Drafts: &desktest.Drafts{}})
	err := d.Create(ctx, "Tmux desk", desk.AccountCreated{Name: "ana", Display: "Ana", Roles: []desk.Role{desk.RoleAgent}})
	if err != nil {
		return nil, err
	}
	for i := range 60 {
		text := wide()[i%len(wide())]
		for n := range 12 {
			words := desk.Words{Token: desktest.Token(fmt.Sprint("v", i)), Client: fmt.Sprint("c", n), Name: text, Text: text + " " + fmt.Sprint(n)}
			if _, err := d.Say(ctx, words); err != nil {
				return nil, err
			}
		}
	}
	return d.SignIn(ctx, desk.SignIn{Account: s.AccountNamed("ana").ID, Via: "test"})
}

// tmux is a real terminal of its own.
type tmux struct {
	t      *testing.T
	socket string
}

func startTmux(t *testing.T, w, h int) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("needs tmux, which is not installed")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	x := &tmux{t: t, socket: fmt.Sprintf("hark-tui-%d", os.Getpid())}
	t.Cleanup(func() { _, _ = x.run("kill-server") })
	command := fmt.Sprintf("env %s=1 LANG=C.UTF-8 TZ=UTC '%s'", childMark, self)
	if out, err := x.run("-f", "/dev/null", "-u", "new-session", "-d", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h), command); err != nil {
		t.Fatalf("tmux: %v\n%s", err, out)
	}
	return x
}

func (x *tmux) run(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "tmux", append([]string{"-L", x.socket}, args...)...)
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (x *tmux) press(keys ...string) {
	x.t.Helper()
	if out, err := x.run(append([]string{"send-keys"}, keys...)...); err != nil {
		x.t.Fatalf("tmux: %v\n%s", err, out)
	}
}

// waitFor waits until the screen is as wanted, and returns it.
func (x *tmux) waitFor(what string, wanted func(lines []string) bool) []string {
	x.t.Helper()
	var screen string
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		out, err := x.run("capture-pane", "-p")
		if err != nil {
			continue
		}
		if screen = out; wanted(strings.Split(screen, "\n")) {
			return strings.Split(screen, "\n")
		}
	}
	x.t.Fatalf("%s: never seen; the screen is\n%s", what, screen)
	return nil
}

func shows(words string) func([]string) bool {
	return func(lines []string) bool { return strings.Contains(strings.Join(lines, "\n"), words) }
}

// TestInTmux scrolls through wide text on a terminal that counts by code
// points: every frame must stay in its column.
func TestInTmux(t *testing.T) {
	x := startTmux(t, 120, 40)
	x.waitFor("the unassigned conversations", shows("inbox·unassigned 60"))
	inPlace(t, x, "the first screen")
	for i := range 60 {
		x.press("j")
		if i%6 == 0 {
			x.waitFor("the selection", shows(fmt.Sprintf(" %d/60 ", i+2)))
			inPlace(t, x, fmt.Sprintf("after %d rows", i+1))
		}
	}
	for _, open := range []string{"g g", "j", "j"} {
		for k := range strings.SplitSeq(open, " ") {
			x.press(k)
		}
		x.press("Enter")
		x.waitFor("a thread", shows("follow ▼"))
		for range 4 {
			x.press("C-u")
			x.waitFor("the history", shows("NAV"))
			inPlace(t, x, "in a thread")
		}
		x.press("Escape")
		x.waitFor("the list", shows("┏━ 1 Inbox"))
	}
	if out, err := x.run("resize-window", "-x", "80", "-y", "24"); err != nil {
		t.Fatalf("tmux: %v\n%s", err, out)
	}
	x.waitFor("two columns", func(lines []string) bool {
		return strings.HasPrefix(lines[1], "┏━ 1 Inbox") && strings.HasPrefix(lines[22], "┗") && !strings.Contains(lines[1], "3 Customer")
	})
	x.press("C-c")
	x.waitFor("what leaving means", shows("ctrl+c again closes"))
	x.press("C-c")
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if _, err := x.run("has-session"); err != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the console did not end")
		}
	}
}

// inPlace waits until the frames of three columns stand where they belong: a
// screen may be caught half drawn.
func inPlace(t *testing.T, x *tmux, when string) {
	t.Helper()
	var bad string
	for deadline := time.Now().Add(3 * time.Second); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		out, err := x.run("capture-pane", "-p")
		if err != nil {
			continue
		}
		if bad = misplaced(strings.Split(out, "\n")); bad == "" {
			return
		}
		bad += "\n" + out
	}
	t.Fatalf("%s: no frame at %s", when, bad)
}

// misplaced returns the first place where a frame should stand and does not.
func misplaced(lines []string) string {
	for y := 2; y < 32; y++ {
		at := columns(lines[y])
		for _, col := range []int{0, 37, 38, 89, 90, 119} {
			if r := at[col]; r != '│' && r != '┃' {
				return fmt.Sprintf("line %d, column %d: %q", y, col, r)
			}
		}
	}
	return ""
}

// columns returns which rune stands at each column.
func columns(line string) map[int]rune {
	m, at, col := ui.ByCodePoint(), map[int]rune{}, 0
	for _, r := range line {
		if w := m.Width(string(r)); w > 0 {
			at[col] = r
			col += w
		}
	}
	return at
}
