package inbox

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/deed"
	"hark/desk/when"
	"hark/tui/ui"
)

// wake is the choice to end a snooze.
type wake struct{}

// pickSnooze asks until when conversations should be out of the way, or wakes
// one that is.
func (s *Screen) pickSnooze() tea.Cmd {
	rows := s.targets()
	if len(rows) == 0 {
		return nil
	}
	now := time.Now().In(s.look.Zone)
	var choices []ui.Choice
	if len(rows) == 1 && rows[0].Status == desk.StatusSnoozed {
		choices = append(choices, ui.Choice{Label: "now: wake it", Value: wake{}})
	}
	for _, c := range when.Choices(now) {
		choices = append(choices, ui.Choice{Label: c.Label, Note: c.Phrase, Value: c.Until})
	}
	return s.ask(&chooser{
		title: "snooze " + s.nameOf(rows) + " until (or type a time)", choices: choices,
		other: func(typed string) (ui.Choice, bool) {
			at, err := when.Parse(typed, now)
			return ui.Choice{Label: when.Say(at, now), Value: at}, err == nil
		},
		done: s.snoozeChosen,
	})
}

func (s *Screen) snoozeChosen(c ui.Choice) tea.Cmd {
	until, timed := c.Value.(time.Time)
	if !timed {
		return s.perform(act{
			verb: "wake", said: func(name string) string { return "Woke " + name }, back: "woken", do: deed.Wake(s.Session),
		})
	}
	words := when.Say(until, time.Now().In(s.look.Zone))
	if !until.IsZero() {
		words = "till " + words
	}
	return s.perform(act{
		verb: "snooze", said: func(name string) string { return "Snoozed " + name + " " + words }, back: "snoozed",
		gone: true, do: deed.Snooze(s.Session, until),
	})
}

// untilWords writes a time to come as short as it can be understood: "14:00"
// for today.
func (s *Screen) untilWords(at, now time.Time) string {
	at, now = at.In(s.look.Zone), now.In(s.look.Zone)
	switch {
	case at.Year() == now.Year() && at.YearDay() == now.YearDay():
		return at.Format("15:04")
	case at.Before(now.AddDate(0, 0, 6)) || at.Weekday() != now.Weekday() && at.Before(now.AddDate(0, 0, 7)):
		return at.Format("Mon 15:04")
	case at.Year() == now.Year():
		return at.Format("2 Jan 15:04")
	}
	return at.Format("2 Jan 2006 15:04")
}
