package staff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/crypto/ssh"

	"hark/desk"
)

// dialTimeout is how long a hub may take to answer. It is on this machine: one
// that takes longer is stuck.
const dialTimeout = 5 * time.Second

// farewellTimeout is how long errands may take to end behind their console.
const farewellTimeout = 2 * time.Second

// ErrNoHub says that nobody listens where the hub would.
var ErrNoHub = errors.New("no hub has this desk open")

// Client is a connection to the hub.
type Client struct {
	ssh     *ssh.Client
	hangs   atomic.Bool // the hub gave no sign of life
	errands <-chan ssh.NewChannel
	foreign bool // the hub is another user's

	// Away is told when the terminal is another program's, so that ctrl+c is
	// meant for that one, and when it is not any more; nil for nobody.
	Away func(bool)

	over  chan struct{} // closed once no errand is left behind a console; nil before the first
	mu    sync.Mutex
	words []string // for the person, once the console is gone
}

// farewell keeps a line for the person until the console is gone.
func (c *Client) farewell(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.words = append(c.words, line)
}

// sayFarewell waits a moment for errands to end and writes their last words.
func (c *Client) sayFarewell(w io.Writer) {
	select {
	case <-c.over:
	case <-time.After(farewellTimeout):
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, line := range c.words {
		_, _ = io.WriteString(w, line+"\n")
	}
}

// Dial connects to the hub at the first of the sockets where one answers. as
// is the account to act as, "" for one's own.
func Dial(ctx context.Context, sockets []string, as string) (*Client, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	for _, path := range sockets {
		nc, err := dialSocket(ctx, path)
		switch {
		case err == nil:
			return handshake(ctx, nc, as)
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOTDIR):
			continue // nobody there, or a killed hub's socket
		case errors.Is(err, fs.ErrPermission):
			return nil, desk.Errorf(desk.Denied, "the hub's socket %s is closed to you; the desk's owner opens it to a group with staff.group", path)
		}
		return nil, desk.Errorf(desk.Unavailable, "the hub does not answer at %s: %w", path, err)
	}
	return nil, ErrNoHub
}

func dialSocket(ctx context.Context, path string) (*net.UnixConn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	uc := c.(*net.UnixConn)
	if err := trusted(uc, path); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return uc, nil
}

// trusted checks that the process which listens is that of the socket's owner.
// Together with the private folder that the socket lies in, this is the proof
// that the hub is the hub, and why its host key needs no memory here.
func trusted(c *net.UnixConn, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	uid, err := peerUID(c)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || int(st.Uid) != uid {
		return fmt.Errorf("a process of user id %d listens on a socket that is not its own", uid)
	}
	return nil
}

func handshake(ctx context.Context, nc *net.UnixConn, as string) (*Client, error) {
	deadline, _ := ctx.Deadline()
	if err := nc.SetDeadline(deadline); err != nil {
		return nil, errors.Join(err, nc.Close())
	}
	config := &ssh.ClientConfig{
		Config:            algorithms(),
		User:              as,
		HostKeyCallback:   func(string, net.Addr, ssh.PublicKey) error { return nil }, // see trusted
		HostKeyAlgorithms: []string{ssh.KeyAlgoED25519},
		ClientVersion:     "SSH-2.0-hark",
	}
	c, channels, requests, err := ssh.NewClientConn(nc, "hub", config)
	if err != nil {
		_ = nc.Close()
		return nil, desk.Errorf(desk.Unavailable, "the hub does not answer; hub.log in its folder may say why: %w", err)
	}
	if err := nc.SetDeadline(time.Time{}); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	client := &Client{ssh: ssh.NewClient(c, channels, requests)}
	client.errands = client.ssh.HandleChannelOpen(errandChannel)
	if uid, err := peerUID(nc); err != nil || uid != os.Getuid() {
		client.foreign = true
	}
	go client.watch()
	return client, nil
}

// How a hub that hangs is noticed: it is asked for a sign of life every pulse,
// and has as long to give it.
const pulse = 15 * time.Second

// watch closes the connection when the hub gives no sign of life any more, so
// that nobody sits before a dead screen.
func (c *Client) watch() {
	for {
		answered := make(chan error, 1)
		go func() {
			_, _, err := c.ssh.SendRequest("keepalive@hark", true, nil)
			answered <- err
		}()
		select {
		case err := <-answered:
			if err != nil {
				return // the connection is gone
			}
		case <-time.After(pulse):
			c.hangs.Store(true)
			_ = c.ssh.Close()
			return
		}
		time.Sleep(pulse)
	}
}

