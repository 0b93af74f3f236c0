package inbox

import (
	"context"
	"io"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/thread"
	"hark/tui/ui"
)

// rawMost is how much of a raw mail is shown, in bytes: headers, and enough of
// what follows to see what it is.
const rawMost = 256 << 10

// readRaw reads the beginning of a raw mail as text for a terminal.
func readRaw(r io.ReadCloser) (string, error) {
	defer func() { _ = r.Close() }() // it was only read
	raw, err := io.ReadAll(io.LimitReader(r, rawMost+1))
	if err != nil {
		return "", err
	}
	more := ""
	if len(raw) > rawMost {
		raw, more = raw[:rawMost], "\n[the mail is longer: this is its beginning]"
	}
	var b strings.Builder
	for line := range strings.SplitSeq(string(raw), "\n") {
		b.WriteString(safe.New(strings.TrimSuffix(line, "\r")).String())
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n") + more, nil
}

// showRaw shows a mail as it came or went, headers and all.
func (s *Screen) showRaw() tea.Cmd {
	session, id, item := s.Session, s.open.id, s.pane.MailOf()
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		r, err := session.RawMail(ctx, id, item)
		if err != nil {
			return askMsg{err: err}
		}
		text, err := readRaw(r)
		return askMsg{func() tea.Cmd { return s.ask(&ui.Pager{Title: "raw mail", Text: text}) }, err}
	})
}

// showWhy shows why each mail is in the conversation.
func (s *Screen) showWhy() tea.Cmd {
	session, row := s.Session, s.about()
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		all, err := session.WhyJoined(ctx, row.ID)
		if err != nil {
			return askMsg{err: err}
		}
		title := "why these mails are in #" + session.Short(row.ID)
		text := s.whyWords(row, all)
		return askMsg{ask: func() tea.Cmd { return s.ask(&ui.Pager{Title: title, Text: text}) }}
	})
}

