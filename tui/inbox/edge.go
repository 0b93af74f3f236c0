package inbox

import (
	"strings"

	"hark/desk"
	"hark/tui/compose"
	"hark/tui/safe"
	"hark/tui/ui"
)

// preview shows a draft while the keys are elsewhere.
func (s *Screen) preview(w int) []string {
	l, b := s.look, &s.box
	if !s.composable() || b.pristine() {
		return nil
	}
	text := "draft: "
	switch {
	case b.note:
		text = "draft of a note: "
	case b.byMail():
		text = "draft of a mail to " + safe.Line(b.mail.Line(compose.To).Text()).String() + ": "
	}
	return []string{l.Dim.Render(l.Fit(text+safe.Line(b.ed.Text()).String(), w))}
}

// composerEdge says in the frame what happens with the text: a note is never
// taken for a reply, and a mail never for a line of chat.
func (s *Screen) composerEdge(w int) ui.Edge {
	l := s.look
	dot := " " + l.Glyphs.Dot + " "
	row := s.pane.Row()
	switch {
	case s.open.fresh:
		return s.mailEdge("new mail", w)
	case row == nil:
		return ui.Edge{Title: "reply" + dot + "open a conversation first"}
	}
	name := safe.Name(row.Name).String()
	switch {
	case !s.Writing() && s.box.note:
		return ui.Edge{Title: l.Join([]string{"note", l.Hint(ActNote, "to write")}, dot, w-6), Note: true}
	case !s.Writing():
		return ui.Edge{Title: l.Join([]string{"reply", l.Hint(ActReply, "to write"), s.filesWords()}, dot, w-6)}
	case s.box.note:
		title := []string{l.Glyphs.NotePrompt + " note about " + name, "only the team sees it", l.Hint(ActSend, "keeps it"), s.newline()}
		return ui.Edge{Title: l.Join(title, dot, w-6), Foot: l.Hint("turn", "reply instead"), Focus: true, Note: true}
	case s.box.byMail() && s.box.mail.Forward():
		return s.mailEdge("forward", w)
	case s.box.byMail():
		return s.mailEdge("mail to "+name, w)
	}
	channel := row.LastChannel()
	if channel == desk.Email {
		channel = desk.Chat // a mail has a frame of its own
	}
	title := []string{
		"reply to " + name + " in " + safe.Line(string(channel)).String(), l.Hint(ActSend, "sends"), s.newline(),
	}
	foot := append(s.goesAlong(), l.Hint(ActCanned, "canned"), l.Hint("turn", "note"))
	if s.cannotSwitch() == "" {
		foot = append(foot, l.Hint(ActSwitch, "by mail"))
	}
	return ui.Edge{Title: l.Join(title, dot, w-6), Foot: l.Join(foot, "  ", w-6), Focus: true}
}

// mailEdge is the frame of a mail that is being written.
func (s *Screen) mailEdge(what string, w int) ui.Edge {
	l := s.look
	dot := " " + l.Glyphs.Dot + " "
	if !s.Writing() {
		return ui.Edge{Title: l.Join([]string{what, l.Hint(ActReply, "to write"), s.filesWords()}, dot, w-6)}
	}
	title := []string{what, l.Hint(ActLetterNewline, "new line"), l.Hint(ActLetterSend, "sends"), "tab head and text"}
	if from := safe.Name(s.box.mail.Account()).String(); from != "" && len(s.mails.accounts) > 1 {
		title = append(title, "from "+from)
	}
	foot := append(s.goesAlong(), l.Hint(ActCanned, "canned"), l.Hint("editor", "$EDITOR"))
	if s.cannotSwitch() == "" {
		foot = append(foot, l.Hint(ActSwitch, "in the chat"))
	}
	return ui.Edge{Title: l.Join(title, dot, w-6), Foot: l.Join(foot, "  ", w-6), Focus: true}
}

// goesAlong says which files go with what is written, nothing for none.
func (s *Screen) goesAlong() []string {
	var parts []string
	if n := s.carries(); n > 0 {
		parts = append(parts, "+ "+plural(n, "part")+" of the mail")
	}
	if files := s.filesWords(); files != "" {
		parts = append(parts, files)
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{strings.Join(parts, ", ")}
}

func (s *Screen) carries() int {
	if !s.box.byMail() {
		return 0
	}
	return s.box.mail.Carries()
}

// newline says which key makes a new line at this terminal.
func (s *Screen) newline() string {
	if s.look.Chords {
		return "shift+enter new line"
	}
	return s.look.Hint(ActNewline, "new line")
}
