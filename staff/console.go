package staff

import (
	"context"
	"errors"
	"io"
	"time"

	"hark/desk"
)

// signOutTimeout is how long the end of a sitting may take to be journaled.
const signOutTimeout = 5 * time.Second

// errIdle ends a console that nobody touches.
var errIdle = errors.New("idle")

// console signs in and draws a console on the client's terminal.
func (s *session) console(ctx context.Context) int {
	if !s.pty {
		s.say("the console needs a terminal; hark ls, cat, tail and send work without one")
		return ExitUsage
	}
	return s.sit(ctx, "console", func(ctx context.Context, o sitting) int {
		t := Terminal{Session: o.sess, In: o.in, Out: &crlf{w: s.ch}, Size: s.size, Resize: s.resize, Env: s.env, Seat: o.seat}
		return s.left(ctx, o.sess, s.c.s.o.Console(ctx, t))
	})
}

// sitting is somebody at a console of either kind.
type sitting struct {
	sess *desk.Session
	in   io.Reader // what the person types
	seat *Seat     // what can be done where the person sits; nil over plain ssh
}

// sit signs in, runs a console to its end and signs out. The context that run
// gets ends when nobody touches the console.
func (s *session) sit(ctx context.Context, via string, run func(context.Context, sitting) int) int {
	sess, err := s.signIn(ctx, via, true)
	if err != nil {
		s.say(desk.Sentence(err))
		return ExitStatus(err)
	}
	defer s.signOut(ctx, sess)
	s.c.consoles.Add(1)
	defer s.c.consoles.Add(-1)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	in, touch := s.watched(cancel)
	o := sitting{sess: sess, in: in}
	if s.seat {
		o.seat = newSeat(s.c.ssh, s.c.s.o.FileLimit, touch)
	}
	return run(ctx, o)
}

// left says how a console ended.
func (s *session) left(ctx context.Context, sess *desk.Session, err error) int {
	switch {
	case errors.Is(context.Cause(ctx), errIdle):
		s.say("this console was closed because nobody used it; hark opens it again")
	case ctx.Err() != nil:
		s.say("the desk is closed")
	case err != nil:
		s.c.s.o.Log.Error("a console ended with an error", "error", err)
		s.say("the console ended with an error; the desk goes on, and its log says more")
		return ExitFailed
	case s.c.s.o.Farewell != nil:
		s.say(s.c.s.o.Farewell(sess))
	}
	return ExitOK
}

// watched returns the client's input; reading from it puts the end for
// idleness off, and so does touch.
func (s *session) watched(cancel context.CancelCauseFunc) (in io.Reader, touch func()) {
	idle := s.c.s.o.Idle
	if idle <= 0 {
		return s.ch, func() {}
	}
	timer := time.AfterFunc(idle, func() { cancel(errIdle) })
	return &watchedReader{r: s.ch, idle: idle, timer: timer}, func() { timer.Reset(idle) }
}

type watchedReader struct {
	r     io.Reader
	idle  time.Duration
	timer *time.Timer
}

func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil {
		w.timer.Stop()
	} else {
		w.timer.Reset(w.idle)
	}
	return n, err
}

// signIn begins a sitting. Customers are offered to one that works.
func (s *session) signIn(ctx context.Context, via string, works bool) (*desk.Session, error) {
	in, err := s.c.signIn(via)
	if err != nil {
		return nil, err
	}
	in.Works = works
	return s.c.s.o.Desk.SignIn(ctx, in)
}

// signOut journals the end of a sitting, also when the client has gone.
func (s *session) signOut(ctx context.Context, sess *desk.Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), signOutTimeout)
	defer cancel()
	if err := sess.Close(ctx); err != nil {
		s.c.s.o.Log.Warn("the end of a sitting was not journaled", "error", err)
	}
}
