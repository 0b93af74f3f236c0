package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Scope says where a key means something.
type Scope uint8

// The scopes. A key goes to the pane that has the focus, then to its mode,
// then to what holds anywhere.
const (
	Anywhere    Scope = iota
	Nav               // letters act
	Write             // letters type
	InList            // NAV with the focus on the list
	InThread          // NAV with the focus on the thread
	InCustomer        // NAV with the focus on the customer
	InFound           // in a list of what a search found, before what holds in lists
	InLetter          // letters type a mail, before what holds in all writing
	scopesCount       // not a scope
)

// String returns what help calls the scope.
func (s Scope) String() string {
	return [...]string{"anywhere", "navigating", "writing", "in the list", "in the thread", "at the customer", "in what was found", "writing a mail"}[s]
}

// Action is one thing that can be done, with the keys for it. The table of
// actions is all there is: dispatch, the status line, the popup after a prefix
// and help read it.
type Action struct {
	ID        string
	Keys      []string // as "ctrl+s"; two keys in a row as "g g"; the first is the one shown
	Scope     Scope
	Group     string // heading in help
	Label     string // what it does, for help and popups
	Hint      string // the short form for the status line; empty keeps it out
	Dangerous bool
	Fixed     bool          // its keys are the same for everybody
	Needed    bool          // it must have a key
	Why       func() string // why it cannot be done now; nil or empty: it can
	Do        func() tea.Cmd
}

// Refusal returns why the action cannot be done now, or nothing.
func (a *Action) Refusal() string {
	if a.Why == nil {
		return ""
	}
	return a.Why()
}

// Key returns the key to show, nothing for an action that has none.
func (a *Action) Key() string {
	if len(a.Keys) == 0 {
		return ""
	}
	return a.Keys[0]
}

// Keymap finds actions by keys.
type Keymap struct {
	all    []Action
	byKey  [scopesCount]map[string]*Action
	prefix [scopesCount]map[string]bool
}

// NewKeymap indexes a table. It fails when two actions have one key in one
// scope, when a key is hidden by what holds anywhere or begins a longer one,
// or when terminals cannot tell it from another.
func NewKeymap(table []Action) (*Keymap, error) {
	m := &Keymap{all: table}
	for s := range m.byKey {
		m.byKey[s], m.prefix[s] = map[string]*Action{}, map[string]bool{}
	}
	for i := range m.all {
		if err := m.enter(&m.all[i]); err != nil {
			return nil, err
		}
	}
	return m, m.check()
}

func (m *Keymap) enter(a *Action) error {
	for _, k := range a.Keys {
		if twin := alike(k); twin != "" {
			return fmt.Errorf("action %s: terminals cannot tell %s from %s", a.ID, k, twin)
		}
		if other := m.byKey[a.Scope][k]; other != nil {
			return fmt.Errorf("actions %s and %s are both on %q %s", other.ID, a.ID, k, a.Scope)
		}
		m.byKey[a.Scope][k] = a
		if first, _, ok := strings.Cut(k, " "); ok {
			m.prefix[a.Scope][first] = true
		}
	}
	return nil
}

func (m *Keymap) check() error {
	for i := range m.all {
		for _, k := range m.all[i].Keys {
			if err := m.checkKey(&m.all[i], k); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *Keymap) checkKey(a *Action, k string) error {
	if other := m.byKey[Anywhere][k]; a.Scope != Anywhere && other != nil {
		return fmt.Errorf("%q %s (%s) is hidden by %s", k, a.Scope, a.ID, other.ID)
	}
	for p := range m.prefix {
		if m.prefix[p][k] && meets(a.Scope, Scope(p)) {
			return fmt.Errorf("%q %s (%s) begins a longer key", k, a.Scope, a.ID)
		}
	}
	return nil
}

// meets reports whether two scopes can hold at once.
func meets(a, b Scope) bool {
	return a == b || a == Anywhere || b == Anywhere || within(a, b) || within(b, a)
}

// within reports whether a scope is a place inside of another one.
func within(inner, outer Scope) bool {
	return outer == Nav && inner >= InList && inner <= InFound || outer == Write && inner == InLetter
}

// alike returns the key that a terminal without the new keyboard protocols
// sends for the same bytes.
func alike(key string) string {
	switch key {
	case "ctrl+i":
		return "tab"
	case "ctrl+m":
		return "enter"
	case "ctrl+[":
		return "esc"
	}
	return ""
}

// Find returns the action of a key in the innermost scope that has one. scopes
// go from the innermost outwards.
func (m *Keymap) Find(key string, scopes ...Scope) *Action {
	for _, s := range scopes {
		if a := m.byKey[s][key]; a != nil {
			return a
		}
	}
	return nil
}

// Prefix reports whether longer keys begin with key.
func (m *Keymap) Prefix(key string, scopes ...Scope) bool {
	for _, s := range scopes {
		if m.prefix[s][key] {
			return true
		}
	}
	return false
}

// First returns the key to show for each action that has one.
func (m *Keymap) First() map[string]string {
	out := map[string]string{}
	for i := range m.all {
		if k := m.all[i].Key(); k != "" {
			out[m.all[i].ID] = k
		}
	}
	return out
}

// Under returns the actions whose keys begin with a prefix, in the order of
// the table.
func (m *Keymap) Under(prefix string, scopes ...Scope) []*Action {
	var out []*Action
	for i := range m.all {
		a := &m.all[i]
		if holds(a.Scope, scopes) && a.under(prefix) != "" {
			out = append(out, a)
		}
	}
	return out
}

// under returns the rest of the action's key behind a prefix.
func (a *Action) under(prefix string) string {
	for _, k := range a.Keys {
		if rest, ok := strings.CutPrefix(k, prefix+" "); ok {
			return rest
		}
	}
	return ""
}

// In returns the actions of the scopes in the order of the table.
func (m *Keymap) In(scopes ...Scope) []*Action {
	var out []*Action
	for i := range m.all {
		if holds(m.all[i].Scope, scopes) {
			out = append(out, &m.all[i])
		}
	}
	return out
}

// All returns the whole table.
func (m *Keymap) All() []Action { return m.all }

func holds(s Scope, scopes []Scope) bool {
	for _, have := range scopes {
		if s == have {
			return true
		}
	}
	return false
}
