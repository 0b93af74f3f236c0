package main

import (
	"context"
	"fmt"
	"io"

	"hark/desk"
	"hark/staff"
)

// console draws the screens for one terminal.
func (h *hub) console(ctx context.Context, t staff.Terminal) error {
	for _, n := range h.o.Notices {
		fmt.Fprintln(t.Out, n)
	}
	w, err := t.Session.Window(desk.All, 0, t.Size.Height)
	if err != nil {
		return err
	}
	for _, c := range w.Rows {
		fmt.Fprintf(t.Out, "%s %s\n", t.Session.Short(c.ID), c.Status)
	}
	fmt.Fprintln(t.Out, "q leaves")
	b := make([]byte, 1)
	for {
		if _, err := t.In.Read(b); err == io.EOF || b[0] == 'q' {
			return nil
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}

// farewell is the line that stays on the terminal when a console was left.
func (h *hub) farewell(s *desk.Session) string {
	if h.o.Ends {
		return "the demo desk closes with its console; nothing of it is kept"
	}
	return "the desk stays open for customers (" + goingOn(s) + "); hark brings the console back, hark stop closes the desk"
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
