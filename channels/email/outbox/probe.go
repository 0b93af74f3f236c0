package outbox

import (
	"context"
	"errors"
)

// Answer is what an account's server said when it was asked.
type Answer struct {
	SignedIn bool // it asked for a name, and took the account's
	MaxSize  int  // of a mail in bytes; 0: it does not say
	UTF8     bool // it takes other letters than ASCII before the @ (RFC 6531)
}

// Probe connects to an account's server as a mail would, signs in and leaves
// again without sending anything. The text of its error is for people.
func Probe(ctx context.Context, a Account, l Limits) (Answer, error) {
	out, err := New(Options{Accounts: []Account{a}, Limits: l})
	if err != nil {
		return Answer{}, err
	}
	s, t := out.posts[a.Name].open(ctx)
	if t != nil {
		return Answer{}, errors.Join(t, context.Cause(ctx))
	}
	defer s.quit()
	asked, _ := s.Extension("AUTH")
	utf, _ := s.Extension("SMTPUTF8")
	most, _ := s.MaxMessageSize()
	return Answer{SignedIn: asked && a.Secret != nil, MaxSize: most, UTF8: utf}, nil
}
