package main

import (
	"context"
	"fmt"
	"slices"

	"hark/config"
	"hark/desk"
	"hark/staff"
	"hark/tui"
)

// localFPS is how often a second the screen of a terminal on this machine is
// written at most: a key waits half of that time for its picture.
const localFPS = 120

// console draws the screens for one terminal.
func (h *hub) console(ctx context.Context, t staff.Terminal) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sizes := make(chan tui.Size)
	go passSizes(ctx, t.Resize, sizes)
	c := h.o.File.Console
	return tui.Run(ctx, tui.Options{
		Session: t.Session, In: t.In, Out: t.Out, Width: t.Size.Width, Height: t.Size.Height,
		Env: consoleEnv(c, t.Env), Resize: sizes, FPS: localFPS,
		Notices: h.o.Notices, Leaving: h.leaving(), ASCII: c.Glyphs == "ascii",
	})
}

// consoleEnv adds what the configuration asks for to what the terminal says of
// itself.
func consoleEnv(c config.Console, env []string) []string {
	env = slices.Clone(env)
	if c.Theme == "none" {
		env = append(env, "NO_COLOR=1")
	}
	if c.ReducedMotion {
		env = append(env, "REDUCED_MOTION=1")
	}
	return env
}

// passSizes hands the latest size on until ctx ends.
func passSizes(ctx context.Context, from <-chan staff.Size, to chan<- tui.Size) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-from:
			select {
			case <-ctx.Done():
				return
			case to <- tui.Size{W: s.Width, H: s.Height}:
			}
		}
	}
}

// leaving says what closing the console means.
func (h *hub) leaving() string {
	if h.o.Ends {
		return "the demo ends"
	}
	return "the desk stays open"
}

// farewell is the line that stays on the terminal when a console was left.
func (h *hub) farewell(s *desk.Session) string {
	if h.o.Ends {
		return "The demo desk closes with its console."
	}
	return "The desk stays open for customers (" + goingOn(s) + "). hark brings the console back, hark stop closes the desk."
}

// goingOn says in words what happens without a console.
func goingOn(s *desk.Session) string {
	switch n := s.Counts()[desk.All]; n {
	case 0:
		return "no conversation is open"
	case 1:
		return "1 conversation is open"
	default:
		return fmt.Sprintf("%d conversations are open", n)
	}
}
