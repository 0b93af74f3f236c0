package smtptest

import (
	"bytes"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Auth begins a sign-in.
func (x *session) Auth(mechanism string) (sasl.Server, error) {
	if x.s.o.Login == nil {
		return nil, smtp.ErrAuthUnsupported
	}
	if err := x.do(Moment{Stage: Auth}); err != nil {
		return nil, err
	}
	check := func(user, secret string) error {
		if !x.s.o.Login(mechanism, user, secret) {
			return smtp.ErrAuthFailed
		}
		x.in = true
		return nil
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	case sasl.Login:
		return &loginServer{check: check}, nil
	case "XOAUTH2":
		return &bearerServer{check: check, words: xoauth2}, nil
	case sasl.OAuthBearer:
		return &bearerServer{check: check, words: oauthBearer}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// loginServer plays LOGIN, which asks twice.
type loginServer struct {
	check func(user, secret string) error
	asked int
	user  string
}

// Next asks for the name, then for the password.
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if response == nil && l.asked == 0 {
		l.asked++
		return []byte("Username:"), false, nil
	}
	if l.user == "" {
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

// bearerServer plays the mechanisms that carry a token. A refusal is a
// challenge with JSON first, and the error after the client's answer to it.
type bearerServer struct {
	check  func(user, token string) error
	words  func([]byte) (user, token string)
	failed error
}

// Next looks at the token, or ends a refused sign-in.
func (b *bearerServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if b.failed != nil {
		return nil, true, b.failed
	}
	if response == nil {
		return []byte{}, false, nil
	}
	if b.failed = b.check(b.words(response)); b.failed != nil {
		return []byte(`{"status":"400","schemes":"Bearer","scope":"https://mail.example/"}`), false, nil
	}
	return nil, true, nil
}

// xoauth2 reads "user=NAME^Aauth=Bearer TOKEN^A^A".
func xoauth2(b []byte) (user, token string) {
	for f := range bytes.SplitSeq(b, []byte{1}) {
		if v, ok := strings.CutPrefix(string(f), "user="); ok {
			user = v
		}
		if v, ok := strings.CutPrefix(string(f), "auth=Bearer "); ok {
			token = v
		}
	}
	return user, token
}

// oauthBearer reads RFC 7628's "n,a=NAME,^A…^Aauth=Bearer TOKEN^A^A".
func oauthBearer(b []byte) (user, token string) {
	_, token = xoauth2(b)
	for f := range strings.SplitSeq(string(b), ",") {
		if v, ok := strings.CutPrefix(f, "a="); ok {
			user = v
		}
	}
	return user, token
}
