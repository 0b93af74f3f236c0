package staff

import (
	"context"
	"encoding/binary"
	"io"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"
)

// Limits on the environment that a client may send.
const (
	maxEnv      = 32
	maxEnvBytes = 1024
)

// session is one channel: a console or a command.
type session struct {
	c    *conn
	ch   ssh.Channel
	env  []string
	pty  bool
	seat bool // the client runs errands
	size Size

	resize  chan Size // capacity 1: the latest
	started bool
	once    sync.Once // the exit status is sent once
}

func newSession(c *conn, ch ssh.Channel) *session {
	return &session{c: c, ch: ch, resize: make(chan Size, 1)}
}

// serve answers the channel's requests until the client closes it; then the
// session's context ends.
func (s *session) serve(ctx context.Context, requests <-chan *ssh.Request) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for r := range requests {
		ok := s.handle(ctx, cancel, r)
		if r.WantReply {
			_ = r.Reply(ok, nil)
		}
	}
}

// handle answers one request; false refuses it.
func (s *session) handle(ctx context.Context, cancel context.CancelFunc, r *ssh.Request) bool {
	switch r.Type {
	case "env":
		return s.setEnv(r.Payload)
	case "pty-req":
		return s.setPty(r.Payload)
	case "window-change":
		return s.setSize(r.Payload)
	case seatRequest:
		s.seat = !s.started
		return s.seat
	case "shell":
		return s.start(ctx, func(ctx context.Context) int { return s.console(ctx) })
	case "exec":
		var p struct{ Command string }
		if ssh.Unmarshal(r.Payload, &p) != nil {
			return false
		}
		return s.start(ctx, func(ctx context.Context) int { return s.runLine(ctx, p.Command) })
	case "signal":
		cancel()
		return true
	}
	return false // subsystems, agents, X11
}

// start runs the session's one program beside the requests.
func (s *session) start(ctx context.Context, program func(context.Context) int) bool {
	if s.started {
		return false
	}
	s.started = true
	s.c.s.work.Add(1)
	s.c.s.wg.Go(func() {
		defer s.c.s.work.Done()
		defer s.c.s.survive("session", func() {
			s.say("this console broke on a fault of hark; the desk goes on, and its log says more")
			s.exit(ExitFailed)
		})
		s.exit(program(ctx))
	})
	return true
}

// say writes a line for the person to standard error.
func (s *session) say(line string) {
	end := "\n"
	if s.pty {
		end = "\r\n"
	}
	_, _ = io.WriteString(s.ch.Stderr(), line+end)
}

// exit sends the exit status and closes the channel.
func (s *session) exit(status int) {
	s.once.Do(func() {
		var p [4]byte
		binary.BigEndian.PutUint32(p[:], uint32(status))
		_, _ = s.ch.SendRequest("exit-status", false, p[:])
		_ = s.ch.Close()
	})
}

// setEnv takes the variables that a console or a command can use.
func (s *session) setEnv(payload []byte) bool {
	var p struct{ Name, Value string }
	if ssh.Unmarshal(payload, &p) != nil || len(s.env) >= maxEnv || len(p.Name)+len(p.Value) > maxEnvBytes {
		return false
	}
	if !useful(p.Name) || strings.ContainsRune(p.Value, 0) {
		return false
	}
	s.env = append(s.env, p.Name+"="+p.Value)
	return true
}

// clientEnv lists the variables that say how a terminal is to be spoken to.
// The client sends them, and the server takes no others.
func clientEnv() []string {
	return []string{"TERM", "COLORTERM", "TERM_PROGRAM", "TMUX", "LANG", "LC_ALL", "LC_CTYPE", "LC_TIME", "TZ", "NO_COLOR", "COLUMNS", "ACCESSIBLE"}
}

func useful(name string) bool {
	for _, n := range clientEnv() {
		if n == name {
			return true
		}
	}
	return false
}

// getEnv returns a variable that the client sent.
func (s *session) getEnv(name string) string {
	for _, e := range s.env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}
