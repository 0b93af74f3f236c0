package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/tui/compose"
	"hark/tui/ui"
)

// mailActions are what can be done with mails beside answering them.
func (s *Screen) mailActions() []ui.Action {
	const group = "mail"
	return []ui.Action{
		{
			ID: ActReplyAll, Keys: []string{"R"}, Scope: ui.Nav, Group: group, Label: "reply to everybody who had the mail",
			Why: s.cannotReplyAll, Do: s.replyAll,
		},
		{
			ID: ActForward, Keys: []string{"f"}, Scope: ui.Nav, Group: group, Label: "forward a mail to somebody else", Hint: "forward",
			Why: s.cannotForward, Do: s.forward,
		},
		{ID: ActNewMail, Keys: []string{"c"}, Scope: ui.Nav, Group: group, Label: "write a new mail", Why: s.noMail, Do: s.newMail},
		{
			ID: "unfold.text", Keys: []string{"enter"}, Scope: ui.InThread, Group: group, Label: "show or fold quoted text and signatures", Hint: "unfold",
			Why: s.noFolds, Do: func() tea.Cmd { s.pane.UnfoldText(); return nil },
		},
		{
			ID: "why", Keys: []string{"d w"}, Scope: ui.Nav, Group: group, Label: "why these mails are in this conversation",
			Why: s.needsRow, Do: s.showWhy,
		},
		{ID: "mail.raw", Keys: []string{"d r"}, Scope: ui.Nav, Group: group, Label: "the raw mail, headers and all", Why: s.noMailHere, Do: s.showRaw},
		{ID: "mail.again", Keys: []string{"d a"}, Scope: ui.Nav, Group: group, Label: "send an undelivered mail again", Why: s.noTrouble, Do: s.sendAgain},
		{ID: "mail.settle", Keys: []string{"d s"}, Scope: ui.Nav, Group: group, Label: "an undelivered mail is dealt with", Why: s.noTrouble, Do: s.settle},
	}
}

// letterActions are what keys do in a mail that is being written: there enter
// is a new line, wherever it sends in the chat.
func (s *Screen) letterActions() []ui.Action {
	const group = "write"
	return []ui.Action{
		{
			ID: ActLetterSend, Keys: []string{"ctrl+s", "ctrl+enter"}, Scope: ui.InLetter, Group: group, Label: "send the mail", Hint: "send",
			Why: s.cannotSendMail, Do: s.sendMail,
		},
		{
			ID: ActLetterNewline, Keys: []string{"enter"}, Scope: ui.InLetter, Group: group, Label: "new line; in the head the next line of it",
			Hint: "new line", Do: s.letterLine,
		},
	}
}

// letterLine goes to the next line of the head, or begins a line of the text.
func (s *Screen) letterLine() tea.Cmd {
	if s.box.inHead() {
		mail := s.box.mail
		if mail.At() == compose.To && mail.Line(compose.Cc).Empty() && mail.Line(compose.Bcc).Empty() {
			mail.GoTo(compose.Subject) // tab walks all of the lines, enter the usual ones
		} else {
			mail.Next(1)
		}
		return s.compare()
	}
	s.typed("\n")
	return nil
}

func (s *Screen) cannotSendMail() string {
	if why := s.noMail(); why != "" {
		return why
	}
	return s.nothingToSend()
}

func (s *Screen) noAccounts() string {
	if len(s.mails.accounts) == 0 {
		return "this desk has no mail account; add a [mail.NAME] to hark.toml"
	}
	return ""
}
