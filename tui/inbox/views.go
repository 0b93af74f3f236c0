package inbox

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// views in the order in which [ and ] walk through them; saved ones follow.
func views() []desk.View { return []desk.View{desk.Mine, desk.Unassigned, desk.All, desk.Done} }

// sources returns everything that [ and ] walk through.
func (s *Screen) sources() []source {
	var all []source
	for _, v := range views() {
		all = append(all, source{view: v})
	}
	for _, v := range s.Session.Views() {
		all = append(all, source{view: desk.All, query: v.Query, name: v.Name})
	}
	return all
}

// show goes to a view of the list.
func (s *Screen) show(v desk.View) tea.Cmd { return s.goTo(source{view: v}) }

// goTo goes to a list. Marks belong to the one that is left.
func (s *Screen) goTo(from source) tea.Cmd {
	s.focusOn(ui.ListPane)
	s.clearMarks()
	s.list.searching = from.finds() && from.name == ""
	s.list.show(from)
	return nil
}

// turnView goes to the next list in a direction; from a search to the first.
func (s *Screen) turnView(by int) tea.Cmd {
	all := s.sources()
	at := -1
	for i, src := range all {
		if src == s.list.source {
			at = i
		}
	}
	if at < 0 && by > 0 {
		return s.goTo(all[0])
	}
	return s.goTo(all[(max(at, 0)+by+len(all))%len(all)])
}

// pickView asks for a saved view, and offers to save the search at hand.
func (s *Screen) pickView() tea.Cmd {
	var choices []ui.Choice
	for _, v := range s.Session.Views() {
		choices = append(choices, ui.Choice{Label: safe.Name(v.Name).String(), Note: safe.Line(v.Query).String(), Value: v})
	}
	c := &chooser{
		title: "saved views", choices: choices,
		empty:    "no saved views yet: search with /, then come back here and type a name",
		dropHint: "delete takes one away",
		drop:     s.dropView,
		done:     s.viewChosen,
	}
	if s.list.finds() {
		c.title = "saved views (type a name to save this search)"
		c.other = func(typed string) (ui.Choice, bool) { return s.newView(typed) }
	}
	return s.ask(c)
}

// newView offers to save the search at hand under the typed name.
func (s *Screen) newView(typed string) (ui.Choice, bool) {
	if strings.TrimSpace(typed) == "" {
		return ui.Choice{}, false
	}
	v := desk.SavedView{Name: typed, Query: s.list.query}
	return ui.Choice{
		Label: `save this search as "` + safe.Name(typed).String() + `"`, Note: safe.Line(v.Query).String(), Value: saving(v),
	}, true
}

// saving is a view that is to be saved.
type saving desk.SavedView

func (s *Screen) viewChosen(c ui.Choice) tea.Cmd {
	switch v := c.Value.(type) {
	case desk.SavedView:
		return s.goTo(source{view: desk.All, query: v.Query, name: v.Name})
	case saving:
		return s.saveView(desk.SavedView(v))
	}
	return nil
}

// saveView gives the search at hand a name.
func (s *Screen) saveView(v desk.SavedView) tea.Cmd {
	session, shown := s.Session, `"`+safe.Name(v.Name).String()+`"`
	old, had := findView(session.Views(), v.Name)
	back := func(ctx context.Context) error {
		if had {
			return session.SaveView(ctx, old.Name, old.Query)
		}
		return session.RemoveView(ctx, v.Name)
	}
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		if err := session.SaveView(ctx, v.Name, v.Query); err != nil {
			return doneMsg{err: err}
		}
		return doneMsg{
			said: "Saved the view " + shown, undo: undo{what: "saved the view " + shown, do: back},
			then: func() tea.Cmd { return s.goTo(source{view: desk.All, query: v.Query, name: v.Name}) },
		}
	})
}

// dropView takes a saved view away.
func (s *Screen) dropView(c ui.Choice) tea.Cmd {
	v, ok := c.Value.(desk.SavedView)
	if !ok {
		return nil
	}
	session, shown := s.Session, `"`+safe.Name(v.Name).String()+`"`
	return s.act("Took the view "+shown+" away",
		func(ctx context.Context) error { return session.RemoveView(ctx, v.Name) },
		undo{what: "took the view " + shown + " away", do: func(ctx context.Context) error { return session.SaveView(ctx, v.Name, v.Query) }})
}

func findView(all []desk.SavedView, name string) (desk.SavedView, bool) {
	for _, v := range all {
		if strings.EqualFold(v.Name, name) {
			return v, true
		}
	}
	return desk.SavedView{}, false
}
