package inbox

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
)

// undo takes one step back. The zero value does nothing.
type undo struct {
	what string // what is taken back, for the message
	do   func(context.Context) error
}

// undoMost is how many steps can be taken back.
const undoMost = 10

// act runs a command of the desk, tells that it was done, and remembers how to
// take it back.
func (s *Screen) act(said string, do func(context.Context) error, back undo) tea.Cmd {
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		return doneMsg{said: said, undo: back, err: do(ctx)}
	})
}

func (s *Screen) done(m doneMsg) tea.Cmd {
	if m.err != nil {
		s.fail("nothing was changed", m.err)
		return nil
	}
	if m.undo.do == nil {
		s.Toasts.Say(m.said)
		return nil
	}
	s.undo = append(s.undo, m.undo)
	if len(s.undo) > undoMost {
		s.undo = s.undo[1:]
	}
	s.Toasts.Say(m.said + " " + s.look.Glyphs.Dot + " z undo")
	return nil
}

// takeBack undoes the last step.
func (s *Screen) takeBack() tea.Cmd {
	if len(s.undo) == 0 {
		return nil
	}
	last := s.undo[len(s.undo)-1]
	s.undo = s.undo[:len(s.undo)-1]
	return s.act("Undone: "+last.what, last.do, undo{})
}

// resolve ends the matter, or takes it up again.
func (s *Screen) resolve() tea.Cmd {
	row := s.about()
	if row == nil {
		return nil
	}
	id, name, session := row.ID, quoted(row), s.Session
	end := func(ctx context.Context) error { return session.End(ctx, id) }
	again := func(ctx context.Context) error { return session.Reopen(ctx, id) }
	if row.Status == desk.StatusResolved {
		return s.act("Reopened "+name, again, undo{"reopened " + name, end})
	}
	return s.act(s.look.Glyphs.Done+" Resolved "+name, end, undo{"resolved " + name, again})
}

// assign gives the conversation to an account, or to nobody.
func (s *Screen) assign(row *desk.Conversation, to desk.ID) tea.Cmd {
	if row == nil || row.Assignee == to {
		return nil
	}
	id, before, session, name := row.ID, row.Assignee, s.Session, quoted(row)
	do := func(ctx context.Context) error { return move(ctx, session, id, before, to) }
	back := func(ctx context.Context) error {
		if now := session.Row(id); now != nil && now.Assignee != to {
			return desk.Errorf(desk.Conflict, "it has gone on to %s since", holder(session, now.Assignee))
		}
		return move(ctx, session, id, to, before)
	}
	return s.act(s.assignWords(name, to), do, undo{"who has " + name, back})
}

func (s *Screen) assignWords(name string, to desk.ID) string {
	switch to {
	case s.me:
		return "You have " + name
	case desk.ID{}:
		return "Nobody has " + name
	}
	return safe.Name(s.Session.AccountName(to)).String() + " has " + name
}

func holder(session *desk.Session, id desk.ID) string {
	if id.IsZero() {
		return "nobody"
	}
	return session.AccountName(id)
}

// move changes who has a conversation in the way the roles need least for:
// letting go of one's own and taking what nobody has need no right to assign.
func move(ctx context.Context, session *desk.Session, id, from, to desk.ID) error {
	me := session.Actor().ID
	switch {
	case to.IsZero() && from == me:
		return session.Release(ctx, id)
	case to == me && !from.IsZero():
		// The desk lets nobody claim what a colleague has: it is let go first.
		if err := session.Assign(ctx, id, desk.ID{}); err != nil {
			return err
		}
		return session.Claim(ctx, id)
	case to == me:
		return session.Claim(ctx, id)
	}
	return session.Assign(ctx, id, to)
}

func quoted(row *desk.Conversation) string { return `"` + safe.Name(row.Name).String() + `"` }
