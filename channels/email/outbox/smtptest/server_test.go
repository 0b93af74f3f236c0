package smtptest_test

import (
	"crypto/tls"
	"net"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"hark/channels/email/outbox/smtptest"
)

const letter = "Subject: lamp\r\n\r\nIt is dark.\r\n.\r\n"

func start(t *testing.T, o smtptest.Options) *smtptest.Server {
	t.Helper()
	s, err := smtptest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func dial(t *testing.T, s *smtptest.Server) *smtp.Client {
	t.Helper()
	c, err := smtp.Dial(net.JoinHostPort(s.Host(), strconv.Itoa(s.Port())))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // often the server was first
	return c
}

func send(c *smtp.Client, to ...string) error {
	return c.SendMail("desk@shop.example", to, strings.NewReader(letter))
}

func TestServerKeepsWhatItTookOver(t *testing.T) {
	s := start(t, smtptest.Options{})
	c := dial(t, s)
	for range 2 {
		if err := send(c, "ana@example.org", "ben@example.org"); err != nil {
			t.Fatal(err)
		}
	}
	got := s.Deliveries()
	if len(got) != 2 || got[1].From != "desk@shop.example" || len(got[1].To) != 2 || string(got[1].Bytes) != letter {
		t.Errorf("it kept %d mails, the last %+v", len(got), got)
	}
}

func TestScriptFailsAtEachStage(t *testing.T) {
	for stage, kept := range map[smtptest.Stage]int{
		smtptest.Hello: 0, smtptest.Mail: 0, smtptest.Rcpt: 0, smtptest.Data: 0, smtptest.Dot: 0,
	} {
		for name, act := range map[string]smtptest.Act{"451": {Code: 451, Words: "later"}, "drop": {Drop: true}} {
			s := start(t, smtptest.Options{Script: smtptest.Once(stage, 1, act)})
			if err := send(dial(t, s), "ana@example.org"); err == nil {
				t.Errorf("%s at %s: no error", name, stage)
			}
			if n := len(s.Deliveries()); n != kept {
				t.Errorf("%s at %s: %d mails kept", name, stage, n)
			}
			if err := send(dial(t, s), "ana@example.org"); err != nil {
				t.Errorf("after %s at %s: %v", name, stage, err)
			}
		}
	}
}

func TestServerMayKeepAndHangUp(t *testing.T) {
	s := start(t, smtptest.Options{Script: smtptest.Always(smtptest.Dot, smtptest.Act{Keep: true, Drop: true})})
	if err := send(dial(t, s), "ana@example.org"); err == nil || len(s.Deliveries()) != 1 {
		t.Errorf("error %v, %d mails kept", err, len(s.Deliveries()))
	}
}

func TestServerAsksForASignIn(t *testing.T) {
	s := start(t, smtptest.Options{Login: func(_, user, secret string) bool { return user == "desk" && secret == "tok" }})
	for _, c := range []struct {
		with sasl.Client
		ok   bool
	}{
		{sasl.NewPlainClient("", "desk", "tok"), true},
		{sasl.NewPlainClient("", "desk", "no"), false},
		{sasl.NewLoginClient("desk", "tok"), true},
		{sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: "desk", Token: "tok"}), true},
		{sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: "desk", Token: "no"}), false},
	} {
		conn := dial(t, s)
		if err := send(conn, "ana@example.org"); err == nil {
			t.Error("it takes mail from anybody")
		}
		if err := conn.Auth(c.with); (err == nil) != c.ok {
			t.Errorf("sign-in by %T: %v", c.with, err)
		}
	}
}

func TestServerSpeaksTLS(t *testing.T) {
	cert, pool, err := smtptest.Certificate()
	if err != nil {
		t.Fatal(err)
	}
	for _, implicit := range []bool{false, true} {
		s := start(t, smtptest.Options{TLS: &tls.Config{Certificates: []tls.Certificate{cert}}, Implicit: implicit})
		open := smtp.DialStartTLS
		if implicit {
			open = smtp.DialTLS
		}
		c, err := open(net.JoinHostPort(s.Host(), strconv.Itoa(s.Port())), &tls.Config{RootCAs: pool})
		if err != nil {
			t.Fatal(err)
		}
		if err := send(c, "ana@example.org"); err != nil || len(s.Deliveries()) != 1 {
			t.Errorf("%v, %d mails", err, len(s.Deliveries()))
		}
		_ = c.Close() // it was asked enough
	}
}

func TestPipeRunsOnFakeTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := smtptest.NewPipe()
		s := start(t, smtptest.Options{Listener: p})
		conn, err := p.Dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		c := smtp.NewClient(conn)
		if err := send(c, "ana@example.org"); err != nil || len(s.Deliveries()) != 1 {
			t.Errorf("%v, %d mails", err, len(s.Deliveries()))
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}
