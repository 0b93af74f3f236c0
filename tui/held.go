package tui

import (
	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

// heldMost is how many keys may wait while a conversation is being opened. It
// takes a stuck disk and a long answer to need more.
const heldMost = 4096

// input takes what is typed and pasted. What comes while a conversation is
// being opened waits for it, so that whoever types fast types the same as
// whoever waits: "enter, r, hello" must not lose the r and take the hello for
// commands.
func (r *root) input(msg tea.Msg) tea.Cmd {
	if !r.screen.Opening() || r.overlaid() || leaves(msg) {
		r.held = nil
		return r.take(msg)
	}
	if len(r.held) < heldMost {
		r.held = append(r.held, msg)
	}
	return nil
}

// leaves reports whether a key leads out of the wait.
func leaves(msg tea.Msg) bool {
	k, ok := msg.(tea.KeyPressMsg)
	return ok && (k.String() == "esc" || k.String() == "ctrl+c")
}

func (r *root) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return r.key(msg)
	case tea.PasteMsg:
		r.paste(msg.Content)
	}
	return nil
}

// release gives the keys that waited to the conversation that was opened. When
// it could not be opened they mean nothing any more.
func (r *root) release() tea.Cmd {
	if len(r.held) == 0 || r.screen.Opening() {
		return nil
	}
	if r.screen.Scopes()[0] == ui.InList {
		r.held = nil
		return nil
	}
	var cmds []tea.Cmd
	for len(r.held) > 0 && !r.screen.Opening() {
		msg := r.held[0]
		r.held = r.held[1:]
		cmds = append(cmds, r.take(msg))
	}
	return tea.Batch(cmds...)
}
