package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// Dial connects to an account and signs in. The error is a *Trouble, or that
// of the context.
func Dial(ctx context.Context, o Options) (Box, error) {
	o.Limits = o.Limits.withDefaults()
	if o.Port == 0 {
		o.Port = usualPort(o.Security)
	}
	b, err := dial(ctx, o)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

func usualPort(s Security) int {
	if s == TLS {
		return 993
	}
	return 143
}

// dial connects, protects the connection and signs in, each within its limit.
func dial(ctx context.Context, o Options) (*box, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	raw, err := connect(ctx, o)
	if err != nil {
		return nil, err
	}
	w := newWire(raw, o.Host, o.Limits)
	stop := context.AfterFunc(ctx, func() { w.fail(w.closed(ctx.Err())) })
	defer stop()
	g := &greeter{w: w, hurry: time.AfterFunc(3*o.Limits.Dial, func() { w.fail(w.tooLong()) })}
	defer g.hurry.Stop()
	if err := g.enter(ctx, o); err != nil {
		err = g.trouble(err)
		w.fail(err.(*Trouble)) //nolint:errorlint // trouble returns nothing else
		return nil, err
	}
	b := newBox(w, g)
	if o.Log != nil {
		o.Log.Debug("signed in to a mail server", "kind", b.caps.Quirks.Name, "idle", b.caps.Idle, "condstore", b.caps.CondStore)
	}
	return b, nil
}

// trouble turns whatever went wrong before we were let in into trouble.
func (g *greeter) trouble(err error) error {
	var t *Trouble
	var no *refusal
	switch {
	case errors.As(err, &t):
		return t
	case errors.As(err, &no):
		return g.w.said("begin", no.code, no.text)
	}
	return g.w.broke(err)
}

// check refuses what must not be tried at all.
func (o Options) check() error {
	switch o.Security {
	case TLS, StartTLS:
		return nil
	case Plain:
		if isLoopback(o.Host) {
			return nil
		}
		return &Trouble{Kind: Insecure, Words: fmt.Sprintf(
			"%s is another machine, so a connection without TLS would show the password to everybody on the way; use security = \"tls\" or \"starttls\"", o.Host)}
	}
	return &Trouble{Kind: Insecure, Words: fmt.Sprintf("security %q is none of tls, starttls, none", string(o.Security))}
}

// isLoopback tells whether a host is this machine whatever a name server says.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// sendBuffer bounds what the kernel takes from us ahead of the server, so that
// an upload shows how far it really is.
const sendBuffer = 256 << 10

// connect makes the TCP connection. The kernel asks a silent peer whether it
// still lives: a half-open connection is noticed within 45 s also in IDLE.
func connect(ctx context.Context, o Options) (net.Conn, error) {
	dialer := net.Dialer{Timeout: o.Limits.Dial, KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 15 * time.Second, Interval: 10 * time.Second, Count: 3,
	}}
	addr := net.JoinHostPort(o.Host, strconv.Itoa(o.Port))
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, unreachable(addr, err)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBuffer) // only a wish
	}
	if remote, ok := conn.RemoteAddr().(*net.TCPAddr); o.Security == Plain && (!ok || !remote.IP.IsLoopback()) {
		conn.Close()
		return nil, &Trouble{Kind: Insecure, Words: o.Host + " leads to another machine; nothing was sent"}
	}
	return conn, nil
}

// enter protects the connection, signs in and learns what the server can do.
func (g *greeter) enter(ctx context.Context, o Options) error {
	if o.Security == TLS {
		if err := g.secure(ctx, o); err != nil {
			return err
		}
	}
	g.w.pace.begin(o.Limits.Dial)
	if err := g.greeting(); err != nil {
		return err
	}
	if o.Security == StartTLS {
		if err := g.startTLS(ctx, o); err != nil {
			return err
		}
	}
	if err := g.needCaps(); err != nil {
		return err
	}
	if err := g.signIn(ctx, o); err != nil {
		return err
	}
	if err := g.needCaps(); err != nil {
		return err
	}
	if err := g.introduce(); err != nil {
		return err
	}
	g.w.pace.end()
	return nil
}

// startTLS asks for TLS. What was said before it is worth nothing, and nothing
// may have been said already after it: it would count as protected.
func (g *greeter) startTLS(ctx context.Context, o Options) error {
	if g.in {
		return &Trouble{Kind: Insecure, Words: o.Host + " lets people in before TLS; nothing was sent"}
	}
	err := g.ask("STARTTLS", "STARTTLS", nil)
	var no *refusal
	if errors.As(err, &no) {
		return &Trouble{Kind: Insecure, Words: o.Host + " offers no TLS on this port: " + no.text, Err: no}
	}
	if err != nil {
		return err
	}
	if g.w.in.Buffered() > 0 {
		return g.w.broke(errors.New("something was slipped in before TLS began"))
	}
	g.caps, g.said = nil, nil
	if err := g.secure(ctx, o); err != nil {
		return err
	}
	g.w.pace.begin(o.Limits.Dial)
	return nil
}

// secure speaks TLS from here on.
func (g *greeter) secure(ctx context.Context, o Options) error {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.TLS != nil {
		config = o.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = o.Host
	}
	conn := tls.Client(g.w.raw, config)
	ctx, cancel := context.WithTimeout(ctx, o.Limits.Dial)
	defer cancel()
	_ = g.w.raw.SetDeadline(time.Time{}) // those of the plain conversation are over
	if err := conn.HandshakeContext(ctx); err != nil {
		return insecure(o.Host, err)
	}
	g.w.use(conn)
	return nil
}

// introduce says which program this is to servers that want to know, and
// learns which server it is (RFC 2971). A refusal is no harm.
func (g *greeter) introduce() error {
	if !g.caps["ID"] {
		return nil
	}
	err := g.ask(`ID ("name" "hark")`, `ID ("name" "hark")`, nil)
	var no *refusal
	if errors.As(err, &no) {
		return nil
	}
	return err
}

// newBox hands a connection that is signed in to the library.
func newBox(w *wire, g *greeter) *box {
	b := &box{w: w, gate: make(chan struct{}, 1), extended: g.caps["LIST-EXTENDED"]}
	caps := slices.Collect(maps.Keys(g.caps))
	b.caps = Caps{
		Idle: g.caps["IDLE"], CondStore: g.caps["CONDSTORE"] || g.caps["QRESYNC"], Move: g.caps["MOVE"],
		UIDPlus: g.caps["UIDPLUS"], SpecialUse: g.caps["SPECIAL-USE"],
		Quirks: quirksOf(append(caps, g.said...)...),
	}
	w.size = 0
	w.out = []byte("* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n")
	b.lib = imapclient.New(w, nil)
	return b
}
