package staff

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/ssh"

	"hark/desk"
)

// conn is one connection: one person, who may have several sessions in it.
type conn struct {
	s        *Server
	ssh      *ssh.ServerConn
	uid      int
	as       string // the account asked for, "" for one's own
	channels atomic.Int32
	consoles atomic.Int32
}

func (s *Server) serveConn(ctx context.Context, nc *net.UnixConn) {
	defer func() { _ = nc.Close() }() // the SSH connection closes it too
	uid, err := peerUID(nc)
	if err != nil {
		s.o.Log.Warn("a connection of staff was refused", "error", err)
		return
	}
	if err := nc.SetDeadline(time.Now().Add(handshakeTimeout)); err != nil {
		return
	}
	sc, channels, requests, err := ssh.NewServerConn(nc, s.config)
	if err != nil {
		s.o.Log.Debug("a connection of staff ended in the handshake", "uid", uid, "error", err)
		return
	}
	if err := nc.SetDeadline(time.Time{}); err != nil {
		return
	}
	go ssh.DiscardRequests(requests) // no forwarding
	c := &conn{s: s, ssh: sc, uid: uid, as: sc.User()}
	s.join(c)
	defer s.leave(c)
	c.serve(ctx, channels)
}

func (s *Server) join(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[c] = struct{}{}
}

func (s *Server) leave(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// serve starts sessions until the client goes. A connection that holds none
// for a while is closed.
func (c *conn) serve(ctx context.Context, channels <-chan ssh.NewChannel) {
	linger := time.NewTimer(lingerTimeout)
	defer linger.Stop()
	for {
		select {
		case nch, ok := <-channels:
			if !ok {
				return
			}
			c.open(ctx, nch)
			linger.Reset(lingerTimeout) // the while begins anew, however short the session is
		case <-linger.C:
			if c.channels.Load() == 0 && ctx.Err() == nil {
				_ = c.ssh.Close()
			}
			linger.Reset(lingerTimeout)
		}
	}
}

// open starts a session, the only kind of channel there is.
func (c *conn) open(ctx context.Context, nch ssh.NewChannel) {
	if nch.ChannelType() != "session" {
		_ = nch.Reject(ssh.UnknownChannelType, "hark serves sessions only: no forwarding")
		return
	}
	if c.channels.Load() >= maxChannels {
		_ = nch.Reject(ssh.ResourceShortage, fmt.Sprintf("a connection holds %d sessions at most", maxChannels))
		return
	}
	ch, requests, err := nch.Accept()
	if err != nil {
		return
	}
	c.channels.Add(1)
	c.s.wg.Go(func() {
		defer c.channels.Add(-1)
		newSession(c, ch).serve(ctx, requests)
	})
}

// signIn says who acts: the account of the peer's user id, or for the owner of
// the data folder any account by name.
func (c *conn) signIn(via string) (desk.SignIn, error) {
	own := c.s.o.Accounts.AccountOfUID(strconv.Itoa(c.uid))
	switch {
	case c.as == "" && own != nil, own != nil && c.as == own.Name:
		return desk.SignIn{Account: own.ID, Via: via}, nil
	case c.uid != c.s.o.Owner && own == nil:
		return desk.SignIn{}, desk.Errorf(desk.Denied,
			"user id %d has no account at this desk; its owner can make one: hark user add NAME --uid %d", c.uid, c.uid)
	case c.uid != c.s.o.Owner:
		return desk.SignIn{}, desk.Errorf(desk.Denied, "only the owner of the desk's data acts as somebody else; you are %s", own.Name)
	case c.as == "":
		return desk.SignIn{}, desk.Errorf(desk.Denied, "your user id has no account of its own here; name one: hark --as NAME")
	}
	acc := c.s.o.Accounts.AccountNamed(c.as)
	if acc == nil {
		return desk.SignIn{}, desk.Errorf(desk.NotFound, "there is no account %q; hark user ls shows them", c.as)
	}
	return desk.SignIn{Account: acc.ID, Owner: true, Via: via}, nil
}

// survive recovers from a panic: it ends what it happened in and nothing else.
// The value may hold a customer's words, so only its type goes to the log
// unless the runtime made it.
func (s *Server) survive(what string, then func()) {
	v := recover()
	if v == nil {
		return
	}
	msg := fmt.Sprintf("%T", v)
	if e, ok := v.(interface {
		error
		RuntimeError()
	}); ok {
		msg = e.Error()
	}
	s.o.Log.Error("a session of staff broke and was ended", "what", what, "panic", msg, "pid", os.Getpid(), "stack", string(debug.Stack()))
	if then != nil {
		then()
	}
}
