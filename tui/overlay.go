package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

// top returns the overlay that has the keys, or nil.
func (r *root) top() ui.Overlay {
	if len(r.overlays) == 0 {
		return nil
	}
	return r.overlays[len(r.overlays)-1]
}

// overlaid reports whether something lies over the screen, of the console or
// of the screen itself.
func (r *root) overlaid() bool { return len(r.overlays) > 0 || r.screen.Overlaid() }

// open puts an overlay on top.
func (r *root) open(o ui.Overlay) {
	r.chord = chord{}
	r.overlays = append(r.overlays, o)
}

// closeAll takes everything away that lies over the screen.
func (r *root) closeAll() {
	r.overlays, r.chord = nil, chord{}
	r.screen.CloseOverlay()
}

// overlayKey gives a key to the overlay on top.
func (r *root) overlayKey(o ui.Overlay, k tea.KeyPressMsg) tea.Cmd {
	cmd, done := o.Key(k)
	if done {
		r.overlays = slices.DeleteFunc(r.overlays, func(have ui.Overlay) bool { return have == o })
	}
	return cmd
}

// listen hands a message to the overlays that wait for one.
func (r *root) listen(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for _, o := range r.overlays {
		if l, ok := o.(ui.Listener); ok {
			cmds = append(cmds, l.Update(msg))
		}
	}
	return tea.Batch(cmds...)
}

// behind is the last picture with an overlay over it, and what it was made of.
type behind struct {
	lines []string
	box   []string
	at    ui.Rect
	look  *ui.Look
	out   []string
}

// over lays the overlay on top over the screen.
func (r *root) over(o ui.Overlay, lines []string, size ui.Size) []string {
	box, at := o.Draw(r.look, size)
	if at.X == 0 && at.Y == 0 && at.W == size.W && at.H == size.H {
		return box
	}
	b := &r.behind
	if b.out == nil || !same(b.lines, lines) || !slices.Equal(b.box, box) || b.at != at || b.look != r.look {
		*b = behind{lines, box, at, r.look, r.look.Over(lines, box, at.X, at.Y, at.W, size.W)}
	}
	return b.out
}
