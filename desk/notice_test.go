package desk_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

func TestTheNoticeThatStoodAboveTheChatIsOnRecord(t *testing.T) {
	env := desktest.New(t)
	ref := desk.NoticeRef{Version: "3", Lang: "de"}
	must(t, env.Publish(t.Context(), ref, "Wir speichern, was Sie schreiben."))
	must(t, env.Publish(t.Context(), ref, "Wir speichern, was Sie schreiben."))
	refused(t, env.Publish(t.Context(), ref, "Andere Worte."), desk.Invalid, "new version")
	if n := len(env.Info().Notices); n != 1 {
		t.Errorf("%d notices are kept", n)
	}
	w := desk.Words{Token: desktest.Token("Mo"), Client: "1", Text: "Hallo", Notice: ref}
	id, err := env.Say(t.Context(), w)
	must(t, err)
	row := env.State.Conversation(id)
	if got, _ := env.Notice(row.Notice); got.Text != "Wir speichern, was Sie schreiben." {
		t.Errorf("the customer was told %q", got.Text)
	}
	if row.Ord != 1 {
		t.Errorf("the customer sees %d items", row.Ord)
	}
}

func TestALinkWritesAndReadsUntilItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t, func(o *desk.Options) { o.LinkLife = time.Hour })
		token := desktest.Token("link")
		_, err := env.LinkVisitor(token)
		refused(t, err, desk.NotFound, "opens nothing")
		w := desk.Words{Token: token, Client: "1", Text: "no script here", Name: "Mo", Mail: "mo@example.com", Form: true}
		id, err := env.Say(t.Context(), w)
		must(t, err)
		v, err := env.LinkVisitor(token)
		if err != nil || v.Conversation != id || !v.Expires.Equal(time.Now().Add(time.Hour).Truncate(time.Millisecond)) {
			t.Errorf("the link opens %+v, %v", v, err)
		}
		if v := env.Visitor(token); !v.Contact.IsZero() {
			t.Error("a link's secret is a browser's too")
		}
		contact := env.State.Contact(v.Contact)
		if f, _ := contact.Field("mail"); f.Value != "mo@example.com" || f.Source != "form" || f.Class != desk.Direct {
			t.Errorf("the address is kept as %+v", f)
		}
		time.Sleep(2 * time.Hour)
		_, err = env.LinkVisitor(token)
		refused(t, err, desk.Denied, "expired")
		w.Client = "2"
		_, err = env.Say(t.Context(), w)
		refused(t, err, desk.Denied, "expired")
	})
}

func TestAVisitorTellsTheirNameLater(t *testing.T) {
	env := desktest.New(t)
	say := func(client, name, mail string) error {
		_, err := env.Say(t.Context(), desk.Words{Token: desktest.Token("x"), Client: client, Text: "hello", Name: name, Mail: mail})
		return err
	}
	must(t, say("1", "", ""))
	must(t, say("2", "Lea", "lea@example.com"))
	must(t, say("3", "Somebody Else", "lea@example.com"))
	contact := env.State.ContactBy(desk.TokenHash(desktest.Token("x")))
	if contact.Name != "Lea" || len(contact.Fields) != 1 || contact.N != 3 {
		t.Errorf("the contact is %+v", contact)
	}
	refused(t, say("4", "", "not an address"), desk.Invalid, "name@example.com")
	refused(t, say("5", "", "Lea <lea@example.com>"), desk.Invalid, "name@example.com")
}

func TestUnsentWordsAreForWhoHasOpenedAndNeverKept(t *testing.T) {
	env := desktest.New(t)
	bo, id := env.As("bo"), env.Says("Mo", "hello")
	list, err := bo.Changes(16)
	must(t, err)
	thread, err := bo.Open(t.Context(), id, desk.Serve, "open", 16)
	must(t, err)
	head := env.Journal.Head()
	env.Preview(id, "my card is 4111 1111 1111 1")
	env.CustomerTyping(id, true)
	batch, err := thread.Live().Next(t.Context())
	must(t, err)
	got := batch.Items[0].Signal
	if got.Kind != desk.SignalUnsent || strings.ContainsAny(got.Text, "0123456789") || !strings.HasPrefix(got.Text, "my card is ·") {
		t.Errorf("staff see %+v", got)
	}
	batch, err = list.Next(t.Context())
	must(t, err)
	for _, f := range batch.Items {
		if f.Signal.Kind == desk.SignalUnsent {
			t.Error("who has not opened the conversation sees unsent words")
		}
	}
	if env.Journal.Head() != head {
		t.Error("unsent words were journaled")
	}
}

func TestTheCustomerEndsTheChat(t *testing.T) {
	env := desktest.New(t)
	id := env.Says("Mo", "hello")
	must(t, env.Leave(t.Context(), desktest.Token("Mo")))
	must(t, env.Leave(t.Context(), desktest.Token("Mo")))
	row := env.State.Conversation(id)
	if row.Status != desk.StatusResolved || row.Ord != 2 {
		t.Errorf("%s after %d public events", row.Status, row.Ord)
	}
	must(t, env.Leave(t.Context(), desktest.Token("stranger")))
	if env.Says("Mo", "one more thing") != id || env.State.Conversation(id).Status != desk.StatusOpen {
		t.Error("coming back does not take it up again")
	}
}
