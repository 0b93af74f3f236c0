package chat

import (
	"net"
	"net/netip"
	"sync/atomic"
)

// gate is the listener with the limits on open connections. They hold from the
// first byte on, so that somebody who never finishes a request takes seats as
// well. Connections of a trusted proxy count in all only; those behind it
// count when they become a socket and their address is known.
type gate struct {
	net.Listener
	s *Server
}

// Accept implements net.Listener.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		peer := peerAddress(c.RemoteAddr().String())
		most := g.s.limits.PerAddress
		if !peer.IsValid() || g.s.proxies.trust(peer) {
			most = g.s.limits.Connections
		}
		if peer = counted(peer); g.s.seats.take(peer, most) {
			return &seated{Conn: c, seats: g.s.seats, address: peer}, nil
		}
		_ = c.Close()
	}
}

// seated gives its seat back when it is closed.
type seated struct {
	net.Conn
	seats   *seats
	address netip.Addr
	closed  atomic.Bool
}

// Close implements net.Conn.
func (c *seated) Close() error {
	if c.closed.CompareAndSwap(false, true) {
		c.seats.release(c.address)
	}
	return c.Conn.Close()
}

// CloseWrite ends the sending half, where the connection has halves.
func (c *seated) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return net.ErrClosed
}
