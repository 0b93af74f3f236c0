package chat

import "sync"

// The sizes of buffers that are kept: new ones hold a usual message, and what
// a rare large one needed is not kept for good.
const (
	bufferNew = 1 << 10
	bufferMax = 64 << 10
)

// buffers are reused byte slices.
type buffers struct{ pool sync.Pool }

func (p *buffers) get() []byte {
	if b, ok := p.pool.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return make([]byte, 0, bufferNew)
}

func (p *buffers) put(b []byte) {
	if cap(b) > 0 && cap(b) <= bufferMax {
		p.pool.Put(&b)
	}
}
