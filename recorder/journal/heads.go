package journal

import "hark/desk"

// headsLimit bounds how many streams' lengths are remembered, twice over.
const headsLimit = 1 << 15

// heads remembers the lengths of the streams that were written to lately. When
// it is full the half that was not used since is forgotten.
type heads struct {
	now, before map[desk.ID]*uint64
}

// at returns the place where the length of a stream is kept, nil when it is
// not remembered.
func (h *heads) at(stream desk.ID) *uint64 {
	if n := h.now[stream]; n != nil {
		return n
	}
	n := h.before[stream]
	if n != nil {
		h.keep(stream, n)
	}
	return n
}

// learn remembers the length of a stream.
func (h *heads) learn(stream desk.ID, length uint64) *uint64 {
	n := &length
	h.keep(stream, n)
	return n
}

func (h *heads) keep(stream desk.ID, n *uint64) {
	if h.now == nil || len(h.now) >= headsLimit {
		h.now, h.before = map[desk.ID]*uint64{}, h.now
	}
	h.now[stream] = n
}

// forget forgets everything.
func (h *heads) forget() { *h = heads{} }
