package imap

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/tools/dovecot"
)

// account returns how to reach a user's mailbox on a Dovecot.
func account(t testing.TB, s *dovecot.Server, user string, security Security) Options {
	t.Helper()
	addr := s.Plain
	if security == TLS {
		addr = s.TLS
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Host: host, Port: n, Security: security, User: user,
		Secret: func(context.Context) (string, error) { return dovecot.Password, nil },
		TLS:    &tls.Config{RootCAs: s.Pool, ServerName: "localhost"},
	}
}

// open signs in and selects INBOX.
func open(t testing.TB, o Options) Box {
	t.Helper()
	b, err := Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := b.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	return b
}

// put files mails in INBOX.
func put(t testing.TB, b Box, mails ...string) {
	t.Helper()
	for _, m := range mails {
		at := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
		err := b.Append(t.Context(), "INBOX", nil, at, int64(len(m)), strings.NewReader(m))
		if err != nil {
			t.Fatal(err)
		}
	}
}

// letter is a small mail.
func letter(subject string) string {
	return "From: ann@example.com\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject + "@example.com>\r\n\r\nHello.\r\n"
}

// raw fetches mails into memory.
func raw(t *testing.T, b Box, uids []uint32, bare bool) map[uint32]string {
	t.Helper()
	mails := map[uint32]string{}
	got, err := b.Raw(t.Context(), uids, bare, 64<<20, func(m Meta, r io.Reader) error {
		body, err := io.ReadAll(r)
		mails[m.UID] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if want := slices.Sorted(maps.Keys(mails)); !slices.Equal(got, want) {
		t.Fatalf("handed out %v, but %v are said to have arrived", want, got)
	}
	return mails
}

func TestMailsGoInAndComeOut(t *testing.T) {
	s := dovecot.ForTest(t)
	for _, security := range []Security{TLS, StartTLS, Plain} {
		t.Run(string(security), func(t *testing.T) {
			b := open(t, account(t, s, "round-"+string(security), security))
			large := "Subject: large\r\n\r\n" + strings.Repeat("0123456789abcdef\r\n", 200_000)
			mails := []string{letter("one"), large, letter("three") + "nul:\x01 bytes: \xff\xfe\r\n"}
			put(t, b, mails...)
			uids, err := b.UIDs(t.Context(), 0)
			if err != nil || !slices.Equal(uids, []uint32{1, 2, 3}) {
				t.Fatalf("UIDs %v, %v", uids, err)
			}
			for _, bare := range []bool{false, true} {
				for i, got := range raw(t, b, uids, bare) {
					if got != mails[i-1] {
						t.Errorf("mail %d came back as %d bytes, went in as %d", i, len(got), len(mails[i-1]))
					}
				}
			}
			if traffic := b.Traffic(); traffic.In < 7_000_000 || traffic.Out < 3_600_000 {
				t.Errorf("counted %d bytes in and %d out", traffic.In, traffic.Out)
			}
		})
	}
}

func TestWhatIsSaidOfMails(t *testing.T) {
	s := dovecot.ForTest(t)
	b := open(t, account(t, s, "ann", Plain))
	put(t, b, letter("one"), letter("two"))
	uids := []uint32{1, 2, 99}
	metas, err := b.Sizes(t.Context(), uids)
	if err != nil || len(metas) != 2 {
		t.Fatalf("sizes %v, %v", metas, err)
	}
	if m := metas[0]; m.Size != int64(len(letter("one"))) || !m.Received.Equal(time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("the first mail is said to be %+v", m)
	}
	heads, err := b.Heads(t.Context(), uids)
	if err != nil || len(heads) != 2 {
		t.Fatalf("heads %v, %v", heads, err)
	}
	if want := strings.TrimSuffix(letter("two"), "Hello.\r\n"); string(heads[1].Header) != want {
		t.Errorf("the second header is %q, want %q", heads[1].Header, want)
	}
	header, text, err := b.Start(t.Context(), 2, 3)
	if err != nil || !bytes.Contains(header, []byte("Subject: two")) || string(text) != "Hel" {
		t.Errorf("it starts with %q %q, %v", header, text, err)
	}
	if header, _, err := b.Start(t.Context(), 99, 3); header != nil || err != nil {
		t.Errorf("a mail that is not there starts with %q, %v", header, err)
	}
}

func TestChangesOfFlags(t *testing.T) {
	s := dovecot.ForTest(t)
	b := open(t, account(t, s, "ann", Plain))
	put(t, b, letter("one"), letter("two"), letter("three"))
	state, err := b.Select(t.Context(), "INBOX")
	if err != nil || state.ModSeq == 0 || state.Count != 3 || state.Next != 4 || state.Validity == 0 || !state.Keywords || state.ReadOnly {
		t.Fatalf("selected %+v, %v", state, err)
	}
	if err := b.Store(t.Context(), []uint32{2}, []string{`\Seen`, "hark"}, nil); err != nil {
		t.Fatal(err)
	}
	changed, err := b.Changes(t.Context(), state.ModSeq)
	if err != nil || len(changed) != 1 || changed[0].UID != 2 || changed[0].ModSeq <= state.ModSeq {
		t.Fatalf("changed %+v, %v", changed, err)
	}
	if flags := changed[0].Flags; !slices.Contains(flags, `\Seen`) || !slices.Contains(flags, "hark") {
		t.Errorf("the flags are %v", flags)
	}
	if err := b.Store(t.Context(), []uint32{2}, nil, []string{"hark"}); err != nil {
		t.Fatal(err)
	}
	all, err := b.Changes(t.Context(), 0)
	if err != nil || len(all) != 3 || len(all[1].Flags) != 1 {
		t.Errorf("all flags are %+v, %v", all, err)
	}
}

func TestIdleWakesAndEnds(t *testing.T) {
	s := dovecot.ForTest(t)
	watcher, writer := open(t, account(t, s, "ann", Plain)), open(t, account(t, s, "ann", Plain))
	if changed, err := watcher.Idle(t.Context(), 50*time.Millisecond); changed || err != nil {
		t.Fatalf("nothing happened, and Idle returned %v, %v", changed, err)
	}
	type woken struct {
		changed bool
		err     error
	}
	done := make(chan woken, 1)
	go func() {
		changed, err := watcher.Idle(t.Context(), time.Minute)
		done <- woken{changed, err}
	}()
	put(t, writer, letter("news"))
	select {
	case w := <-done:
		if !w.changed || w.err != nil {
			t.Errorf("woken by %v, %v", w.changed, w.err)
		}
	case <-time.After(30 * time.Second):
		t.Error("a new mail does not wake")
	}
	if err := writer.Store(t.Context(), []uint32{1}, []string{`\Flagged`}, nil); err != nil {
		t.Fatal(err)
	}
	if changed, err := watcher.Noop(t.Context()); !changed || err != nil {
		t.Errorf("a changed flag was told as %v, %v", changed, err)
	}
}

func TestFindAndMove(t *testing.T) {
	s := dovecot.ForTest(t)
	b := open(t, account(t, s, "ann", Plain))
	for i := range 20 {
		put(t, b, letter(fmt.Sprintf("mail-%02d", i)))
	}
	if _, err := b.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	for last, want := range map[uint32][]uint32{0: {6}, 5: nil, 20: {6}} {
		found, err := b.FindHeader(t.Context(), "Message-ID", "<mail-05@example.com>", last)
		if err != nil || !slices.Equal(found, want) {
			t.Errorf("among the last %d: %v, %v", last, found, err)
		}
	}
	if err := b.Move(t.Context(), []uint32{6, 7}, "Archive"); err != nil {
		t.Fatal(err)
	}
	left, err := b.UIDs(t.Context(), 5)
	if err != nil || len(left) != 14 || slices.Contains(left, 6) {
		t.Errorf("left are %v, %v", left, err)
	}
	if state, err := b.Select(t.Context(), "Archive"); err != nil || state.Count != 2 {
		t.Errorf("the archive holds %+v, %v", state, err)
	}
	if left, err := b.UIDs(t.Context(), 1000); err != nil || len(left) != 0 {
		t.Errorf("beyond the last there are %v, %v", left, err)
	}
}

func TestMailboxesHaveRolesAndForeignNames(t *testing.T) {
	s := dovecot.ForTest(t)
	b := open(t, account(t, s, "ann", Plain))
	boxes, err := b.Boxes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	roles := map[Role]string{}
	for _, box := range boxes {
		if box.Guessed {
			t.Errorf("%s had to be guessed", box.Name)
		}
		roles[box.Role] = box.Name
	}
	want := map[Role]string{"": "INBOX", RoleSent: "Sent", RoleDrafts: "Drafts", RoleJunk: "Junk", RoleTrash: "Trash", RoleArchive: "Archive"}
	if !maps.Equal(roles, want) {
		t.Errorf("the roles are %v", roles)
	}
	err = b.Append(t.Context(), "Entwürfe & \"mehr\"", nil, time.Time{}, 2, strings.NewReader("\r\n"))
	if KindOf(err) != Refused {
		t.Errorf("filing in a mailbox that is not there gave %v", err)
	}
	if _, err := b.Select(t.Context(), "Nirgends"); KindOf(err) != Refused {
		t.Errorf("opening a mailbox that is not there gave %v", err)
	}
	if _, err := b.Noop(t.Context()); err != nil {
		t.Errorf("after two refusals the connection is over: %v", err)
	}
}

func TestWrongSecretsAreRefused(t *testing.T) {
	s := dovecot.ForTest(t)
	for _, auth := range []Auth{Password, XOAuth2, OAuthBearer} {
		o := account(t, s, "ann", TLS)
		o.Auth, o.Secret = auth, func(context.Context) (string, error) { return "wrong", nil }
		_, err := Dial(t.Context(), o)
		if KindOf(err) != AuthRefused {
			t.Errorf("%s: %v", auth, err)
		}
		if err != nil && strings.Contains(err.Error(), "wrong") {
			t.Errorf("the secret is in the words: %v", err)
		}
	}
}

func TestCertificateMustFit(t *testing.T) {
	s := dovecot.ForTest(t)
	stranger, otherName := account(t, s, "ann", TLS), account(t, s, "ann", StartTLS)
	stranger.TLS, otherName.TLS.ServerName = nil, "mail.example.com"
	for _, o := range []Options{stranger, otherName} {
		if _, err := Dial(t.Context(), o); KindOf(err) != Insecure {
			t.Errorf("%s: %v", o.Security, err)
		}
	}
	wrongPort := account(t, s, "ann", TLS)
	wrongPort.Port = account(t, s, "ann", Plain).Port
	if _, err := Dial(t.Context(), wrongPort); KindOf(err) != Insecure || !strings.Contains(err.Error(), "starttls") {
		t.Errorf("TLS to a plain port: %v", err)
	}
}

func TestTokensLetIn(t *testing.T) {
	s := dovecot.ForTest(t)
	for _, auth := range []Auth{XOAuth2, OAuthBearer} {
		for lasts, want := range map[time.Duration]Kind{time.Hour: "", -time.Hour: AuthRefused} {
			o := account(t, s, "ann@example.com", TLS)
			o.Auth = auth
			o.Secret = func(context.Context) (string, error) { return s.Token(o.User, time.Now().Add(lasts)) }
			b, err := Dial(t.Context(), o)
			if KindOf(err) != want || err != nil && want == "" {
				t.Errorf("%s with a token that lasts %s: %v", auth, lasts, err)
			}
			if err == nil {
				if err := b.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
