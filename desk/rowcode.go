package desk

import (
	"encoding/binary"
	"errors"
	"time"
)

// Rows are encoded field after field, without names: a start decodes all of
// them, and StateVersion says which fields there are. Numbers are varints,
// texts have their length in front, times are Unix milliseconds, identifiers
// stand as they are. Whoever adds a field to a row adds it here and raises
// StateVersion; a test fills every field and misses what is forgotten.

type rowWriter []byte

func (w *rowWriter) id(id ID)         { *w = append(*w, id[:]...) }
func (w *rowWriter) number(n uint64)  { *w = binary.AppendUvarint(*w, n) }
func (w *rowWriter) time(t time.Time) { *w = binary.AppendVarint(*w, t.UnixMilli()) }
func (w *rowWriter) text(s string) {
	w.number(uint64(len(s)))
	*w = append(*w, s...)
}

// rowReader reads what a rowWriter wrote. After the first error it returns
// zeros; err tells.
type rowReader struct {
	rest string // texts share its memory
	err  error
}

var errRow = errors.New("row is cut short or of another form")

// take returns the next n bytes.
func (r *rowReader) take(n uint64) string {
	if r.err != nil || n > uint64(len(r.rest)) {
		r.err = errRow
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *rowReader) id() (id ID) {
	copy(id[:], r.take(uint64(len(id))))
	return id
}

func (r *rowReader) number() (n uint64) {
	for shift := 0; shift < 64; shift += 7 {
		b := r.take(1)
		if r.err != nil {
			return 0
		}
		n |= uint64(b[0]&0x7f) << shift
		if b[0] < 0x80 {
			return n
		}
	}
	r.err = errRow
	return 0
}

func (r *rowReader) time() time.Time {
	n := r.number()
	return time.UnixMilli(int64(n>>1) ^ -int64(n&1)).UTC()
}

func (r *rowReader) text() string { return r.take(r.number()) }

// count returns the length of a list whose items take at least size bytes.
func (r *rowReader) count(size int) int {
	n := r.number()
	if n > uint64(len(r.rest)/size) {
		r.err = errRow
		return 0
	}
	return int(n)
}

// end returns the error, or that something is left.
func (r *rowReader) end() error {
	if r.err == nil && r.rest != "" {
		r.err = errRow
	}
	return r.err
}

func (c *Conversation) encodeRow() []byte {
	w := make(rowWriter, 0, 192+len(c.Last)+len(c.Name)+len(c.Page))
	w.id(c.ID)
	w.id(c.Contact)
	w.id(c.Previous)
	w.id(c.Assignee)
	for _, n := range []uint64{c.N, c.Ord, c.Delivered, uint64(c.Unanswered)} {
		w.number(n)
	}
	for _, s := range []string{string(c.Status), c.Last, string(c.From), c.Name, c.Page} {
		w.text(s)
	}
	for _, t := range []time.Time{c.Opened, c.At, c.Resolved} {
		w.time(t)
	}
	w.number(uint64(len(c.Channels)))
	for _, ch := range c.Channels {
		w.text(string(ch))
	}
	return w
}

func (c *Conversation) decodeRow(r *rowReader) {
	c.ID, c.Contact, c.Previous, c.Assignee = r.id(), r.id(), r.id(), r.id()
	c.N, c.Ord, c.Delivered, c.Unanswered = r.number(), r.number(), r.number(), int(r.number())
	c.Status, c.Last, c.From = Status(r.text()), r.text(), Direction(r.text())
	c.Name, c.Page = r.text(), r.text()
	c.Opened, c.At, c.Resolved = r.time(), r.time(), r.time()
	c.Channels = decodeList(r, 1, func() Channel { return Channel(r.text()) })
}

func (c *Contact) encodeRow() []byte {
	w := make(rowWriter, 0, 160+len(c.Name)+16*len(c.Conversations))
	w.id(c.ID)
	w.number(c.N)
	w.text(c.Name)
	w.time(c.Since)
	w.number(uint64(len(c.Identities)))
	for _, i := range c.Identities {
		w.text(string(i.Type))
		w.text(i.Value)
	}
	w.number(uint64(len(c.Conversations)))
	for _, id := range c.Conversations {
		w.id(id)
	}
	return w
}

func (c *Contact) decodeRow(r *rowReader) {
	c.ID, c.N, c.Name, c.Since = r.id(), r.number(), r.text(), r.time()
	c.Identities = decodeList(r, 2, func() Identity { return Identity{IdentityType(r.text()), r.text()} })
	c.Conversations = decodeList(r, len(ID{}), r.id)
}

func (a *Account) encodeRow() []byte {
	var w rowWriter
	w.id(a.ID)
	w.number(a.N)
	for _, s := range []string{a.Name, a.Display, a.UID} {
		w.text(s)
	}
	w.number(uint64(len(a.Roles)))
	for _, role := range a.Roles {
		w.text(string(role))
	}
	return w
}

func (a *Account) decodeRow(r *rowReader) {
	a.ID, a.N = r.id(), r.number()
	a.Name, a.Display, a.UID = r.text(), r.text(), r.text()
	a.Roles = decodeList(r, 1, func() Role { return Role(r.text()) })
}

func (i *Info) encodeRow() []byte {
	var w rowWriter
	w.id(i.ID)
	w.text(i.Name)
	w.id(i.Audit)
	return w
}

func (i *Info) decodeRow(r *rowReader) { i.ID, i.Name, i.Audit = r.id(), r.text(), r.id() }

// decodeList reads a list; nil when it is empty. An item takes at least size
// bytes, so that a damaged length cannot ask for all memory.
func decodeList[T any](r *rowReader, size int, item func() T) []T {
	n := r.count(size)
	if n == 0 {
		return nil
	}
	items := make([]T, n)
	for i := range items {
		items[i] = item()
	}
	return items
}
