package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/palette"
	"hark/tui/safe"
)

var _ palette.Source = (*Screen)(nil)

// Commands offers what has names of its own: tags, saved views, queues, how the
// person is there.
func (s *Screen) Commands() []palette.Item {
	items := s.tagCommands()
	for _, v := range s.Session.Views() {
		items = append(items, palette.Item{
			ID: "view:" + v.Name, Label: "Go to view: " + safe.Name(v.Name).String(), Note: s.look.Bound["go.views"],
			More: safe.Line(v.Query).String(),
			Do:   func() tea.Cmd { return s.goTo(source{view: desk.All, query: v.Query, name: v.Name}) },
		})
	}
	for _, q := range s.Session.Queues() {
		items = append(items, palette.Item{
			ID: "queue:" + q.Queue.Name, Label: "Move into queue: " + queueTitle(q), Note: s.look.Bound["queue"],
			Why: s.mayAll(desk.ActSort), Do: func() tea.Cmd { return s.enqueue(q.Queue.Name, queueTitle(q)) },
		})
	}
	for _, p := range presences() {
		items = append(items, palette.Item{
			ID: "presence:" + p.Label, Label: "Be " + p.Label, Note: s.look.Bound["presence"], More: "presence " + p.Note,
			Do: func() tea.Cmd { return s.presenceChosen(p) },
		})
	}
	return items
}

// tagCommands offers each tag of the desk for what is at hand.
func (s *Screen) tagCommands() []palette.Item {
	why := s.mayAll(desk.ActSort)
	rows := s.targets()
	var items []palette.Item
	for _, tag := range s.Session.Tags() {
		label := "Tag: "
		on := len(rows) == 0 || !hasTag(rows, tag)
		if !on {
			label = "Take off the tag: "
		}
		items = append(items, palette.Item{
			ID: "tag:" + tag, Label: label + safe.Name(tag).String(), Note: s.look.Bound["tag"], Why: why,
			Do: func() tea.Cmd { return s.tag(tag, on) },
		})
	}
	return items
}
