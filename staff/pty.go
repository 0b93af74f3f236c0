package staff

import (
	"bytes"
	"io"

	"golang.org/x/crypto/ssh"
)

// The largest terminal that is drawn, in cells. No screen is larger, and a
// hostile size must not make the hub reserve memory.
const (
	maxWidth  = 1000
	maxHeight = 500
)

func clampSize(width, height uint32) Size {
	if width == 0 || height == 0 {
		return Size{80, 24}
	}
	return Size{int(min(width, maxWidth)), int(min(height, maxHeight))}
}

// setPty takes a terminal: its TERM and its size.
func (s *session) setPty(payload []byte) bool {
	var p struct {
		Term                          string
		Width, Height, XPixel, YPixel uint32
		Modes                         string
	}
	if s.started || ssh.Unmarshal(payload, &p) != nil || len(p.Term) > maxEnvBytes {
		return false
	}
	s.pty, s.size = true, clampSize(p.Width, p.Height)
	s.env = append(s.env, "TERM="+p.Term)
	return true
}

// setSize takes a new size. Only the latest waits for a slow screen.
func (s *session) setSize(payload []byte) bool {
	var p struct{ Width, Height, XPixel, YPixel uint32 }
	if ssh.Unmarshal(payload, &p) != nil {
		return false
	}
	select {
	case <-s.resize:
	default:
	}
	s.resize <- clampSize(p.Width, p.Height) // only this goroutine writes
	return true
}

// crlf writes to a terminal in raw mode: a newline there only goes down.
type crlf struct {
	w    io.Writer
	last byte
	buf  []byte
}

func (c *crlf) Write(p []byte) (int, error) {
	if bytes.IndexByte(p, '\n') < 0 {
		if len(p) > 0 {
			c.last = p[len(p)-1]
		}
		return c.w.Write(p)
	}
	c.buf = c.buf[:0]
	for _, b := range p {
		if b == '\n' && c.last != '\r' {
			c.buf = append(c.buf, '\r')
		}
		c.buf = append(c.buf, b)
		c.last = b
	}
	if _, err := c.w.Write(c.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}
