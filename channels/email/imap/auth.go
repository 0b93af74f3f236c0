package imap

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-sasl"

	"hark/channels/email/xoauth2"
)

// signIn proves who we are, in the way that the options say.
func (g *greeter) signIn(ctx context.Context, o Options) error {
	if g.in {
		return nil
	}
	g.hurry.Stop()
	g.w.pace.end()
	secret, err := o.Secret(ctx)
	g.hurry.Reset(3 * o.Limits.Dial)
	g.w.pace.begin(o.Limits.Dial)
	if err != nil {
		return &Trouble{Kind: AuthRefused, Words: "there is no password or token for this account: " + clean(err.Error()), Err: err}
	}
	g.caps, err = nil, g.prove(o, secret)
	var no *refusal
	if errors.As(err, &no) {
		return g.notLetIn(o, no)
	}
	return err
}

// prove signs in. What the server can do may be another thing afterwards.
func (g *greeter) prove(o Options, secret string) error {
	known := g.caps
	g.caps = nil
	switch {
	case o.Auth == XOAuth2:
		return g.authenticate(xoauth2.New(o.User, secret), known, "")
	case o.Auth == OAuthBearer:
		name := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(o.User) // RFC 5801, section 4
		return g.authenticate(sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{
			Username: name, Token: secret, Host: o.Host, Port: o.Port,
		}), known, "AQ==")
	case known["AUTH=PLAIN"]:
		return g.authenticate(sasl.NewPlainClient("", o.User, secret), known, "*")
	case known["LOGINDISABLED"]:
		return &Trouble{Kind: Insecure, Words: g.w.host + " takes no password on this connection"}
	}
	return g.login(o.User, secret)
}

// authenticate runs a SASL exchange (RFC 3501, section 6.2.2; RFC 4959). All
// our mechanisms say everything first. A server that answers with a challenge
// has refused and explains it; it says no after the farewell.
func (g *greeter) authenticate(c sasl.Client, caps map[string]bool, farewell string) error {
	mechanism, first, err := c.Start()
	if err != nil {
		return &Trouble{Kind: AuthRefused, Words: "the name or the secret of this account cannot be sent: " + err.Error(), Err: err}
	}
	if strings.ContainsAny(string(first), "\r\n") {
		return &Trouble{Kind: AuthRefused, Words: "the name or the secret of this account holds a line end"}
	}
	command, reply := "AUTHENTICATE "+mechanism, base64.StdEncoding.EncodeToString(first)
	sent := caps["SASL-IR"]
	if sent {
		command += " " + reply
	}
	var why error
	err = g.ask(command, "AUTHENTICATE "+mechanism+" …", func(challenge string) (string, error) {
		if !sent {
			sent = true
			return reply, nil
		}
		why = explained(challenge)
		return farewell, nil
	})
	var no *refusal
	if errors.As(err, &no) && why != nil {
		no.text = clean(fmt.Sprintf("%v (%s)", why, no.text))
	}
	return err
}

// explained reads the reason that comes as a challenge before a no.
func explained(challenge string) error {
	words, err := base64.StdEncoding.DecodeString(challenge)
	if err != nil {
		return fmt.Errorf("the server explained its refusal in a way that cannot be read: %w", err)
	}
	return xoauth2.ParseError(words)
}

// login sends name and password in the old way (RFC 3501, section 6.2.3).
func (g *greeter) login(user, password string) error {
	if strings.ContainsAny(user+password, "\r\n\x00") {
		return &Trouble{Kind: AuthRefused, Words: "the name or the password of this account holds a line end"}
	}
	if plainASCII(user + password) {
		return g.ask("LOGIN "+quote(user)+" "+quote(password), "LOGIN …", nil)
	}
	return g.loginLiterals(user, password)
}

// loginLiterals sends both words as literals: passwords can hold any letters.
func (g *greeter) loginLiterals(user, password string) error {
	rest := []string{fmt.Sprintf("%s {%d}", user, len(password)), password}
	return g.ask(fmt.Sprintf("LOGIN {%d}", len(user)), "LOGIN …", func(string) (string, error) {
		if len(rest) == 0 {
			return "", g.w.broke(errors.New("it waits for more than there is"))
		}
		next := rest[0]
		rest = rest[1:]
		return next, nil
	})
}

// notLetIn says why the server refused.
func (g *greeter) notLetIn(o Options, no *refusal) error {
	if asksForPause(no.code, no.text) {
		return g.w.said("let us in", no.code, no.text)
	}
	what := "the name or the password"
	if o.Auth == XOAuth2 || o.Auth == OAuthBearer {
		what = "the token"
	}
	return &Trouble{Kind: AuthRefused, Words: fmt.Sprintf("%s refused %s: %s", g.w.host, what, no.text), Err: no}
}

// quote writes a quoted string.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
