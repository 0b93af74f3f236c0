package desktest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"hark/desk"
)

// Env is a working desk on memory with an owner named ana.
type Env struct {
	*desk.Desk
	Journal *Journal
	State   *desk.State
	Drafts  *Drafts
	Files   *Files
	t       testing.TB
	clients int
	mu      sync.Mutex
}

// New returns a desk on memory. With adjusts its options.
func New(t testing.TB, with ...func(*desk.Options)) *Env {
	t.Helper()
	j, s, dr, files := NewJournal(), desk.NewState(), &Drafts{}, &Files{}
	if err := j.Follow(t.Context(), 1, s.Apply); err != nil {
		t.Fatal(err)
	}
	o := desk.Options{Journal: j, State: s, Drafts: dr, Files: files}
	for _, adjust := range with {
		adjust(&o)
	}
	d := desk.New(o)
	t.Cleanup(d.Close)
	owner := desk.AccountCreated{Name: "ana", Display: "Ana Ek", Roles: []desk.Role{desk.RoleAdmin, desk.RoleAgent}, UID: "1000"}
	if err := d.Create(t.Context(), "Test desk", owner); err != nil {
		t.Fatal(err)
	}
	return &Env{Desk: d, Journal: j, State: s, Drafts: dr, Files: files, t: t}
}

// As signs in as the account with the name, which is created as an agent when
// it does not exist. Roles, where given, are those of a new account.
func (e *Env) As(name string, roles ...desk.Role) *desk.Session {
	e.t.Helper()
	acc := e.State.AccountNamed(name)
	if acc == nil {
		if len(roles) == 0 {
			roles = []desk.Role{desk.RoleAgent}
		}
		display := strings.ToUpper(name[:1]) + name[1:]
		var err error
		acc, err = e.As("ana").AddAccount(e.t.Context(), desk.AccountCreated{Name: name, Display: display, Roles: roles})
		if err != nil {
			e.t.Fatal(err)
		}
	}
	s, err := e.SignIn(e.t.Context(), desk.SignIn{Account: acc.ID, Via: "test"})
	if err != nil {
		e.t.Fatal(err)
	}
	return s
}

// Token returns the secret of a visitor's browser; the same name gives the
// same one.
func Token(name string) string {
	return desk.DeriveID([]byte(name)).Hex()
}

// Says writes as the visitor with the name and returns the conversation.
func (e *Env) Says(name, text string) desk.ID {
	e.t.Helper()
	e.mu.Lock()
	e.clients++
	client := fmt.Sprintf("c%d", e.clients)
	e.mu.Unlock()
	id, err := e.Say(e.t.Context(), desk.Words{Token: Token(name), Client: client, Text: text, Name: name})
	if err != nil {
		e.t.Fatal(err)
	}
	return id
}

// Drafts keeps drafts in memory.
type Drafts struct {
	mu  sync.Mutex
	all map[[2]desk.ID]desk.Draft
}

var _ desk.Drafts = (*Drafts)(nil)

// Load implements desk.Drafts.
func (d *Drafts) Load(_ context.Context, conversation, author desk.ID) (desk.Draft, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all[[2]desk.ID{conversation, author}], nil
}

// Save implements desk.Drafts.
func (d *Drafts) Save(dr desk.Draft) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all == nil {
		d.all = map[[2]desk.ID]desk.Draft{}
	}
	d.all[[2]desk.ID{dr.Conversation, dr.Author}] = dr
}
