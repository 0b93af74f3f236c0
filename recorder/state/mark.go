package state

import (
	"encoding/binary"
	"errors"
)

// mark says what the rows stand for.
type mark struct {
	point          // the newest event that is folded in
	count uint64   // how many rows there are
	sum   [32]byte // of all rows, see tally
}

// markSize is the length of an encoded mark in bytes.
const markSize = 8 + 16 + 8 + 32

func (m mark) encode() []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, markSize), m.seq)
	b = append(b, m.print[:]...)
	b = binary.BigEndian.AppendUint64(b, m.count)
	return append(b, m.sum[:]...)
}

func parseMark(b []byte) (m mark, err error) {
	if len(b) != markSize {
		return m, errors.New("the mark has another length")
	}
	m.seq = binary.BigEndian.Uint64(b)
	copy(m.print[:], b[8:])
	m.count = binary.BigEndian.Uint64(b[24:])
	copy(m.sum[:], b[32:])
	return m, nil
}
