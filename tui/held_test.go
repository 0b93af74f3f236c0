package tui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/ui"
)

// opening is a console whose conversation is being opened: open finishes that.
func opening(t *testing.T) (env *desktest.Env, r *root, open tea.Cmd) {
	t.Helper()
	env = desktest.New(t)
	env.Says("mo", "does it float?")
	r = newRoot(t.Context(), Options{Session: env.As("ana"), Width: 120, Height: 40}, func(int, *desk.Thread) {}, time.Now())
	t.Cleanup(r.screen.Close)
	return env, r, r.update(tea.KeyPressMsg{Code: tea.KeyEnter})
}

func types(r *root, words string) {
	for _, c := range words {
		r.update(tea.KeyPressMsg{Code: c, Text: string(c)})
	}
}

func TestWhoTypesFastTypesTheSame(t *testing.T) {
	env, r, open := opening(t)
	types(r, "re") // reply, and the first letter, which resolves where it is a command
	r.update(tea.PasteMsg{Content: " then"})
	types(r, "!")
	if open == nil || r.screen.Writing() {
		t.Fatal("the conversation is open before its answer came")
	}
	r.update(open())
	if !r.screen.Writing() || !strings.Contains(r.View().Content, "e then!") {
		t.Errorf("what was typed while the conversation opened is lost:\n%s", r.View().Content)
	}
	if row := env.State.Window(desk.All, desk.ID{}, 0, 1).Rows; len(row) != 1 || row[0].Status == desk.StatusResolved {
		t.Error("a letter was taken for a command")
	}
}

func TestKeysForWhatDoesNotOpenMeanNothing(t *testing.T) {
	env, r, open := opening(t)
	types(r, "reach")
	env.Journal.Fail(errors.New("the disk is gone"))
	r.update(open())
	if r.screen.Scopes()[0] != ui.InList || len(r.held) > 0 {
		t.Errorf("the keys are in %v, %d wait", r.screen.Scopes()[0], len(r.held))
	}
}

func TestEscapeLeavesTheWait(t *testing.T) {
	_, r, open := opening(t)
	types(r, "rab")
	r.update(tea.KeyPressMsg{Code: tea.KeyEscape})
	r.update(open())
	if r.screen.Writing() || len(r.held) > 0 {
		t.Error("escape did not forget what waited")
	}
}
