package desk

import (
	"fmt"
	"slices"
)

// Role is a set of things an account may do.
type Role string

// The roles. An account may have several.
const (
	RoleAgent      Role = "agent"
	RoleSupervisor Role = "supervisor"
	RoleQA         Role = "qa"
	RoleAdmin      Role = "admin"
)

// Roles lists every role.
func Roles() []Role { return []Role{RoleAgent, RoleSupervisor, RoleQA, RoleAdmin} }

// ParseRole reads a role's name.
func ParseRole(s string) (Role, error) {
	if r := Role(s); slices.Contains(Roles(), r) {
		return r, nil
	}
	return "", Errorf(Invalid, "there is no role %q; the roles are agent, supervisor, qa and admin", s)
}

// Action is something that a rule allows or refuses.
type Action string

// The actions.
const (
	ActList     Action = "list"      // see inbox rows
	ActRead     Action = "read"      // open content, for a purpose
	ActReply    Action = "reply"     // write to a customer
	ActNote     Action = "note"      // write to the team
	ActClaim    Action = "claim"     // take a conversation, or let go of one's own
	ActAssign   Action = "assign"    // give a conversation to somebody else
	ActResolve  Action = "resolve"   // resolve and reopen
	ActSort     Action = "sort"      // tag, prioritise, snooze, merge, split, move
	ActListUser Action = "user.list" // see who has an account
	ActAddUser  Action = "user.add"  // create an account
	ActDoctor   Action = "doctor"    // see how the hub is
	ActStop     Action = "stop"      // end the hub
	ActImport   Action = "import"    // bring in mail that came elsewhere
)

// Actions lists every action.
func Actions() []Action {
	return []Action{
		ActList, ActRead, ActReply, ActNote, ActClaim, ActAssign, ActResolve,
		ActSort, ActListUser, ActAddUser, ActDoctor, ActStop, ActImport,
	}
}

// Purpose is why content is opened.
type Purpose string

// The purposes.
const (
	Serve  Purpose = "serve"  // answer the customer
	Assist Purpose = "assist" // help a colleague
	QA     Purpose = "qa"     // review
	Train  Purpose = "train"  // teach
	DSAR   Purpose = "dsar"   // answer a person's request about their data
	Legal  Purpose = "legal"  // answer an authority
)

// Purposes lists every purpose.
func Purposes() []Purpose { return []Purpose{Serve, Assist, QA, Train, DSAR, Legal} }

// grants is the whole policy; what is not here is refused.
var grants = map[Role][]Action{
	RoleAgent: {
		ActList, ActRead, ActReply, ActNote, ActClaim, ActAssign, ActResolve, ActSort, ActListUser, ActDoctor,
	},
	RoleSupervisor: {
		ActList, ActRead, ActReply, ActNote, ActClaim, ActAssign, ActResolve, ActSort, ActListUser, ActDoctor, ActImport,
	},
	RoleQA:    {ActList, ActRead, ActNote, ActListUser, ActDoctor},
	RoleAdmin: {ActListUser, ActAddUser, ActDoctor, ActStop, ActImport},
}

// purposes says for what a role may open content.
var purposes = map[Role][]Purpose{
	RoleAgent:      {Serve, Assist},
	RoleSupervisor: {Serve, Assist, QA, Train},
	RoleQA:         {QA, Train},
}

// May reports whether any of the roles allows the action.
func May(roles []Role, a Action) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(grants[r], a) })
}

// MayRead reports whether any of the roles allows opening content for p.
func MayRead(roles []Role, p Purpose) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(purposes[r], p) })
}

// refusal is the sentence for an action that the roles do not allow.
func refusal(roles []Role, a Action) *Error {
	var may []Role
	for _, r := range Roles() {
		if slices.Contains(grants[r], a) {
			may = append(may, r)
		}
	}
	if len(may) == 0 {
		return &Error{Code: Denied, Msg: fmt.Sprintf("nobody may %s", a)}
	}
	return &Error{Code: Denied, Msg: fmt.Sprintf("%s needs one of the roles %s; you have %s", a, list(may), list(roles))}
}

// list writes names as "a, b and c", or "none".
func list[T ~string](items []T) string {
	switch len(items) {
	case 0:
		return "none"
	case 1:
		return string(items[0])
	}
	s := string(items[0])
	for _, it := range items[1 : len(items)-1] {
		s += ", " + string(it)
	}
	return s + " and " + string(items[len(items)-1])
}
