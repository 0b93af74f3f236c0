// Package xoauth2 signs in to mail servers with a token in the way that Google
// and Microsoft invented before there was a standard: the SASL mechanism
// XOAUTH2, for IMAP and SMTP alike.
package xoauth2

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-sasl"
)

// Mechanism is the name of the SASL mechanism.
const Mechanism = "XOAUTH2"

// Error is why a server refused a token, as it says itself: status is most
// often a number of HTTP.
type Error struct {
	Status  string `json:"status"`
	Schemes string `json:"schemes"`
	Scope   string `json:"scope"`
}

func (e *Error) Error() string {
	words := "the token was refused with status " + e.Status
	if e.Scope != "" {
		words += "; the scope wanted is " + e.Scope
	}
	return words
}

// New returns a client that signs user in with an access token.
func New(user, token string) sasl.Client { return client{user: user, token: token} }

type client struct{ user, token string }

// Start returns what is sent first. Neither name nor token may hold the
// character that separates them.
func (c client) Start() (mechanism string, first []byte, err error) {
	if strings.ContainsAny(c.user+c.token, "\x00\x01\r\n") {
		return "", nil, errors.New("a control character in the name or the token")
	}
	return Mechanism, []byte("user=" + c.user + "\x01auth=Bearer " + c.token + "\x01\x01"), nil
}

// Next is called when the server refused: it says why before it says no.
func (c client) Next(challenge []byte) ([]byte, error) { return nil, ParseError(challenge) }

// ParseError reads a server's words about a token that it refused. RFC 7628
// uses the same form for OAUTHBEARER.
func ParseError(challenge []byte) error {
	e := new(Error)
	if err := json.Unmarshal(challenge, e); err != nil {
		return fmt.Errorf("the token was refused, with an explanation that cannot be read: %w", err)
	}
	return e
}