// whyWords writes down the evidence of each mail.
func (s *Screen) whyWords(row *desk.Conversation, all []desk.MailEvidence) string {
	var b strings.Builder
	for _, m := range all {
		b.WriteString(s.look.When(m.At, s.now) + "  " + safe.Name(m.From.String()).String() + "\n")
		b.WriteString("  " + safe.Line(m.Subject).String() + "\n")
		for _, e := range m.Evidence {
			b.WriteString("  " + s.evidence(e) + "\n")
		}
		if len(m.Evidence) == 0 {
			b.WriteString("  - nothing is on record\n")
		}
		b.WriteByte('\n')
	}
	if len(all) == 0 {
		b.WriteString("No mail of a customer is in this conversation.\n\n")
	}
	if w, err := s.Session.Explain(row.ID); err == nil {
		b.WriteString("Why it is where it is: " + safe.Line(w.Reason).String() + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// evidence writes a reason, and says of one that was not followed that it was
// not.
func (s *Screen) evidence(e desk.Evidence) string {
	text := "- " + string(e.Rule) + ": "
	if e.Refused {
		text = "- not followed, " + string(e.Rule) + ": "
	}
	text = safe.Line(text + e.Words).String()
	if !e.Conversation.IsZero() && e.Conversation != s.open.id {
		text += " (#" + s.Session.Short(e.Conversation) + ")"
	}
	return text
}

// withTrouble runs an act on the mail that needs somebody: on the only one, or
// on one that is chosen.
func (s *Screen) withTrouble(what string, do func(desk.ID) tea.Cmd) tea.Cmd {
	row := s.pane.Row()
	if len(row.Trouble) == 1 {
		return do(row.Trouble[0].Item)
	}
	var choices []ui.Choice
	for _, t := range row.Trouble {
		label := s.pane.Subject(t.Item)
		choices = append(choices, ui.Choice{Label: label, Note: thread.StateWords(t.State), Value: t.Item})
	}
	return s.ask(&chooser{title: what, choices: choices, done: func(c ui.Choice) tea.Cmd {
		item, _ := c.Value.(desk.ID)
		return do(item)
	}})
}

// sendAgain lets a mail go out once more. Nobody can say that it has not
// arrived already, so a person is asked.
func (s *Screen) sendAgain() tea.Cmd {
	session, id := s.Session, s.open.id
	return s.withTrouble("send which mail again?", func(item desk.ID) tea.Cmd {
		return s.ask(&confirm{
			title: "send the mail again?", yes: "send again",
			words: s.pane.Subject(item) + "\n\nWhoever has it already gets it twice.",
			do: func() tea.Cmd {
				return s.act("The mail goes out again", func(ctx context.Context) error { return session.Resend(ctx, id, item) }, undo{})
			},
		})
	})
}

// settle says that somebody has dealt with a mail that did not arrive.
func (s *Screen) settle() tea.Cmd {
	session, id := s.Session, s.open.id
	return s.withTrouble("which mail is dealt with?", func(item desk.ID) tea.Cmd {
		return s.ask(&chooser{
			title: "how was it dealt with?", empty: "type a few words for the team, such as: called her",
			choices: []ui.Choice{
				{Label: "dealt with", Note: "without more words", Value: ""},
				{Label: "told in another way", Note: "by phone or in the chat", Value: "told in another way"},
				{Label: "found in Sent", Note: "it had left", Value: "found in Sent"},
				{Label: "not needed any more", Value: "not needed any more"},
			},
			other: func(typed string) (ui.Choice, bool) {
				return ui.Choice{Label: safe.Line(typed).String(), Note: "in your words", Value: typed}, typed != ""
			},
			done: func(c ui.Choice) tea.Cmd {
				words, _ := c.Value.(string)
				return s.act("Dealt with", func(ctx context.Context) error { return session.Settle(ctx, id, item, words) }, undo{})
			},
		})
	})
}

// acceptJoin makes the conversation a part of the one that it may belong to.
func (s *Screen) acceptJoin() tea.Cmd {
	session, row := s.Session, s.about()
	open := s.open.id == row.ID
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		into, err := session.AcceptJoin(ctx, row.ID)
		if err != nil {
			return doneMsg{err: err}
		}
		gone := row.ID
		if into == gone {
			gone = row.Proposed
		}
		back := func(ctx context.Context) error { return session.Unmerge(ctx, gone) }
		m := doneMsg{said: "Joined to #" + session.Short(into), undo: undo{what: "the join", do: back}}
		if open {
			m.then = func() tea.Cmd {
				s.leave()
				return s.openID(into)
			}
		}
		return m
	})
}

// declineJoin says that the conversation stands for itself.
func (s *Screen) declineJoin() tea.Cmd {
	session, row := s.Session, s.about()
	return s.act("It stays a conversation of its own", func(ctx context.Context) error {
		return session.DeclineJoin(ctx, row.ID)
	}, undo{})
}

// banner says what a person has to decide about the open conversation.
func (s *Screen) banner(row *desk.Conversation) string {
	l := s.look
	dot := " " + l.Glyphs.Dot + " "
	var parts []string
	if !row.Proposed.IsZero() && row.Merged.IsZero() {
		text := "may belong to #" + s.Session.Short(row.Proposed)
		if other := s.Session.Row(row.Proposed); other != nil {
			text += " " + safe.Name(other.Name).String() + ", " + safe.Line(rowSubject(other)).String() + ": the sender takes no part there"
		}
		parts = append(parts, text, l.Hint("join.accept", "joins them"), l.Hint("join.decline", "keeps them apart"), l.Hint("why", "why"))
	}
	if n := len(row.Trouble); n > 0 {
		words := l.Glyphs.Trouble + " " + thread.StateWords(row.Trouble[0].State) + ": " + plural(n, "mail") + " of ours"
		parts = append(parts, words, l.Hint("mail.again", "sends it again"), l.Hint("mail.settle", "says that it is dealt with"))
	}
	return strings.Join(parts, dot)
}

// The reasons why nothing can be done about mails now.

func (s *Screen) noMailHere() string {
	if s.pane.Row() == nil {
		return "no conversation is open"
	}
	if s.pane.MailOf().IsZero() {
		return "no mail is in this conversation"
	}
	return ""
}

func (s *Screen) noTrouble() string {
	row := s.pane.Row()
	switch {
	case row == nil:
		return "no conversation is open"
	case len(row.Trouble) == 0:
		return "every mail of this conversation left, as far as is known"
	}
	return s.may(desk.ActReply)
}

func (s *Screen) noJoin() string {
	row := s.about()
	switch {
	case row == nil:
		return "no conversation is selected"
	case row.Proposed.IsZero():
		return "nothing says that this belongs to another conversation"
	}
	return s.may(desk.ActSort)
}

func (s *Screen) noFolds() string {
	if !s.pane.HasFolds() {
		return "nothing in sight is folded"
	}
	return ""
}

// rowSubject returns what a conversation is about: the subject where mails go
// to and fro, else the last words.
func rowSubject(c *desk.Conversation) string {
	if c.Subject != "" && c.LastChannel() == desk.Email {
		return c.Subject
	}
	return c.Last
}
