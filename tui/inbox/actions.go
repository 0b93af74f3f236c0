package inbox

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// The identifiers of actions that other code names.
const (
	ActReply   = "reply"
	ActNote    = "note"
	ActResolve = "resolve"
	ActOpen    = "open"
	ActSend    = "send"
	ActNewline = "newline"
	ActOut     = "out"
	ActLeave   = "leave"
)

// Actions returns what can be done in the inbox: the one table that dispatch,
// the status line, popups and help read.
func (s *Screen) Actions() []ui.Action {
	var all []ui.Action
	all = append(all, s.conversationActions()...)
	all = append(all, s.assignActions()...)
	all = append(all, s.moveActions()...)
	all = append(all, s.viewActions()...)
	all = append(all, s.writeActions()...)
	return append(all, s.editActions()...)
}

func (s *Screen) conversationActions() []ui.Action {
	const group = "conversation"
	return []ui.Action{
		{
			ID: ActOpen, Keys: []string{"enter", "l", "right"}, Scope: ui.InList, Group: group, Label: "open the conversation", Hint: "open",
			Why: s.needsRow, Do: func() tea.Cmd { return s.openSelected(ui.ThreadPane, false) },
		},
		{
			ID: ActReply, Keys: []string{"r"}, Scope: ui.Nav, Group: group, Label: "reply to the customer", Hint: "reply",
			Why: func() string { return s.may(desk.ActReply) }, Do: func() tea.Cmd { return s.write(false) },
		},
		{
			ID: ActNote, Keys: []string{"n"}, Scope: ui.Nav, Group: group, Label: "write a note that only the team sees", Hint: "note",
			Why: func() string { return s.may(desk.ActNote) }, Do: func() tea.Cmd { return s.write(true) },
		},
		{
			ID: ActResolve, Keys: []string{"e"}, Scope: ui.Nav, Group: group, Label: "resolve, or reopen what is resolved", Hint: "resolve",
			Why: func() string { return s.may(desk.ActResolve) }, Do: s.resolve,
		},
		{
			ID: "undo", Keys: []string{"z"}, Scope: ui.Nav, Group: group, Label: "undo the last resolve, reopen or assign",
			Why: s.nothingToUndo, Do: s.takeBack,
		},
		{
			ID: "customer", Keys: []string{"i"}, Scope: ui.Nav, Group: group, Label: "show the customer", Hint: "customer",
			Why: s.needsRow, Do: s.togglePanel,
		},
		{
			ID: "copy", Keys: []string{"y"}, Scope: ui.Nav, Group: group, Label: "copy the conversation's number",
			Why: s.needsRow, Do: s.copyNumber,
		},
	}
}

func (s *Screen) assignActions() []ui.Action {
	const group = "assign"
	return []ui.Action{
		{
			ID: "assign.me", Keys: []string{"a a"}, Scope: ui.Nav, Group: group, Label: "to me", Hint: "assign",
			Why: func() string { return s.mayAssign(s.me) }, Do: func() tea.Cmd { return s.assign(s.about(), s.me) },
		},
		{
			ID: "assign.nobody", Keys: []string{"a n"}, Scope: ui.Nav, Group: group, Label: "to nobody", Hint: "assign",
			Why: func() string { return s.mayAssign(desk.ID{}) }, Do: func() tea.Cmd { return s.assign(s.about(), desk.ID{}) },
		},
		{
			ID: "assign.other", Keys: []string{"a o"}, Scope: ui.Nav, Group: group, Label: "to a colleague", Hint: "assign",
			Why: func() string { return s.may(desk.ActAssign) }, Do: s.pickColleague,
		},
	}
}

