package inbox

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

func choices(labels ...string) []ui.Choice {
	out := make([]ui.Choice, len(labels))
	for i, l := range labels {
		out[i] = ui.Choice{Label: l, Value: l}
	}
	return out
}

func TestWhatFitsBestComesFirst(t *testing.T) {
	for typed, want := range map[string]string{
		"":      "billing, refund, no refund, unfriend",
		"re":    "refund, no refund, unfriend",
		"nr":    "no refund, unfriend",
		"b i":   "billing",
		"xyz":   "",
		"REFUN": "refund, no refund",
	} {
		c := &chooser{choices: choices("billing", "refund", "no refund", "unfriend"), typed: typed}
		var got []string
		for _, ch := range c.matching() {
			got = append(got, ch.Label)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
}

func TestEnterOnNothingChoosesNothing(t *testing.T) {
	c := &chooser{choices: choices("a"), typed: "zzz", done: func(ui.Choice) tea.Cmd {
		t.Error("something was chosen")
		return nil
	}}
	if _, over := c.Key(tea.KeyPressMsg{Code: tea.KeyEnter}); over {
		t.Error("the chooser is over")
	}
}

func TestOnlyYMeansYes(t *testing.T) {
	for key, want := range map[rune]bool{'y': true, 'n': false, tea.KeyEnter: false, tea.KeyEscape: false, 'x': false, tea.KeySpace: false} {
		done := false
		c := &confirm{do: func() tea.Cmd { done = true; return nil }}
		msg := tea.KeyPressMsg{Code: key}
		if key < 128 && key > 32 {
			msg.Text = string(key)
		}
		if c.Key(msg); done != want {
			t.Errorf("%q did it: %v", msg.String(), done)
		}
	}
}
