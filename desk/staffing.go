package desk

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Duty says whether an account is at work: how many sessions it works in,
// since when, and when the last one ended.
type Duty struct {
	Sessions int
	Since    time.Time // of the oldest session; zero without one
	Left     time.Time // zero while there is a session
}

// crew knows who works right now. It is of the moment: a hub that starts knows
// nobody.
type crew struct {
	mu    sync.Mutex
	here  map[ID]Duty
	watch []func(account ID)
}

// change alters an account's duty and tells the watchers.
func (c *crew) change(account ID, f func(*Duty)) {
	c.mu.Lock()
	if c.here == nil {
		c.here = map[ID]Duty{}
	}
	duty := c.here[account]
	f(&duty)
	c.here[account] = duty
	watch := c.watch
	c.mu.Unlock()
	for _, fn := range watch {
		fn(account)
	}
}

// onDuty begins a session's work and returns how to end it.
func (d *Desk) onDuty(account ID) func() {
	d.crew.change(account, func(duty *Duty) {
		if duty.Sessions == 0 {
			duty.Since, duty.Left = time.Now().UTC(), time.Time{}
		}
		duty.Sessions++
	})
	d.tellPresence(account)
	return sync.OnceFunc(func() {
		d.crew.change(account, func(duty *Duty) {
			if duty.Sessions--; duty.Sessions == 0 {
				duty.Since, duty.Left = time.Time{}, time.Now().UTC()
			}
		})
		d.tellPresence(account)
	})
}

func (d *Desk) tellPresence(account ID) {
	d.feed.signal(Signal{Kind: SignalPresence, Who: d.accountName(account)})
}

// Staffing returns who works or has worked since the hub started.
func (d *Desk) Staffing() map[ID]Duty {
	d.crew.mu.Lock()
	defer d.crew.mu.Unlock()
	return maps.Clone(d.crew.here)
}

// WatchStaffing calls fn with every account that begins or ends work from now
// on. fn must not block. Watchers cannot be removed.
func (d *Desk) WatchStaffing(fn func(account ID)) {
	d.crew.mu.Lock()
	defer d.crew.mu.Unlock()
	d.crew.watch = append(slices.Clone(d.crew.watch), fn)
}

// PresenceAt returns the account's chosen presence at a time: one that had an
// end is available after it.
func (a *Account) PresenceAt(now time.Time) Presence {
	if a.Presence == "" || !a.Until.IsZero() && !now.Before(a.Until) {
		return Available
	}
	return a.Presence
}

// Presences lists what can be chosen.
func Presences() []Presence { return []Presence{Available, Busy, WrapUp, Away} }

// ParsePresence reads a presence that can be chosen.
func ParsePresence(s string) (Presence, error) {
	if p := Presence(strings.ToLower(s)); slices.Contains(Presences(), p) {
		return p, nil
	}
	return "", Errorf(Invalid, "there is no status %q; choose available, busy, wrap-up or away", s)
}

// SetPresence says how the session's account is there, until a time where
// until is not zero.
func (s *Session) SetPresence(ctx context.Context, p Presence, until time.Time) error {
	if err := s.check(ctx, ActReply, ID{}, ""); err != nil {
		return err
	}
	if _, err := ParsePresence(string(p)); err != nil {
		return err
	}
	acc := s.Account()
	until = until.Truncate(time.Millisecond).UTC()
	if acc.PresenceAt(time.Now()) == p && acc.Until.Equal(until) {
		return nil
	}
	err := s.d.append(ctx, s.accountEntry(PresenceChosen{Presence: p, Until: until}))
	s.d.tellPresence(s.actor.ID)
	return err
}

// accountEntry is an event of the session's own account.
func (s *Session) accountEntry(b Body) Entry {
	return Entry{
		ID: NewID(), Stream: Stream{AccountStream, s.actor.ID}, Class: ClassDesk,
		Expect: AnyN, Actor: s.actor, Body: b,
	}
}

// AgentNow is a member of staff as of this moment.
type AgentNow struct {
	Account  *Account
	Presence Presence        // Offline without a session
	Duty     Duty            // how the account works
	Until    time.Time       // when the presence ends by itself; zero for never
	Load     map[Channel]int // conversations that are theirs and not resolved, by channel
	Waiting  int             // of them, those in which the customer waits
}

