package inbox

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/when"
	"hark/tui/ui"
)

// presences says what each presence means.
func presences() []ui.Choice {
	return []ui.Choice{
		{Label: "available", Note: "conversations are offered to you", Value: desk.Available},
		{Label: "busy", Note: "you keep yours, nothing new comes", Value: desk.Busy},
		{Label: "wrap-up", Note: "nothing new for 5 minutes", Value: desk.WrapUp},
		{Label: "away", Note: "nothing new comes", Value: desk.Away},
	}
}

// wrapUpFor is how long finishing what was lasts when nothing else is said.
const wrapUpFor = 5 * time.Minute

// pickPresence asks how the person is there. What is typed behind a presence
// says until when: "away 14:00".
func (s *Screen) pickPresence() tea.Cmd {
	choices := presences()
	for i := range choices {
		if string(choices[i].Value.(desk.Presence)) == s.Presence() {
			choices[i].Note = "now"
		}
	}
	return s.ask(&chooser{
		title: `how are you there? ("away 14:00" ends by itself)`, choices: choices,
		other: func(typed string) (ui.Choice, bool) { return s.presenceUntil(typed) },
		done:  s.presenceChosen,
	})
}

// until is a presence that ends by itself.
type until struct {
	desk.Presence
	at time.Time
}

// presenceUntil reads "away 14:00".
func (s *Screen) presenceUntil(typed string) (ui.Choice, bool) {
	now := time.Now().In(s.look.Zone)
	for _, c := range presences() {
		rest, found := cutWord(typed, c.Label)
		if !found || c.Value == desk.Available {
			continue
		}
		if at, err := when.Parse(rest, now); err == nil && !at.IsZero() {
			p, _ := c.Value.(desk.Presence)
			return ui.Choice{Label: c.Label + " until " + when.Say(at, now), Value: until{p, at}}, true
		}
	}
	return ui.Choice{}, false
}

func cutWord(text, word string) (rest string, found bool) {
	if len(text) <= len(word) || text[:len(word)] != word || text[len(word)] != ' ' {
		return "", false
	}
	return text[len(word)+1:], true
}

func (s *Screen) presenceChosen(c ui.Choice) tea.Cmd {
	switch v := c.Value.(type) {
	case until:
		return s.setPresence(v.Presence, v.at)
	case desk.Presence:
		if v == desk.WrapUp {
			return s.setPresence(v, time.Now().Add(wrapUpFor))
		}
		return s.setPresence(v, time.Time{})
	}
	return nil
}

// setPresence says how the person is there from now on.
func (s *Screen) setPresence(p desk.Presence, end time.Time) tea.Cmd {
	session := s.Session
	acc := session.Account()
	said := "You are " + string(p)
	if !end.IsZero() {
		said += " until " + end.In(s.look.Zone).Format("15:04")
	}
	var back undo
	if acc != nil {
		before, ends := acc.PresenceAt(time.Now()), acc.Until
		back = undo{what: "you are " + string(p), do: func(ctx context.Context) error { return session.SetPresence(ctx, before, ends) }}
	}
	return s.act(said, func(ctx context.Context) error { return session.SetPresence(ctx, p, end) }, back)
}

// presenceWords says how a colleague is there, and how much they have.
func presenceWords(a desk.AgentNow) string {
	n := 0
	for _, load := range a.Load {
		n += load
	}
	if n == 0 {
		return string(a.Presence)
	}
	return string(a.Presence) + ", has " + plural(n, "conversation")
}
