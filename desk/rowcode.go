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

// flags packs up to eight truths into a byte.
func (w *rowWriter) flags(bits ...bool) {
	var b byte
	for i, bit := range bits {
		if bit {
			b |= 1 << i
		}
	}
	*w = append(*w, b)
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

func (r *rowReader) flags(bits ...*bool) {
	b := r.take(1)
	if r.err != nil {
		return
	}
	if b[0]>>len(bits) != 0 {
		r.err = errRow
		return
	}
	for i, bit := range bits {
		*bit = b[0]>>i&1 == 1
	}
}

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
	for _, s := range []string{string(c.Status), c.Last, string(c.Side), c.Name, c.Page} {
		w.text(s)
	}
	for _, t := range []time.Time{c.Opened, c.At, c.Resolved} {
		w.time(t)
	}
	w.number(uint64(len(c.Channels)))
	for _, ch := range c.Channels {
		w.text(string(ch))
	}
	c.encodeWork(&w)
	return w
}

// encodeWork encodes what part of the row routing and sorting use.
func (c *Conversation) encodeWork(w *rowWriter) {
	for _, s := range []string{c.Queue, string(c.Priority), string(c.Before), c.Notice.Version, c.Notice.Lang} {
		w.text(s)
	}
	for _, t := range []time.Time{c.Until, c.Offer.Until, c.Since} {
		w.time(t)
	}
	for _, id := range []ID{c.Offer.To, c.Merged, c.From} {
		w.id(id)
	}
	w.flags(c.Answered, c.Breached, c.Moved)
	w.number(c.ReadBy)
	w.number(c.SeenBy)
	encodeList(w, c.Tags, w.text)
	encodeList(w, c.Sources, w.id)
	c.encodeMail(w)
}

// encodeMail encodes what mails add to the row.
func (c *Conversation) encodeMail(w *rowWriter) {
	w.text(c.Subject)
	w.text(c.Account)
	w.id(c.Proposed)
	w.number(c.Mails)
	w.number(c.MailsSeen)
	encodeList(w, c.Parties, w.text)
	encodeList(w, c.Outbox, w.id)
	encodeList(w, c.Trouble, func(t Trouble) {
		w.id(t.Item)
		w.text(string(t.State))
	})
}

func (c *Conversation) decodeMail(r *rowReader) {
	c.Subject, c.Account, c.Proposed = r.text(), r.text(), r.id()
	c.Mails, c.MailsSeen = r.number(), r.number()
	c.Parties = decodeList(r, 1, r.text)
	c.Outbox = decodeList(r, len(ID{}), r.id)
	c.Trouble = decodeList(r, len(ID{})+1, func() Trouble { return Trouble{r.id(), PostState(r.text())} })
}

func (c *Conversation) decodeWork(r *rowReader) {
	c.Queue, c.Priority, c.Before = r.text(), Priority(r.text()), Status(r.text())
	c.Notice.Version, c.Notice.Lang = r.text(), r.text()
	c.Until, c.Offer.Until, c.Since = r.time(), r.time(), r.time()
	c.Offer.To, c.Merged, c.From = r.id(), r.id(), r.id()
	r.flags(&c.Answered, &c.Breached, &c.Moved)
	c.ReadBy, c.SeenBy = r.number(), r.number()
	c.Tags = decodeList(r, 1, r.text)
	c.Sources = decodeList(r, len(ID{}), r.id)
	c.decodeMail(r)
}

func (c *Conversation) decodeRow(r *rowReader) {
	c.ID, c.Contact, c.Previous, c.Assignee = r.id(), r.id(), r.id(), r.id()
	c.N, c.Ord, c.Delivered, c.Unanswered = r.number(), r.number(), r.number(), int(r.number())
	c.Status, c.Last, c.Side = Status(r.text()), r.text(), Direction(r.text())
	c.Name, c.Page = r.text(), r.text()
	c.Opened, c.At, c.Resolved = r.time(), r.time(), r.time()
	c.Channels = decodeList(r, 1, func() Channel { return Channel(r.text()) })
	c.decodeWork(r)
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
	encodeList(&w, c.Conversations, w.id)
	encodeList(&w, c.Fields, func(f Field) {
		for _, s := range []string{f.Name, f.Value, string(f.Class), f.Source} {
			w.text(s)
		}
		w.flags(f.Declined)
	})
	encodeList(&w, c.Links, func(l Link) {
		w.text(l.Hash)
		w.time(l.Expires)
	})
	return w
}

func (c *Contact) decodeRow(r *rowReader) {
	c.ID, c.N, c.Name, c.Since = r.id(), r.number(), r.text(), r.time()
	c.Identities = decodeList(r, 2, func() Identity { return Identity{IdentityType(r.text()), r.text()} })
	c.Conversations = decodeList(r, len(ID{}), r.id)
	c.Fields = decodeList(r, 5, func() (f Field) {
		f.Name, f.Value, f.Class, f.Source = r.text(), r.text(), FieldClass(r.text()), r.text()
		r.flags(&f.Declined)
		return f
	})
	c.Links = decodeList(r, 2, func() Link { return Link{r.text(), r.time()} })
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
	w.text(string(a.Presence))
	w.time(a.Until)
	encodeList(&w, a.Views, func(v SavedView) {
		w.text(v.Name)
		w.text(v.Query)
	})
	encodeList(&w, a.Preferences, func(p Preference) {
		w.text(p.Name)
		w.text(p.Value)
	})
	return w
}

func (a *Account) decodeRow(r *rowReader) {
	a.ID, a.N = r.id(), r.number()
	a.Name, a.Display, a.UID = r.text(), r.text(), r.text()
	a.Roles = decodeList(r, 1, func() Role { return Role(r.text()) })
	a.Presence, a.Until = Presence(r.text()), r.time()
	a.Views = decodeList(r, 2, func() SavedView { return SavedView{r.text(), r.text()} })
	a.Preferences = decodeList(r, 2, func() Preference { return Preference{r.text(), r.text()} })
}

func (i *Info) encodeRow() []byte {
	var w rowWriter
	w.id(i.ID)
	w.text(i.Name)
	w.id(i.Audit)
	encodeList(&w, i.Notices, func(n Notice) {
		for _, s := range []string{n.Version, n.Lang, n.Text, n.Hash} {
			w.text(s)
		}
	})
	return w
}

func (i *Info) decodeRow(r *rowReader) {
	i.ID, i.Name, i.Audit = r.id(), r.text(), r.id()
	i.Notices = decodeList(r, 4, func() Notice {
		return Notice{NoticeRef{r.text(), r.text()}, r.text(), r.text()}
	})
}

func encodeList[T any](w *rowWriter, items []T, item func(T)) {
	w.number(uint64(len(items)))
	for _, it := range items {
		item(it)
	}
}

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
