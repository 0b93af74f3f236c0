package chat

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// readBuffer is small: frames are, and every idle connection holds one.
const readBuffer = 512

// What ends a connection from the reader's side, beside broken rules of the
// WebSocket protocol and failures of the network.
var (
	errBinary   = errors.New("frames are text")
	errUTF8     = errors.New("text is not UTF-8")
	errTooLarge = errors.New("the message is too large")
	errTooMuch  = errors.New("too much at once")
	errSilent   = errors.New("no sign of life")
	errNoHello  = errors.New("no hello in time")
	errLeaves   = errors.New("the client leaves")
)

// reader reads a client's messages. It holds memory for a message only while
// one is arriving.
type reader struct {
	c     *conn
	br    *bufio.Reader
	state ws.State
	head  [ws.MaxHeaderSize]byte
	text  []byte // of the message that is arriving
}

func newReader(c *conn) *reader {
	return &reader{c: c, br: bufio.NewReaderSize(meter{c}, readBuffer), state: ws.StateServerSide}
}

// next returns the next message. It is valid until the reader is used again.
func (r *reader) next() ([]byte, error) {
	r.text = r.text[:0]
	for {
		h, err := r.header()
		if err != nil {
			return nil, err
		}
		if h.OpCode.IsControl() {
			if err := r.control(h); err != nil {
				return nil, err
			}
			continue
		}
		if err := r.payload(h); err != nil {
			return nil, err
		}
		if !h.Fin {
			r.state = r.state.Set(ws.StateFragmented)
			continue
		}
		r.state = r.state.Clear(ws.StateFragmented)
		if !utf8.Valid(r.text) {
			return nil, errUTF8
		}
		return r.text, nil
	}
}

// release gives the memory of the last message back while nothing arrives.
func (r *reader) release() {
	r.c.s.buffers.put(r.text)
	r.text = nil
}

func (r *reader) header() (ws.Header, error) {
	h, err := ws.ReadHeaderBuffer(r.br, r.head[:])
	if err != nil {
		return h, err
	}
	return h, ws.CheckHeader(h, r.state)
}

// payload appends a frame's payload to the message.
func (r *reader) payload(h ws.Header) error {
	if h.OpCode == ws.OpBinary {
		return errBinary
	}
	if h.Length > int64(r.c.s.limits.Frame-len(r.text)) {
		return errTooLarge
	}
	if r.text == nil {
		r.text = r.c.s.buffers.get()
	}
	from := len(r.text)
	r.text = slices.Grow(r.text, int(h.Length))[:from+int(h.Length)]
	if _, err := io.ReadFull(r.br, r.text[from:]); err != nil {
		return err
	}
	ws.Cipher(r.text[from:], h.Mask, 0)
	return nil
}

// control does what a control frame asks.
func (r *reader) control(h ws.Header) error {
	var b [ws.MaxControlFramePayloadSize]byte
	payload := b[:h.Length]
	if _, err := io.ReadFull(r.br, payload); err != nil {
		return err
	}
	ws.Cipher(payload, h.Mask, 0)
	if h.OpCode == ws.OpClose {
		return errLeaves
	}
	if h.OpCode == ws.OpPing {
		r.c.sendPong(payload)
	}
	return r.c.alive()
}

// meter is the network as the reader sees it: it counts what comes, so that no
// trick with fragments or control frames escapes the limits.
type meter struct{ c *conn }

// Read implements io.Reader.
func (m meter) Read(b []byte) (int, error) {
	n, err := m.c.net.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		if m.c.visitor == nil {
			return n, errNoHello
		}
		return n, errSilent
	}
	if _, ok := m.c.bytes.take(time.Now(), m.c.s.limits.Bytes, float64(n)); !ok {
		return n, errTooMuch
	}
	return n, err
}

// verdict returns the code and the words that a connection is closed with for
// an error of its reader; 0 when there is nobody to tell.
func verdict(err error) (ws.StatusCode, string) {
	var broken ws.ProtocolError
	switch {
	case errors.Is(err, errLeaves):
		return ws.StatusNormalClosure, ""
	case errors.Is(err, errBinary):
		return ws.StatusUnsupportedData, err.Error()
	case errors.Is(err, errUTF8):
		return ws.StatusInvalidFramePayloadData, err.Error()
	case errors.Is(err, errTooLarge):
		return ws.StatusMessageTooBig, err.Error()
	case errors.Is(err, errTooMuch), errors.Is(err, errNoHello):
		return ws.StatusPolicyViolation, err.Error()
	case errors.Is(err, errSilent):
		return ws.StatusGoingAway, err.Error()
	case errors.As(err, &broken), errors.Is(err, ws.ErrHeaderLengthMSB), errors.Is(err, ws.ErrHeaderLengthUnexpected):
		return ws.StatusProtocolError, err.Error()
	}
	return 0, ""
}

// appendFrame appends a frame to b as the hub sends it: whole and not masked.
func appendFrame(b []byte, op ws.OpCode, payload []byte) []byte {
	b = append(b, 0x80|byte(op))
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return append(b, payload...)
}
