package inbox

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/ui"
)

func (s *Screen) noDraft() string {
	if s.pane.Row() == nil || s.box.pristine() {
		return "nothing is written in the open conversation"
	}
	return ""
}

// handDraft gives what is written to a colleague, who finds it in the composer
// of this conversation, behind what they have written there.
func (s *Screen) handDraft() tea.Cmd {
	row := s.pane.Row()
	return s.withColleagues(func(all []ui.Choice) tea.Cmd {
		var choices []ui.Choice
		for _, c := range all {
			if c.Value != s.me {
				choices = append(choices, c)
			}
		}
		return s.ask(&chooser{
			title: "hand your draft for " + quoted(row) + " to", choices: choices, empty: "there is no colleague at this desk yet",
			done: func(c ui.Choice) tea.Cmd {
				to, _ := c.Value.(desk.ID)
				return s.handTo(row, to, c.Label)
			},
		})
	})
}

// handedMsg says that a draft is a colleague's now.
type handedMsg struct {
	id   desk.ID
	gen  int // of the text that was handed
	said string
	err  error
}

func (s *Screen) handTo(row *desk.Conversation, to desk.ID, name string) tea.Cmd {
	s.box.saved = -1
	s.saveDraft()
	session, id, gen := s.Session, row.ID, s.box.gen()
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		err := session.HandDraft(ctx, id, to)
		return handedMsg{id, gen, name + " has your draft for " + quoted(row), err}
	})
}

// handed empties the composer, unless something was written meanwhile.
func (s *Screen) handed(m handedMsg) tea.Cmd {
	if m.err != nil {
		s.fail("the draft is still yours", m.err)
		return nil
	}
	if m.id == s.open.id && s.box.gen() == m.gen {
		s.box.clear()
	}
	s.Toasts.Say(m.said)
	return nil
}

// draftMsg brings a draft that has changed beside the composer.
type draftMsg struct {
	gen   int
	known string // what was in the composer when it was looked for
	draft desk.Draft
	err   error
}

// The word that a draft was handed over comes before the draft is there: it is
// looked for as often as this.
const (
	draftTries = 20
	draftPause = 100 * time.Millisecond
)

// rereadDraft takes a draft that a colleague handed over while the conversation
// was open: it stands behind what is in the composer.
func (s *Screen) rereadDraft() tea.Cmd {
	session, id, gen, known := s.Session, s.open.id, s.open.gen, s.box.draft()
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		var draft desk.Draft
		var err error
		for range draftTries {
			if draft, err = session.Draft(ctx, id); err != nil || draft.Text != known {
				break
			}
			pause(ctx, draftPause)
		}
		return draftMsg{gen, known, draft, err}
	})
}

// pause waits, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-ctx.Done():
	case <-wait.C:
	}
}

func (s *Screen) draftRead(m draftMsg) tea.Cmd {
	if m.gen != s.open.gen || m.err == nil && m.draft.Text == m.known {
		return nil
	}
	if m.err != nil {
		s.fail("a draft that was handed to you could not be read; open the conversation again", m.err)
		return nil
	}
	text := m.draft.Text
	if now := s.box.draft(); now != m.known { // somebody goes on typing here
		text = strings.TrimSpace(now + "\n\n" + strings.TrimSpace(strings.TrimPrefix(text, m.known)))
	}
	s.loadDraft(desk.Draft{Note: m.draft.Note, Text: text})
	s.box.saved = -1
	s.saveDraft()
	s.Toasts.Say("a colleague handed you a draft; it is in the composer")
	return nil
}

// handedToMe reports whether an event says that somebody handed a draft over
// to the person at the terminal.
func (s *Screen) handedToMe(a *desk.Applied) bool {
	b, ok := a.Body.(desk.DraftHanded)
	return ok && b.To == s.me
}
