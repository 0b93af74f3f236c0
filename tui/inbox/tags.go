package inbox

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// pickTag lays the tags over the screen: those that are in use, those that the
// conversation has, and the typed word as a new one.
func (s *Screen) pickTag() tea.Cmd {
	rows := s.targets()
	if len(rows) == 0 {
		return nil
	}
	var choices []ui.Choice
	for _, tag := range s.tagsInUse(rows) {
		note := ""
		if hasTag(rows, tag) {
			note = s.look.Glyphs.Done + " on it; enter takes it off"
		}
		choices = append(choices, ui.Choice{Label: safe.Name(tag).String(), Note: note, Value: tag})
	}
	return s.ask(&chooser{
		title: "tag " + s.nameOf(rows), choices: choices, empty: "no tags yet: type a new one",
		other: func(typed string) (ui.Choice, bool) { return newTag(choices, typed) },
		done: func(c ui.Choice) tea.Cmd {
			tag, _ := c.Value.(string)
			return s.tag(tag, !hasTag(rows, tag))
		},
	})
}

// nameOf names what an act is about.
func (s *Screen) nameOf(rows []*desk.Conversation) string {
	if len(rows) == 1 {
		return quoted(rows[0])
	}
	return plural(len(rows), "conversation")
}

// hasTag reports whether every conversation has the tag.
func hasTag(rows []*desk.Conversation, tag string) bool {
	for _, row := range rows {
		if !slices.Contains(row.Tags, tag) {
			return false
		}
	}
	return true
}

// tagsInUse returns the tags of the conversations, then the others of the desk.
func (s *Screen) tagsInUse(rows []*desk.Conversation) []string {
	var tags []string
	for _, row := range rows {
		for _, t := range row.Tags {
			if !slices.Contains(tags, t) {
				tags = append(tags, t)
			}
		}
	}
	for _, t := range s.Session.Tags() {
		if !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	return tags
}

// newTag offers the typed word as a tag that nobody has used yet.
func newTag(known []ui.Choice, typed string) (ui.Choice, bool) {
	tag, err := desk.ParseTag(strings.Join(strings.Fields(typed), "-"))
	if err != nil || slices.ContainsFunc(known, func(c ui.Choice) bool { return c.Value == tag }) {
		return ui.Choice{}, false
	}
	return ui.Choice{Label: "new tag: " + safe.Name(tag).String(), Value: tag}, true
}