// Connected reports whether the account works in a session right now.
func (a AgentNow) Connected() bool { return a.Duty.Sessions > 0 }

// Who returns everybody who may answer customers, by name.
func (s *Session) Who() []AgentNow {
	if s.Why(ActListUser) != nil {
		return nil
	}
	var all []AgentNow
	duties, now := s.d.Staffing(), time.Now()
	for _, acc := range s.d.state.Accounts() {
		if acc.May(ActReply) {
			all = append(all, s.d.agentNow(acc, duties[acc.ID], now))
		}
	}
	return all
}

func (d *Desk) agentNow(acc *Account, duty Duty, now time.Time) AgentNow {
	a := AgentNow{Account: acc, Presence: acc.PresenceAt(now), Duty: duty, Load: map[Channel]int{}}
	if a.Presence == acc.Presence {
		a.Until = acc.Until
	}
	if duty.Sessions == 0 {
		a.Presence, a.Until = Offline, time.Time{}
	}
	d.state.Each(Mine, acc.ID, func(c *Conversation) bool {
		a.Load[c.LastChannel()]++
		if c.NeedsUs() {
			a.Waiting++
		}
		return true
	})
	return a
}

// Writing returns who of the staff writes in a conversation right now, without
// the session itself.
func (s *Session) Writing(id ID) []string {
	var names []string
	for _, who := range s.d.typing.who(id) {
		if acc := s.d.state.Account(who); acc != nil && who != s.actor.ID {
			names = append(names, acc.Display)
		}
	}
	slices.Sort(names)
	return names
}

// Limits on what an account keeps for itself.
const (
	viewsMax   = 50
	viewName   = 60 // bytes
	viewQuery  = 500
	prefsMax   = 64
	prefLength = 256
)

// Views returns the session's saved views.
func (s *Session) Views() []SavedView {
	if acc := s.Account(); acc != nil {
		return acc.Views
	}
	return nil
}

// SaveView gives a query a name, in place of an older one of the name.
func (s *Session) SaveView(ctx context.Context, name, query string) error {
	if err := s.check(ctx, ActList, ID{}, ""); err != nil {
		return err
	}
	name = strings.TrimSpace(name)
	if name == "" || len(name) > viewName || len(query) > viewQuery {
		return Errorf(Invalid, "a view needs a name of %d bytes at most and a search of %d", viewName, viewQuery)
	}
	if _, err := ParseQuery(query, time.Now()); err != nil {
		return err
	}
	if len(s.Views()) >= viewsMax {
		return Errorf(Invalid, "you have %d views; remove one first", viewsMax)
	}
	return s.d.append(ctx, s.accountEntry(ViewSaved{SavedView{Name: name, Query: strings.TrimSpace(query)}}))
}

// RemoveView takes a saved view away.
func (s *Session) RemoveView(ctx context.Context, name string) error {
	if !slices.ContainsFunc(s.Views(), func(v SavedView) bool { return v.Name == name }) {
		return Errorf(NotFound, "you have no view %q", name)
	}
	return s.d.append(ctx, s.accountEntry(ViewRemoved{Name: name}))
}

// Preference returns how the session's account likes a thing, "" when it has
// not said.
func (s *Session) Preference(name string) string {
	acc := s.Account()
	if acc == nil {
		return ""
	}
	i := slices.IndexFunc(acc.Preferences, func(p Preference) bool { return p.Name == name })
	if i < 0 {
		return ""
	}
	return acc.Preferences[i].Value
}

// Prefer says how the account likes a thing; an empty value forgets it.
func (s *Session) Prefer(ctx context.Context, name, value string) error {
	acc := s.Account()
	switch {
	case acc == nil:
		return Errorf(Denied, "your account is gone")
	case name == "" || len(name) > prefLength || len(value) > prefLength:
		return Errorf(Invalid, "a preference has a name and a value of %d bytes at most", prefLength)
	case s.Preference(name) == value:
		return nil
	case len(acc.Preferences) >= prefsMax && value != "":
		return Errorf(Invalid, "there are %d preferences already", prefsMax)
	}
	return s.d.append(ctx, s.accountEntry(Preferred{Preference{Name: name, Value: value}}))
}
