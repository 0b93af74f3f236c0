package smtptest

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Options are how a server is. The zero value takes every mail in the clear.
type Options struct {
	Listener net.Listener // nil: a free port of 127.0.0.1
	TLS      *tls.Config  // offers STARTTLS
	Implicit bool         // speaks TLS from the first byte instead; needs TLS
	MaxBytes int64        // announced as SIZE and enforced; 0: no limit
	UTF8     bool         // offers SMTPUTF8
	// Login asks for a sign-in and decides about it; mechanism is PLAIN, LOGIN,
	// XOAUTH2 or OAUTHBEARER, and secret the password or token. nil: none asked.
	Login func(mechanism, user, secret string) bool
	// Mechanisms are offered when Login is set; empty: all four.
	Mechanisms []string
	Script     Script
	// Deliver is told of each mail that was taken over, before the answer is
	// given; an error is answered to the sender. nil: it is only kept.
	Deliver func(Delivery) error
	// Forget keeps no mail in memory: for the demo, which runs for long.
	Forget bool
}

// Delivery is a mail that the server took over.
type Delivery struct {
	From  string // the envelope's sender; "" for automatic mail
	To    []string
	Bytes []byte // as they came, lines ended by CRLF
	At    time.Time
}

// Server is a running server.
type Server struct {
	o      Options
	lis    net.Listener
	smtp   *smtp.Server
	closed chan struct{}
	served sync.WaitGroup

	mu      sync.Mutex
	script  Script
	kept    []Delivery
	stages  map[Stage]int
	dialogs int
}

// New starts a server. Close ends it.
func New(o Options) (*Server, error) {
	if o.Listener == nil {
		l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it returns at once
		if err != nil {
			return nil, err
		}
		o.Listener = l
	}
	if o.Implicit {
		o.Listener = tls.NewListener(o.Listener, o.TLS)
	}
	s := &Server{o: o, lis: o.Listener, script: o.Script, closed: make(chan struct{}), stages: map[Stage]int{}}
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.begin))
	s.smtp.Domain, s.smtp.AllowInsecureAuth, s.smtp.MaxMessageBytes = "sink.test", true, o.MaxBytes
	s.smtp.EnableSMTPUTF8, s.smtp.EnableDSN = o.UTF8, true
	s.smtp.ErrorLog = log.New(io.Discard, "", 0)
	if !o.Implicit {
		s.smtp.TLSConfig = o.TLS
	}
	s.served.Go(func() { _ = s.smtp.Serve(s.lis) }) // it ends by Close
	return s, nil
}

// Host and Port say where the server listens, when it does on a network.
func (s *Server) Host() string { return "127.0.0.1" }

// Port returns the port, 0 when the server does not listen on a network.
func (s *Server) Port() int {
	if a, ok := s.lis.Addr().(*net.TCPAddr); ok {
		return a.Port
	}
	return 0
}

// SetScript changes what the server does from now on; nil: it takes every mail.
func (s *Server) SetScript(f Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = f
}

// Deliveries returns what was taken over so far, in order.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.kept)
}

// Seen returns how often the server was at a stage.
func (s *Server) Seen(stage Stage) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stages[stage]
}

// Close hangs up on everybody.
func (s *Server) Close() error {
	close(s.closed)
	err := s.smtp.Close()
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	s.served.Wait()
	return err
}

// at decides what happens now.
func (s *Server) at(m Moment) Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stages[m.Stage]++
	m.Nth = s.stages[m.Stage]
	if s.script == nil {
		return Act{}
	}
	return s.script(m)
}

// keep takes a mail over.
func (s *Server) keep(d Delivery) error {
	s.mu.Lock()
	if !s.o.Forget {
		s.kept = append(s.kept, d)
	}
	s.mu.Unlock()
	if s.o.Deliver == nil {
		return nil
	}
	return s.o.Deliver(d)
}
