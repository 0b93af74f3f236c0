package smtptest

import (
	"errors"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one connection. After STARTTLS the library begins another one on
// the same connection.
type session struct {
	s      *Server
	conn   *smtp.Conn
	dialog int
	in     bool // signed in
	from   string
	to     []string
}

var _ smtp.AuthSession = (*session)(nil)

func (s *Server) begin(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	s.dialogs++
	x := &session{s: s, conn: c, dialog: s.dialogs}
	s.mu.Unlock()
	if err := x.do(Moment{Stage: Hello}); err != nil {
		return nil, err
	}
	return x, nil
}

// errGone ends a session whose connection was dropped or whose server closed.
var errGone = errors.New("the connection is gone")

// do plays the script's act for a moment.
func (x *session) do(m Moment) error {
	m.Dialog, m.From = x.dialog, x.from
	return x.act(x.s.at(m))
}

func (x *session) act(a Act) error {
	switch {
	case a.Drop:
		_ = x.conn.Conn().Close() // that is the point
		return errGone
	case a.Silent:
		<-x.s.closed
		return errGone
	}
	return a.answer()
}

// Reset forgets the mail at hand.
func (x *session) Reset() { x.from, x.to = "", nil }

// Logout ends the session.
func (x *session) Logout() error { return nil }

// Mail begins a mail.
func (x *session) Mail(from string, _ *smtp.MailOptions) error {
	if x.s.o.Login != nil && !x.in {
		return smtp.ErrAuthRequired
	}
	x.from = from
	return x.do(Moment{Stage: Mail, Address: from})
}

// Rcpt adds a recipient.
func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := x.do(Moment{Stage: Rcpt, Address: to}); err != nil {
		return err
	}
	x.to = append(x.to, to)
	return nil
}

// Data reads the mail. Half a mail is none: the reader's error is passed on.
func (x *session) Data(r io.Reader) error {
	if a := x.s.at(Moment{Stage: Data, From: x.from, Dialog: x.dialog}); a != (Act{}) {
		_, _ = r.Read(make([]byte, 1)) // the text has begun
		return x.act(a)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	a := x.s.at(Moment{Stage: Dot, From: x.from, Dialog: x.dialog})
	if a == (Act{}) || a.Keep {
		err = x.s.keep(Delivery{From: x.from, To: slices.Clone(x.to), Bytes: b, At: time.Now()})
	}
	if then := x.act(a); then != nil {
		return then
	}
	return err
}

// AuthMechanisms says how to sign in.
func (x *session) AuthMechanisms() []string {
	switch {
	case x.s.o.Login == nil:
		return nil
	case len(x.s.o.Mechanisms) > 0:
		return x.s.o.Mechanisms
	}
	return []string{sasl.Plain, sasl.Login, "XOAUTH2", sasl.OAuthBearer}
}
