// Command picture draws the pictures of the README from the running program:
// the console as it stands on a real terminal, the widget as a real browser
// shows it. What the customers say is always the same; only clocks differ.
//
//	go run ./docs/picture
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"time"

	"hark/tools/browser"
	"hark/tools/terminal"
)

func main() {
	out := flag.String("out", "docs/pictures", "the folder that the pictures go to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	err := draw(ctx, *out, os.Stderr)
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

// studio is a demo desk at a terminal, to be drawn.
type studio struct {
	program string
	data    string
	screen  *terminal.Terminal
	page    string // the shop's address
}

func draw(ctx context.Context, out string, words io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "hark-picture-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears it as well
	s, err := openStudio(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.screen.Close()) }()
	if err := s.console(ctx, filepath.Join(out, "console.svg")); err != nil {
		return err
	}
	if err := s.mail(ctx, filepath.Join(out, "mail.svg")); err != nil {
		return err
	}
	err = s.widget(ctx, dir, filepath.Join(out, "widget.png"))
	if errors.Is(err, browser.ErrAbsent) {
		fmt.Fprintln(words, "picture: the widget is not drawn anew:", err)
		return nil
	}
	return err
}

// address is how the console names the shop's page.
var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)

// openStudio builds hark and opens its demo without customers of its own.
func openStudio(ctx context.Context, dir string) (*studio, error) {
	s := &studio{program: filepath.Join(dir, "hark"), data: filepath.Join(dir, "desk")}
	build := exec.CommandContext(ctx, "go", "build", "-o", s.program, "hark")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build hark: %w\n%s", err, out)
	}
	cmd := exec.CommandContext(ctx, s.program, "--data", s.data, "demo", "--customers", "0", "--key", "memory")
	cmd.Env = append(os.Environ(), "TZ=UTC", "LANG=C.UTF-8")
	var err error
	if s.screen, err = terminal.Start(cmd, terminal.Options{Width: 120, Height: 40}); err != nil {
		return nil, err
	}
	err = s.screen.Wait(ctx, func(text string) bool {
		s.page = address.FindString(text)
		return s.page != ""
	})
	if err != nil {
		return nil, errors.Join(err, s.screen.Close())
	}
	return s, nil
}

// hark runs a command on the desk, as the agent.
func (s *studio) hark(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.program, append([]string{"--data", s.data}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("hark %s: %w", args[0], err)
	}
	return string(out), nil
}

// console plays the sample conversations and draws the screen.
func (s *studio) console(ctx context.Context, path string) error {
	if err := s.play(ctx); err != nil {
		return err
	}
	x, y := s.screen.Cursor()
	return write(path, []byte(svg(s.screen.Cells(), "hark", place{x, y, true})))
}

func write(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}
