package imap

import (
	"context"
	"io"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Raw fetches whole mails.
func (b *box) Raw(ctx context.Context, uids []uint32, bare bool, limit int64, fn func(Meta, io.Reader) error) ([]uint32, error) {
	o := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}
	if !bare {
		o.RFC822Size, o.InternalDate = true, true
	}
	d := &delivery{limit: limit, fn: fn, cut: b.w.cut.Load}
	for set := range windows(uids) {
		err := b.fetchEach(ctx, set, o, d.mail)
		if err != nil {
			return d.got, err
		}
		if d.err != nil {
			break
		}
	}
	return d.got, d.err
}

// delivery hands mails out as they come.
type delivery struct {
	limit int64
	fn    func(Meta, io.Reader) error
	cut   func() bool // whether the connection broke within a body
	got   []uint32
	err   error // the first that fn returned
}

// mail hands one mail out.
func (d *delivery) mail(mail *imapclient.FetchMessageData) {
	var m Meta
	done := false
	for item := mail.Next(); item != nil; item = mail.Next() {
		m.take(item)
		body, ok := item.(imapclient.FetchItemDataBodySection)
		if !ok || done || body.Literal == nil || m.UID == 0 || d.err != nil || body.Literal.Size() > d.limit {
			continue // the library reads over it
		}
		done = true
		d.body(m, body.Literal)
	}
}

// body hands one body out and decides whether it has arrived.
func (d *delivery) body(m Meta, literal imap.LiteralReader) {
	r := &unbroken{r: literal, cut: d.cut}
	err := d.fn(m, r)
	_, broken := io.Copy(io.Discard, r)
	switch {
	case broken != nil:
		// Whatever fn says, it says because of that.
	case err != nil:
		d.err = err
	default:
		d.got = append(d.got, m.UID)
	}
}

// unbroken reads a literal and fails where the connection broke.
type unbroken struct {
	r   io.Reader
	cut func() bool
}

func (u *unbroken) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if u.cut() {
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}
