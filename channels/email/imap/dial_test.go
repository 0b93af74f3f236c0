package imap

import (
	"context"
	"encoding/base64"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"

	"hark/channels/email/imap/imaptest"
)

func TestPlainTextStaysOnThisMachine(t *testing.T) {
	asked := false
	o := Options{Security: Plain, User: "ann", Secret: func(context.Context) (string, error) {
		asked = true
		return "secret", nil
	}}
	for _, host := range []string{"mail.example.com", "192.0.2.1", "2001:db8::1", "127.0.0.1.example.com", ""} {
		o.Host = host
		if _, err := Dial(t.Context(), o); KindOf(err) != Insecure {
			t.Errorf("plain text to %q: %v", host, err)
		}
	}
	o.Host, o.Security = "localhost", "maybe"
	if _, err := Dial(t.Context(), o); KindOf(err) != Insecure {
		t.Errorf("security maybe: %v", err)
	}
	if asked {
		t.Error("the secret was asked for")
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Dial(t.Context(), Options{Host: "127.0.0.1", Port: port, Security: Plain})
	if KindOf(err) != Network || !strings.Contains(err.Error(), "cannot reach 127.0.0.1:") || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("it says %v", err)
	}
}

func TestStartTLSIsNotGivenUp(t *testing.T) {
	asked := false
	for name, f := range map[string]fault{
		"refused":           {script: imaptest.Script{"STARTTLS": imaptest.Say("TAG NO no TLS here\n")}, kind: Insecure, says: "no TLS here"},
		"something slipped": {script: imaptest.Script{"STARTTLS": imaptest.Say("TAG OK go\n* PREAUTH you are in\n")}, kind: Protocol, says: "slipped in"},
		"in before it":      {script: imaptest.Script{"GREETING": imaptest.Say("* PREAUTH you are in\n")}, kind: Insecure},
		"hang-up":           {script: imaptest.Script{"STARTTLS": imaptest.HangUp("TAG OK go\r\n")}, kind: Network},
	} {
		t.Run(name, func(t *testing.T) {
			o := scripted(imaptest.Serve(t, nil, f.script))
			o.Security = StartTLS
			o.Secret = func(context.Context) (string, error) {
				asked = true
				return "secret", nil
			}
			_, err := Dial(t.Context(), o)
			f.judge(t, nil, err)
		})
	}
	if asked {
		t.Error("the secret was asked for before TLS")
	}
}

// secretWord must not be seen but in the commands that sign in.
const secretWord = "p4ss\"w\\ord é"

func TestSigningIn(t *testing.T) {
	first := base64.StdEncoding.EncodeToString([]byte("\x00ann\x00" + secretWord))
	for caps, want := range map[string]string{
		"IMAP4rev1":                    "LOGIN {3}\r\nann {13}\r\n" + secretWord,
		"IMAP4rev1 AUTH=PLAIN":         "AUTHENTICATE PLAIN",
		"IMAP4rev1 AUTH=PLAIN SASL-IR": "AUTHENTICATE PLAIN " + first,
	} {
		t.Run(want, func(t *testing.T) {
			s := imaptest.Serve(t, imaptest.Letters(3))
			s.SetCaps(caps)
			o := scripted(s)
			o.User = "ann"
			o.Secret = func(context.Context) (string, error) { return secretWord, nil }
			b, err := Dial(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fetchAll(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(s.Commands(), want) {
				t.Errorf("signed in by %q, want %q", s.Commands(), want)
			}
			for _, line := range b.Traffic().Lines {
				if strings.Contains(line, "p4ss") || strings.Contains(line, first[:8]) {
					t.Errorf("the traffic shows %q", line)
				}
			}
		})
	}
}

func TestNoSecretIsNoSignIn(t *testing.T) {
	s := imaptest.Serve(t, nil)
	o := scripted(s)
	o.Secret = func(context.Context) (string, error) { return "", errors.New("the keyring is locked") }
	_, err := Dial(t.Context(), o)
	if KindOf(err) != AuthRefused || !strings.Contains(err.Error(), "the keyring is locked") {
		t.Errorf("it says %v", err)
	}
	o.Secret = func(context.Context) (string, error) { return "a\r\nb", nil }
	if _, err := Dial(t.Context(), o); KindOf(err) != AuthRefused {
		t.Errorf("a password of two lines: %v", err)
	}
	s.SetCaps("IMAP4rev1 LOGINDISABLED")
	o.Secret = func(context.Context) (string, error) { return "secret", nil }
	if _, err := Dial(t.Context(), o); KindOf(err) != Insecure {
		t.Errorf("where LOGIN is disabled: %v", err)
	}
}

func TestQuirksAreKnownByWhatAServerSays(t *testing.T) {
	for caps, want := range map[string]Quirks{
		"IMAP4rev1 X-GM-EXT-1":       {Name: "Gmail", FilesSent: true, AllMail: true},
		"IMAP4rev1":                  {},
		"IMAP4rev1 XYMHIGHESTMODSEQ": quirksOf("yahoo"),
	} {
		s := imaptest.Serve(t, nil)
		s.SetCaps(caps)
		b, err := Dial(t.Context(), scripted(s))
		if err != nil {
			t.Fatal(err)
		}
		if got := b.Caps().Quirks; got != want {
			t.Errorf("%s has the quirks %+v, want %+v", caps, got, want)
		}
	}
	s := imaptest.Serve(t, nil, imaptest.Script{
		"ID": imaptest.Say("* ID (\"name\" \"Microsoft.Exchange.Imap4\" \"note\" NIL)\nTAG OK that is me\n"),
	})
	s.SetCaps("IMAP4rev1 ID")
	if b, err := Dial(t.Context(), scripted(s)); err != nil || b.Caps().Quirks.Name != "Microsoft 365" {
		t.Errorf("a server that says it is Microsoft's is not known: %v", err)
	}
}
