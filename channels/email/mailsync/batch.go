package mailsync

import (
	"bytes"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"time"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
)

// batch collects the mails of one window. Their bytes lie behind one another
// in memory that the next window uses again.
type batch struct {
	arena bytes.Buffer
	mails map[uint32]piece
}

// piece is one mail of a batch.
type piece struct {
	meta     imap.Meta
	from, to int // in the arena
}

// most is how much memory a batch keeps for the next one, in bytes.
const most = 40 << 20

// reset forgets what was collected.
func (b *batch) reset() {
	if b.arena.Cap() > most {
		b.arena = bytes.Buffer{}
	}
	b.arena.Reset()
	b.mails = make(map[uint32]piece)
}

// add takes a mail in. The second answer to one question does not replace the
// first: Raw decides which of them arrived.
func (b *batch) add(m imap.Meta, r io.Reader) error {
	from := b.arena.Len()
	if m.Size > 0 && m.Size <= 2*most { // by the server's word; growing by doubling takes three times as much
		b.arena.Grow(int(m.Size) + bytes.MinRead)
	}
	if _, err := b.arena.ReadFrom(r); err != nil {
		b.arena.Truncate(from)
		return fmt.Errorf("reading a mail: %w", err)
	}
	b.mails[m.UID] = piece{meta: m, from: from, to: b.arena.Len()}
	return nil
}

// bytes returns a mail's bytes until the next reset.
func (b *batch) bytes(p piece) []byte { return b.arena.Bytes()[p.from:p.to:p.to] }

// arrival is what the ledger gets of a fetched mail.
func (e *Engine) arrival(f *follow, m imap.Meta, raw []byte) mailbox.Arrival {
	a := mailbox.Arrival{Place: e.place(f, m.UID), Received: m.Received, Size: m.Size, Bytes: raw}
	if a.Size == 0 {
		a.Size = int64(len(raw))
	}
	if a.Received.IsZero() {
		a.Received = dated(raw)
	}
	a.Past = f.past(a.Received, e.o.History)
	return a
}

// dated finds out when a mail came whose date the server does not tell: by the
// topmost Received field (RFC 5321, section 4.4), else by its Date, else now.
// A date in the future is not believed.
func dated(raw []byte) time.Time {
	now := time.Now()
	head := raw[:min(len(raw), 64<<10)]
	m, err := mail.ReadMessage(bytes.NewReader(head))
	if err != nil {
		return now
	}
	trace := m.Header.Get("Received")
	if at, err := mail.ParseDate(strings.TrimSpace(trace[strings.LastIndexByte(trace, ';')+1:])); err == nil && at.Before(now) {
		return at
	}
	if at, err := m.Header.Date(); err == nil && at.Before(now) {
		return at
	}
	return now
}
