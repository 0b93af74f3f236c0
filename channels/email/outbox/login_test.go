package outbox_test

import (
	"context"
	"crypto/tls"
	"errors"
	"strings"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/channels/email/outbox"
	"hark/channels/email/outbox/smtptest"
	"hark/desk"
	"hark/desk/desktest"
	"hark/desk/mailbox/mailboxtest"
)

// attempt lets an outbox on the real network send one mail to a server, and
// returns the first thing that the desk is told after the taking.
func attempt(t *testing.T, o smtptest.Options, with func(*outbox.Account)) desk.MailPosted {
	t.Helper()
	sink, err := smtptest.New(o)
	must(t, err)
	t.Cleanup(func() { must(t, sink.Close()) })
	env := desktest.New(t)
	shop := desk.Address{Mail: "help@shop.test"}
	desktest.NewMailroom(env, desk.MailAccount{Name: "shop", Address: shop})
	a := outbox.Account{
		Name: "shop", Address: shop, Host: sink.Host(), Port: sink.Port(), Security: imap.Plain, User: "desk",
		Secret: func(context.Context) (string, error) { return "secret", nil },
	}
	with(&a)
	told := make(chan desk.MailPosted, 100)
	out, err := outbox.New(outbox.Options{Desk: &told2{env.Desk, told}, Store: mailboxtest.New(), Accounts: []outbox.Account{a}})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = out.Run(ctx) // ended by cancel
	}()
	defer func() { cancel(); <-done }()
	in := desk.Incoming{ID: desk.NewID(), Text: "?", Letter: desk.Letter{
		Account: "shop", MessageID: "q@home.test", From: desk.Address{Mail: "ana@home.test"}, Received: time.Now(),
	}}
	c, err := env.Receive(t.Context(), in)
	must(t, err)
	_, err = env.AutoReply(t.Context(), c, in.Letter.From, "Re: ", "We have it.", in.ID) // has no time to undo
	must(t, err)
	select {
	case p := <-told:
		return p
	case <-time.After(30 * time.Second):
		t.Fatal("the desk is told nothing")
		return desk.MailPosted{}
	}
}

// told2 is a desk that passes on what it is told, but for the taking.
type told2 struct {
	*desk.Desk
	told chan<- desk.MailPosted
}

// Posted implements outbox.Desk.
func (d *told2) Posted(ctx context.Context, conversation desk.ID, p desk.MailPosted) error {
	err := d.Desk.Posted(ctx, conversation, p)
	if err == nil && p.State != desk.PostTaken {
		d.told <- p
	}
	return err
}

func TestWaysToSignIn(t *testing.T) {
	right := func(mechanism, user, secret string) bool { return user == "desk" && secret == "secret" }
	wrong := func(string, string, string) bool { return false }
	for name, c := range map[string]struct {
		auth    imap.Auth
		offered []string
		login   func(string, string, string) bool
		words   string // "" for sent
	}{
		"PLAIN":                   {imap.Password, []string{"PLAIN"}, right, ""},
		"LOGIN":                   {"", []string{"LOGIN"}, right, ""},
		"XOAUTH2":                 {imap.XOAuth2, []string{"XOAUTH2"}, right, ""},
		"OAUTHBEARER":             {imap.OAuthBearer, []string{"OAUTHBEARER"}, right, ""},
		"none asked":              {imap.Password, nil, nil, ""},
		"PLAIN refused":           {imap.Password, []string{"PLAIN"}, wrong, "refuses the name, the password"},
		"LOGIN refused":           {imap.Password, []string{"LOGIN"}, wrong, "refuses the name, the password"},
		"XOAUTH2 refused":         {imap.XOAuth2, []string{"XOAUTH2"}, wrong, "refuses the name, the password"},
		"OAUTHBEARER refused":     {imap.OAuthBearer, []string{"OAUTHBEARER"}, wrong, "refuses the name, the password"},
		"XOAUTH2 not offered":     {imap.XOAuth2, []string{"PLAIN"}, right, "does not know this way"},
		"no password mechanism":   {imap.Password, []string{"XOAUTH2"}, right, "does not know this way"},
		"OAUTHBEARER not offered": {imap.OAuthBearer, []string{"XOAUTH2"}, right, "does not know this way"},
	} {
		t.Run(name, func(t *testing.T) {
			p := attempt(t, smtptest.Options{Login: c.login, Mechanisms: c.offered}, func(a *outbox.Account) { a.Auth = c.auth })
			if c.words == "" && p.State != desk.PostSent || c.words != "" && (p.State != desk.PostRetry || !strings.Contains(p.Words, c.words)) {
				t.Errorf("the desk was told %+v", p)
			}
			if strings.Contains(p.Words, "secret") {
				t.Errorf("the secret shows: %s", p.Words)
			}
		})
	}
}

func TestNoSecretAtHand(t *testing.T) {
	p := attempt(t, smtptest.Options{Login: func(string, string, string) bool { return true }}, func(a *outbox.Account) {
		a.Secret = func(context.Context) (string, error) { return "", errors.New("the keyring is locked") }
	})
	if p.State != desk.PostRetry || !strings.Contains(p.Words, "not at hand") {
		t.Errorf("the desk was told %+v", p)
	}
}

func TestConnectionsAreProtected(t *testing.T) {
	cert, pool, err := smtptest.Certificate()
	must(t, err)
	server := &tls.Config{Certificates: []tls.Certificate{cert}}
	trust := &tls.Config{RootCAs: pool}
	for name, c := range map[string]struct {
		server smtptest.Options
		with   func(*outbox.Account)
		words  string // "" for sent
	}{
		"TLS":               {smtptest.Options{TLS: server, Implicit: true}, func(a *outbox.Account) { a.Security, a.TLS = imap.TLS, trust }, ""},
		"STARTTLS":          {smtptest.Options{TLS: server}, func(a *outbox.Account) { a.Security, a.TLS = imap.StartTLS, trust }, ""},
		"TLS, unknown":      {smtptest.Options{TLS: server, Implicit: true}, func(a *outbox.Account) { a.Security = imap.TLS }, "cannot be trusted"},
		"STARTTLS, unknown": {smtptest.Options{TLS: server}, func(a *outbox.Account) { a.Security = imap.StartTLS }, "cannot be trusted"},
		"other name": {smtptest.Options{TLS: server}, func(a *outbox.Account) {
			a.Security, a.TLS = imap.StartTLS, &tls.Config{RootCAs: pool, ServerName: "other.test"}
		}, "cannot be trusted"},
		"no STARTTLS":  {smtptest.Options{}, func(a *outbox.Account) { a.Security, a.TLS = imap.StartTLS, trust }, "offers no TLS"},
		"no TLS":       {smtptest.Options{}, func(a *outbox.Account) { a.Security, a.TLS = imap.TLS, trust }, "does not speak TLS"},
		"not loopback": {smtptest.Options{}, func(a *outbox.Account) { a.Host = "mail.shop.test" }, "this machine only"},
		"nobody there": {smtptest.Options{}, func(a *outbox.Account) { a.Port = 1 }, "cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.words != "" {
				c.server.Script = func(m smtptest.Moment) smtptest.Act {
					if m.Stage != smtptest.Hello {
						t.Errorf("the dialogue got to %s", m.Stage)
					}
					return smtptest.Act{}
				}
			}
			p := attempt(t, c.server, c.with)
			if c.words == "" && p.State != desk.PostSent || c.words != "" && (p.State != desk.PostRetry || !strings.Contains(p.Words, c.words)) {
				t.Errorf("the desk was told %+v", p)
			}
		})
	}
}
