package chat

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

// tape is a connection whose client has sent everything already.
type tape struct {
	net.Conn
	io.Reader
}

func (t tape) Read(b []byte) (int, error)     { return t.Reader.Read(b) }
func (tape) Write(b []byte) (int, error)      { return len(b), nil }
func (tape) Close() error                     { return nil }
func (tape) SetReadDeadline(time.Time) error  { return nil }
func (tape) SetWriteDeadline(time.Time) error { return nil }

// FuzzSocket reads any bytes as a client's: the reader must end, keep to its
// limit, and hand out UTF-8 only.
func FuzzSocket(f *testing.F) {
	frame := func(fin bool, op ws.OpCode, text string) []byte {
		return ws.MustCompileFrame(ws.MaskFrame(ws.NewFrame(op, fin, []byte(text))))
	}
	f.Add(frame(true, ws.OpText, `{"t":"beat"}`))
	f.Add(append(frame(false, ws.OpText, `{"t":`), frame(true, ws.OpContinuation, `"beat"}`)...))
	f.Add(append(frame(true, ws.OpPing, "x"), frame(true, ws.OpClose, "\x03\xe8bye")...))
	f.Add([]byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		s := &Server{limits: DefaultLimits()}
		c := &conn{s: s, net: tape{Reader: bytes.NewReader(b)}}
		r := newReader(c)
		for {
			text, err := r.next()
			if err != nil {
				break
			}
			if len(text) > s.limits.Frame {
				t.Fatalf("a message of %d bytes", len(text))
			}
			_, _ = parseFrame(text)
			r.release()
		}
	})
}
