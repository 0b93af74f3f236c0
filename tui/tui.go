package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"hark/desk"
	"hark/desk/canned"
	"hark/tui/notify"
	"hark/tui/safe"
	"hark/tui/ui"
)

// Size is the size of a window in cells.
type Size = ui.Size

// Options are what a console needs. Session, In and Out must be set.
type Options struct {
	Session *desk.Session
	In      io.Reader // what is typed, from a terminal in raw mode
	Out     io.Writer // to that terminal: line feeds are written with their carriage return
	Width   int       // of the window, in cells; 80 when zero
	Height  int       // 24 when zero
	Env     []string  // of the person's terminal: TERM, COLORTERM, NO_COLOR, TZ, …
	// Resize brings new sizes of the window. It may hold only the latest; nil
	// when the size never changes.
	Resize <-chan Size
	// FPS is how often a second the screen is written at most, 60 when zero.
	// Half of that time is what a key waits for its picture.
	FPS int
	// Notices are lines to show at the start and in help: where the data is,
	// which page to open in a browser.
	Notices []string
	// Leaving says what closing the console means, in a few words; "the desk
	// stays open" when empty.
	Leaving string
	// ASCII draws without box characters, for terminals that have none.
	ASCII bool

	// Keys are keys of the desk's own: action id → "key", "key key" for two in
	// a row, "key, key" for several, "" for none. CheckKeys says what is wrong
	// with them; what is wrong is told and not taken.
	Keys map[string]string
	// Console is what the desk's file says about consoles.
	Console Console
	// DeskSettings are shown in the settings, with the File to change.
	DeskSettings []DeskSetting
	File         string
	// Client is the program at the person's own machine, nil over plain ssh.
	Client Client
	// Canned returns the replies that are written beforehand; nil for none.
	Canned func() canned.Replies
	// Local says that the terminal is on the hub's machine: the console can
	// then go into the background of its shell, if the client can.
	Local bool
	// Notifiers tell a person who looks elsewhere, beside the terminal's own
	// ways.
	Notifiers []notify.Notifier
}

// Client is what runs at the person's own machine. A client that also is a
// ui.Suspender can go into the background of its shell.
type Client = ui.Client

// Console is what the desk's file says about consoles: the defaults of what
// each person can choose. Empty texts say nothing.
type Console struct {
	Theme, Glyphs, Motion, Mouse, Notify, EnterSends string
}

// DeskSetting is a setting of the desk, as the file would have it, and where
// it is set: empty for the default.
type DeskSetting struct{ Key, Value, Where string }

// feedLimit is how many frames may wait for a slow terminal before the screen
// reads everything again instead.
const feedLimit = 1024

// Run shows the console until the person quits, the context ends or the
// terminal is gone. The session stays the caller's to close.
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	changes, err := o.Session.Changes(feedLimit)
	if err != nil {
		return fmt.Errorf("follow the desk: %w", err)
	}
	defer changes.Close()
	f := newFeed(ctx, changes)
	root := newRoot(ctx, o, f.follow, time.Now())
	defer root.screen.Close()
	in := newStream(ctx, o.In, cancel)
	root.stream = in
	p := tea.NewProgram(root, o.program(ctx, in)...)
	go f.run(p.Send)
	go resize(ctx, o.Resize, p.Send)
	_, err = p.Run()
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errGone):
		return nil
	case errors.Is(err, tea.ErrProgramKilled) && cause != nil:
		return cause
	}
	if err != nil {
		return fmt.Errorf("console: %w", err)
	}
	return nil
}

// program returns how the program runs: without signals, which are the hub's,
// and without suspending itself, for it is a part of the hub: the client is
// what goes into the background.
func (o Options) program(ctx context.Context, in io.Reader) []tea.ProgramOption {
	w, h := o.size()
	return []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(lineEnds(o.Out)), tea.WithEnvironment(o.Env),
		tea.WithColorProfile(profile(o.Env)), tea.WithWindowSize(w, h), tea.WithFPS(o.FPS),
		tea.WithoutSignalHandler(), tea.WithFilter(noSuspend),
	}
}

func (o Options) size() (w, h int) {
	if o.Width <= 0 || o.Height <= 0 {
		return 80, 24
	}
	return o.Width, o.Height
}

func noSuspend(_ tea.Model, msg tea.Msg) tea.Msg {
	if _, ok := msg.(tea.SuspendMsg); ok {
		return nil
	}
	return msg
}

// profile says how many colours the terminal shows. NO_COLOR counts whatever
// it is set to.
func profile(env []string) colorprofile.Profile {
	p := colorprofile.Env(env)
	if lookup(env, "NO_COLOR") != "" && p > colorprofile.ASCII {
		return colorprofile.ASCII
	}
	return p
}

// zone returns the time zone of the person, as far as it is known.
func zone(env []string) *time.Location {
	if name := lookup(env, "TZ"); name != "" && len(name) < 64 {
		if z, err := time.LoadLocation(name); err == nil {
			return z
		}
	}
	return time.Local
}

// lookup returns the last value of an environment variable.
func lookup(env []string, name string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if len(env[i]) > len(name) && env[i][len(name)] == '=' && env[i][:len(name)] == name {
			return env[i][len(name)+1:]
		}
	}
	return ""
}

// resize passes new sizes on until the context ends.
func resize(ctx context.Context, sizes <-chan Size, send func(tea.Msg)) {
	for {
		select {
		case <-ctx.Done():
			return
		case s, ok := <-sizes:
			if !ok {
				return
			}
			send(tea.WindowSizeMsg{Width: max(s.W, 1), Height: max(s.H, 1)})
		}
	}
}

// notices makes what the hub says fit to show.
func notices(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = safe.Line(l).String()
	}
	return out
}
