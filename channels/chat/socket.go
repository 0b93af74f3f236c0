package chat

import (
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gobwas/ws"
)

// How a connection ends: the last words get so long to leave, then what the
// client still sends is read and thrown away for a while, because closing on
// unread bytes would make its system throw the last words away.
const (
	lastWords   = 2 * time.Second
	lingerTime  = time.Second
	lingerBytes = 256 << 10
)

// Codes of a close from the registry of RFC 6455 section 11.7 that the
// library does not name.
const (
	closeRestart  ws.StatusCode = 1012
	closeTryAgain ws.StatusCode = 1013
)

// serveSocket upgrades a request of a listed origin.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !s.origins[origin(r)] {
		s.log.Warn("a page of an origin that is not listed was refused")
		http.Error(w, "this page's origin is not in the desk's list of origins", http.StatusForbidden)
		return
	}
	address, direct := counted(s.proxies.client(r)), !s.proxies.trust(peerAddress(r.RemoteAddr))
	if wait, ok := s.connects.take(time.Now(), address); !ok {
		w.Header().Set("Retry-After", seconds(wait))
		http.Error(w, "too many connections from this address; try again later", http.StatusTooManyRequests)
		return
	}
	if !direct && !s.forwarded.take(address, s.limits.PerAddress) {
		http.Error(w, "too many open connections from this address", http.StatusTooManyRequests)
		return
	}
	c := &conn{s: s, address: address, seat: !direct, done: make(chan struct{}, 1)}
	if !c.upgrade(w, r) {
		c.release()
		return
	}
	go c.read() // and return, so that net/http lets go of the request
}

// upgrade makes the request a socket. It answers those who do not ask for one.
func (c *conn) upgrade(w http.ResponseWriter, r *http.Request) bool {
	raw, _, _, err := ws.HTTPUpgrader{Timeout: lastWords}.Upgrade(r, w)
	if err != nil {
		if raw != nil {
			_ = raw.Close()
		}
		return false
	}
	c.net = raw
	return raw.SetReadDeadline(time.Now().Add(c.s.limits.Hello)) == nil
}

// read runs the socket until it ends.
func (c *conn) read() {
	defer c.left()
	defer c.contain()
	if !c.s.open.enter(c) {
		c.fail(closeRestart, "the hub is closing")
		return
	}
	r := newReader(c)
	for !c.isClosed() {
		message, err := r.next()
		if err != nil {
			c.end(err)
			return
		}
		c.receive(message)
		r.release()
	}
	c.linger()
}

// end closes the connection as the reader's error asks.
func (c *conn) end(err error) {
	if code, reason := verdict(err); code != 0 {
		c.fail(code, reason)
		c.linger()
	}
}

// linger lets the last words arrive.
func (c *conn) linger() {
	if half, ok := c.net.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_ = c.net.SetReadDeadline(time.Now().Add(lingerTime))
		_, _ = io.CopyN(io.Discard, c.net, lingerBytes)
	}
}

// receive takes a message in.
func (c *conn) receive(message []byte) {
	if err := c.alive(); err != nil {
		c.fail(verdict(err))
		return
	}
	f, err := parseFrame(message)
	if err != nil {
		c.fail(ws.StatusPolicyViolation, err.Error())
		return
	}
	c.s.crew.do(c.s.ctx, c, f)
}

// alive notes a sign of life, and fails for a client that gives too many.
// Before hello it does not buy time.
func (c *conn) alive() error {
	now := time.Now()
	if _, ok := c.frames.take(now, c.s.limits.Frames, 1); !ok {
		return errTooMuch
	}
	if c.visitor == nil {
		return nil
	}
	if c.net.SetReadDeadline(now.Add(c.s.limits.Idle)) != nil {
		return net.ErrClosed
	}
	return nil
}

// left forgets the connection.
func (c *conn) left() {
	c.mu.Lock()
	c.abort()
	c.mu.Unlock()
	if c.visitor != nil {
		c.s.visitors.leave(c.visitor, c)
	}
	c.release()
	c.s.open.exit(c)
}

// release gives the seat of a forwarded address back.
func (c *conn) release() {
	if c.seat {
		c.s.forwarded.release(c.address)
	}
}
