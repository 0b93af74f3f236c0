package journal

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"

	"hark/desk"
)

// place is where an event is: what the index is about.
type place struct {
	id, stream desk.ID
	n, seq     uint64
}

// tail holds the places of events that are in the record and not in the index
// file yet.
type tail struct {
	first, last uint64 // sequence numbers; first is 0 while it is empty
	ids         map[desk.ID]uint64
	streams     map[desk.ID]*stretch
}

// stretch is a stretch of a stream: the events from number n on.
type stretch struct {
	n    uint64
	seqs []uint64
}

func newTail() *tail {
	return &tail{ids: map[desk.ID]uint64{}, streams: map[desk.ID]*stretch{}}
}

func (t *tail) size() int { return len(t.ids) }

func (t *tail) add(p place) {
	if t.first == 0 {
		t.first = p.seq
	}
	t.last = p.seq
	t.ids[p.id] = p.seq
	s := t.streams[p.stream]
	if s == nil {
		s = &stretch{n: p.n}
		t.streams[p.stream] = s
	}
	s.seqs = append(s.seqs, p.seq)
}

// head returns the length of the stream, 0 when the tail has none of it.
func (t *tail) head(stream desk.ID) uint64 {
	if s := t.streams[stream]; s != nil {
		return s.head()
	}
	return 0
}

func (s *stretch) head() uint64 { return s.n + uint64(len(s.seqs)) - 1 }

// from appends up to limit sequence numbers of the stream, from number n on.
func (s *stretch) from(n uint64, limit int, seqs []uint64) []uint64 {
	if n < s.n || n > s.head() {
		return seqs
	}
	rest := s.seqs[n-s.n:]
	return append(seqs, rest[:min(limit, len(rest))]...)
}

// sortedStreams returns the streams in their order in the index, so that its
// pages are visited one after the other.
func (t *tail) sortedStreams() []desk.ID {
	ids := slices.Collect(maps.Keys(t.streams))
	slices.SortFunc(ids, func(a, b desk.ID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}

// stretchLimit is how many events one row of the index tells of at most.
const stretchLimit = 1024

// appendSeqs encodes rising sequence numbers: the first, then the distances.
func appendSeqs(b []byte, seqs []uint64) []byte {
	last := uint64(0)
	for _, s := range seqs {
		b = binary.AppendUvarint(b, s-last)
		last = s
	}
	return b
}

// parseSeqs decodes what appendSeqs encoded; false when it is something else.
func parseSeqs(b []byte) ([]uint64, bool) {
	var seqs []uint64
	last := uint64(0)
	for len(b) > 0 {
		d, n := binary.Uvarint(b)
		if n <= 0 || d == 0 || d > 1<<62 || last > 1<<62 {
			return nil, false
		}
		last += d
		seqs = append(seqs, last)
		b = b[n:]
	}
	return seqs, len(seqs) > 0
}
