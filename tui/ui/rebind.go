package ui

import (
	"maps"
	"slices"
	"strings"

	"hark/desk/typo"
)

// KeyProblem is a key of a person's own that cannot be used. The action keeps
// the keys that it had.
type KeyProblem struct {
	ID    string // of the action, as it was written
	Wrong string // what is wrong and what to do, without a period
}

// Error returns the problem as one sentence.
func (p KeyProblem) Error() string { return p.ID + ": " + p.Wrong }

// ParseKeys takes the value of an override apart: keys with a comma and a blank
// between them, each one key or two keys in a row. An empty value takes the
// keys away.
func ParseKeys(value string) []string {
	value = strings.TrimSpace(value)
	if value == "" {
		return nil
	}
	keys := strings.Split(value, ", ")
	for i := range keys {
		keys[i] = strings.Join(strings.Fields(keys[i]), " ")
	}
	return keys
}

// Rebind returns a table with other keys for some actions: action id → keys.
// What contradicts itself is left as it was, and told.
func Rebind(table []Action, keys map[string]string) ([]Action, []KeyProblem) {
	var problems []KeyProblem
	want := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		if wrong := checkOverride(table, id, keys[id]); wrong != "" {
			problems = append(problems, KeyProblem{id, wrong})
			continue
		}
		want[id] = ParseKeys(keys[id])
	}
	for {
		bound := rebound(table, want)
		c := contradiction(bound, want)
		if c == nil {
			return bound, problems
		}
		problems = append(problems, KeyProblem{c.id, c.wrong})
		delete(want, c.id)
	}
}

// rebound returns the table with the wanted keys in it.
func rebound(table []Action, want map[string][]string) []Action {
	out := slices.Clone(table)
	for i := range out {
		if keys, ok := want[out[i].ID]; ok {
			out[i].Keys = keys
		}
	}
	return out
}

// checkOverride returns what is wrong with one override by itself.
func checkOverride(table []Action, id, value string) string {
	at := slices.IndexFunc(table, func(a Action) bool { return a.ID == id })
	if at < 0 {
		return "there is no such action" + nearest(table, id)
	}
	a := table[at]
	keys := ParseKeys(value)
	switch {
	case a.Fixed:
		return "its key cannot be changed: it is the way out when all else fails"
	case a.Needed && len(keys) == 0:
		return "it needs a key: nothing else leads out of there"
	}
	for _, k := range keys {
		if wrong := checkBinding(a, k); wrong != "" {
			return quote(k) + ": " + wrong
		}
	}
	return ""
}

func checkBinding(a Action, binding string) string {
	parts := strings.Fields(binding)
	if len(parts) == 0 || len(parts) > 2 {
		return "an action has one key, or two keys in a row with a blank between them"
	}
	for _, p := range parts {
		if wrong := CheckKey(p); wrong != "" {
			return wrong
		}
	}
	if (a.Scope == Write || a.Scope == Anywhere) && Types(parts[0]) {
		return "it would be typed in a reply; use ctrl, alt or a key such as f5"
	}
	return ""
}

// nearest proposes the action whose name is most like a wrong one.
func nearest(table []Action, id string) string {
	best, least := "", 4
	for _, a := range table {
		if d := typo.Distance(a.ID, id); d < least {
			best, least = a.ID, d
		}
	}
	if best == "" {
		return "; the palette and the guide name them all"
	}
	return "; perhaps " + quote(best) + " is meant"
}

// contrary is an override that does not go together with the table.
type contrary struct{ id, wrong string }

// contradiction returns the first override that does not go together with the
// table, nil when all do.
func contradiction(bound []Action, want map[string][]string) *contrary {
	for _, id := range slices.Sorted(maps.Keys(want)) {
		at := slices.IndexFunc(bound, func(a Action) bool { return a.ID == id })
		for n, k := range want[id] {
			if wrong := collide([]string{k}, &Action{ID: id, Label: "the same action", Keys: want[id][:n]}); wrong != "" {
				return &contrary{id, wrong}
			}
		}
		for i := range bound {
			if i == at || !meets(bound[at].Scope, bound[i].Scope) {
				continue
			}
			if wrong := collide(bound[at].Keys, &bound[i]); wrong != "" {
				return &contrary{id, wrong}
			}
		}
	}
	return nil
}

// collide returns how keys meet those of another action.
func collide(keys []string, other *Action) string {
	for _, k := range keys {
		for _, o := range other.Keys {
			switch {
			case k == o:
				return quote(k) + " is the key of " + other.ID + " (" + other.Label + "); choose another key, or change that one too"
			case strings.HasPrefix(o, k+" "):
				return quote(k) + " begins " + quote(o) + ", which is " + other.ID + "; choose another key"
			case strings.HasPrefix(k, o+" "):
				return quote(k) + " begins with " + quote(o) + ", which is " + other.ID + "; choose another key"
			}
		}
	}
	return ""
}
