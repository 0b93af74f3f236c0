package chat_test

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"
)

// raw is a client that keeps to no rule but those it chooses.
type raw struct {
	t    testing.TB
	conn net.Conn
	br   *bufio.Reader
}

// knock asks for a socket with the headers and returns the answer.
func knock(t testing.TB, addr string, header map[string]string) (*raw, int) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	request := "GET /socket HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	for k, v := range header {
		request += k + ": " + v + "\r\n"
	}
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		t.Fatal(err)
	}
	r := &raw{t, conn, bufio.NewReader(conn)}
	answer, err := http.ReadResponse(r.br, nil)
	if err != nil {
		return r, 0
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		_ = answer.Body.Close()
	}
	return r, answer.StatusCode
}

// enter is a socket that said hello.
func enter(t testing.TB, h *hub, token string) *raw {
	t.Helper()
	r, code := knock(t, h.addr, map[string]string{"Origin": site})
	if code != http.StatusSwitchingProtocols {
		t.Fatalf("the hub answers %d", code)
	}
	r.text(fmt.Sprintf(`{"t":"hello","token":%q}`, token))
	if f := r.frame(); f["t"] != "welcome" {
		t.Fatalf("the hub says %v", f)
	}
	return r
}

// masked makes a frame as a client must send it. The key is zero, so that the
// payload stays readable.
func masked(first byte, payload string) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	return append(append(b, 0, 0, 0, 0), payload...)
}

func (r *raw) write(b []byte) { _, _ = r.conn.Write(b) } // the hub may have closed: read tells

func (r *raw) text(s string) { r.write(masked(0x81, s)) }

// next reads one frame.
func (r *raw) next() (opcode byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(r.br, head[:]); err != nil {
		return 0, nil, err
	}
	n := uint64(head[1])
	switch n {
	case 126:
		var b [2]byte
		_, err = io.ReadFull(r.br, b[:])
		n = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		_, err = io.ReadFull(r.br, b[:])
		n = binary.BigEndian.Uint64(b[:])
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(r.br, payload)
	return head[0] & 0xf, payload, err
}

// frame reads the next text frame.
func (r *raw) frame() map[string]any {
	r.t.Helper()
	for {
		op, payload, err := r.next()
		if err != nil || op == 8 {
			r.t.Fatalf("the socket ends: %v %q", err, payload)
		}
		if op != 1 {
			continue
		}
		var f map[string]any
		if err := json.Unmarshal(payload, &f); err != nil {
			r.t.Fatal(err)
		}
		return f
	}
}

// await reads frames until one is of the type.
func (r *raw) await(kind string) map[string]any {
	r.t.Helper()
	for {
		if f := r.frame(); f["t"] == kind {
			return f
		}
	}
}

// closed reads until the hub closes and returns its code and reason; code 0
// when it went without a word.
func (r *raw) closed() (code int, reason string) {
	r.t.Helper()
	for {
		op, payload, err := r.next()
		if err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				r.t.Fatal("the hub does not close")
			}
			return 0, ""
		}
		if op == 8 && len(payload) >= 2 {
			return int(binary.BigEndian.Uint16(payload)), string(payload[2:])
		}
	}
}
