package ui

import (
	"context"
	"io"

	tea "charm.land/bubbletea/v2"
)

// Client is the program at the person's own machine, which does there what the
// hub must not do for anyone: open links, save and read files, run an editor.
// It is nil where there is none, as over plain ssh; the console then says what
// is missing.
type Client interface {
	Open(ctx context.Context, url string) error
	Save(ctx context.Context, name string, r io.Reader) (path string, err error)
	Edit(ctx context.Context, text string) (string, error)
	Read(ctx context.Context, path string) (name string, size int64, rc io.ReadCloser, err error)
}

// Suspender is a client that can put itself into the background of its shell
// and comes back from Suspend when it is in the foreground again.
type Suspender interface {
	Suspend(ctx context.Context) error
}

// AsideMsg asks the console to give the terminal away while Run is at work, as
// an editor needs it, and to draw everything again after it. Done makes the
// message that tells the screen how it went.
type AsideMsg struct {
	Run  func() error
	Done func(error) tea.Msg
}

// Aside returns the command that gives the terminal away.
func Aside(run func() error, done func(error) tea.Msg) tea.Cmd {
	return func() tea.Msg { return AsideMsg{run, done} }
}
