package ui

import tea "charm.land/bubbletea/v2"

// Overlay stands above a screen and takes every key until it is done. It acts
// on nothing itself: what follows from a key is a command.
type Overlay interface {
	// Key takes a key. done says that the overlay is over.
	Key(k tea.KeyPressMsg) (cmd tea.Cmd, done bool)
	// Draw returns the overlay's lines and where they stand within a place of
	// the given size.
	Draw(l *Look, size Size) ([]string, Rect)
	// Cursor returns where the cursor stands in that place, (-1, -1) for
	// nowhere.
	Cursor(l *Look, size Size) (x, y int)
}

// Paster is an overlay in which text can be typed: what is pasted goes there.
type Paster interface{ Paste(text string) }

// Listener is an overlay that waits for the answers of its own commands.
type Listener interface {
	Update(msg tea.Msg) tea.Cmd
}

// Titled is an overlay that says what the mode is called while it is open.
type Titled interface{ Mode() string }

// OpenMsg puts an overlay on top of all.
type OpenMsg struct{ Overlay Overlay }

// Open returns the command that puts an overlay on top of all.
func Open(o Overlay) tea.Cmd { return func() tea.Msg { return OpenMsg{o} } }

// Ask returns the command that opens a picker; then follows what was chosen.
func Ask(p *Picker, then func(Choice) tea.Cmd) tea.Cmd { return Open(Asking(p, then)) }

// Asking is a picker as an overlay.
func Asking(p *Picker, then func(Choice) tea.Cmd) Overlay { return &asking{p, then} }

type asking struct {
	*Picker
	then func(Choice) tea.Cmd
}

// Key gives the key to the picker.
func (a *asking) Key(k tea.KeyPressMsg) (tea.Cmd, bool) {
	chosen, done := a.Picker.Key(k)
	if chosen == nil {
		return nil, done
	}
	return a.then(*chosen), done
}

// Middle returns the place of a box in the middle of another.
func Middle(w, h int, size Size) Rect {
	return Rect{max((size.W-w)/2, 0), max((size.H-h)/2, 0), w, h}
}
