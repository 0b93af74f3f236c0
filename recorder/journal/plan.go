package journal

import (
	"errors"
	"time"

	"hark/desk"
)

// plan is the commit that is being prepared. Its memory is used again, but for
// the events, which are handed out.
type plan struct {
	at     time.Time
	events []desk.Event
	ids    map[desk.ID]int // where in events each one is
	places []place
	sealed []byte // the events' bytes
	ends   []int  // where each event ends
	frames []byte
	rows   []row
}

// keepBytes is how much memory a plan keeps for the next one.
const keepBytes = 1 << 20

func (p *plan) begin(batch []*request, at time.Time) {
	n := 0
	for _, r := range batch {
		n += len(r.entries)
	}
	p.at, p.events = at, make([]desk.Event, 0, n)
	if p.ids == nil {
		p.ids = make(map[desk.ID]int, batchEvents)
	}
	clear(p.ids)
	if cap(p.sealed) > keepBytes {
		p.sealed, p.frames = nil, nil
	}
}

// isRefusal reports whether err is an answer to one request rather than
// trouble for all.
func isRefusal(err error) bool {
	return errors.Is(err, desk.ErrConflict) || errors.Is(err, desk.ErrDuplicate)
}

// seal seals the events of the requests that were admitted and packs them.
func (p *plan) seal(batch []*request) []row {
	p.sealed, p.ends, p.rows = p.sealed[:0], p.ends[:0], p.rows[:0]
	for _, r := range batch {
		for i, e := range r.events {
			p.sealed = appendSealed(p.sealed, r.ciphers[i], header(&r.entries[i], e.N, e.At), r.secret(i))
			p.ends = append(p.ends, len(p.sealed))
		}
	}
	p.pack()
	return p.rows
}

// pack cuts the sealed events into frames.
func (p *plan) pack() {
	frames := p.frames[:0]
	var cuts []int
	for from := 0; from < len(p.ends); {
		to := p.cut(from)
		frames = p.frame(frames, from, to)
		cuts = append(cuts, len(frames))
		p.rows = append(p.rows, row{first: p.events[from].Seq})
		from = to
	}
	start := 0
	for i, end := range cuts {
		p.rows[i].frame = frames[start:end]
		start = end
	}
	p.frames = frames
}

// cut returns where the frame that begins with the event at index from ends.
func (p *plan) cut(from int) int {
	start := p.start(from)
	to := from + 1
	for to < len(p.ends) && to-from < frameEvents && p.ends[to]-start <= frameBytes {
		to++
	}
	return to
}

// start returns where the bytes of the event at index i begin.
func (p *plan) start(i int) int {
	if i == 0 {
		return 0
	}
	return p.ends[i-1]
}

func (p *plan) frame(b []byte, from, to int) []byte {
	start := p.start(from)
	ends := make([]int, 0, frameEvents)
	for _, end := range p.ends[from:to] {
		ends = append(ends, end-start)
	}
	return appendFrame(b, p.events[from].Seq, p.sealed[start:p.ends[to-1]], ends)
}

// placed returns where the events are.
func (p *plan) placed() []place {
	p.places = p.places[:0]
	for _, e := range p.events {
		p.places = append(p.places, place{id: e.ID, stream: e.Stream.ID, n: e.N, seq: e.Seq})
	}
	return p.places
}
