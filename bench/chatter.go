package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"
)

// dialTimeout is how long a visitor waits to be let in.
const dialTimeout = 10 * time.Second

// chatter is a visitor that costs the driver as little as possible. The relay
// and the hub are driven by the same one.
type chatter struct {
	conn    net.Conn
	acked   chan struct{} // capacity 1: something was taken
	mu      sync.Mutex    // one frame at a time
	refused atomic.Int64
	failed  atomic.Pointer[error]
}

// dialChatter opens the visitor's socket as number i of many. Each comes from
// a loopback address of its own where the system has them, as visitors do.
func dialChatter(ctx context.Context, url, origin string, i int) (*chatter, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	d := ws.Dialer{
		ReadBufferSize: 1024,
		NetDial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			from := &net.TCPAddr{IP: net.IPv4(127, 1, byte(i>>8), byte(i))}
			if conn, err := (&net.Dialer{LocalAddr: from}).DialContext(ctx, network, addr); err == nil {
				return conn, nil
			}
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
		Header: ws.HandshakeHeaderString("Origin: " + origin + "\r\n"),
	}
	conn, br, _, err := d.Dial(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("visitor %d: %w", i, err)
	}
	if br == nil {
		br = bufio.NewReaderSize(conn, 1024)
	}
	c := &chatter{conn: conn, acked: make(chan struct{}, 1)}
	if err := c.hello(); err != nil {
		return nil, err
	}
	if _, err := readText(br); err != nil { // the welcome
		return nil, fmt.Errorf("visitor %d was not welcomed: %w", i, err)
	}
	go c.read(br)
	return c, nil
}

func (c *chatter) hello() error {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails, by its contract
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	return c.write([]byte(`{"t":"hello","token":"` + token + `"}`))
}

// say sends message n.
func (c *chatter) say(n int) error {
	text, err := json.Marshal(words(n))
	if err != nil {
		return err
	}
	return c.write([]byte(`{"t":"say","id":"m` + strconv.Itoa(n) + `","text":` + string(text) + `}`))
}

func (c *chatter) write(payload []byte) error { return c.frame(ws.NewTextFrame(payload)) }

func (c *chatter) frame(f ws.Frame) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, err := ws.CompileFrame(ws.MaskFrameInPlace(f))
	if err != nil {
		return err
	}
	if err := c.conn.SetWriteDeadline(time.Now().Add(dialTimeout)); err != nil {
		return err
	}
	_, err = c.conn.Write(b)
	return err
}

// read takes what the other side says and counts the answers.
func (c *chatter) read(in *bufio.Reader) {
	for {
		payload, err := readFrame(in, func(ping []byte) error { return c.frame(ws.NewPongFrame(ping)) })
		if err != nil {
			c.failed.Store(&err)
			return
		}
		var head struct{ T string }
		if err := json.Unmarshal(payload, &head); err != nil {
			c.failed.Store(&err)
			return
		}
		switch head.T {
		case "ok":
			select {
			case c.acked <- struct{}{}:
			default:
			}
		case "no":
			c.refused.Add(1)
		}
	}
}

func (c *chatter) close() { _ = c.conn.Close() } // nothing is lost by it
