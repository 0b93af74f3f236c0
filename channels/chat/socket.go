package chat

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/lxzan/gws"
)

// Codes of a close, RFC 6455 section 7.4.1 and its registry.
const (
	closeGoingAway   = 1001
	closeUnsupported = 1003
	closePolicy      = 1008
	closeRestart     = 1012
	closeTryAgain    = 1013
)

// closeWrite is how long the last words may take to leave.
const closeWrite = 2 * time.Second

// readBuffer is small: frames are, and every idle connection holds one.
const readBuffer = 512

// wire is the network connection as the socket reads it: it counts bytes, so
// that no trick with fragments or control frames escapes the limits, and turns
// a silent client's time-out into a close that says so.
type wire struct {
	net.Conn
	c *conn
}

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		w.c.silent()
		return n, err
	}
	if _, ok := w.c.bytes.take(time.Now(), w.c.s.limits.Bytes, float64(n)); !ok {
		w.c.fail(closePolicy, "too much at once")
		return 0, net.ErrClosed
	}
	return n, err
}

// handler hears of every socket's frames.
type handler struct{}

var _ gws.Event = handler{}

func connOf(socket *gws.Conn) *conn { return socket.NetConn().(*wire).c }

func (handler) OnOpen(*gws.Conn) {}

func (handler) OnClose(socket *gws.Conn, _ error) { connOf(socket).left() }

func (handler) OnPing(socket *gws.Conn, payload []byte) {
	c := connOf(socket)
	if c.alive() && !c.transmit(gws.OpcodePong, payload) {
		c.fail(closeGoingAway, "")
	}
}

func (handler) OnPong(socket *gws.Conn, _ []byte) { connOf(socket).alive() }

func (handler) OnMessage(socket *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }()
	c := connOf(socket)
	if !c.alive() {
		return
	}
	if m.Opcode != gws.OpcodeText {
		c.fail(closeUnsupported, "frames are text")
		return
	}
	f, err := parseFrame(m.Bytes())
	if err != nil {
		c.fail(closePolicy, err.Error())
		return
	}
	c.handle(f)
}

func newUpgrader(l Limits) *gws.Upgrader {
	return gws.NewUpgrader(handler{}, &gws.ServerOption{
		ReadMaxPayloadSize: l.Frame,
		ReadBufferSize:     readBuffer,
		CheckUtf8Enabled:   true,
		HandshakeTimeout:   closeWrite,
		Logger:             mute{},
		NewSession:         func() gws.SessionStorage { return nil },
		Recovery:           func(gws.Logger) {}, // conn.contain does it
	})
}

// mute is a logger for parts whose words could hold addresses.
type mute struct{}

func (mute) Error(...any) {}

// serveSocket upgrades a request of a listed origin.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !s.origins[origin(r)] {
		s.log.Warn("a page of an origin that is not listed was refused")
		http.Error(w, "this page's origin is not in the desk's list of origins", http.StatusForbidden)
		return
	}
	address, direct := counted(s.proxies.client(r)), !s.proxies.trust(peerAddress(r.RemoteAddr))
	if wait, ok := s.connects.take(time.Now(), address, 1); !ok {
		w.Header().Set("Retry-After", seconds(wait))
		http.Error(w, "too many connections from this address; try again later", http.StatusTooManyRequests)
		return
	}
	if !direct && !s.forwarded.take(address, s.limits.PerAddress) {
		http.Error(w, "too many open connections from this address", http.StatusTooManyRequests)
		return
	}
	c := &conn{s: s, address: address, seat: !direct}
	if !c.upgrade(w, r) {
		c.release()
		return
	}
	if !s.open.enter(c) {
		c.release()
		c.fail(closeRestart, "the hub is closing")
		return
	}
	go c.read() // and return, so that net/http lets go of the request
}

func (c *conn) upgrade(w http.ResponseWriter, r *http.Request) bool {
	raw, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "this address answers WebSocket clients only", http.StatusBadRequest)
		return false
	}
	c.net = raw
	through := &wire{raw, c}
	c.socket, err = c.s.upgrader.UpgradeFromConn(through, bufio.NewReaderSize(through, readBuffer), r)
	if err != nil {
		return false
	}
	return raw.SetReadDeadline(time.Now().Add(c.s.limits.Hello)) == nil
}

// read runs the socket until it is closed.
func (c *conn) read() {
	defer c.s.open.exit(c)
	defer c.left()
	defer c.contain()
	c.socket.ReadLoop()
}

// left forgets the connection. It may be called twice.
func (c *conn) left() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	_ = c.net.Close()
	if c.visitor != nil {
		c.s.visitors.leave(c.visitor, c)
		c.visitor = nil
	}
	c.release()
}

// release gives the seat of a forwarded address back.
func (c *conn) release() {
	if c.seat {
		c.seat = false
		c.s.forwarded.release(c.address)
	}
}

// alive notes a sign of life, and closes a client that gives too many.
func (c *conn) alive() bool {
	now := time.Now()
	if _, ok := c.frames.take(now, c.s.limits.Frames, 1); !ok {
		c.fail(closePolicy, "too many frames")
		return false
	}
	if c.visitor == nil {
		return true // the time for hello runs on
	}
	return c.net.SetReadDeadline(now.Add(c.s.limits.Idle)) == nil
}

// silent closes a connection that said nothing for too long.
func (c *conn) silent() {
	if c.visitor == nil {
		c.fail(closePolicy, "no hello in time")
		return
	}
	c.fail(closeGoingAway, "no sign of life")
}
