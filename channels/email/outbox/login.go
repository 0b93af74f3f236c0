package outbox

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"hark/channels/email/imap"
)

// login signs in where the server asks for it.
func (a *Account) login(ctx context.Context, c *smtp.Client) *trouble {
	if offered, _ := c.Extension("AUTH"); a.Secret == nil || !offered {
		return nil
	}
	secret, err := a.Secret(ctx)
	if err != nil {
		return &trouble{words: "the password or token of the account is not at hand: hark mail password stores it", account: true, err: err}
	}
	with, ok := a.mechanism(c, secret)
	if !ok {
		return &trouble{words: "the mail server does not know this way to sign in; look at auth in the settings", account: true}
	}
	if err := c.Auth(with); err != nil {
		return loginTrouble(err)
	}
	return nil
}

// mechanism returns how to sign in, false when the server does not offer it.
func (a *Account) mechanism(c *smtp.Client, secret string) (sasl.Client, bool) {
	switch a.Auth {
	case imap.XOAuth2:
		return &xoauth2{user: a.User, token: secret}, c.SupportsAuth("XOAUTH2")
	case imap.OAuthBearer:
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{
			Username: a.User, Token: secret, Host: a.Host, Port: a.port(),
		}), c.SupportsAuth(sasl.OAuthBearer)
	case imap.Password:
	}
	if !c.SupportsAuth(sasl.Plain) && c.SupportsAuth(sasl.Login) {
		return sasl.NewLoginClient(a.User, secret), true
	}
	return sasl.NewPlainClient("", a.User, secret), c.SupportsAuth(sasl.Plain)
}

// loginTrouble tells a wrong secret from a server that has a bad day.
func loginTrouble(err error) *trouble {
	var bearer *sasl.OAuthBearerError
	if e := codeOf(err); e != nil && e.Code/100 == 4 {
		return lineTrouble(err)
	} else if e == nil && !errors.As(err, &bearer) && !errors.Is(err, errToken) {
		return lineTrouble(err)
	}
	return &trouble{words: "the mail server refuses the name, the password or the token of the account", account: true, err: err}
}

var errToken = errors.New("the server refuses the token")

// xoauth2 is Google's and Microsoft's way to sign in with a token. A refusal is
// a challenge with JSON; answering it is of no use.
type xoauth2 struct{ user, token string }

// Start begins with everything there is to say.
func (x *xoauth2) Start() (mechanism string, ir []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next takes the server's reason as an error.
func (x *xoauth2) Next(challenge []byte) ([]byte, error) {
	var why struct{ Status string }
	if err := json.Unmarshal(challenge, &why); err != nil {
		return nil, errors.Join(errToken, err)
	}
	return nil, errToken
}
