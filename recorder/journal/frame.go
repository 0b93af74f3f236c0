package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"hark/desk"
)

// frameFormat is the first byte of a frame.
const frameFormat = 1

// A frame packs the sealed events of a commit:
//
//	format 1 | count 2 | first seq 8 | count × (length 4 | check 4) | check 4 | events
//
// in big-endian order. A check is the CRC-32C of the event's bytes and, for the
// last one, of everything before it. An event is its header, in the clear, and
// its secret, sealed. The checks say which event is damaged even when its key
// is gone; that nobody changed it on purpose is what the seal says.
const (
	frameHead  = 1 + 2 + 8
	frameEntry = 4 + 4
	frameCheck = 4
)

// The limits of one frame. A reader that wants one event reads the frame it is
// in, so frames stay small; a larger event has one for itself.
const (
	frameEvents = 64
	frameBytes  = 16 << 10
)

// minEvent is the size of an event with an empty secret: header, nonce and tag.
const minEvent = desk.HeaderSize + 12 + 16

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func check(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

// appendFrame appends the frame of the events whose bytes are given, each one
// ending at its place in ends.
func appendFrame(b []byte, first uint64, events []byte, ends []int) []byte {
	start := len(b)
	b = append(b, frameFormat)
	b = binary.BigEndian.AppendUint16(b, uint16(len(ends)))
	b = binary.BigEndian.AppendUint64(b, first)
	from := 0
	for _, end := range ends {
		b = binary.BigEndian.AppendUint32(b, uint32(end-from))
		b = binary.BigEndian.AppendUint32(b, check(events[from:end]))
		from = end
	}
	b = binary.BigEndian.AppendUint32(b, check(b[start:]))
	return append(b, events...)
}

// frame is a decoded frame; it refers to the bytes it was read from.
type frame struct {
	first  uint64
	count  int
	checks []byte // the directory: length and check of each event
	events []byte
}

var (
	errFrameShort = errors.New("frame is cut short")
	errFrameCheck = errors.New("frame does not match its check sum")
	errEventCheck = errors.New("event does not match its check sum")
)

// parseFrame reads the head of a frame and checks it. The events are checked
// one by one when they are taken out.
func parseFrame(b []byte) (frame, error) {
	var f frame
	if len(b) < frameHead+frameCheck {
		return f, errFrameShort
	}
	f.count = int(binary.BigEndian.Uint16(b[1:]))
	f.first = binary.BigEndian.Uint64(b[3:])
	head := frameHead + f.count*frameEntry
	if len(b) < head+frameCheck {
		return f, errFrameShort
	}
	if check(b[:head]) != binary.BigEndian.Uint32(b[head:]) {
		return f, errFrameCheck
	}
	if b[0] != frameFormat {
		return f, fmt.Errorf("frame has format %d; this program knows format %d", b[0], frameFormat)
	}
	f.checks, f.events = b[frameHead:head], b[head+frameCheck:]
	return f, f.measure()
}

// measure holds the lengths in the directory against what is there.
func (f frame) measure() error {
	total := uint64(0)
	for i := range f.count {
		n := uint64(f.length(i))
		if n < minEvent {
			return errFrameShort
		}
		total += n
	}
	if f.count == 0 || total != uint64(len(f.events)) || f.first == 0 || f.first > math.MaxInt64-uint64(f.count) {
		return errFrameShort
	}
	return nil
}

// last returns the sequence number of the frame's last event.
func (f frame) last() uint64 { return f.first + uint64(f.count) - 1 }

func (f frame) length(i int) uint32 { return binary.BigEndian.Uint32(f.checks[i*frameEntry:]) }

// at returns the bytes of the event at index i, unchecked.
func (f frame) at(i int) []byte {
	from := 0
	for k := range i {
		from += int(f.length(k))
	}
	return f.events[from : from+int(f.length(i))]
}

// event returns the header and the sealed secret of the event at index i.
func (f frame) event(i int) (desk.Header, []byte, error) {
	b := f.at(i)
	if check(b) != binary.BigEndian.Uint32(f.checks[i*frameEntry+4:]) {
		return desk.Header{}, nil, errEventCheck
	}
	h, err := desk.ParseHeader(b)
	return h, b[desk.HeaderSize:], err
}
