package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"hark/tui/inbox"
	"hark/tui/settings"
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

// table returns everything that keys do, for a screen.
func (r *root) table() []ui.Action {
	all := append(r.screen.Actions(), r.actions()...)
	for i := range all {
		if all[i].ID == inbox.ActLeave || all[i].ID == inbox.ActOut {
			all[i].Needed = true // nothing else leads out
		}
	}
	return all
}

// rekey makes the table of keys anew, with the person's way of sending and the
// desk's own keys in it, and returns what is wrong with those.
func (r *root) rekey() []ui.KeyProblem {
	table := r.table()
	if r.book().Value(settings.EnterSends) == settings.Off {
		table = enterIsNewLine(table)
	}
	bound, problems := ui.Rebind(table, r.opts.Keys)
	m, err := ui.NewKeymap(bound)
	if err != nil {
		problems = append(problems, ui.KeyProblem{ID: "keys", Wrong: err.Error()})
		m, err = ui.NewKeymap(table)
	}
	if err != nil {
		panic("tui: the key table contradicts itself: " + err.Error()) // a test holds it
	}
	r.keys = m
	r.relook()
	return problems
}

// enterIsNewLine returns a table in which enter does not send.
func enterIsNewLine(table []ui.Action) []ui.Action {
	without := func(keys []string) []string {
		return slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return k == "enter" })
	}
	for i := range table {
		switch table[i].ID {
		case inbox.ActSend:
			table[i].Keys = append(without(table[i].Keys), "ctrl+enter")
		case inbox.ActNewline:
			table[i].Keys = append([]string{"enter"}, without(table[i].Keys)...)
		}
	}
	return table
}

// actions are what can be done on any screen.
func (r *root) actions() []ui.Action {
	const group = "console"
	return []ui.Action{
		{ID: "palette", Keys: []string{"ctrl+k"}, Scope: ui.Anywhere, Group: group, Label: "find any command, conversation or setting", Hint: "commands", Do: r.openPalette},
		{ID: "palette.nav", Keys: []string{":"}, Scope: ui.Nav, Group: group, Label: "find any command, conversation or setting", Hint: "commands", Do: r.openPalette},
		{ID: "help", Keys: []string{"?"}, Scope: ui.Nav, Group: group, Label: "help for where you are", Hint: helpHint, Do: r.openHelp},
		{ID: "help.anywhere", Keys: []string{"f1"}, Scope: ui.Anywhere, Group: group, Label: "help for where you are", Hint: helpHint, Do: r.openHelp},
		{
			ID: "settings", Keys: []string{"g s"}, Scope: ui.Nav, Group: "go to", Label: "settings",
			Do: func() tea.Cmd { return r.openSettings("") },
		},
		{ID: "notifications", Keys: []string{"g n"}, Scope: ui.Nav, Group: "go to", Label: "notifications", Do: r.openHistory},
		{
			ID: redraw, Keys: []string{"ctrl+l"}, Scope: ui.Anywhere, Group: group, Label: "draw the screen again",
			Do: func() tea.Cmd { return tea.ClearScreen },
		},
		{
			ID: "suspend", Keys: []string{"ctrl+z"}, Scope: ui.Anywhere, Group: group, Label: "put the console into the background of the shell",
			Why: r.cannotSuspend, Do: r.suspend,
		},
		{
			ID: "quit", Keys: []string{"ctrl+c"}, Scope: ui.Anywhere, Group: group, Label: "close the console, pressed twice",
			Fixed: true, Do: r.quitting,
		},
	}
}

// redraw is the action that works above every overlay too.
const redraw = "redraw"

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
		r.closeAll()
		return r.quitting()
	case r.overlaid() && r.redraws(name):
		return tea.ClearScreen
	case r.top() != nil:
		return r.overlayKey(r.top(), k)
	case r.screen.Overlaid():
		return r.screen.OverlayKey(k)
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
		return r.screen.Type(k)
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

func (r *root) redraws(name string) bool {
	a := r.keys.Find(name, ui.Anywhere)
	return a != nil && a.ID == redraw
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
	r.open(&ui.Help{Actions: byGroup(shown), Notices: r.notices, Where: r.screen.Where()})
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
