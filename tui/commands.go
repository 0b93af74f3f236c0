package tui

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/inbox"
	"hark/tui/palette"
	"hark/tui/safe"
	"hark/tui/settings"
	"hark/tui/ui"
)

// openPalette opens the list of everything.
func (r *root) openPalette() tea.Cmd {
	sources := []palette.Source{
		palette.SourceFunc(r.tableCommands), r.screen, palette.SourceFunc(r.cannedCommands),
		palette.SourceFunc(r.colleagueCommands), palette.SourceFunc(r.settingCommands),
	}
	refused := func(why string) tea.Cmd { r.toasts.Say(why); return nil }
	r.open(palette.New(r.ctx, sources, r.finder(), &r.recent, refused))
	return nil
}

// tableCommands offers every action of the table, those of this place first.
func (r *root) tableCommands() []palette.Item {
	scopes := r.screen.Scopes()
	var here, elsewhere []palette.Item
	seen := map[string]bool{}
	for i := range r.keys.All() {
		a := &r.keys.All()[i]
		if name := title(a); a.ID == "palette" || a.ID == "palette.nav" || seen[name] {
			continue
		} else if out := r.outside(a, scopes); out == "" {
			seen[name] = true
			here = append(here, r.command(a, a.Refusal()))
		} else {
			elsewhere = append(elsewhere, r.command(a, out))
		}
	}
	for _, it := range elsewhere {
		if !seen[it.Label] {
			seen[it.Label] = true
			here = append(here, it)
		}
	}
	return here
}

// command offers an action. Whether it can be done is asked again when it is
// chosen: something may have happened since.
func (r *root) command(a *ui.Action, why string) palette.Item {
	return palette.Item{
		ID: "action:" + a.ID, Label: title(a), Note: a.Key(), More: a.ID + " " + a.Hint,
		Why: why, Weak: a.Group == "edit" || a.Group == "move",
		Do: func() tea.Cmd { return r.do(a) },
	}
}

// outside returns why an action means nothing where the person is. What can be
// done while navigating can be done from the composer too: that is what the
// palette is for there.
func (r *root) outside(a *ui.Action, scopes []ui.Scope) string {
	if a.Scope == ui.Anywhere || a.Scope == ui.Nav {
		return ""
	}
	for _, s := range scopes {
		if s == a.Scope {
			return ""
		}
	}
	return "only " + a.Scope.String()
}

// title returns how an action is called where it stands alone: with its group,
// where the label needs that to be understood.
func title(a *ui.Action) string {
	label := a.Label
	switch a.Group {
	case "assign", "offer", "matter", "go to", "move", "edit":
		label = a.Group + ": " + label
	}
	first, size := utf8.DecodeRuneInString(label)
	return string(unicode.ToUpper(first)) + label[size:]
}

// settingCommands offers each setting.
func (r *root) settingCommands() []palette.Item {
	var out []palette.Item
	book := r.book()
	key := r.look.Bound["settings"]
	for _, s := range settings.All() {
		out = append(out, palette.Item{
			ID: "setting:" + s.Name, Label: "Settings: " + strings.ToLower(s.Label) + ", now " + book.Value(s.Name), Note: key,
			More: s.Name + " " + strings.Join(s.Values, " "), Do: func() tea.Cmd { return r.openSettings(s.Name) },
		})
	}
	return out
}

// cannedCommands offers each prepared reply.
func (r *root) cannedCommands() []palette.Item {
	if r.opts.Canned == nil {
		return nil
	}
	why := ""
	if !r.screen.Writing() {
		why = "only writing"
	}
	var out []palette.Item
	for _, c := range r.opts.Canned() {
		out = append(out, palette.Item{
			ID: "canned:" + c.Name, Label: "Insert canned reply: " + safe.Line(c.Title).String(), Note: r.look.Bound["canned"],
			More: safe.Line(c.Name).String(), Why: why, Do: func() tea.Cmd { return r.screen.InsertCanned(c.Name) },
		})
	}
	return out
}

// colleagueCommands offers what each colleague has.
func (r *root) colleagueCommands() []palette.Item {
	var out []palette.Item
	for _, a := range r.session.Who() {
		handle := safe.Name(a.Account.Name).String()
		query := "to:" + a.Account.Name
		out = append(out, palette.Item{
			ID: "agent:" + a.Account.ID.String(), Label: "Conversations of " + safe.Name(a.Account.Display).String(),
			Note: string(a.Presence), More: "agent colleague " + handle, Do: func() tea.Cmd { return r.screen.SearchFor(query) },
		})
	}
	return out
}

// findMost is how many conversations the palette shows.
const findMost = 20

// finder looks for conversations, and offers to show all that the desk finds.
// It runs beside the screen and reads nothing of it.
func (r *root) finder() palette.Finder {
	session, screen := r.session, r.screen
	key := r.look.Bound[inbox.ActSearch]
	return func(ctx context.Context, query string) []palette.Item {
		out := []palette.Item{{
			ID: "search", Label: `Search: "` + safe.Line(query).String() + `" in all conversations`, Note: key, Weak: true,
			Do: func() tea.Cmd { return screen.SearchFor(query) },
		}}
		win, err := session.Search(query, 0, findMost)
		if err != nil || ctx.Err() != nil {
			return out
		}
		for _, row := range win.Rows {
			out = append(out, palette.Item{
				ID: "conversation:" + row.ID.String(), Label: conversation(row), Note: "#" + session.Short(row.ID),
				Do: func() tea.Cmd { return screen.Open(row.ID) },
			})
		}
		return out
	}
}

// conversation names a conversation by who writes and the last words.
func conversation(row *desk.Conversation) string {
	name := safe.Name(row.Name).String()
	about := row.Last
	if row.Subject != "" && row.LastChannel() == desk.Email {
		about = row.Subject
	}
	if words := safe.Line(about).String(); words != "" {
		return name + ": " + words
	}
	return name
}
