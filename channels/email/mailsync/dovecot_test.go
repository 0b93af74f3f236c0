package mailsync_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/channels/email/mailsync"
	"hark/desk"
	"hark/desk/mailbox"
	"hark/desk/mailbox/mailboxtest"
	"hark/tools/dovecot"
)

// real is an engine before a real server, in real time.
type real struct {
	*env
	account imap.Options
	other   imap.Box // somebody else who uses the mailbox
}

func newReal(t *testing.T, s *dovecot.Server, user string) *real {
	host, port, err := net.SplitHostPort(s.TLS)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	account := imap.Options{
		Host: host, Port: n, Security: imap.TLS, User: user,
		Secret: func(context.Context) (string, error) { return dovecot.Password, nil },
		TLS:    &tls.Config{RootCAs: s.Pool, ServerName: "localhost"},
	}
	dial := func(ctx context.Context) (imap.Box, error) { return imap.Dial(ctx, account) }
	other, err := dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := &real{env: &env{t: t, store: mailboxtest.New(), stop: func() {}}, account: account, other: other}
	r.o = mailsync.Options{
		Account: "shop", Dial: dial, Store: r.store,
		Limits: mailsync.Limits{Beat: 2 * time.Second, Settle: 100 * time.Millisecond, Mirror: 100 * time.Millisecond},
	}
	t.Cleanup(func() {
		r.stop()
		_ = other.Close()
	})
	return r
}

// file appends mails to a mailbox.
func (r *real) file(box string, raws ...string) {
	r.t.Helper()
	for _, raw := range raws {
		err := r.other.Append(r.t.Context(), box, nil, time.Now(), int64(len(raw)), strings.NewReader(raw))
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

// choose selects a mailbox for the other user.
func (r *real) choose(box string) imap.Selected {
	r.t.Helper()
	sel, err := r.other.Select(r.t.Context(), box)
	if err != nil {
		r.t.Fatal(err)
	}
	return sel
}

// shown returns the UIDs of a mailbox by the server's word.
func (r *real) shown(box string) []uint32 {
	r.t.Helper()
	r.choose(box)
	uids, err := r.other.UIDs(r.t.Context(), 1)
	if err != nil {
		r.t.Fatal(err)
	}
	return uids
}

// until waits for a condition.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after 30 s there is still not: %s", what)
		}
	}
}

func (r *real) settled(boxes ...string) {
	r.t.Helper()
	for _, box := range boxes {
		want := r.shown(box)
		until(r.t, "the ledger of "+box+" as on the server", func() bool { return slices.Equal(r.held(box), want) })
	}
}

func TestDovecot(t *testing.T) {
	s := dovecot.ForTest(t)
	t.Run("first sync and news", func(t *testing.T) { newReal(t, s, "anna").firstSync() })
	t.Run("flags", func(t *testing.T) { newReal(t, s, "bela").mirrored() })
	t.Run("expunged and moved", func(t *testing.T) { newReal(t, s, "cleo").moves() })
	t.Run("sent", func(t *testing.T) { newReal(t, s, "dora").sent() })
	t.Run("large", func(t *testing.T) { newReal(t, s, "emil").largeBesideSmall() })
	t.Run("recreated", func(t *testing.T) { newReal(t, s, "fred").recreated() })
}

func (r *real) firstSync() {
	r.file("INBOX", mails(0, 120)...)
	r.start()
	r.settled("INBOX")
	until(r.t, "idle", func() bool { return r.engine.Status().State == desk.MailIdle })
	var slowest time.Duration
	for n := range 5 {
		r.file("INBOX", mailNo(200+n))
		filed := time.Now()
		until(r.t, "the new mail", func() bool { return len(r.held("INBOX")) == 121+n })
		slowest = max(slowest, time.Since(filed))
	}
	r.t.Logf("a new mail was here after %v at most", slowest)
	r.settled("INBOX")
	for _, h := range r.rows("INBOX") {
		if raw := r.bytes(h); !strings.Contains(raw, "Message-ID: <m") || h.Received.IsZero() || h.Size != int64(len(raw)) {
			r.t.Errorf("mail %d is kept as %+v", h.UID, h.Row)
		}
	}
}

func (r *real) mirrored() {
	r.file("INBOX", mails(0, 3)...)
	r.start()
	r.settled("INBOX")
	sel := r.choose("INBOX")
	r.engine.Flag(mailbox.Place{Account: "shop", Box: "INBOX", Validity: sel.Validity, UID: 2}, `\Seen`, `\Answered`)
	until(r.t, "the flags", func() bool {
		all, err := r.other.Changes(r.t.Context(), 0)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, f := range all {
			if f.UID == 2 {
				return slices.Contains(f.Flags, `\Seen`) && slices.Contains(f.Flags, `\Answered`)
			}
		}
		return false
	})
}

