package outbox

import (
	"errors"
	"net"
	"sync/atomic"
	"time"
)

// answerMax is how many bytes a server may say between two commands. The
// library collects an answer until it ends.
const answerMax = 256 << 10

var errTalkative = errors.New("the server's answer has no end")

// wire is a connection whose writes cannot hang and whose reads cannot fill the
// memory. It knows whether everything written was handed on: if not, a server
// cannot have seen the final dot.
type wire struct {
	net.Conn
	stall  time.Duration
	bounds atomic.Int64 // the library's deadline for a command, in Unix ns; 0: none
	said   int
	torn   atomic.Bool
}

// SetDeadline notes how long the library waits. Beyond it, writes have a limit
// of their own.
func (w *wire) SetDeadline(t time.Time) error {
	n := int64(0)
	if !t.IsZero() {
		n = t.UnixNano()
	}
	w.bounds.Store(n)
	return w.SetReadDeadline(t)
}

// Write hands bytes on, each time within the limit.
func (w *wire) Write(b []byte) (int, error) {
	until := time.Now().Add(w.stall)
	if n := w.bounds.Load(); n != 0 && n < until.UnixNano() {
		until = time.Unix(0, n)
	}
	if err := w.SetWriteDeadline(until); err != nil {
		w.torn.Store(true)
		return 0, err
	}
	w.said = 0
	n, err := w.Conn.Write(b)
	if err != nil {
		w.torn.Store(true)
	}
	return n, err
}

// Read takes an answer, up to its limit.
func (w *wire) Read(b []byte) (int, error) {
	if w.said > answerMax {
		return 0, errTalkative
	}
	n, err := w.Conn.Read(b)
	w.said += n
	return n, err
}
