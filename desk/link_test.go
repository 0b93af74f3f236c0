package desk_test

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

// TestLinksLiveFromTheLastWords: a link that is written with goes on opening,
// and one that is not ends.
func TestLinksLiveFromTheLastWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := desktest.New(t, func(o *desk.Options) { o.LinkLife = 30 * 24 * time.Hour })
		token := desktest.Token("mo's link")
		say := func(client string) error {
			_, err := e.Say(t.Context(), desk.Words{Token: token, Client: client, Text: "hello", Form: true})
			return err
		}
		if err := say("1"); err != nil {
			t.Fatal(err)
		}
		before := e.Journal.Head()
		if err := say("2"); err != nil || e.Journal.Head() != before+1 {
			t.Errorf("words right after cost %d events, %v", e.Journal.Head()-before, err)
		}
		time.Sleep(25 * 24 * time.Hour)
		if err := say("3"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * 24 * time.Hour)
		v, err := e.LinkVisitor(token)
		if err != nil || v.Conversation.IsZero() || v.Expires.Sub(time.Now().UTC()).Round(time.Hour) != 5*24*time.Hour {
			t.Errorf("25 days after the last words: %+v, %v", v, err)
		}
		if contact := e.State.Contact(v.Contact); len(contact.Links) != 1 {
			t.Errorf("the contact has %d links", len(contact.Links))
		}
		time.Sleep(6 * 24 * time.Hour)
		if _, err := e.LinkVisitor(token); desk.CodeOf(err) != desk.Denied {
			t.Errorf("31 days after the last words: %v", err)
		}
		if err := say("4"); desk.CodeOf(err) != desk.Denied {
			t.Errorf("words by a link that has ended: %v", err)
		}
		if _, err := e.LinkUpload(t.Context(), token, "a", strings.NewReader("a")); desk.CodeOf(err) != desk.Denied {
			t.Errorf("a file by a link that has ended: %v", err)
		}
	})
}

// TestLinksAndTokensAreNotEachOther: one secret used as both is two people.
func TestLinksAndTokensAreNotEachOther(t *testing.T) {
	e := desktest.New(t)
	secret := desktest.Token("both")
	f, err := e.LinkUpload(t.Context(), secret, "../a.txt", strings.NewReader("a file"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Say(t.Context(), desk.Words{Token: secret, Client: "1", Files: []desk.ID{f.ID}}); desk.CodeOf(err) != desk.NotFound {
		t.Errorf("a token sends a link's file: %v", err)
	}
	if _, err := e.Say(t.Context(), desk.Words{Token: secret, Client: "1", Files: []desk.ID{f.ID}, Form: true}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.FileFor(t.Context(), secret, f.ID); desk.CodeOf(err) != desk.NotFound {
		t.Errorf("a token reads a link's file: %v", err)
	}
	got, r, err := e.LinkFileFor(t.Context(), secret, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil || string(b) != "a file" || got.Name != "a.txt" {
		t.Errorf("the link reads %q as %+v, %v", b, got, err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if v := e.Visitor(secret); v != (desk.Visitor{}) {
		t.Errorf("the token is known as %+v", v)
	}
}

// TestEndedByWhom: the customer's own end says so.
func TestEndedByWhom(t *testing.T) {
	e := desktest.New(t)
	id := e.Says("mo", "hello")
	if err := e.Leave(t.Context(), desktest.Token("mo")); err != nil {
		t.Fatal(err)
	}
	e.Says("mo", "one more")
	if err := e.As("ana").End(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	items, err := e.PublicItems(t.Context(), id, 0, 10)
	if err != nil || len(items) != 4 || items[1].Kind != desk.PublicResolved || !items[1].Mine || items[3].Kind != desk.PublicResolved || items[3].Mine {
		t.Errorf("the items are %+v, %v", items, err)
	}
}
