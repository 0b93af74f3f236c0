package desk_test

import (
	"testing"

	"hark/desk"
	"hark/desk/desktest"
)

func incoming(name, from string, conversation desk.ID) desk.Incoming {
	return desk.Incoming{
		ID: desk.DeriveID([]byte(name)), Conversation: conversation, Text: name,
		Letter: desk.Letter{Account: "shop", MessageID: name, From: desk.Address{Mail: from}},
	}
}

func TestJoinMail(t *testing.T) {
	e := desktest.New(t)
	a, b := desk.NewID(), desk.NewID()
	for _, in := range []desk.Incoming{incoming("one", "ana@x.example", a), incoming("two", "bo@y.example", b)} {
		if _, err := e.Receive(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.JoinMail(t.Context(), b, a); err != nil {
		t.Fatal(err)
	}
	if c := e.State.Conversation(b); c.Merged != a {
		t.Fatal("the conversation is not merged")
	}
	var items []desk.ID
	if err := e.EachMail(t.Context(), a, func(item desk.ID, _ *desk.Message) { items = append(items, item) }); err != nil || len(items) != 2 {
		t.Errorf("the joined conversation has %d mails, %v", len(items), err)
	}
	got, err := e.Receive(t.Context(), incoming("two", "bo@y.example", desk.NewID()))
	if err != nil || got != b {
		t.Errorf("a mail that is here already is said to be in another conversation: %v", err)
	}
	if got, ok, err := e.Received(t.Context(), desk.DeriveID([]byte("two"))); err != nil || !ok || got != b {
		t.Errorf("a mail that is here is not known: %v %v", ok, err)
	}
	head := e.Journal.Head()
	if _, ok, err := e.Received(t.Context(), desk.NewID()); err != nil || ok || e.Journal.Head() != head {
		t.Errorf("a mail that is not here is known: %v %v", ok, err)
	}
	s := e.As("ana")
	if err := s.Unmerge(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if err := e.JoinMail(t.Context(), b, a); desk.CodeOf(err) != desk.Conflict {
		t.Errorf("what a person parted is joined again: %v", err)
	}
	if c := e.State.Conversation(b); !c.Merged.IsZero() {
		t.Error("what a person parted is joined again")
	}
}

func TestJoinMailAsksPeople(t *testing.T) {
	e := desktest.New(t)
	chat := e.Says("cy", "hello")
	a, b := desk.NewID(), desk.NewID()
	for _, in := range []desk.Incoming{incoming("one", "ana@x.example", a), incoming("two", "bo@y.example", b)} {
		if _, err := e.Receive(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.As("eva").Claim(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	for _, from := range []desk.ID{chat, a} {
		if err := e.JoinMail(t.Context(), from, b); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("joining gives %v", err)
		}
	}
	if err := e.JoinMail(t.Context(), desk.NewID(), b); desk.CodeOf(err) != desk.NotFound {
		t.Errorf("joining nothing gives %v", err)
	}
}

// TestOwnMail: what our address wrote to a customer, by another program, is the
// customer's matter; and nobody is a customer of the name of the desk.
func TestOwnMail(t *testing.T) {
	e := desktest.New(t)
	const own = "help@shop.example"
	desktest.NewMailroom(e, desk.MailAccount{Name: "shop", Address: desk.Address{Mail: own}})
	wrote := func(name, auth string, to ...string) *desk.Conversation {
		in := incoming(name, own, desk.ID{})
		in.Letter.Auth = auth
		for _, a := range to {
			in.Letter.To = append(in.Letter.To, desk.Address{Mail: a})
		}
		id, err := e.Receive(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return e.State.Conversation(id)
	}
	c := wrote("one", "", own, "ana@x.example")
	if contact := e.State.Contact(c.Contact); contact == nil || contact.Identities[0].Value != "ana@x.example" {
		t.Errorf("the conversation is of %+v", contact)
	}
	if e.State.ContactBy(desk.Identity{Type: desk.MailAddress, Value: own}) != nil {
		t.Error("the desk is a customer of its own")
	}
	forged := wrote("two", "fail", "ana@x.example")
	if forged.Contact == c.Contact {
		t.Error("a forged mail of ours is taken for the customer's matter")
	}
}
