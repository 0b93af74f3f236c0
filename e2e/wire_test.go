package e2e_test

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
)

// wire stands between visitors and the hub. It can be cut, and it leads to
// wherever the hub is now.
type wire struct {
	l     net.Listener
	mu    sync.Mutex
	to    string // host:port
	dead  bool
	conns map[net.Conn]struct{}
}

func newWire(t *testing.T) *wire {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{l: l, conns: map[net.Conn]struct{}{}}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { w.join(in) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); w.cut(); work.Wait() })
	return w
}

func (w *wire) url() string { return "http://" + w.l.Addr().String() }

func (w *wire) join(in net.Conn) {
	defer in.Close()
	to, ok := w.add(in)
	if !ok {
		return
	}
	out, err := new(net.Dialer).DialContext(context.Background(), "tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	if _, ok := w.add(out); !ok {
		return
	}
	go func() { _, _ = io.Copy(out, in); _ = out.Close() }() // ends with either
	_, _ = io.Copy(in, out)
}

// add remembers a connection. It returns where the wire leads, and false while
// it is cut.
func (w *wire) add(c net.Conn) (to string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conns[c] = struct{}{}
	return w.to, !w.dead
}

// target returns where the wire leads.
func (w *wire) target() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to
}

// lead leads the wire to another address.
func (w *wire) lead(to string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.to = to
}

// cut closes every connection and lets none through until it is mended.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = true
	for c := range w.conns {
		_ = c.Close()
	}
	clear(w.conns)
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = false
}
