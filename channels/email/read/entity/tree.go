package entity

import (
	"io"
	"strings"
)

// Entity is a mail or a part of one: either it has children, or it is a leaf
// with a number.
type Entity struct {
	N           int // counts the leaves of the mail from 1; 0 for a multipart
	Header      Header
	Media       Media  // Content-Type; "text/plain" where none was given
	Disposition string // "attachment", "inline" or what else stands there; "" for none
	Name        string // the file name as given, decoded
	ContentID   string // without brackets
	Encoding    string // Content-Transfer-Encoding, lower-cased
	Children    []*Entity

	from, to int64 // where the body lies
	src      io.ReaderAt
	boundary string
	found    bool // a boundary line was there
	closed   bool // and the one that ends it
}

// Leaf reports whether e has bytes of its own.
func (e *Entity) Leaf() bool { return e.N > 0 }

// Is reports whether the media type is t, or of the kind t when t ends with a
// slash.
func (e *Entity) Is(t string) bool {
	if strings.HasSuffix(t, "/") {
		return strings.HasPrefix(e.Media.Type, t)
	}
	return e.Media.Type == t
}

// Raw returns a reader of the body as it was sent, still encoded.
func (e *Entity) Raw() *io.SectionReader { return io.NewSectionReader(e.src, e.from, e.to-e.from) }

// Tree is the outline of a mail.
type Tree struct {
	Root   *Entity
	Leaves []*Entity // Leaves[i].N == i+1
	Notes  []string  // what had to be mended, in words
	Body   [32]byte  // SHA-256 of everything after the fields, with line ends made equal
}

// newEntity reads the fields that say what a part is. A part of a digest that
// says nothing is a mail (RFC 2046, section 5.1.5).
func newEntity(h Header, src io.ReaderAt, digest bool) *Entity {
	e := &Entity{Header: h, src: src, Media: ParseMedia(h.Get("content-type"))}
	e.Media.Type = usualType(e.Media.Type, digest)
	d := ParseMedia(h.Get("content-disposition"))
	e.Disposition = d.Type
	e.Name = first(d.Params["filename"], d.Params["name"], e.Media.Params["name"], e.Media.Params["filename"], e.Media.Params["file"])
	e.ContentID = strings.Trim(h.Get("content-id"), "<> \t")
	e.Encoding = ParseMedia(h.Get("content-transfer-encoding")).Type
	if e.Is("multipart/") {
		e.boundary = strings.TrimRight(e.Media.Params["boundary"], " \t")
	}
	return e
}

// usualType returns a type for what is missing or has no slash.
func usualType(t string, digest bool) string {
	switch kind, sub, ok := strings.Cut(t, "/"); {
	case t == "" && digest:
		return "message/rfc822"
	case !ok && strings.Contains(t, "html"):
		return "text/html"
	case t == "" || t == "text" || t == "text/" || t == "plain" || !ok:
		return "text/plain"
	case kind == "" || sub == "" || strings.Contains(sub, "/"):
		return "application/octet-stream"
	}
	return t
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// Embedded returns the fields of a mail within the mail, of which so many bytes
// are read at most.
func (e *Entity) Embedded(most int64) Header {
	b, _ := io.ReadAll(io.LimitReader(e.Reader(), most)) // what cannot be read is not there
	h, _ := ParseHeader(string(b))
	return h
}