func (r *real) moves() {
	r.o.Boxes = []string{"INBOX", "Archive"}
	r.choose("INBOX")
	r.file("INBOX", mails(0, 10)...)
	r.start()
	r.settled("INBOX", "Archive")
	until(r.t, "idle", func() bool { return r.engine.Status().State == desk.MailIdle })
	ids := r.ids("INBOX")
	r.choose("INBOX")
	if err := r.other.Move(r.t.Context(), []uint32{4, 5}, "Archive"); err != nil {
		r.t.Fatal(err)
	}
	r.settled("INBOX", "Archive")
	all := append(r.ids("INBOX"), r.ids("Archive")...)
	slices.Sort(all)
	if !slices.Equal(ids, all) {
		r.t.Error("the moved mails lost their identity")
	}
	if err := r.other.Move(r.t.Context(), []uint32{1}, "Trash"); err != nil {
		r.t.Fatal(err)
	}
	r.settled("INBOX", "Archive")
}

func (r *real) sent() {
	r.start()
	for range 2 {
		if err := r.engine.AppendSent(r.t.Context(), time.Now(), []byte(outgoing)); err != nil {
			r.t.Fatal(err)
		}
	}
	if n := len(r.shown("Sent")); n != 1 {
		r.t.Errorf("%d copies lie in Sent", n)
	}
	id, err := r.engine.FindSent(r.t.Context(), "a.b.c@shop.example", "a.b.c")
	if err != nil || id != "a.b.c@shop.example" {
		r.t.Errorf("found %q, %v", id, err)
	}
}

func (r *real) largeBesideSmall() {
	giant := []byte(mailNo(0))
	giant = append(giant, bytes.Repeat([]byte(strings.Repeat("A", 76)+"\r\n"), 35<<20/78)...)
	r.file("INBOX", mails(1, 40)...)
	r.file("INBOX", string(giant))
	r.file("INBOX", mails(40, 80)...)
	r.start()
	began := time.Now()
	until(r.t, "the small mails", func() bool { return len(r.held("INBOX")) >= 80 })
	small := time.Since(began)
	until(r.t, "the giant as a whole", func() bool {
		for _, h := range r.rows("INBOX") {
			if h.UID == 40 {
				return !h.Partial && r.bytes(h) == string(giant)
			}
		}
		return false
	})
	r.t.Logf("small mails after %v, the giant after %v", small, time.Since(began))
}

// recreated deletes a mailbox and makes it anew with the same mails, as moving
// to another server does.
func (r *real) recreated() {
	r.o.Boxes = []string{"Support"}
	at := time.Now().Add(-time.Hour)
	fill := func() {
		r.command("CREATE Support")
		for n := range 50 {
			raw := mailNo(n)
			if err := r.other.Append(r.t.Context(), "Support", nil, at, int64(len(raw)), strings.NewReader(raw)); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	fill()
	r.start()
	r.settled("Support")
	r.readAll()
	ids, before := r.ids("Support"), r.choose("Support").Validity
	r.stop()
	r.choose("INBOX")
	r.command("DELETE Support")
	fill()
	if after := r.choose("Support").Validity; after == before {
		r.t.Fatalf("the server kept its UIDVALIDITY %d", after)
	}
	r.start()
	r.settled("Support")
	if !slices.Equal(ids, r.ids("Support")) {
		r.t.Error("mails lost their identity")
	}
}

// command has the server do what a connection of ours never asks.
func (r *real) command(line string) {
	r.t.Helper()
	addr := net.JoinHostPort(r.account.Host, strconv.Itoa(r.account.Port))
	dialer := tls.Dialer{Config: r.account.TLS}
	c, err := dialer.DialContext(r.t.Context(), "tcp", addr)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		r.t.Fatal(err)
	}
	if _, err := io.WriteString(c, "a LOGIN "+r.account.User+" "+dovecot.Password+"\r\nb "+line+"\r\nc LOGOUT\r\n"); err != nil {
		r.t.Fatal(err)
	}
	answer, err := io.ReadAll(c)
	if err != nil || !strings.Contains(string(answer), "\r\nb OK") {
		r.t.Fatalf("%s was answered with %q, %v", line, answer, err)
	}
}
