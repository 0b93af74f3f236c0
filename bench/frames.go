package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/gobwas/ws"
)

// frameLimit is the longest frame that a bench takes, in bytes.
const frameLimit = 1 << 20

// readText returns the payload of the next text frame, from a side that sends
// no pings.
func readText(in *bufio.Reader) ([]byte, error) {
	return readFrame(in, func([]byte) error { return nil })
}

// readFrame returns the payload of the next text frame and answers pings on
// the way.
func readFrame(in *bufio.Reader, pong func([]byte) error) ([]byte, error) {
	for {
		h, err := ws.ReadHeader(in)
		if err != nil {
			return nil, err
		}
		if h.Length > frameLimit {
			return nil, fmt.Errorf("a frame of %d bytes is longer than any that was sent", h.Length)
		}
		payload := make([]byte, h.Length, h.Length+1)
		if _, err := io.ReadFull(in, payload); err != nil {
			return nil, err
		}
		if h.Masked {
			ws.Cipher(payload, h.Mask, 0)
		}
		switch h.OpCode {
		case ws.OpText:
			return payload, nil
		case ws.OpClose:
			return nil, closed(payload)
		case ws.OpPing:
			if err := pong(payload); err != nil {
				return nil, err
			}
		case ws.OpPong:
		case ws.OpContinuation, ws.OpBinary:
			return nil, fmt.Errorf("an unexpected frame of kind %d came", h.OpCode)
		}
	}
}

func closed(payload []byte) error {
	if len(payload) < 2 || binary.BigEndian.Uint16(payload) == 1000 {
		return io.EOF
	}
	return fmt.Errorf("the other side closed with %d: %s", binary.BigEndian.Uint16(payload), payload[2:])
}

// appendText appends a server's text frame.
func appendText(b, payload []byte) []byte {
	const text = 0x81
	switch n := len(payload); {
	case n < 126:
		b = append(b, text, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, text, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, text, 127), uint64(n))
	}
	return append(b, payload...)
}

// isReset reports whether the other side went away without a word.
func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
