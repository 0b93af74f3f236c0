package outbox

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"hark/channels/email/imap"
)

// session is a connection that is signed in and takes one mail after the other.
//
// A text that is not to be sent must be dropped with the connection: every
// command of the library would first end the text with the final dot.
type session struct {
	*smtp.Client
	wire *wire
	done func() bool // ends the watch over the context
	used int         // mails offered so far
}

// usedMax is how many mails one connection takes; servers have such limits.
const usedMax = 50

var (
	errNoTLS = errors.New("the server offers no STARTTLS")
	errPlain = errors.New("without TLS nothing leaves this machine")
)

// port returns the port, the usual one where none is set.
func (a *Account) port() int {
	switch {
	case a.Port != 0:
		return a.Port
	case a.Security == imap.TLS:
		return 465
	}
	return 587
}

// open connects and signs in. A context that ends closes the connection.
func (p *post) open(ctx context.Context) (*session, *trouble) {
	limits := p.out.o.Limits
	bare := &trouble{words: "without TLS mail goes to a server on this machine only; set security to tls or starttls", account: true, err: errPlain}
	if p.acct.Security == imap.Plain && !loopback(p.acct.Host) {
		return nil, bare
	}
	short, cancel := context.WithTimeout(ctx, limits.Dial)
	defer cancel()
	raw, err := p.out.o.Dial(short, "tcp", net.JoinHostPort(p.acct.Host, strconv.Itoa(p.acct.port())))
	if err != nil {
		return nil, lineTrouble(err)
	}
	if at, ok := raw.RemoteAddr().(*net.TCPAddr); ok && p.acct.Security == imap.Plain && !at.IP.IsLoopback() {
		_ = raw.Close() // it was not used
		return nil, bare
	}
	s := &session{wire: &wire{Conn: raw, stall: limits.Stall}}
	s.done = context.AfterFunc(ctx, func() { _ = raw.Close() })
	if t := s.begin(ctx, p.acct, limits); t != nil {
		s.drop()
		return nil, t
	}
	return s, nil
}

// begin shakes hands: TLS, greeting, sign-in.
func (s *session) begin(ctx context.Context, a *Account, limits Limits) *trouble {
	late := time.AfterFunc(3*limits.Command, func() { _ = s.wire.Close() }) // STARTTLS has a limit of the library's own
	defer late.Stop()
	var err error
	switch a.Security {
	case imap.Plain:
		s.Client = smtp.NewClient(s.wire)
	case imap.StartTLS:
		if s.Client, err = smtp.NewClientStartTLS(s.wire, a.tls()); err != nil {
			if strings.Contains(err.Error(), "STARTTLS") && codeOf(err) == nil {
				err = errNoTLS
			}
			return lineTrouble(err)
		}
	default:
		s.Client = smtp.NewClient(tls.Client(s.wire, a.tls()))
	}
	s.CommandTimeout, s.SubmissionTimeout = limits.Command, limits.Final
	if err := s.Hello(a.hello()); err != nil {
		return lineTrouble(err)
	}
	return a.login(ctx, s.Client)
}

// tls returns the settings of the account's TLS, which always checks the name.
func (a *Account) tls() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if a.TLS != nil {
		c = a.TLS.Clone()
	}
	if c.ServerName == "" {
		c.ServerName = a.Host
	}
	return c
}

// hello returns how the program introduces itself: by the domain it writes for.
func (a *Account) hello() string {
	domain := a.Address.Domain()
	if domain == "" || strings.ContainsFunc(domain, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return "localhost"
	}
	return domain
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// drop ends the connection at once, whatever was begun.
func (s *session) drop() {
	s.done()
	_ = s.wire.Close() // there is nothing left to lose
}

// quit ends an idle connection politely.
func (s *session) quit() {
	s.CommandTimeout = 2 * time.Second
	_ = s.Quit() // it makes no difference to any mail
	s.drop()
}
