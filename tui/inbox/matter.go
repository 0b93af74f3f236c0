package inbox

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/deed"
	"hark/tui/safe"
	"hark/tui/ui"
)

// others lists the customer's other conversations, as what something can be
// merged or moved into.
func (s *Screen) others(row *desk.Conversation) []ui.Choice {
	var out []ui.Choice
	for _, c := range s.Session.Past(row.Contact) {
		if c.ID == row.ID {
			continue
		}
		label := "#" + s.Session.Short(c.ID) + " " + channelSign(c.LastChannel()) + " " + safe.Line(rowSubject(c)).String()
		out = append(out, ui.Choice{Label: label, Note: string(c.Status) + ", " + s.look.When(c.At, s.now), Value: c.ID})
	}
	return out
}

// pickMerge asks with which conversation of the same customer one should go on
// as one. Two marked ones need no question.
func (s *Screen) pickMerge() tea.Cmd {
	if s.acting() {
		if rows := s.marked(); len(rows) == 2 {
			return s.merge(rows[1].ID, rows[0].ID)
		}
	}
	row := s.about()
	if row == nil {
		return nil
	}
	return s.ask(&chooser{
		title: "merge " + quoted(row) + " with", choices: s.others(row), preview: s.preview1,
		done: func(c ui.Choice) tea.Cmd {
			into, _ := c.Value.(desk.ID)
			return s.merge(row.ID, into)
		},
	})
}

// preview1 shows the last words of the conversation that a choice is.
func (s *Screen) preview1(c ui.Choice) string {
	id, _ := c.Value.(desk.ID)
	row := s.Session.Row(id)
	if row == nil {
		return ""
	}
	return "opened " + s.look.When(row.Opened, s.now) + ", " + statusWords(row) + "\n" + safe.Line(rowSubject(row)).String()
}

// merge makes one conversation of two, and shows the one that stays.
func (s *Screen) merge(from, into desk.ID) tea.Cmd {
	session, open := s.Session, s.open.id == from || s.open.id == into
	s.clearMarks()
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		stays, back, err := deed.Merge(ctx, session, from, into)
		if err != nil {
			return doneMsg{err: err}
		}
		gone := from
		if stays == from {
			gone = into
		}
		m := doneMsg{said: "Merged #" + session.Short(gone) + " into #" + session.Short(stays), undo: undo{what: "the merge", do: back}}
		if open {
			m.then = func() tea.Cmd {
				s.leave() // the draft of the one is behind that of the other now
				return s.openID(stays)
			}
		}
		return m
	})
}

// choose begins to choose messages in the thread, and chooses the one under the
// cursor.
func (s *Screen) choose() tea.Cmd {
	if !s.pane.Picking() {
		s.pane.Pick(true)
	}
	s.pane.Toggle()
	s.pane.MovePick(-1)
	return s.next()
}

// endChoosing forgets which messages were chosen.
func (s *Screen) endChoosing() { s.pane.Pick(false) }

// split puts the chosen messages into a conversation of their own.
func (s *Screen) split() tea.Cmd {
	row, items := s.pane.Row(), s.pane.Picked()
	if row == nil || len(items) == 0 {
		return nil
	}
	session, id := s.Session, row.ID
	s.endChoosing()
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		split, back, err := deed.Split(ctx, session, id, items)
		if err != nil {
			return doneMsg{err: err}
		}
		said := "Split " + plural(len(items), "message") + " off into #" + session.Short(split)
		return doneMsg{said: said, undo: undo{what: "the split", do: back}}
	})
}

// pickMove asks into which conversation of the same customer the chosen
// messages belong.
func (s *Screen) pickMove() tea.Cmd {
	row, items := s.pane.Row(), s.pane.Picked()
	if row == nil || len(items) == 0 {
		return nil
	}
	session, from := s.Session, row.ID
	return s.ask(&chooser{
		title: "move " + plural(len(items), "message") + " to", choices: s.others(row), preview: s.preview1,
		done: func(c ui.Choice) tea.Cmd {
			to, _ := c.Value.(desk.ID)
			s.endChoosing()
			return s.command(writeLimit, func(ctx context.Context) tea.Msg {
				back, err := deed.Move(ctx, session, from, to, items)
				if err != nil {
					return doneMsg{err: err}
				}
				said := "Moved " + plural(len(items), "message") + " to #" + session.Short(to)
				return doneMsg{said: said, undo: undo{what: "the move", do: back}}
			})
		},
	})
}

// unfoldMsg brings the words of a conversation that was merged.
type unfoldMsg struct {
	gen   int
	pages map[desk.ID][]desk.Applied
	err   error
}

// unfoldMost is how many events of a merged conversation are shown.
const unfoldMost = 500

// unfold shows the words of what was merged into the open conversation, or
// hides them again.
func (s *Screen) unfold() tea.Cmd {
	if s.pane.Unfolded() {
		s.pane.Fold()
		return nil
	}
	session, purpose, gen := s.Session, s.purpose(), s.open.gen
	sources := s.pane.Row().Sources
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		m := unfoldMsg{gen: gen, pages: map[desk.ID][]desk.Applied{}}
		for _, id := range sources {
			t, err := session.Open(ctx, id, purpose, "open", 1)
			if err != nil {
				m.err = err
				break
			}
			m.pages[id], m.err = t.Older(ctx, unfoldMost)
			t.Close()
		}
		return m
	})
}

func (s *Screen) unfoldDone(m unfoldMsg) tea.Cmd {
	if m.gen != s.open.gen {
		return nil
	}
	if m.err != nil {
		s.fail("what was merged could not be read", m.err)
		return nil
	}
	for id, page := range m.pages {
		s.pane.Unfold(id, page)
	}
	return nil
}

// The reasons why conversations cannot be sorted now.

func (s *Screen) cannotMerge() string {
	if why := s.mayAll(desk.ActSort); why != "" {
		return why
	}
	if s.acting() {
		if rows := s.marked(); len(rows) != 2 || rows[0].Contact != rows[1].Contact {
			return "merging is for two conversations of the same customer: mark two, or none"
		}
		return ""
	}
	row := s.about()
	if !row.Merged.IsZero() {
		return "it goes on in #" + s.Session.Short(row.Merged) + " already"
	}
	if len(s.others(row)) == 0 {
		return "this customer has no other conversation"
	}
	return ""
}

func (s *Screen) cannotChoose() string {
	if s.pane.Row() == nil {
		return "no conversation is open"
	}
	return s.may(desk.ActSort)
}

func (s *Screen) cannotSplit() string {
	if why := s.cannotChoose(); why != "" {
		return why
	}
	if len(s.pane.Picked()) == 0 {
		return "choose messages in the thread with x first"
	}
	return ""
}

func (s *Screen) cannotMoveItems() string {
	if why := s.cannotSplit(); why != "" {
		return why
	}
	if len(s.others(s.pane.Row())) == 0 {
		return "this customer has no other conversation; m s makes one"
	}
	return ""
}

func (s *Screen) nothingMerged() string {
	if row := s.pane.Row(); row == nil || len(row.Sources) == 0 {
		return "nothing was merged into the open conversation"
	}
	return ""
}

func (s *Screen) notUnread() string {
	if s.acting() {
		return s.mayAll(desk.ActNote)
	}
	row := s.about()
	if row != nil && row.Side != desk.In {
		return "the last word is ours: nothing is unread"
	}
	return s.may(desk.ActNote)
}
