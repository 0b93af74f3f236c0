package desk

import (
	"context"
	"sync"
)

// SignIn says who comes in, and how.
type SignIn struct {
	Account ID
	Owner   bool   // the data folder's owner acts as the account
	Via     string // "console", "command: tail"
	Works   bool   // customers can be offered to this session
}

// Session is a member of staff at work: every command and every look goes
// through one, so that there is one place that knows who and why.
type Session struct {
	d     *Desk
	id    ID
	actor Actor
	leave func() // off duty; nil for a session that does not work

	mu      sync.Mutex
	entered map[entry]bool // what this sitting has on record
}

type entry struct {
	conversation ID
	purpose      Purpose
}

// SignIn journals that somebody came in and returns the session.
func (d *Desk) SignIn(ctx context.Context, in SignIn) (*Session, error) {
	if d.state.Account(in.Account) == nil {
		return nil, Errorf(Denied, "there is no account for you at this desk; ask an admin to run: hark user add NAME")
	}
	s := &Session{d: d, id: NewID(), actor: Actor{ActorAccount, in.Account, in.Owner}, entered: map[entry]bool{}}
	err := d.append(ctx, d.deskEntry(s.actor, SessionStarted{Session: s.id, Account: in.Account, Via: in.Via}))
	if err != nil {
		return nil, err
	}
	if in.Works {
		s.leave = d.onDuty(in.Account)
	}
	return s, nil
}

// Close journals that the sitting is over.
func (s *Session) Close(ctx context.Context) error {
	if s.leave != nil {
		s.leave()
	}
	return s.d.append(ctx, s.d.deskEntry(s.actor, SessionEnded{Session: s.id}))
}

// Account returns the account as it is now.
func (s *Session) Account() *Account { return s.d.state.Account(s.actor.ID) }

// Actor returns who acts.
func (s *Session) Actor() Actor { return s.actor }

// Desk returns what the desk says of itself.
func (s *Session) Desk() Info { return s.d.state.Info() }

// Lamps returns how every part of the hub is.
func (s *Session) Lamps() []Lamp { return s.d.Lamps() }

// Why returns why the session may not do something, or nil.
func (s *Session) Why(a Action) *Error {
	acc := s.Account()
	if acc.May(a) {
		return nil
	}
	if acc == nil {
		return &Error{Code: Denied, Msg: "your account is gone"}
	}
	return refusal(acc.Roles, a)
}

// check refuses what the roles do not allow and puts the refusal on record.
func (s *Session) check(ctx context.Context, a Action, conversation ID, p Purpose) error {
	why := s.Why(a)
	if why == nil && a == ActRead && !MayRead(s.Account().Roles, p) {
		why = &Error{Code: Denied, Msg: "your roles (" + list(s.Account().Roles) + ") do not open conversations for the purpose " + string(p)}
	}
	if why == nil {
		return nil
	}
	if err := s.d.append(ctx, s.d.auditEntry(s.actor, Refused{Conversation: conversation, Action: a, Purpose: p})); err != nil {
		return err
	}
	return why
}

// Window returns rows of a view. It needs ActList; rows hold last words only,
// so a look at a list is not put on record.
func (s *Session) Window(v View, from, limit int) (Window, error) {
	if why := s.Why(ActList); why != nil {
		return Window{}, why
	}
	return s.d.state.Window(v, s.actor.ID, from, limit), nil
}

// Index returns the position of a conversation in a view, or -1.
func (s *Session) Index(v View, id ID) int { return s.d.state.Index(v, s.actor.ID, id) }

// Counts says how long the views are.
func (s *Session) Counts() map[View]int { return s.d.state.Counts(s.actor.ID) }

// Row returns a conversation's row, or nil.
func (s *Session) Row(id ID) *Conversation {
	if s.Why(ActList) != nil {
		return nil
	}
	return s.d.state.Conversation(id)
}

// Resolve finds a conversation by the beginning of its identifier.
func (s *Session) Resolve(prefix string) (*Conversation, error) {
	if why := s.Why(ActList); why != nil {
		return nil, why
	}
	return s.d.state.Resolve(prefix)
}

// Short returns a conversation's short identifier.
func (s *Session) Short(id ID) string { return s.d.state.Short(id) }

// AccountName returns an account's handle, "" for the zero ID.
func (s *Session) AccountName(id ID) string { return s.d.accountName(id) }

// ActorName returns what to call an actor: a handle ("owner as eva" for the
// owner), a contact's name, or "hark".
func (s *Session) ActorName(a Actor) string {
	switch a.Kind {
	case ActorAccount:
		if a.Owner {
			return "owner as " + s.d.accountName(a.ID)
		}
		return s.d.accountName(a.ID)
	case ActorContact:
		if c := s.d.state.Contact(a.ID); c != nil {
			return c.Name
		}
		return "customer"
	case ActorHub:
	}
	return "hark"
}

// Changes subscribes to rows and signals of every conversation in the queue
// grant. limit is how many frames may wait before they turn into a resync.
func (s *Session) Changes(limit int) (*Subscription[Frame], error) {
	if why := s.Why(ActList); why != nil {
		return nil, why
	}
	return s.d.feed.subscribe(ID{}, false, limit), nil
}

// Accounts returns who has an account.
func (s *Session) Accounts(ctx context.Context) ([]*Account, error) {
	if err := s.check(ctx, ActListUser, ID{}, ""); err != nil {
		return nil, err
	}
	return s.d.state.Accounts(), nil
}

// AddAccount creates an account.
func (s *Session) AddAccount(ctx context.Context, a AccountCreated) (*Account, error) {
	if err := s.check(ctx, ActAddUser, ID{}, ""); err != nil {
		return nil, err
	}
	if err := a.Check(); err != nil {
		return nil, err
	}
	s.d.accounts.Lock()
	defer s.d.accounts.Unlock()
	if s.d.state.AccountNamed(a.Name) != nil {
		return nil, Errorf(Conflict, "the name %s is taken; hark user ls shows who has it", a.Name)
	}
	if other := s.d.state.AccountOfUID(a.UID); other != nil {
		return nil, Errorf(Conflict, "user id %s belongs to %s already", a.UID, other.Name)
	}
	id := NewID()
	err := s.d.append(ctx, Entry{ID: NewID(), Stream: Stream{AccountStream, id}, Class: ClassDesk, Actor: s.actor, Body: a})
	return s.d.state.Account(id), err
}

// Allow checks an action that concerns the hub itself, such as ActStop.
func (s *Session) Allow(ctx context.Context, a Action) error { return s.check(ctx, a, ID{}, "") }

func (d *Desk) accountName(id ID) string {
	if a := d.state.Account(id); a != nil {
		return a.Name
	}
	return ""
}
