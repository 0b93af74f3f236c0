package imap

import (
	"context"
	"net"
	"slices"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// memory starts the library's own server, which keeps mail in memory, knows no
// CONDSTORE and no roles, and returns its user and how to reach it.
func memory(t *testing.T) (*imapmemserver.User, Options) {
	t.Helper()
	user := imapmemserver.NewUser("ann", "secret")
	for _, name := range []string{"INBOX", "Sent Items", "Entwürfe"} {
		if err := user.Create(name, nil); err != nil {
			t.Fatal(err)
		}
	}
	all := imapmemserver.New()
	all.AddUser(user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return all.NewSession(), nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapMove: {}, imap.CapUIDPlus: {}},
		InsecureAuth: true,
	})
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }() // ends with Close
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return user, Options{
		Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: Plain, User: "ann",
		Secret: func(context.Context) (string, error) { return "secret", nil },
	}
}

func TestAnotherServerDoesAllOfIt(t *testing.T) {
	_, o := memory(t)
	b := open(t, o)
	mails := []string{letter("one"), letter("two"), letter("three")}
	put(t, b, mails...)
	uids, err := b.UIDs(t.Context(), 2)
	if err != nil || !slices.Equal(uids, []uint32{2, 3}) {
		t.Fatalf("from 2 on there are %v, %v", uids, err)
	}
	if got := raw(t, b, uids, false); got[3] != mails[2] {
		t.Errorf("the third mail is %q", got[3])
	}
	if err := b.Store(t.Context(), []uint32{1}, []string{`\Seen`}, nil); err != nil {
		t.Fatal(err)
	}
	flags, err := b.Changes(t.Context(), 99)
	if err != nil || len(flags) != 3 || !slices.Equal(flags[0].Flags, []string{`\Seen`}) {
		t.Errorf("without CONDSTORE all flags are %+v, %v", flags, err)
	}
	if err := b.Move(t.Context(), []uint32{1}, "Sent Items"); err != nil {
		t.Fatal(err)
	}
	found, err := b.FindHeader(t.Context(), "Message-ID", "two@example.com", 0)
	if err != nil || !slices.Equal(found, []uint32{2}) {
		t.Errorf("found %v, %v", found, err)
	}
	boxes, err := b.Boxes(t.Context())
	if err != nil || len(boxes) != 3 {
		t.Fatalf("the mailboxes are %v, %v", boxes, err)
	}
	for _, want := range []BoxInfo{{"INBOX", "", false}, {"Sent Items", RoleSent, true}, {"Entwürfe", RoleDrafts, true}} {
		if !slices.Contains(boxes, want) {
			t.Errorf("%+v is not among %+v", want, boxes)
		}
	}
	if state, err := b.Select(t.Context(), "Entwürfe"); err != nil || state.Count != 0 || state.ModSeq != 0 {
		t.Errorf("selected %+v, %v", state, err)
	}
}

func TestValidityChanges(t *testing.T) {
	user, o := memory(t)
	b := open(t, o)
	first, err := b.Select(t.Context(), "INBOX")
	if err != nil {
		t.Fatal(err)
	}
	if err := user.Delete("INBOX"); err != nil {
		t.Fatal(err)
	}
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	second, err := b.Select(t.Context(), "INBOX")
	if err != nil || first.Validity == 0 || second.Validity == first.Validity {
		t.Errorf("UIDVALIDITY was %d and is %d, %v", first.Validity, second.Validity, err)
	}
}
