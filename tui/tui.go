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
}

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
	p := tea.NewProgram(root, o.program(ctx, cancel)...)
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
// and without suspending, which makes no sense at the far end of a connection.
func (o Options) program(ctx context.Context, end context.CancelCauseFunc) []tea.ProgramOption {
	w, h := o.size()
	return []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithInput(stream{o.In, end}), tea.WithOutput(lineEnds(o.Out)), tea.WithEnvironment(o.Env),
		tea.WithColorProfile(profile(o.Env)), tea.WithWindowSize(w, h), tea.WithFPS(o.FPS),
		tea.WithoutSignalHandler(), tea.WithFilter(noSuspend),
	}
}

// errGone ends a console whose terminal sends nothing any more.
var errGone = errors.New("the terminal is gone")

// stream reads what is typed and ends the console with it. It hides what else
// the reader is: were it a terminal of this machine, the program would change
// its mode and believe that line feeds need no return.
type stream struct {
	r   io.Reader
	end context.CancelCauseFunc
}

func (s stream) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil {
		s.end(errGone)
	}
	return n, err
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
