package inbox

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/deed"
	"hark/tui/safe"
)

// undo takes one step back. The zero value does nothing.
type undo struct {
	what  string // what is taken back, for the message
	do    deed.Step
	run   func() tea.Cmd // instead of do, and of the message
	until time.Time      // when it is too late; zero for never
}

// undoMost is how many steps can be taken back.
const undoMost = 10

// batchLimit is how long a change to n conversations may take.
func batchLimit(n int) time.Duration { return writeLimit + time.Duration(n)*50*time.Millisecond }

// act runs a command of the desk, tells that it was done, and remembers how to
// take it back.
func (s *Screen) act(said string, do func(context.Context) error, back undo) tea.Cmd {
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		if err := do(ctx); err != nil {
			return doneMsg{err: err}
		}
		return doneMsg{said: said, undo: back}
	})
}

func (s *Screen) done(m doneMsg) tea.Cmd {
	if m.undo.do != nil {
		s.remember(m.undo)
	}
	switch {
	case m.err != nil && m.undo.do != nil:
		s.fail("not everything was changed; z takes back what was", m.err)
		return nil
	case m.err != nil:
		s.fail("nothing was changed", m.err)
		return nil
	}
	s.said(m)
	if m.then != nil {
		return m.then()
	}
	if !m.gone.IsZero() {
		return s.goOn(m.gone)
	}
	return nil
}

// said tells what was done.
func (s *Screen) said(m doneMsg) {
	switch {
	case m.said == "":
	case m.undo.do == nil:
		s.Toasts.Say(m.said)
	default:
		s.Toasts.Say(m.said + " " + s.look.Glyphs.Dot + " z undo")
	}
}

func (s *Screen) remember(u undo) {
	s.forgetLate()
	s.undo = append(s.undo, u)
	if len(s.undo) > undoMost {
		s.undo = s.undo[1:]
	}
}

// takeBack undoes the last step.
func (s *Screen) takeBack() tea.Cmd {
	s.forgetLate()
	if len(s.undo) == 0 {
		return nil
	}
	last := s.undo[len(s.undo)-1]
	s.undo = s.undo[:len(s.undo)-1]
	if last.run != nil {
		return last.run()
	}
	return s.act("Undone: "+last.what, last.do, undo{})
}

// forgetLate drops what can no longer be taken back: z then takes back the
// step before it.
func (s *Screen) forgetLate() {
	now := time.Now()
	s.undo = slices.DeleteFunc(s.undo, func(u undo) bool { return !u.until.IsZero() && !now.Before(u.until) })
}

func quoted(row *desk.Conversation) string { return `"` + safe.Name(row.Name).String() + `"` }
