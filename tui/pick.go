package tui

import (
	tea "charm.land/bubbletea/v2"

	"hark/tui/inbox"
	"hark/tui/ui"
)

// picks opens the picker that the inbox asks for.
func (r *root) picks(msg tea.Msg) {
	m, ok := msg.(inbox.PickMsg)
	if !ok {
		return
	}
	if p := r.screen.Picker(m); p != nil {
		r.open(ui.Asking(p, func(c ui.Choice) tea.Cmd { return r.screen.Picked(m.Conversation, c) }))
	}
}
