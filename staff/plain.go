package staff

import (
	"context"
	"io"
	"slices"
	"time"

	"hark/desk"
)

// plainCommand opens a console of lines. It is no command of the set: it goes
// on until the person leaves, customers are offered to it, and it may send the
// person's machine on errands. With pipeFlag nobody types; without it the far
// end edits and echoes lines, as a terminal in its usual mode does.
const (
	plainCommand = "plain"
	pipeFlag     = "--pipe"
)

// Lines is a console of lines at the far end of a connection, and who sits
// there.
type Lines struct {
	Session  *desk.Session
	In       io.Reader
	Out      io.Writer
	Terminal bool           // a person types, and the far end echoes
	Zone     *time.Location // in which the person reads times
	Seat     *Seat          // what can be done where the person sits; nil over plain ssh
}

// Plain runs a console of lines until the person leaves it or ctx ends. An
// error of a person's or a script's making has been told already.
type Plain func(ctx context.Context, l Lines) error

// runLine runs a console of lines or a command of the set.
func (s *session) runLine(ctx context.Context, line string) int {
	if argv, err := Split(line); err == nil && len(argv) > 0 && argv[0] == plainCommand {
		return s.plain(ctx, argv)
	}
	return s.exec(ctx, line)
}

// plain signs in and runs a console of lines.
func (s *session) plain(ctx context.Context, argv []string) int {
	if s.pty {
		s.say("the console of lines needs a terminal that edits and echoes lines itself: hark --plain, or ssh -T")
		return ExitUsage
	}
	if s.c.s.o.Plain == nil || len(argv) > 2 || len(argv) == 2 && argv[1] != pipeFlag {
		s.say("the console of lines is opened with: hark --plain")
		return ExitUsage
	}
	return s.sit(ctx, "plain console", func(ctx context.Context, o sitting) int {
		pipe := slices.Contains(argv, pipeFlag)
		err := s.c.s.o.Plain(ctx, Lines{Session: o.sess, In: o.in, Out: s.ch, Terminal: !pipe, Zone: s.zone(), Seat: o.seat})
		switch {
		case ctx.Err() != nil:
			return s.left(ctx, o.sess, err)
		case err == nil: // it has said goodbye itself
			return ExitOK
		case desk.CodeOf(err) != desk.Internal:
			return ExitStatus(err)
		}
		return s.left(ctx, o.sess, err)
	})
}

// Plain runs a console of lines: what in brings goes to the hub, and what the
// hub says goes to out. terminal says that a person types at a terminal, which
// is left as it is. Meanwhile the hub may send the person's machine on errands.
func (c *Client) Plain(ctx context.Context, terminal bool, env []string, io Streams) (int, error) {
	s, err := c.session(env)
	if err != nil {
		return ExitFailed, err
	}
	defer s.close()
	stop := context.AfterFunc(ctx, s.close)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	over := make(chan struct{})
	c.over = over
	go func() {
		defer close(over)
		c.runErrands(ctx, nil, nil)
	}()
	argv := []string{plainCommand}
	if !terminal {
		argv = append(argv, pipeFlag)
	}
	if s.send(seatRequest, nil) != nil || s.send("exec", struct{ Command string }{Quote(argv)}) != nil {
		return ExitFailed, errHubGone
	}
	go s.feed(io.In)
	status, err := s.wait(io.Out, io.Err)
	cancel()
	c.sayFarewell(io.Err)
	return status, err
}