func (s *Screen) moveActions() []ui.Action {
	const group = "move"
	by := func(n int) func() tea.Cmd { return func() tea.Cmd { return s.moveBy(n) } }
	return []ui.Action{
		{ID: "down", Keys: []string{"j", "down"}, Scope: ui.Nav, Group: group, Label: "down", Do: by(1)},
		{ID: "up", Keys: []string{"k", "up"}, Scope: ui.Nav, Group: group, Label: "up", Do: by(-1)},
		{
			ID: "half.down", Keys: []string{"ctrl+d", "pgdown"}, Scope: ui.Nav, Group: group, Label: "half a page down",
			Do: func() tea.Cmd { return s.moveBy(s.page()) },
		},
		{
			ID: "half.up", Keys: []string{"ctrl+u", "pgup"}, Scope: ui.Nav, Group: group, Label: "half a page up",
			Do: func() tea.Cmd { return s.moveBy(-s.page()) },
		},
		{
			ID: "next", Keys: []string{"J", "shift+down"}, Scope: ui.Nav, Group: group, Label: "next that waits for me",
			Do: func() tea.Cmd { return s.seek(1) },
		},
		{
			ID: "previous", Keys: []string{"K", "shift+up"}, Scope: ui.Nav, Group: group, Label: "previous that waits for me",
			Do: func() tea.Cmd { return s.seek(-1) },
		},
		{
			ID: "back", Keys: []string{"h", "left"}, Scope: ui.InThread, Group: group, Label: "back to the list", Hint: "back",
			Do: s.out,
		},
		{ID: "back.customer", Keys: []string{"h", "left"}, Scope: ui.InCustomer, Group: group, Label: "back", Hint: "back", Do: s.out},
		{ID: ActOut, Keys: []string{"esc"}, Scope: ui.Nav, Group: group, Label: "one level out", Do: s.out},
		{
			ID: "pane.next", Keys: []string{"tab"}, Scope: ui.Anywhere, Group: group, Label: "next pane",
			Do: func() tea.Cmd { return s.cycle(1) },
		},
		{
			ID: "pane.previous", Keys: []string{"shift+tab"}, Scope: ui.Anywhere, Group: group, Label: "previous pane",
			Do: func() tea.Cmd { return s.cycle(-1) },
		},
		{
			ID: "pane.1", Keys: []string{"1"}, Scope: ui.Nav, Group: group, Label: "the list",
			Do: func() tea.Cmd { s.focusOn(ui.ListPane); return nil },
		},
		{
			ID: "pane.2", Keys: []string{"2"}, Scope: ui.Nav, Group: group, Label: "the thread",
			Why: s.needsOpen, Do: func() tea.Cmd { s.focusOn(ui.ThreadPane); return nil },
		},
		{ID: "pane.3", Keys: []string{"3"}, Scope: ui.Nav, Group: group, Label: "the customer", Why: s.needsRow, Do: s.toPanel},
	}
}

func (s *Screen) viewActions() []ui.Action {
	const group = "go to"
	to := func(v desk.View) func() tea.Cmd { return func() tea.Cmd { return s.show(v) } }
	return []ui.Action{
		{
			ID: "go.inbox", Keys: []string{"g i"}, Scope: ui.Nav, Group: group, Label: "inbox",
			Do: func() tea.Cmd { s.focusOn(ui.ListPane); return nil },
		},
		{ID: "go.mine", Keys: []string{"g m"}, Scope: ui.Nav, Group: group, Label: "mine", Hint: "go to", Do: to(desk.Mine)},
		{ID: "go.unassigned", Keys: []string{"g u"}, Scope: ui.Nav, Group: group, Label: "unassigned", Hint: "go to", Do: to(desk.Unassigned)},
		{ID: "go.all", Keys: []string{"g a"}, Scope: ui.Nav, Group: group, Label: "all", Hint: "go to", Do: to(desk.All)},
		{ID: "go.resolved", Keys: []string{"g r"}, Scope: ui.Nav, Group: group, Label: "resolved", Hint: "go to", Do: to(desk.Done)},
		{ID: "first", Keys: []string{"g g", "home"}, Scope: ui.Nav, Group: group, Label: "first", Do: s.first},
		{ID: "last", Keys: []string{"g e", "end"}, Scope: ui.Nav, Group: group, Label: "last", Do: s.last},
		{
			ID: "view.next", Keys: []string{"]"}, Scope: ui.Nav, Group: group, Label: "next list",
			Do: func() tea.Cmd { return s.turnView(1) },
		},
		{
			ID: "view.previous", Keys: []string{"["}, Scope: ui.Nav, Group: group, Label: "previous list",
			Do: func() tea.Cmd { return s.turnView(-1) },
		},
	}
}

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

