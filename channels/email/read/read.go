package read

import (
	"io"

	"hark/channels/email/read/entity"
	"hark/desk"
)

// Read reads a mail of so many bytes. It reads each byte of it a few times and
// holds a small part of a large mail at once. What r refuses to give counts as
// the end of the mail and is noted in Mended.
func Read(r io.ReaderAt, size int64, o Options) (m *Mail) {
	defer func() {
		if p := recover(); p != nil { // no mail may stop the others
			m = unread(r, size)
		}
	}()
	m = &Mail{}
	tree := entity.Outline(r, size)
	m.Mended = append(m.Mended, tree.Notes...)
	m.fields(tree.Root.Header)
	c := collector{mail: m}
	c.body(tree)
	m.check(tree.Root.Header, o)
	m.identify(tree)
	return m
}

// mended notes once what had to be mended.
func (m *Mail) mended(s string) {
	for _, n := range m.Mended {
		if n == s {
			return
		}
	}
	m.Mended = append(m.Mended, s)
}

// PartReader returns the part n of a mail and a reader of its decoded bytes.
// An unknown number is an error.
func PartReader(r io.ReaderAt, size int64, n int) (desk.Part, io.Reader, error) {
	tree := entity.Outline(r, size)
	if n < 1 || n > len(tree.Leaves) {
		return desk.Part{}, nil, desk.Errorf(desk.NotFound, "the mail has no part %d", n)
	}
	e := tree.Leaves[n-1]
	c := collector{mail: &Mail{}}
	c.survey(tree.Root)
	return c.describe(e), e.Reader(), nil
}
