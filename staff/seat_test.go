package staff_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hark/staff"
)

// errands is a console whose keys send the person's machine on errands. arg is
// what the errand is about.
func errands(arg string, data []byte) staff.Console {
	return func(ctx context.Context, t staff.Terminal) error {
		fmt.Fprint(t.Out, "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[>1uready\n")
		keys := make(chan byte)
		go func() {
			defer close(keys)
			b := make([]byte, 1)
			for {
				if _, err := t.In.Read(b); err != nil {
					return
				}
				keys <- b[0]
			}
		}()
		said := make(chan string)
		for {
			select {
			case <-ctx.Done():
				return nil
			case line := <-said:
				fmt.Fprintln(t.Out, line)
			case size := <-t.Resize:
				fmt.Fprintf(t.Out, "draw %dx%d\n", size.Width, size.Height)
			case k, ok := <-keys:
				if !ok || k == 'q' {
					return nil
				}
				fmt.Fprintf(t.Out, "key %c\n", k)
				go func() { said <- errandOf(ctx, t.Seat, k, arg, data) }()
			}
		}
	}
}

func errandOf(ctx context.Context, s *staff.Seat, key byte, arg string, data []byte) string {
	var err error
	var got string
	switch key {
	case 'o':
		err = s.Open(ctx, arg)
	case 's':
		got, err = s.Save(ctx, arg, bytes.NewReader(data))
	case 'e':
		got, err = s.Edit(ctx, arg)
	case 'r':
		var name string
		var size int64
		var rc io.ReadCloser
		if name, size, rc, err = s.Read(ctx, arg); err == nil {
			var b []byte
			b, err = io.ReadAll(rc)
			got = fmt.Sprintf("%s %d %d", name, size, len(b))
			_ = rc.Close()
		}
	default:
		return "nothing"
	}
	if err != nil {
		return fmt.Sprintf("failed: %v.", err)
	}
	return fmt.Sprintf("done: %q.", got)
}

func consoleOf(c staff.Console) func(*staff.Options) {
	return func(o *staff.Options) { o.Console, o.FileLimit = c, 1000 }
}

// script makes a program of a shell script and returns its path.
func script(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEditorHasTheTerminalAndGivesItBack(t *testing.T) {
	room := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", room)
	seen := filepath.Join(t.TempDir(), "seen")
	t.Setenv("VISUAL", script(t, "ed", `stty -a <&0 >"`+seen+`"; ls -l "$1" >>"`+seen+`"; cat "$1" >>"`+seen+`"
echo EDITOR; read line; echo "$line" >>"$1"`)+" ")
	w := open(t, consoleOf(errands("Good morning", nil)))
	s := w.attach(t.Context(), "ana")
	s.wait("ready")
	s.press("e")
	s.wait("EDITOR")
	s.press("and welcome\n")
	s.wait(`done: "Good morning\nand welcome".`)
	s.wait("draw 100x30")
	if strings.Contains(s.text(), "key a") {
		t.Error("what was typed into the editor reached the console")
	}
	before, after, _ := strings.Cut(s.text(), "EDITOR")
	for _, mode := range []string{"\x1b[<1u", "\x1b[?2004l", "\x1b[?25h", "\x1b[?1049l"} {
		if !strings.Contains(before, mode) {
			t.Errorf("the editor found the terminal without %q", mode)
		}
	}
	for _, mode := range []string{"\x1b[?1049h", "\x1b[?25l", "\x1b[?2004h", "\x1b[>1u"} {
		if !strings.Contains(after, mode) {
			t.Errorf("the console got the terminal back without %q", mode)
		}
	}
	raw, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{" icanon", " echo ", "-rw-------", "Good morning"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the editor did not see %q:\n%s", want, raw)
		}
	}
	s.press("x") // keys are the console's again
	s.wait("key x")
	if left, err := os.ReadDir(room); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	s.press("q")
	s.end(staff.ExitOK)
}

func TestEditorThatFailsChangesNothing(t *testing.T) {
	room := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", room)
	t.Setenv("VISUAL", "false")
	w := open(t, consoleOf(errands("Good morning", nil)))
	s := w.attach(t.Context(), "ana")
	s.wait("ready")
	s.press("e")
	s.wait("failed: false ended with exit status 1, so nothing was changed.")
	t.Setenv("VISUAL", "no-such-editor-here")
	s.press("e")
	s.wait("the editor cannot be started")
	if left, err := os.ReadDir(room); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	s.press("q")
	s.end(staff.ExitOK)
}

// A hub that ends while somebody writes must not take their words along.
func TestTextOutlivesTheHub(t *testing.T) {
	room := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", room)
	t.Setenv("VISUAL", script(t, "ed", `echo EDITOR; read line; echo "$line" >>"$1"`))
	w := open(t, consoleOf(errands("Good morning", nil)))
	s := w.attach(t.Context(), "ana")
	before := state(t, s.tty)
	s.wait("ready")
	s.press("e")
	s.wait("EDITOR")
	w.stop()
	<-w.ended
	s.press("precious words\n")
	<-s.done
	_, path, ok := strings.Cut(s.words.String(), "what you wrote is in ")
	if !ok {
		t.Fatalf("%q", s.words.String())
	}
	raw, err := os.ReadFile(strings.TrimSpace(path))
	if err != nil || !strings.Contains(string(raw), "precious words") {
		t.Errorf("%q, %v", raw, err)
	}
	if after := state(t, s.tty); after != before {
		t.Errorf("the terminal is %s and was %s", after, before)
	}
}

