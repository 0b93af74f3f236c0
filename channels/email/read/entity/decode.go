package entity

import (
	"bufio"
	"io"
)

// Reader returns a reader of the decoded bytes of a leaf. It never fails over
// what is malformed: what cannot be decoded is left out of base 64 and kept as
// it is elsewhere.
func (e *Entity) Reader() io.Reader {
	raw := e.Raw()
	switch e.Encoding {
	case "base64", "base-64", "b":
		return &base64Reader{src: raw}
	case "quoted-printable", "quotedprintable", "q":
		return &quotedReader{src: bufio.NewReaderSize(raw, decodeBuffer)}
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return &uuReader{src: bufio.NewReaderSize(raw, decodeBuffer)}
	}
	return raw
}

// KnownEncoding reports whether the encoding is one that Reader undoes or that
// needs nothing undone.
func (e *Entity) KnownEncoding() bool {
	switch e.Encoding {
	case "", "7bit", "7-bit", "8bit", "8-bit", "binary", "none", "7 bit", "8 bit":
		return true
	}
	_, raw := e.Reader().(*io.SectionReader)
	return !raw
}

// Size returns how many bytes Reader gives.
func (e *Entity) Size() int64 {
	switch r := e.Reader().(type) {
	case *io.SectionReader:
		return r.Size()
	case *base64Reader:
		return r.count()
	default:
		n, _ := io.Copy(io.Discard, r) // what cannot be read is not there
		return n
	}
}

const decodeBuffer = 8 << 10
