package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/ui"
)

// sortActions are what brings order into conversations; each of them is about
// the marked ones where there are any.
func (s *Screen) sortActions() []ui.Action {
	const group = "sort"
	maySort := func() string { return s.mayAll(desk.ActSort) }
	return []ui.Action{
		{ID: "snooze", Keys: []string{"b"}, Scope: ui.Nav, Group: group, Label: "snooze: back later", Hint: "snooze", Why: maySort, Do: s.pickSnooze},
		{ID: "tag", Keys: []string{"t"}, Scope: ui.Nav, Group: group, Label: "tag, or take a tag off", Hint: "tag", Why: maySort, Do: s.pickTag},
		{ID: "priority", Keys: []string{"p"}, Scope: ui.Nav, Group: group, Label: "set the priority", Why: maySort, Do: s.pickPriority},
		{ID: "unread", Keys: []string{"u"}, Scope: ui.Nav, Group: group, Label: "make unread", Why: s.notUnread, Do: s.markUnread},
		{
			ID: "mark", Keys: []string{"x"}, Scope: ui.InList, Group: group, Label: "mark, and unmark", Hint: "mark",
			Why: s.needsRow, Do: s.mark,
		},
		{ID: "mark.range", Keys: []string{"X"}, Scope: ui.InList, Group: group, Label: "mark up to here", Why: s.needsRow, Do: s.markRange},
	}
}

// matterActions change what belongs to which conversation.
func (s *Screen) matterActions() []ui.Action {
	const group = "matter"
	return []ui.Action{
		{
			ID: "merge", Keys: []string{"m m"}, Scope: ui.Nav, Group: group, Label: "merge with another one", Hint: "merge, split",
			Why: s.cannotMerge, Do: s.pickMerge,
		},
		{
			ID: "split", Keys: []string{"m s"}, Scope: ui.Nav, Group: group, Label: "split messages off",
			Why: s.cannotSplit, Do: s.split,
		},
		{
			ID: "move", Keys: []string{"m v"}, Scope: ui.Nav, Group: group, Label: "move messages",
			Why: s.cannotMoveItems, Do: s.pickMove,
		},
		{
			ID: "queue", Keys: []string{"m q"}, Scope: ui.Nav, Group: group, Label: "into another queue",
			Why: func() string { return s.mayAll(desk.ActSort) }, Do: s.pickQueue,
		},
		{
			ID: "choose", Keys: []string{"x", "space"}, Scope: ui.InThread, Group: group, Label: "choose messages to split or move",
			Why: s.cannotChoose, Do: s.choose,
		},
		{
			ID: "unfold", Keys: []string{"v"}, Scope: ui.Nav, Group: group, Label: "unfold what was merged into this",
			Why: s.nothingMerged, Do: s.unfold,
		},
		{
			ID: "things", Keys: []string{"o"}, Scope: ui.Nav, Group: group, Label: "open a link, open or save a file",
			Why: s.needsOpen, Do: s.pickThing,
		},
		{ID: "join.accept", Keys: []string{"m y"}, Scope: ui.Nav, Group: group, Label: "join what may belong together", Why: s.noJoin, Do: s.acceptJoin},
		{ID: "join.decline", Keys: []string{"m n"}, Scope: ui.Nav, Group: group, Label: "keep apart what does not", Why: s.noJoin, Do: s.declineJoin},
	}
}

// offerActions answer what comes by itself, by a chord that nobody types by
// accident, and say how the person is there.
func (s *Screen) offerActions() []ui.Action {
	const group = "offer"
	return []ui.Action{
		{ID: ActAccept, Keys: []string{"ctrl+o a"}, Scope: ui.Anywhere, Group: group, Label: "accept", Why: s.noOffer, Do: s.accept},
		{ID: ActDecline, Keys: []string{"ctrl+o d"}, Scope: ui.Anywhere, Group: group, Label: "decline", Why: s.noOffer, Do: s.decline},
		{ID: ActLook, Keys: []string{"ctrl+o l"}, Scope: ui.Anywhere, Group: group, Label: "look first", Why: s.noOffer, Do: s.lookAt},
		{ID: "presence", Keys: []string{"g p"}, Scope: ui.Nav, Group: "go to", Label: "your presence", Do: s.pickPresence},
	}
}

// searchActions find conversations.
func (s *Screen) searchActions() []ui.Action {
	const group = "go to"
	found := func(by int) func() tea.Cmd { return func() tea.Cmd { return s.nextFound(by) } }
	return []ui.Action{
		{ID: ActSearch, Keys: []string{"/"}, Scope: ui.Nav, Group: group, Label: "search", Hint: "search", Do: s.search},
		{ID: "found.next", Keys: []string{"n"}, Scope: ui.InFound, Group: group, Label: "next that was found", Hint: "next", Do: found(1)},
		{ID: "found.previous", Keys: []string{"N"}, Scope: ui.InFound, Group: group, Label: "previous that was found", Do: found(-1)},
		{ID: "go.views", Keys: []string{"g v"}, Scope: ui.Nav, Group: group, Label: "saved views", Do: s.pickView},
	}
}
