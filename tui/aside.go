package tui

import (
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

// aside gives the terminal away while something else is at work on it, such as
// an editor at the person's machine, and takes it back afterwards.
func (r *root) aside(m ui.AsideMsg) tea.Cmd {
	return tea.Exec(&given{run: m.Run, stream: r.stream}, func(err error) tea.Msg { return backMsg{m.Done(err)} })
}

// backMsg says that the terminal is ours again; what was done with it follows.
type backMsg struct{ then tea.Msg }

// back draws everything again: nobody knows what the terminal shows now.
func back(m backMsg) tea.Cmd {
	return tea.Sequence(tea.ClearScreen, func() tea.Msg { return m.then })
}

// given is what runs while the terminal is given away. It has no files: it
// runs at the other end of the connection.
type given struct {
	run    func() error
	stream *stream
}

// settled is how long the program's renderer gets to come to rest. It stops its
// clock a moment after it says that it has stopped; what comes back at once
// would otherwise find a clock that stops when it has just begun.
const settled = 20 * time.Millisecond

// Run wakes the reader that waits for a key, so that the first key afterwards
// is not lost with it, and runs.
func (g *given) Run() error {
	if g.stream != nil {
		g.stream.release()
	}
	time.Sleep(settled)
	return g.run()
}

// SetStdin does nothing: the terminal is not here.
func (*given) SetStdin(io.Reader) {}

// SetStdout does nothing.
func (*given) SetStdout(io.Writer) {}

// SetStderr does nothing.
func (*given) SetStderr(io.Writer) {}

// cannotSuspend returns why the console cannot go into the background.
func (r *root) cannotSuspend() string {
	if !r.opts.Local {
		return "this console runs over a connection; with ssh, enter ~ ctrl+z suspends it"
	}
	if _, ok := r.opts.Client.(ui.Suspender); !ok {
		return "the program that shows this console cannot go into the background"
	}
	return ""
}

// suspend puts the client into the background of its shell.
func (r *root) suspend() tea.Cmd {
	s, ok := r.opts.Client.(ui.Suspender)
	if !ok {
		return nil
	}
	ctx := r.ctx
	return ui.Aside(func() error { return s.Suspend(ctx) }, func(err error) tea.Msg { return toldMsg{"the console could not go into the background", err} })
}