// write gives the keys to the composer, and opens the selected conversation
// before that when the list has them.
func (s *Screen) write(note bool) tea.Cmd {
	if s.focus != ui.ListPane && s.open.thread != nil {
		s.take(ui.ComposePane, note)
		return nil
	}
	return s.openSelected(ui.ComposePane, note)
}

func (s *Screen) turnNote() tea.Cmd {
	s.box.note = !s.box.note
	s.keepDraft(s.open.id)
	s.writing()
	return nil
}

func (s *Screen) scrollThread(by int) tea.Cmd {
	s.pane.Scroll(by * max((s.Plan().Thread.H-2)/2, 1))
	s.looking()
	return s.next()
}

func (s *Screen) toPanel() tea.Cmd {
	if s.focus == ui.CustomerPane {
		return nil
	}
	return s.togglePanel()
}

func (s *Screen) copyNumber() tea.Cmd {
	row := s.about()
	if row == nil {
		return nil
	}
	s.Toasts.Say("copied #" + s.Session.Short(row.ID) + ", if the terminal allows it")
	return tea.SetClipboard(row.ID.String())
}

// pickColleague asks the desk who there is; the answer opens a picker.
func (s *Screen) pickColleague() tea.Cmd {
	row := s.about()
	if row == nil {
		return nil
	}
	id, name, session := row.ID, quoted(row), s.Session
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		accounts, err := session.Accounts(ctx)
		return PickMsg{id, name, accounts, err}
	})
}

// Picker returns what to choose a colleague from.
func (s *Screen) Picker(m PickMsg) *ui.Picker {
	if m.Err != nil {
		s.fail("the colleagues could not be read", m.Err)
		return nil
	}
	p := &ui.Picker{Title: "assign " + m.Name + " to", Empty: "nobody else here answers customers; an admin adds people with: hark user add NAME"}
	for _, a := range m.Accounts {
		if a.ID != s.me && a.May(desk.ActReply) {
			p.Choices = append(p.Choices, ui.Choice{
				Label: safe.Name(a.Display).String(), Note: safe.Name(a.Name).String(), Value: a.ID,
			})
		}
	}
	return p
}

// Picked gives the conversation to the colleague that was chosen.
func (s *Screen) Picked(conversation desk.ID, c ui.Choice) tea.Cmd {
	to, _ := c.Value.(desk.ID)
	return s.assign(s.Session.Row(conversation), to)
}

// The reasons why something cannot be done now.

func (s *Screen) needsRow() string {
	if s.about() == nil {
		return "no conversation is selected"
	}
	return ""
}

func (s *Screen) needsOpen() string {
	if s.pane.Row() == nil {
		return "no conversation is open"
	}
	return ""
}

// may returns why an action of the desk is not for us, or not now.
func (s *Screen) may(a desk.Action) string {
	if s.about() == nil {
		return "no conversation is selected"
	}
	if why := s.Session.Why(a); why != nil {
		return safe.Line(why.Msg).String()
	}
	return ""
}

func (s *Screen) mayAssign(to desk.ID) string {
	row := s.about()
	if row == nil {
		return "no conversation is selected"
	}
	if row.Assignee == to {
		return "it is so already"
	}
	if to == s.me && row.Assignee.IsZero() || to.IsZero() && row.Assignee == s.me {
		return s.may(desk.ActClaim)
	}
	return s.may(desk.ActAssign)
}

func (s *Screen) nothingToUndo() string {
	if len(s.undo) == 0 {
		return "nothing to undo"
	}
	return ""
}

func (s *Screen) nothingToSend() string {
	if s.box.ed.Empty() {
		return "nothing is written yet"
	}
	return ""
}