func TestFilesAreSavedBesideOthers(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	down := filepath.Join(home, "Downloads")
	if err := os.Mkdir(down, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(down, "invoice.pdf"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := open(t, consoleOf(errands("../../.x/../invoice.pdf", []byte("bytes"))))
	s := w.attach(t.Context(), "ana")
	s.wait("ready")
	s.press("s")
	s.wait(fmt.Sprintf("done: %q.", filepath.Join(down, "invoice (2).pdf")))
	for name, want := range map[string]string{"invoice.pdf": "mine", "invoice (2).pdf": "bytes"} {
		if b, err := os.ReadFile(filepath.Join(down, name)); err != nil || string(b) != want {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	s.press("q")
	s.end(staff.ExitOK)
}

func TestFileThatIsTooLargeIsNotKept(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Chdir(home)
	w := open(t, consoleOf(errands("big.bin", make([]byte, 1001))))
	s := w.attach(t.Context(), "ana")
	s.wait("ready")
	s.press("s")
	s.wait("failed: big.bin has 2 KB; a file has 1 KB at most here.")
	s.press("q")
	s.end(staff.ExitOK)
	if left, err := os.ReadDir(home); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestFilesAreReadByTheirPath(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Chdir(home)
	if err := os.WriteFile("note.txt", []byte("some bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("large.txt", make([]byte, 2000), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo("pipe", 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"note.txt": `done: "note.txt 10 10".`, "~/note.txt": `done: "note.txt 10 10".`,
		"large.txt": "failed: large.txt has 2 KB; a file has 1 KB at most here.", "pipe": "failed: pipe is not a file.",
		".": "failed: . is not a file.", "none": "failed: there is no file none.", "": "failed: a file is needed.",
	} {
		w := open(t, consoleOf(errands(path, nil)))
		s := w.attach(t.Context(), "ana")
		s.wait("ready")
		s.press("r")
		s.wait(want)
		s.press("q")
		s.end(staff.ExitOK)
	}
}

func TestLinksAreOpenedByTheDesktop(t *testing.T) {
	seen := filepath.Join(t.TempDir(), "seen")
	opener := script(t, "xdg-open", `printf '%s|' "$#" "$@" >"`+seen+`"`)
	t.Setenv("PATH", filepath.Dir(opener)+":"+os.Getenv("PATH"))
	for link, want := range map[string]string{
		"https://shop.example/a?b=$(touch%20x)&c": `done: "".`,
		"javascript:alert(1)":                     "failed: the link is not opened: only http and https links are.",
		"file:///etc/passwd":                      "failed: the link is not opened: only http",
		"https://bank.example@evil.example/":      "failed: the link is not opened: it carries a name",
		"http:///x":                               "failed: the link is not opened: it names no site",
		"https://x.example/\x1b]0;x":              "failed: the link is not opened: it is too long or holds",
	} {
		w := open(t, consoleOf(errands(link, nil)))
		s := w.attach(t.Context(), "ana")
		s.wait("ready")
		s.press("o")
		s.wait(want)
		s.press("q")
		s.end(staff.ExitOK)
	}
	if raw, err := os.ReadFile(seen); err != nil || string(raw) != "1|https://shop.example/a?b=$(touch%20x)&c|" {
		t.Errorf("%q, %v", raw, err)
	}
}

// Two things cannot have the terminal at once.
func TestOneEditorAtATime(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	t.Setenv("VISUAL", script(t, "ed", `echo EDITOR; read line; echo "$line" >>"$1"`))
	results := make(chan string, 2)
	w := open(t, consoleOf(func(ctx context.Context, term staff.Terminal) error {
		fmt.Fprintln(term.Out, "ready")
		for range 2 {
			go func() { results <- errandOf(ctx, term.Seat, 'e', "x", nil) }()
		}
		<-ctx.Done()
		return nil
	}))
	ctx, leave := context.WithCancel(t.Context())
	s := w.attach(ctx, "ana")
	s.wait("EDITOR")
	select {
	case got := <-results:
		if !strings.Contains(got, "your terminal is in use already") {
			t.Error(got)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the second editor waits")
	}
	s.press("done\n")
	if got := <-results; got != `done: "x\ndone".` {
		t.Error(got)
	}
	leave()
	<-s.done
}

// A desk that another user runs gets a file only with the person's word.
func TestForeignHubAsksForFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("note.txt", []byte("some bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := open(t, consoleOf(errands("note.txt", nil)))
	c := w.dial("ana")
	c.MakeForeign()
	s := w.show(t.Context(), c)
	s.wait("ready")
	s.press("r")
	s.wait("note.txt (10 bytes)\r\nSend it? y or n: ")
	s.press("n")
	s.wait("failed: you did not send the file.")
	s.mu.Lock()
	s.seen.Reset()
	s.mu.Unlock()
	s.press("r")
	s.wait("Send it? y or n: ")
	s.press("y")
	s.wait(`done: "note.txt 10 10".`)
	s.press("q")
	s.end(staff.ExitOK)
}
