package tui

import (
	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

// chord is a prefix that waits for its second key.
type chord struct {
	prefix string
	open   bool // the popup is shown
	gen    int
}

// helpHint is how the status line names help.
const helpHint = "help"

// keymap returns the table of everything that keys do.
func keymap(r *root) *ui.Keymap {
	m, err := ui.NewKeymap(append(r.screen.Actions(), r.actions()...))
	if err != nil {
		panic("tui: the key table contradicts itself: " + err.Error()) // a test holds it
	}
	return m
}

// actions are what can be done on any screen.
func (r *root) actions() []ui.Action {
	const group = "console"
	return []ui.Action{
		{ID: "help", Keys: []string{"?"}, Scope: ui.Nav, Group: group, Label: "help for where you are", Hint: helpHint, Do: r.openHelp},
		{ID: "help.anywhere", Keys: []string{"f1"}, Scope: ui.Anywhere, Group: group, Label: "help for where you are", Hint: helpHint, Do: r.openHelp},
		{
			ID: "redraw", Keys: []string{"ctrl+l"}, Scope: ui.Anywhere, Group: group, Label: "draw the screen again",
			Do: func() tea.Cmd { return tea.ClearScreen },
		},
		{
			ID: "quit", Keys: []string{"ctrl+c"}, Scope: ui.Anywhere, Group: group, Label: "close the console, pressed twice",
			Do: r.quitting,
		},
	}
}

// key sends a key where it belongs: the overlay on top, the second half of a
// chord, the pane that has the focus, what holds anywhere.
func (r *root) key(k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	if name == "alt+esc" {
		name = "esc" // twice, faster than the terminal tells apart
	}
	if name != "ctrl+c" {
		r.quit = 0
	}
	r.seen(k)
	switch {
	case name == "ctrl+c":
		r.help, r.picker, r.chord = nil, nil, chord{}
		return r.quitting()
	case r.picker != nil:
		return r.pick(k)
	case r.help != nil:
		r.helpKey(name)
		return nil
	case r.chord.prefix != "":
		return r.second(name)
	}
	scopes := r.screen.Scopes()
	if r.keys.Prefix(name, scopes...) {
		r.gen++
		r.chord = chord{prefix: name, gen: r.gen}
		if r.look.Still {
			r.chord.open = true
			return nil
		}
		return prefixTimer(r.gen)
	}
	if a := r.keys.Find(name, scopes...); a != nil {
		return r.do(a)
	}
	if r.screen.Writing() && k.Text != "" {
		r.screen.Type(k)
	}
	return nil
}

// seen takes a message away that a key shows to have been read. Who goes on
// typing has not read what went wrong.
func (r *root) seen(k tea.KeyPressMsg) {
	if r.look.Still {
		r.toasts.Clear() // nothing else takes it away
	}
	if !r.screen.Writing() || k.Text == "" {
		r.toasts.Key()
	}
}

// do runs an action, or says why it cannot be done.
func (r *root) do(a *ui.Action) tea.Cmd {
	if why := a.Refusal(); why != "" {
		r.toasts.Say(why)
		return nil
	}
	return a.Do()
}

// second takes the key behind a prefix.
func (r *root) second(name string) tea.Cmd {
	prefix := r.chord.prefix
	if name == "?" {
		r.chord.open = true
		return nil
	}
	r.chord = chord{}
	if name == "esc" {
		return nil
	}
	if a := r.keys.Find(prefix+" "+name, r.screen.Scopes()...); a != nil {
		return r.do(a)
	}
	r.toasts.Say(prefix + " " + name + " does nothing; " + prefix + " ? shows what does")
	return nil
}

func (r *root) pick(k tea.KeyPressMsg) tea.Cmd {
	chosen, done := r.picker.Key(k)
	if !done {
		return nil
	}
	about := r.picker.conversation
	r.picker = nil
	if chosen == nil {
		return nil
	}
	return r.screen.Picked(about, *chosen)
}

func (r *root) openHelp() tea.Cmd {
	var shown []*ui.Action
	seen := map[string]bool{}
	for _, scope := range r.screen.Scopes() {
		for _, a := range r.keys.In(scope) {
			if !seen[a.Label] {
				shown = append(shown, a)
			}
			seen[a.Label] = true
		}
	}
	r.help = &ui.Help{Actions: byGroup(shown), Notices: r.notices, Where: r.screen.Where()}
	return nil
}

// byGroup puts actions of a group together, groups in the order in which they
// come first.
func byGroup(actions []*ui.Action) []*ui.Action {
	var out []*ui.Action
	done := map[string]bool{}
	for _, first := range actions {
		if done[first.Group] {
			continue
		}
		done[first.Group] = true
		for _, a := range actions {
			if a.Group == first.Group {
				out = append(out, a)
			}
		}
	}
	return out
}

func (r *root) helpKey(name string) {
	half := max(r.win.H/2, 1)
	switch name {
	case "j", "down":
		r.help.Scroll(1)
	case "k", "up":
		r.help.Scroll(-1)
	case "ctrl+d", "pgdown", "space":
		r.help.Scroll(half)
	case "ctrl+u", "pgup":
		r.help.Scroll(-half)
	case "esc", "?", "q", "f1", "enter":
		r.help = nil
	}
}

// quitting closes the console when it is asked for twice; the first time it
// says what that means.
func (r *root) quitting() tea.Cmd {
	if r.quit != 0 {
		return tea.Quit
	}
	r.gen++
	r.quit = r.gen
	leaving := "the desk stays open"
	if len(r.opts.Leaving) > 0 {
		leaving = notices([]string{r.opts.Leaving})[0]
	}
	r.toasts.Say("ctrl+c again closes the console: drafts are kept, " + leaving)
	return quitTimer(r.gen)
}
