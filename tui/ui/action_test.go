package ui

import (
	"strings"
	"testing"
)

func TestKeymapRefusesWhatContradictsItself(t *testing.T) {
	act := func(id string, s Scope, keys ...string) Action { return Action{ID: id, Scope: s, Keys: keys} }
	tests := []struct {
		name  string
		table []Action
		want  string
	}{
		{"one key twice in a scope", []Action{act("a", Nav, "x"), act("b", Nav, "x")}, `a and b are both on "x"`},
		{"a key hidden by what holds anywhere", []Action{act("a", Anywhere, "esc"), act("b", Write, "esc")}, "is hidden by a"},
		{"a key that begins a longer one", []Action{act("a", Nav, "g g"), act("b", InList, "g")}, "begins a longer key"},
		{"ctrl+i", []Action{act("a", Nav, "ctrl+i")}, "cannot tell ctrl+i from tab"},
		{"ctrl+m", []Action{act("a", Nav, "ctrl+m")}, "cannot tell ctrl+m from enter"},
		{"ctrl+[", []Action{act("a", Nav, "ctrl+[")}, "cannot tell ctrl+[ from esc"},
		{"a pane may give a key its own meaning", []Action{act("a", Nav, "l"), act("b", InList, "l")}, ""},
		{"writing and navigating do not meet", []Action{act("a", Nav, "g g"), act("b", Write, "g")}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewKeymap(tt.table)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want one that says %q", err, tt.want)
			}
		})
	}
}

func TestInnermostScopeWins(t *testing.T) {
	m, err := NewKeymap([]Action{{ID: "nav", Scope: Nav, Keys: []string{"l"}}, {ID: "list", Scope: InList, Keys: []string{"l"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Find("l", InList, Nav, Anywhere); got.ID != "list" {
		t.Errorf("l in the list does %s", got.ID)
	}
	if got := m.Find("l", InThread, Nav, Anywhere); got.ID != "nav" {
		t.Errorf("l in the thread does %s", got.ID)
	}
}
