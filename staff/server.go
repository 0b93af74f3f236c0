package staff

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"hark/desk"
)

// Limits of a server. They keep one user's runaway loop from starving the hub.
const (
	handshakeTimeout = 10 * time.Second
	lingerTimeout    = 30 * time.Second // a connection without a session
	drainTimeout     = 3 * time.Second  // sessions that are asked to end
	defaultMaxConns  = 256
	maxChannels      = 16 // sessions of one connection
)

// Size is a terminal's, in cells.
type Size struct{ Width, Height int }

// Terminal is a screen at the far end of a connection, and who sits there.
type Terminal struct {
	Session *desk.Session
	In      io.Reader
	Out     io.Writer // a newline becomes carriage return and newline
	Size    Size
	Resize  <-chan Size // the latest size, whenever it changes
	Env     []string    // TERM, COLORTERM, LANG, …, as the client sent them
	Seat    *Seat       // what can be done where the person sits; nil over plain ssh
}

// Console draws a console until the person leaves it or ctx ends.
type Console func(ctx context.Context, t Terminal) error

// Accounts finds who an operating-system user or a name is.
type Accounts interface {
	AccountNamed(name string) *desk.Account
	AccountOfUID(uid string) *desk.Account
}

// Options are what a Server is made of.
type Options struct {
	Desk     *desk.Desk
	Accounts Accounts
	HostKey  ed25519.PrivateKey
	Owner    int // the user id that owns the data folder and may act as any account

	Console  Console
	Plain    Plain                         // the console of lines; nil for none
	Farewell func(*desk.Session) string    // the line that stays when a console was left; nil for none
	Stop     func()                        // ends the hub; returns at once
	Doctor   func(context.Context) []Check // how the hub is

	// ImportMail brings mail in that a person has; nil without mail accounts.
	ImportMail func(context.Context, MailImport) (MailImported, error)

	// FileLimit is the largest file that goes from or to a person's machine, in
	// bytes; 0 for the most there is.
	FileLimit int64

	Idle     time.Duration // a console without a key press is closed after it; 0 for never
	MaxConns int           // 0 for 256
	Log      *slog.Logger  // never sees words, names or addresses; nil for none
}

// Server serves members of staff.
type Server struct {
	o      Options
	config *ssh.ServerConfig
	slots  chan struct{}

	mu    sync.Mutex
	conns map[*conn]struct{}
	wg    sync.WaitGroup // conns
	work  sync.WaitGroup // sessions
}

// New returns a server that is ready to Serve.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxConns == 0 {
		o.MaxConns = defaultMaxConns
	}
	key, err := ssh.NewSignerFromSigner(o.HostKey)
	if err != nil {
		return nil, fmt.Errorf("host key: %w", err)
	}
	config := &ssh.ServerConfig{
		Config:        algorithms(),
		NoClientAuth:  true, // the kernel has told who it is
		ServerVersion: "SSH-2.0-hark",
	}
	config.AddHostKey(key)
	return &Server{o: o, config: config, slots: make(chan struct{}, o.MaxConns), conns: map[*conn]struct{}{}}, nil
}

// algorithms allows the fast and sound ones only: both ends are hark.
func algorithms() ssh.Config {
	return ssh.Config{
		KeyExchanges: []string{ssh.KeyExchangeCurve25519},
		Ciphers:      []string{ssh.CipherAES128GCM, ssh.CipherChaCha20Poly1305},
	}
}

// Serve answers on the socket until ctx ends. Then it lets nobody in any more,
// asks the sessions to end and returns when they have, or after three seconds.
// Connections that ended their sessions stay open until Close, so that whoever
// asked the hub to stop sees it go.
func (s *Server) Serve(ctx context.Context, ln *net.UnixListener) error {
	stop := context.AfterFunc(ctx, func() { _ = ln.Close() })
	defer stop()
	for {
		c, err := ln.AcceptUnix()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = c.Close() // it came too late
			}
			s.drain()
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil: // too many open files: wait for some to close
			s.o.Log.Warn("a connection of staff could not be taken", "error", err)
			pause(ctx, 100*time.Millisecond)
			continue
		}
		s.accept(ctx, c)
	}
}

// accept starts a connection, or closes it when there are too many.
func (s *Server) accept(ctx context.Context, nc *net.UnixConn) {
	select {
	case s.slots <- struct{}{}:
	default:
		s.o.Log.Warn("a connection of staff was refused: too many", "limit", s.o.MaxConns)
		_ = nc.Close()
		return
	}
	s.wg.Go(func() {
		defer func() { <-s.slots }()
		defer s.survive("connection", nil)
		s.serveConn(ctx, nc)
	})
}

// drain waits for the sessions that ctx has asked to end.
func (s *Server) drain() {
	done := make(chan struct{})
	go func() {
		s.work.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(drainTimeout):
		s.o.Log.Warn("sessions did not end in time")
	}
}

// Close closes every connection and waits until they are gone.
func (s *Server) Close() {
	s.mu.Lock()
	for c := range s.conns {
		_ = c.ssh.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// Consoles returns how many consoles are open.
func (s *Server) Consoles() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for c := range s.conns {
		n += int(c.consoles.Load())
	}
	return n
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
