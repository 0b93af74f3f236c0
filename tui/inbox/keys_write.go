package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/desk"
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
	ed := s.box.ed
	change := func(f func()) func() tea.Cmd { return func() tea.Cmd { f(); s.edited(); return nil } }
	move := func(f func()) func() tea.Cmd { return func() tea.Cmd { f(); return nil } }
	row := func(f func(ui.Measure, int) bool) func() tea.Cmd {
		return func() tea.Cmd { f(s.look.Measure, s.composeWidth()); return nil }
	}
	edit := func(id, label string, do func() tea.Cmd, keys ...string) ui.Action {
		return ui.Action{ID: "edit." + id, Keys: keys, Scope: ui.Write, Group: group, Label: label, Do: do}
	}
	return []ui.Action{
		edit("left", "a letter left", move(ed.Left), "left", "ctrl+b"),
		edit("right", "a letter right", move(ed.Right), "right", "ctrl+f"),
		edit("up", "a row up", row(ed.Up), "up"),
		edit("down", "a row down", row(ed.Down), "down"),
		edit("home", "beginning of the line", move(ed.Home), "ctrl+a", "home"),
		edit("end", "end of the line", move(ed.End), "ctrl+e", "end"),
		edit("word.left", "a word left", move(ed.WordLeft), "alt+b", "ctrl+left", "alt+left"),
		edit("word.right", "a word right", move(ed.WordRight), "alt+f", "ctrl+right", "alt+right"),
		edit("start", "beginning of the text", move(ed.Start), "ctrl+home"),
		edit("finish", "end of the text", move(ed.Finish), "ctrl+end"),
		edit("backspace", "remove the letter before", change(ed.Backspace), "backspace", "ctrl+h", "shift+backspace"),
		edit("delete", "remove the letter behind", change(ed.Delete), "delete", "ctrl+d"),
		edit("kill.word", "cut the word before", change(ed.KillWordLeft), "ctrl+w", "alt+backspace"),
		edit("kill.word.right", "cut the word behind", change(ed.KillWordRight), "alt+d"),
		edit("kill.line", "cut to the beginning of the line", change(ed.KillLine), "ctrl+u"),
		edit("yank", "put back what was cut", change(func() { ed.Yank() }), "ctrl+y"),
	}
}
