package desk

import (
	"slices"
	"strings"
	"sync"
)

// SignalKind says what a signal is about.
type SignalKind string

// The kinds of signal.
const (
	SignalTyping SignalKind = "typing" // somebody writes, or stopped
	SignalLamp   SignalKind = "lamp"   // a part of the hub is well or not
	// SignalUnsent is what the customer has typed and not sent. Only who has
	// opened the conversation hears it.
	SignalUnsent SignalKind = "unsent"
	// SignalPresence says that somebody of the staff came, went or chose
	// another presence; Who is the handle.
	SignalPresence SignalKind = "presence"
	// SignalDue says that the answer in a conversation begins to be urgent.
	SignalDue SignalKind = "due"
)

// Signal is of the moment: told to who listens, kept in memory at most, never
// journaled and never logged.
type Signal struct {
	Kind         SignalKind
	Conversation ID
	Who          string // typing: the display name
	Customer     bool   // typing: the customer, not a colleague
	Active       bool   // typing: began rather than stopped
	Text         string // unsent: the words so far, "" for none
	Lamp         Lamp
}

type signalKey struct {
	kind         SignalKind
	conversation ID
	who          string
}

func (s Signal) key() signalKey {
	if s.Kind == SignalLamp {
		return signalKey{kind: s.Kind, who: s.Lamp.Part}
	}
	return signalKey{s.Kind, s.Conversation, s.Who}
}

// Lamp says in words how a part of the hub is.
type Lamp struct {
	Part  string // "journal", "chat", "keys"
	OK    bool
	Words string // "ok", or what is wrong and what happens next
}

// lamps keeps the latest of each part.
type lamps struct {
	mu  sync.Mutex
	all map[string]Lamp
}

func (l *lamps) set(lamp Lamp) (changed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[string]Lamp{}
	}
	changed = l.all[lamp.Part] != lamp
	l.all[lamp.Part] = lamp
	return changed
}

func (l *lamps) list() []Lamp {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Lamp, 0, len(l.all))
	for _, lamp := range l.all {
		out = append(out, lamp)
	}
	slices.SortFunc(out, func(a, b Lamp) int { return strings.Compare(a.Part, b.Part) })
	return out
}
