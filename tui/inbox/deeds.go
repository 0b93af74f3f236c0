package inbox

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/deed"
	"hark/tui/safe"
	"hark/tui/ui"
)

// resolve ends the matter, or takes it up again.
func (s *Screen) resolve() tea.Cmd {
	rows := s.targets()
	if len(rows) == 1 && rows[0].Status == desk.StatusResolved {
		return s.perform(act{
			verb: "reopen", said: func(name string) string { return "Reopened " + name }, back: "reopened",
			do: deed.Reopen(s.Session),
		})
	}
	sign := s.look.Glyphs.Done
	return s.perform(act{
		verb: "resolve", said: func(name string) string { return sign + " Resolved " + name }, back: "resolved",
		gone: true, do: deed.Resolve(s.Session),
	})
}

// assign gives conversations to an account, or to nobody.
func (s *Screen) assign(to desk.ID) tea.Cmd {
	return s.perform(act{
		verb: "assign", said: func(name string) string { return s.assignWords(name, to) }, back: "who has",
		do: deed.Assign(s.Session, to),
	})
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

// prioritise says how urgent conversations are.
func (s *Screen) prioritise(to desk.Priority) tea.Cmd {
	return s.perform(act{
		verb: "prioritise", said: func(name string) string { return name + " has priority " + string(to) }, back: "the priority of",
		do: deed.Prioritise(s.Session, to),
	})
}

// tag puts a tag on conversations, or takes it off.
func (s *Screen) tag(tag string, on bool) tea.Cmd {
	shown := safe.Name(tag).String()
	a := act{
		verb: "tag", said: func(name string) string { return "Tagged " + name + " " + shown }, back: "the tag " + shown + " of",
		do: deed.Tag(s.Session, []string{tag}, nil),
	}
	if !on {
		a.said = func(name string) string { return "Took " + shown + " off " + name }
		a.do = deed.Tag(s.Session, nil, []string{tag})
	}
	return s.perform(a)
}

// enqueue puts conversations into a queue.
func (s *Screen) enqueue(to, title string) tea.Cmd {
	return s.perform(act{
		verb: "transfer", said: func(name string) string { return name + " is in the queue " + title }, back: "the queue of",
		gone: true, do: deed.Enqueue(s.Session, to),
	})
}

// markUnread makes conversations unread for the whole team. Who has one open
// leaves it, since looking at it is reading it.
func (s *Screen) markUnread() tea.Cmd {
	session, rows := s.Session, s.targets()
	for _, row := range rows {
		delete(s.looked, row.ID)
		if row.ID == s.open.id {
			s.leave()
			s.focusOn(ui.ListPane)
		}
	}
	return s.doTo(act{
		verb: "make unread", said: func(name string) string { return "Unread: " + name }, back: "unread",
		do: func(ctx context.Context, row *desk.Conversation) (deed.Step, error) {
			read := func(context.Context) error {
				session.MarkRead(row.ID)
				return nil
			}
			return read, session.MarkUnread(ctx, row.ID)
		},
	}, rows)
}