// Close ends the connection.
func (c *Client) Close() error { return c.ssh.Close() }

// Gone waits until the hub closes the connection, which it does when it ends.
func (c *Client) Gone(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		_ = c.ssh.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader // nil when the command does not read
	Out, Err io.Writer
	Files    bool // the command saves or reads files where the person is
}

// errHubGone says that the connection ended without an exit status.
var errHubGone = &desk.Error{Code: desk.Unavailable, Msg: "the hub ended without a word; hark opens the desk again"}

// Run runs a command in the hub and returns its exit status.
func (c *Client) Run(ctx context.Context, argv, env []string, io Streams) (int, error) {
	line := Quote(argv)
	if len(line) > argvLimit {
		return ExitUsage, desk.Errorf(desk.Invalid, "%w", tooLong(len(line)))
	}
	s, err := c.session(env)
	if err != nil {
		return ExitFailed, err
	}
	defer s.close()
	stop := context.AfterFunc(ctx, s.close)
	defer stop()
	if io.Files {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		go c.runErrands(ctx, nil, argv)
		if err := s.send(seatRequest, nil); err != nil {
			return ExitFailed, errHubGone
		}
	}
	if err := s.send("exec", struct{ Command string }{line}); err != nil {
		return ExitFailed, errHubGone
	}
	go s.feed(io.In)
	return s.wait(io.Out, io.Err)
}

// errHubHangs says that the hub is there and does nothing.
var errHubHangs = &desk.Error{Code: desk.Unavailable, Msg: "the hub has given no sign of life for a while; hub.log in its folder may say why"}

// remote is the client's end of a session.
type remote struct {
	c      *Client
	ch     ssh.Channel
	status chan int // closed without a value when the hub sent none
}

func (c *Client) session(env []string) (*remote, error) {
	ch, requests, err := c.ssh.OpenChannel("session", nil)
	if err != nil {
		return nil, desk.Errorf(desk.Unavailable, "the hub takes no further session: %w", err)
	}
	s := &remote{c: c, ch: ch, status: make(chan int, 1)}
	go s.listen(requests)
	for _, e := range env {
		if err := s.sendEnv(e); err != nil {
			return nil, errHubGone
		}
	}
	return s, nil
}

// close ends the session; the hub may have ended it before.
func (s *remote) close() { _ = s.ch.Close() }

// listen waits for the exit status.
func (s *remote) listen(requests <-chan *ssh.Request) {
	defer close(s.status)
	for r := range requests {
		var p struct{ Status uint32 }
		if r.Type == "exit-status" && ssh.Unmarshal(r.Payload, &p) == nil && len(s.status) == 0 {
			s.status <- int(p.Status)
		}
		if r.WantReply {
			_ = r.Reply(false, nil)
		}
	}
}

// send makes a request without waiting for the answer: a refusal ends the
// session with a sentence. payload may be nil.
func (s *remote) send(kind string, payload any) error {
	var raw []byte
	if payload != nil {
		raw = ssh.Marshal(payload)
	}
	_, err := s.ch.SendRequest(kind, false, raw)
	return err
}

// feed copies the input to the hub and says when it ends.
func (s *remote) feed(in io.Reader) {
	if in != nil {
		_, _ = io.Copy(s.ch, in)
	}
	_ = s.ch.CloseWrite()
}

// wait copies what the hub writes until it ends the session, and returns the
// exit status.
func (s *remote) wait(out, errOut io.Writer) (int, error) {
	errs := make(chan error, 1)
	go func() {
		_, err := io.Copy(errOut, s.ch.Stderr())
		errs <- err
	}()
	_, err := io.Copy(out, s.ch)
	if err != nil {
		return ExitFailed, fmt.Errorf("write the hub's answer: %w", err)
	}
	if err := <-errs; err != nil {
		return ExitFailed, fmt.Errorf("write the hub's answer: %w", err)
	}
	status, ok := <-s.status
	switch {
	case ok:
		return status, nil
	case s.c.hangs.Load():
		return ExitUnavailable, errHubHangs
	}
	return ExitUnavailable, errHubGone
}
