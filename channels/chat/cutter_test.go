package chat_test

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
)

// cutter stands between visitors and the hub and can cut the wire.
type cutter struct {
	l  net.Listener
	to func() string

	mu    sync.Mutex
	dead  bool
	conns map[net.Conn]struct{}
}

func startCutter(t *testing.T, h *hub) *cutter {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{l: l, to: func() string { return h.addr }, conns: map[net.Conn]struct{}{}}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { c.join(in) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); c.cut(); work.Wait() })
	return c
}

func (c *cutter) url() string { return "http://" + c.l.Addr().String() }

func (c *cutter) join(in net.Conn) {
	defer func() { _ = in.Close() }()
	if !c.add(in) {
		return
	}
	out, err := new(net.Dialer).DialContext(context.Background(), "tcp", c.to())
	if err != nil {
		return
	}
	defer func() { _ = out.Close() }()
	if !c.add(out) {
		return
	}
	go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
	_, _ = io.Copy(in, out)
}

func (c *cutter) add(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conns[conn] = struct{}{}
	return !c.dead
}

// cut closes every connection and lets no new one through until heal.
func (c *cutter) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead = true
	for conn := range c.conns {
		_ = conn.Close()
	}
	clear(c.conns)
}

func (c *cutter) heal() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead = false
}
