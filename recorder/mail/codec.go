package mail

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"hark/desk"
)

// errShort is what a value that ends too early, or too late, yields.
var errShort = errors.New("a value has another length than it says")

// decoder takes values from the front of bytes. After the first that is not
// there, all are zero.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) take(n int) []byte {
	if d.bad || n < 0 || n > len(d.b) {
		d.bad = true
		return nil
	}
	b := d.b[:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) u8() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) u32() uint32 {
	if b := d.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (d *decoder) i64() int64 {
	if b := d.take(8); b != nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}

func (d *decoder) text() string {
	n := d.u32()
	if uint64(n) > uint64(len(d.b)) {
		d.bad = true
		return ""
	}
	return string(d.take(int(n)))
}

func (d *decoder) texts() (all []string) {
	n := d.u32()
	for range n {
		t := d.text()
		if d.bad {
			return nil
		}
		all = append(all, t)
	}
	return all
}

func (d *decoder) id() (id desk.ID) {
	copy(id[:], d.take(len(id)))
	return id
}

func (d *decoder) time() time.Time { return timeOf(d.i64()) }

// end returns an error unless everything was there and nothing is left.
func (d *decoder) end() error {
	if d.bad || len(d.b) > 0 {
		return errShort
	}
	return nil
}

// noTime is the zero time.
const noTime = math.MinInt64

// millis is how times are kept: Unix milliseconds.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return noTime
	}
	return t.UnixMilli()
}

func timeOf(ms int64) time.Time {
	if ms == noTime {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func addI64(b []byte, n int64) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)) }

func addText(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

func addTexts(b []byte, all []string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(all)))
	for _, s := range all {
		b = addText(b, s)
	}
	return b
}
