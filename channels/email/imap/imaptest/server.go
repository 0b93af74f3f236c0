// Package imaptest plays a mail server that misbehaves on cue. It answers the
// common commands from a list of mails as a sound server would; a script says
// which command of which connection is answered in another way: with a given
// text, with half of it, with silence, by hanging up. Every fault that a real
// server was seen with can be put in a line or two.
package imaptest

import (
	"bufio"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A Script says how one connection differs from a sound server's: the reply to
// each verb ("SELECT", "UID FETCH"; "GREETING" for the first words). Verbs
// that it does not name are answered soundly.
type Script map[string]Reply

// A Reply answers one command.
type Reply func(c *Conn)

// A Mail lies in every mailbox of the server.
type Mail struct {
	UID   uint32
	Flags string // as on the wire, without parentheses
	Date  string // INTERNALDATE; a fixed one when empty
	Raw   string // the mail, with CRLF at its line ends
}

// Server is a mail server on loopback that lives as long as its test.
type Server struct {
	Addr string // host:port

	mu      sync.Mutex
	mails   []Mail
	caps    string
	scripts []Script
	conns   []*Conn
	said    []string // commands of all connections, without tags
}

// Caps are what the server says it can do unless SetCaps changes it.
const Caps = "IMAP4rev1 LITERAL+ IDLE UIDPLUS MOVE CONDSTORE SPECIAL-USE AUTH=PLAIN"

// Serve starts a server that holds the mails. The first connection plays the
// first script, the second the second; once the scripts are used up, every
// further connection finds a sound server.
func Serve(tb testing.TB, mails []Mail, scripts ...Script) *Server {
	tb.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{Addr: l.Addr().String(), mails: mails, caps: Caps, scripts: scripts}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.play(conn) })
		}
	})
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Error(err)
		}
		s.HangUp()
		all.Wait()
	})
	return s
}

// play answers one connection until either side ends it.
func (s *Server) play(nc net.Conn) {
	defer nc.Close()
	c := &Conn{Conn: nc, r: bufio.NewReader(nc), server: s}
	s.mu.Lock()
	s.conns = append(s.conns, c)
	if len(s.scripts) > 0 {
		c.script, s.scripts = s.scripts[0], s.scripts[1:]
	}
	s.mu.Unlock()
	c.verb = "GREETING"
	for c.reply(); c.next(); {
		c.reply()
	}
}

// SetCaps changes what the server says it can do.
func (s *Server) SetCaps(caps string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.caps = caps
}

// SetMails changes what lies in the mailboxes and tells every connection that
// waits in IDLE.
func (s *Server) SetMails(mails []Mail) {
	s.mu.Lock()
	s.mails = mails
	conns := slices.Clone(s.conns)
	s.mu.Unlock()
	for _, c := range conns {
		c.tell(len(mails))
	}
}

// Commands returns what all connections asked so far, without tags.
func (s *Server) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.said)
}

// Connections returns how many connections there have been.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// HangUp ends every connection.
func (s *Server) HangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		c.Close()
	}
}

// state returns what a sound answer is made from.
func (s *Server) state() (caps string, mails []Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.caps, s.mails
}

// heard notes a command.
func (s *Server) heard(command string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, command)
}

// Port returns the port of the server.
func (s *Server) Port() int {
	addr, err := net.ResolveTCPAddr("tcp", s.Addr)
	if err != nil {
		panic(errors.New("a listener's address is no address")) // cannot be
	}
	return addr.Port
}

// Letter returns a small mail with the subject, as raw text.
func Letter(subject string) string {
	return strings.ReplaceAll("From: Ann <ann@example.com>\nTo: desk@example.org\nSubject: "+subject+
		"\nMessage-ID: <"+strings.ReplaceAll(subject, " ", ".")+"@example.com>\n"+
		"Date: Mon, 2 Nov 2026 10:00:00 +0000\n\nDear desk,\n"+subject+"\n", "\n", "\r\n")
}

// Letters returns n small mails with the UIDs 1 to n.
func Letters(n int) []Mail {
	mails := make([]Mail, n)
	for i := range mails {
		mails[i] = Mail{UID: uint32(i + 1), Raw: Letter("mail " + string(rune('A'+i%26)))}
	}
	return mails
}
