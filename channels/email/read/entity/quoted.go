package entity

import (
	"bufio"
	"errors"
	"io"
)

// quotedReader decodes quoted-printable (RFC 2045, section 6.7). A sign that
// escapes nothing stays as it is.
type quotedReader struct {
	src *bufio.Reader
	out []byte
	buf []byte
	err error
}

func (r *quotedReader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.line()
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// line decodes the next line, or as much of it as the buffer holds.
func (r *quotedReader) line() {
	line, err := r.src.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = r.whole(line)
	}
	r.err = err
	text := trimBreak(line)
	end := line[len(text):]
	soft := false
	if len(end) > 0 { // blanks before the break were added on the way
		text = trimEnd(text)
		soft = len(text) > 0 && text[len(text)-1] == '='
	} else if errors.Is(err, io.EOF) {
		soft = len(text) > 0 && text[len(text)-1] == '='
	}
	if soft {
		text, end = text[:len(text)-1], nil
	}
	r.buf = unquote(r.buf[:0], text)
	r.out = append(r.buf, end...)
	r.buf = r.out
}

// whole gives back what a sign at the end of the buffer may belong to.
func (r *quotedReader) whole(line []byte) ([]byte, error) {
	held := append([]byte(nil), line...)
	for range 2 {
		if n := len(held); held[n-1] != '=' && held[n-2] != '=' {
			break
		}
		c, err := r.src.ReadByte()
		if err != nil {
			return held, err
		}
		held = append(held, c)
	}
	return held, nil
}

func unquote(out, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '=' && i+2 < len(text) {
			if hi, lo := hexDigit(text[i+1]), hexDigit(text[i+2]); hi < 16 && lo < 16 {
				out = append(out, hi<<4|lo)
				i += 2
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return junk
}

func trimEnd(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// uuReader decodes what was sent before there was MIME.
type uuReader struct {
	src *bufio.Reader
	out []byte
	in  bool // after the line that begins it
	err error
}

func (r *uuReader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		var line []byte
		line, r.err = r.src.ReadSlice('\n')
		if errors.Is(r.err, bufio.ErrBufferFull) {
			r.err = nil
		}
		r.line(trimBreak(line))
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

func (r *uuReader) line(line []byte) {
	if !r.in {
		r.in = len(line) > 6 && string(line[:6]) == "begin "
		return
	}
	if len(line) == 0 || string(line) == "end" {
		r.in = len(line) == 0
		return
	}
	want := int(line[0]-' ') & 63
	var b []byte
	for i := 1; i < len(line) && len(b) < want; i += 4 {
		var v uint32
		for j := range 4 {
			v <<= 6
			if i+j < len(line) {
				v |= uint32(line[i+j]-' ') & 63
			}
		}
		b = append(b, byte(v>>16), byte(v>>8), byte(v))
	}
	r.out = b[:min(want, len(b))]
}
