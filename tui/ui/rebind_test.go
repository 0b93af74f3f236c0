package ui

import (
	"slices"
	"strings"
	"testing"
)

func keyTable() []Action {
	return []Action{
		{ID: "reply", Keys: []string{"r"}, Scope: Nav, Label: "reply"},
		{ID: "resolve", Keys: []string{"e"}, Scope: Nav, Label: "resolve"},
		{ID: "open", Keys: []string{"enter", "l"}, Scope: InList, Label: "open"},
		{ID: "assign.me", Keys: []string{"a a"}, Scope: Nav, Label: "to me"},
		{ID: "send", Keys: []string{"enter", "ctrl+s"}, Scope: Write, Label: "send"},
		{ID: "leave", Keys: []string{"esc"}, Scope: Write, Label: "leave", Needed: true},
		{ID: "quit", Keys: []string{"ctrl+c"}, Scope: Anywhere, Label: "quit", Fixed: true},
		{ID: "redraw", Keys: []string{"ctrl+l"}, Scope: Anywhere, Label: "redraw"},
	}
}

func TestRebind(t *testing.T) {
	tests := []struct {
		name string
		keys map[string]string
		id   string   // whose keys are looked at
		want []string // them
	}{
		{"another key", map[string]string{"reply": "w"}, "reply", []string{"w"}},
		{"two in a row", map[string]string{"reply": "g r"}, "reply", []string{"g r"}},
		{"several", map[string]string{"send": "ctrl+s, f5"}, "send", []string{"ctrl+s", "f5"}},
		{"none", map[string]string{"resolve": ""}, "resolve", nil},
		{"changed about", map[string]string{"reply": "e", "resolve": "r"}, "reply", []string{"e"}},
		{"a comma is a key too", map[string]string{"reply": ","}, "reply", []string{","}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, problems := Rebind(keyTable(), tt.keys)
			if len(problems) > 0 {
				t.Fatalf("refused: %v", problems)
			}
			if _, err := NewKeymap(table); err != nil {
				t.Fatalf("the table contradicts itself: %v", err)
			}
			at := slices.IndexFunc(table, func(a Action) bool { return a.ID == tt.id })
			if !slices.Equal(table[at].Keys, tt.want) {
				t.Errorf("%s is on %q, want %q", tt.id, table[at].Keys, tt.want)
			}
		})
	}
}

func TestRebindTellsWhatIsWrongAndKeepsTheRest(t *testing.T) {
	tests := []struct {
		name, id, keys, want string
	}{
		{"no such action", "replay", "x", `there is no such action; perhaps "reply" is meant`},
		{"taken", "reply", "e", `"e" is the key of resolve (resolve); choose another key`},
		{"taken in a pane", "reply", "l", `"l" is the key of open`},
		{"taken anywhere", "reply", "ctrl+l", `is the key of redraw`},
		{"begins a longer one", "reply", "a", `"a" begins "a a", which is assign.me`},
		{"is begun", "reply", "e x", `"e x" begins with "e", which is resolve`},
		{"twice the same", "reply", "w, w", `is the key of reply`},
		{"begins itself", "reply", "w, w x", `begins with "w"`},
		{"letters type", "send", "x", "it would be typed in a reply"},
		{"letters type before a second key", "redraw", "x x", "it would be typed in a reply"},
		{"no way out", "leave", "", "it needs a key"},
		{"the way out", "quit", "q", "its key cannot be changed"},
		{"terminals cannot tell", "reply", "ctrl+i", "terminals cannot tell it from tab"},
		{"no key", "reply", "strg+x", `"strg" is no modifier`},
		{"no name", "reply", "return", `"return" is no key`},
		{"three", "reply", "w w w", "one key, or two keys in a row"},
		{"shift and a letter", "reply", "shift+w", `write the sign itself, "W"`},
		{"a capital", "send", "ctrl+W", "write the letter small"},
		{"order", "send", "alt+ctrl+w", "in the order ctrl, alt, shift"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, problems := Rebind(keyTable(), map[string]string{tt.id: tt.keys, "resolve": "e, f9"})
			if len(problems) != 1 || problems[0].ID != tt.id || !strings.Contains(problems[0].Error(), tt.want) {
				t.Fatalf("told %v, want one that says %q", problems, tt.want)
			}
			if _, err := NewKeymap(table); err != nil {
				t.Fatalf("the table contradicts itself: %v", err)
			}
			if at := slices.IndexFunc(table, func(a Action) bool { return a.ID == "resolve" }); !slices.Equal(table[at].Keys, []string{"e", "f9"}) {
				t.Errorf("the override that is right was dropped: %q", table[at].Keys)
			}
		})
	}
}

// FuzzRebind holds overrides to this: whatever they are, the table that comes
// out can be used, and every override is either in it or told.
func FuzzRebind(f *testing.F) {
	f.Add("reply", "e", "resolve", "r")
	f.Add("reply", "e, g g", "leave", "ctrl+x y")
	f.Add("quit", ",, ,", "send", "ctrl++")
	f.Add("open", "\x00\x9b", "open", "space, shift+f5")
	f.Fuzz(func(t *testing.T, id1, keys1, id2, keys2 string) {
		want := map[string]string{id1: keys1, id2: keys2}
		table, problems := Rebind(keyTable(), want)
		if _, err := NewKeymap(table); err != nil {
			t.Fatalf("%q: %v", want, err)
		}
		told := map[string]bool{}
		for _, p := range problems {
			told[p.ID] = true
		}
		for id, keys := range want {
			at := slices.IndexFunc(table, func(a Action) bool { return a.ID == id })
			if !told[id] && (at < 0 || !slices.Equal(table[at].Keys, ParseKeys(keys))) {
				t.Fatalf("%s = %q was neither taken nor told", id, keys)
			}
		}
	})
}
