package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/desk"
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
	ActAccept  = "offer.accept"
	ActDecline = "offer.decline"
	ActLook    = "offer.look"
	ActSearch  = "search"
	ActCanned  = "canned"

	ActReplyAll      = "reply.all"
	ActForward       = "forward"
	ActNewMail       = "mail.new"
	ActLetterSend    = "letter.send"
	ActLetterNewline = "letter.newline"
	ActSwitch        = "channel"
)

// Actions returns what can be done in the inbox: the one table that dispatch,
// the status line, popups and help read.
func (s *Screen) Actions() []ui.Action {
	var all []ui.Action
	all = append(all, s.conversationActions()...)
	all = append(all, s.mailActions()...)
	all = append(all, s.sortActions()...)
	all = append(all, s.matterActions()...)
	all = append(all, s.assignActions()...)
	all = append(all, s.offerActions()...)
	all = append(all, s.searchActions()...)
	all = append(all, s.moveActions()...)
	all = append(all, s.viewActions()...)
	all = append(all, s.letterActions()...)
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
			Why: func() string { return s.mayAll(desk.ActResolve) }, Do: s.resolve,
		},
		{
			ID: "undo", Keys: []string{"z"}, Scope: ui.Nav, Group: group, Label: "undo the last change",
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
			Why: func() string { return s.mayAssign(s.me) }, Do: func() tea.Cmd { return s.assign(s.me) },
		},
		{
			ID: "assign.nobody", Keys: []string{"a n"}, Scope: ui.Nav, Group: group, Label: "to nobody", Hint: "assign",
			Why: func() string { return s.mayAssign(desk.ID{}) }, Do: func() tea.Cmd { return s.assign(desk.ID{}) },
		},
		{
			ID: "assign.other", Keys: []string{"a o"}, Scope: ui.Nav, Group: group, Label: "to a colleague", Hint: "assign",
			Why: func() string { return s.mayAll(desk.ActAssign) }, Do: s.pickAssignee,
		},
		{
			ID: "assign.draft", Keys: []string{"a d"}, Scope: ui.Nav, Group: group, Label: "hand your draft on",
			Why: s.noDraft, Do: s.handDraft,
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
		{
			ID: "past", Keys: []string{"enter", "l", "right"}, Scope: ui.InCustomer, Group: group, Label: "open the past conversation", Hint: "open",
			Why: s.noPast, Do: s.openPast,
		},
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
		{ID: "go.quarantine", Keys: []string{"g x"}, Scope: ui.Nav, Group: group, Label: "quarantine", Why: s.noAccounts, Do: s.openQuarantine},
		{ID: "go.mailboxes", Keys: []string{"g d"}, Scope: ui.Nav, Group: group, Label: "mailboxes", Do: s.openMailboxes},
	}
}
