package settings

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestEverySettingIsComplete(t *testing.T) {
	for _, s := range All() {
		if s.Label == "" || s.About == "" || len(s.Values) < 2 || len(s.Words) != len(s.Values) {
			t.Errorf("%s is not complete: %+v", s.Name, s)
		}
	}
}

func TestWhereAValueComesFrom(t *testing.T) {
	own := map[string]string{}
	b := Book{File: map[string]string{}, Forced: map[string]string{}, Own: func(n string) string { return own[n] }}
	want := func(step, value string, from Origin) {
		t.Helper()
		if v, o := b.Get(Theme); v != value || o != from {
			t.Errorf("%s: %s from %s, want %s from %s", step, v, o, value, from)
		}
	}
	want("nothing said", "auto", FromDefault)
	b.File[Theme] = "dark"
	want("the file", "dark", FromFile)
	own[Theme] = "contrast"
	want("the person", "contrast", FromPerson)
	own[Theme] = "purple"
	want("a value that there is not", "dark", FromFile)
	b.Forced[Theme] = "none"
	want("the terminal", "none", FromTerminal)
	if v, _ := b.Get("no such"); v != "" {
		t.Errorf("an unknown setting is %q", v)
	}
}

func TestTheScreenChangesAndTakesBack(t *testing.T) {
	var name, value string
	own := map[string]string{}
	s := New(Deps{
		Book:   Book{Own: func(n string) string { return own[n] }, Forced: map[string]string{Theme: "none"}},
		Change: func(n, v string) tea.Cmd { name, value, own[n] = n, v, v; return nil },
	}, Mouse)
	press := func(k tea.KeyPressMsg) { s.Key(k) }
	press(tea.KeyPressMsg{Code: tea.KeyEnter})
	if name != Mouse || value != Off {
		t.Fatalf("enter chose %s = %s", name, value)
	}
	press(tea.KeyPressMsg{Code: 'h', Text: "h"})
	if value != On {
		t.Fatalf("h chose %s", value)
	}
	press(tea.KeyPressMsg{Code: 'r', Text: "r"})
	if name != Mouse || value != "" {
		t.Fatalf("r chose %s = %q", name, value)
	}
	s = New(s.Deps, Theme)
	name = ""
	press(tea.KeyPressMsg{Code: tea.KeyEnter})
	if name != "" {
		t.Error("a choice was made about what the terminal decides")
	}
}
