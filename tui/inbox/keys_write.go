package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/compose"
	"hark/tui/ui"
)

func (s *Screen) writeActions() []ui.Action {
	const group = "write"
	return []ui.Action{
		{ID: ActSend, Keys: []string{"enter", "ctrl+s"}, Scope: ui.Write, Group: group, Label: "send", Hint: "send", Why: s.nothingToSend, Do: s.send},
		{
			ID: ActNewline, Keys: []string{"alt+enter", "shift+enter", "ctrl+j"}, Scope: ui.Write, Group: group, Label: "new line", Hint: "new line",
			Do: func() tea.Cmd { s.typed("\n"); return nil },
		},
		{
			ID: "turn", Keys: []string{"ctrl+n"}, Scope: ui.Write, Group: group, Label: "change between reply and note",
			Why: func() string { return s.may(desk.ActReply) }, Do: s.turnNote,
		},
		{
			ID: ActCanned, Keys: []string{"ctrl+r"}, Scope: ui.Write, Group: group, Label: "insert a canned reply", Hint: "canned",
			Why: s.noCanned, Do: s.pickCanned,
		},
		{
			ID: "editor", Keys: []string{"ctrl+x ctrl+e"}, Scope: ui.Write, Group: "more", Label: "write in $EDITOR",
			Why: func() string { return s.needsClient("your editor") }, Do: s.editor,
		},
		{
			ID: "attach", Keys: []string{"ctrl+x ctrl+f"}, Scope: ui.Write, Group: "more", Label: "attach a file",
			Why: s.cannotAttach, Do: s.attach,
		},
		{
			ID: "detach", Keys: []string{"ctrl+x ctrl+d"}, Scope: ui.Write, Group: "more", Label: "take the last file off",
			Why: s.nothingAttached, Do: s.detach,
		},
		{
			ID: ActSwitch, Keys: []string{"ctrl+x ctrl+t"}, Scope: ui.Write, Group: "more", Label: "answer by mail, or in the chat",
			Why: s.cannotSwitch, Do: s.switchChannel,
		},
		{
			ID: "field", Keys: []string{"ctrl+x ctrl+n"}, Scope: ui.Write, Group: "more", Label: "go to the next {field}",
			Why: s.noField, Do: s.nextField,
		},
		{ID: ActLeave, Keys: []string{"esc"}, Scope: ui.Write, Group: group, Label: "leave; what is written stays", Hint: "leave", Do: s.out},
		{
			ID: "thread.up", Keys: []string{"pgup"}, Scope: ui.Write, Group: group, Label: "scroll the thread up",
			Do: func() tea.Cmd { return s.scrollThread(1) },
		},
		{
			ID: "thread.down", Keys: []string{"pgdown"}, Scope: ui.Write, Group: group, Label: "scroll the thread down",
			Do: func() tea.Cmd { return s.scrollThread(-1) },
		},
	}
}

// editActions are the usual keys of readline.
func (s *Screen) editActions() []ui.Action {
	const group = "edit"
	type editor = compose.Editor
	change := func(f func(*editor)) func() tea.Cmd {
		return func() tea.Cmd { f(s.box.field()); s.edited(); return s.compare() }
	}
	move := func(f func(*editor)) func() tea.Cmd {
		return func() tea.Cmd { f(s.box.field()); return nil }
	}
	row := func(f func(*editor, ui.Measure, int) bool, by int) func() tea.Cmd {
		return func() tea.Cmd { return s.moveRow(f, by) }
	}
	edit := func(id, label string, do func() tea.Cmd, keys ...string) ui.Action {
		return ui.Action{ID: "edit." + id, Keys: keys, Scope: ui.Write, Group: group, Label: label, Do: do}
	}
	return []ui.Action{
		edit("left", "a letter left", move((*editor).Left), "left", "ctrl+b"),
		edit("right", "a letter right", move((*editor).Right), "right", "ctrl+f"),
		edit("up", "a row up", row((*editor).Up, -1), "up"),
		edit("down", "a row down", row((*editor).Down, 1), "down"),
		edit("home", "beginning of the line", move((*editor).Home), "ctrl+a", "home"),
		edit("end", "end of the line", move((*editor).End), "ctrl+e", "end"),
		edit("word.left", "a word left", move((*editor).WordLeft), "alt+b", "ctrl+left", "alt+left"),
		edit("word.right", "a word right", move((*editor).WordRight), "alt+f", "ctrl+right", "alt+right"),
		edit("start", "beginning of the text", move((*editor).Start), "ctrl+home"),
		edit("finish", "end of the text", move((*editor).Finish), "ctrl+end"),
		edit("backspace", "remove the letter before", change((*editor).Backspace), "backspace", "ctrl+h", "shift+backspace"),
		edit("delete", "remove the letter behind", change((*editor).Delete), "delete", "ctrl+d"),
		edit("kill.word", "cut the word before", change((*editor).KillWordLeft), "ctrl+w", "alt+backspace"),
		edit("kill.word.right", "cut the word behind", change((*editor).KillWordRight), "alt+d"),
		edit("kill.line", "cut to the beginning of the line", change((*editor).KillLine), "ctrl+u"),
		edit("yank", "put back what was cut", change(func(ed *editor) { ed.Yank() }), "ctrl+y"),
	}
}

// moveRow goes to the row above or below. At the edge of a mail's text, and in
// its head, that is the next line of the whole.
func (s *Screen) moveRow(f func(*compose.Editor, ui.Measure, int) bool, by int) tea.Cmd {
	b := &s.box
	if !b.inHead() && f(b.ed, s.look.Measure, s.composeWidth()) {
		return nil
	}
	if !b.byMail() || !b.mail.Next(by) {
		return nil
	}
	return s.compare()
}
