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
	d := &delivery{limit: limit, fn: fn}
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
	r := &whole{r: literal, left: literal.Size()}
	err := d.fn(m, r)
	_, _ = io.Copy(io.Discard, r) // r remembers
	switch {
	case r.cut:
		// The connection broke, and whatever fn says, it says because of that.
	case err != nil:
		d.err = err
	default:
		d.got = append(d.got, m.UID)
	}
}

// whole reads a literal and does not take the end of the connection for its
// end.
type whole struct {
	r    io.Reader
	left int64
	cut  bool // it ended too early
}

func (w *whole) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.left -= int64(n)
	if err == nil {
		return n, nil
	}
	if err != io.EOF || w.left > 0 {
		w.cut = true
		return n, io.ErrUnexpectedEOF
	}
	return n, io.EOF
}
