package entity

import (
	"bytes"
	"io"
)

// base64Reader decodes base 64 (RFC 2045, section 6.8). What is not of the
// alphabet is passed over. Padding ends a group, and another text may follow:
// some programs join two.
type base64Reader struct {
	src  io.Reader
	in   [4 << 10]byte
	out  []byte // decoded, not yet given
	room [3<<10 + 8]byte
	acc  uint32
	bits uint
	err  error
}

// The entries of the table that are no digits, and the lowest of such: a digit
// has six bits.
const (
	junk    = 0xFF
	pad     = 0xFE
	noDigit = 0xC0
)

// digits is the value of each letter. The alphabet for addresses of the web
// is understood besides.
var digits = func() (t [256]byte) {
	for i := range t {
		t[i] = junk
	}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(letters) {
		t[letters[i]] = byte(i)
	}
	t['-'], t['_'], t['='] = 62, 63, pad
	return t
}()

func (r *base64Reader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		var n int
		n, r.err = r.src.Read(r.in[:])
		r.decode(r.in[:n])
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

func (r *base64Reader) decode(in []byte) {
	out := r.room[:0]
	acc, bits := r.acc, r.bits
	for i := 0; i < len(in); {
		if bits == 0 {
			for i+4 <= len(in) {
				a, b, c, d := digits[in[i]], digits[in[i+1]], digits[in[i+2]], digits[in[i+3]]
				if a|b|c|d >= noDigit {
					break
				}
				out = append(out, a<<2|b>>4, b<<4|c>>2, c<<6|d)
				i += 4
			}
			if i == len(in) {
				break
			}
		}
		switch v := digits[in[i]]; v {
		case junk:
		case pad:
			acc, bits = 0, 0
		default:
			acc, bits = acc<<6|uint32(v), bits+6
			if bits >= 8 {
				bits -= 8
				out = append(out, byte(acc>>bits))
			}
		}
		i++
	}
	r.acc, r.bits, r.out = acc, bits, out
}

// isDigit is 1 for each letter that is a digit.
var isDigit = func() (t [256]uint8) {
	for i, v := range digits {
		if v < noDigit {
			t[i] = 1
		}
	}
	return t
}()

// count returns how many bytes will be decoded, without decoding them: six bits
// a digit, where padding ends a group.
func (r *base64Reader) count() int64 {
	var total, run int64
	for {
		n, err := r.src.Read(r.in[:])
		for in := r.in[:n]; ; {
			end := bytes.IndexByte(in, '=')
			if end < 0 {
				run += countDigits(in)
				break
			}
			total += (run + countDigits(in[:end])) * 6 / 8
			run, in = 0, in[end+1:]
		}
		if err != nil {
			return total + run*6/8
		}
	}
}

func countDigits(b []byte) int64 {
	var n int64
	for _, c := range b {
		n += int64(isDigit[c])
	}
	return n
}
