package tui

import (
	"bytes"
	"io"
)

// crlf gives every line feed the carriage return that a raw terminal needs.
type crlf struct {
	w    io.Writer
	last byte
	buf  []byte
}

// lineEnds returns a writer for raw terminals.
func lineEnds(w io.Writer) io.Writer { return &crlf{w: w} }

// Write writes p in one piece.
func (c *crlf) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	out := p
	if bytes.IndexByte(p, '\n') >= 0 {
		out = c.mapped(p)
	}
	c.last = p[len(p)-1]
	if _, err := c.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (c *crlf) mapped(p []byte) []byte {
	c.buf = c.buf[:0]
	last := c.last
	for _, b := range p {
		if b == '\n' && last != '\r' {
			c.buf = append(c.buf, '\r')
		}
		c.buf = append(c.buf, b)
		last = b
	}
	return c.buf
}
