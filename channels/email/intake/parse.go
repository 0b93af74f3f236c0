package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"hark/channels/email/loop"
	"hark/channels/email/read"
	"hark/desk"
	"hark/desk/mailbox"
)

// parsed is a mail that has been read.
type parsed struct {
	row   mailbox.Row
	mail  *read.Mail
	class loop.Class
	err   error // it could not even be opened
	// journaled is where it was journaled before, in a run whose end the ledger
	// did not see; zero for a new one.
	journaled desk.ID
}

// parse opens and reads the mail of a row. What reading costs is bounded; a
// mail that costs more is shown as one that cannot be read.
func (in *Intake) parse(ctx context.Context, row mailbox.Row) parsed {
	p := parsed{row: row}
	bytes, size, err := in.o.Store.Open(ctx, row.ID)
	if err != nil {
		p.err = err
		return p
	}
	account := in.o.accountOf(row.Account)
	if size > in.o.Limits.ReadBytes {
		p.mail = unreadable(fmt.Sprintf("it has %d MB", size>>20))
		err = bytes.Close()
	} else {
		p.mail, err = in.read(ctx, bytes, size, read.Options{AuthServ: account.AuthServ, Own: in.own})
	}
	if err != nil && p.mail == nil {
		p.err = err
		return p
	}
	p.class = loop.Classify(p.mail, in.own)
	return p
}

// read reads a mail within the limit of time and closes it. A reader that does
// not end is left to find that its mail gives nothing any more.
func (in *Intake) read(ctx context.Context, bytes mailbox.Bytes, size int64, o read.Options) (*read.Mail, error) {
	ctx, cancel := context.WithTimeout(ctx, in.o.Limits.ReadTime)
	defer cancel()
	source := &bounded{ctx: ctx, r: bytes}
	type result struct {
		mail *read.Mail
		err  error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if recover() != nil {
				r.mail = unreadable("reading it went wrong")
			}
			r.err = errors.Join(source.err, bytes.Close())
			done <- r
		}()
		r.mail = in.o.read(source, size, o)
	}()
	select {
	case r := <-done:
		if ctx.Err() == nil && r.err != nil {
			return nil, r.err
		}
		return r.mail, nil
	case <-ctx.Done():
	}
	if err := context.Cause(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return nil, err
	}
	return unreadable("reading it takes too long"), nil
}

// bounded gives a mail's bytes until its time is over, and keeps what the disk
// said: a mail that is damaged there is not the same as one that is odd.
type bounded struct {
	ctx context.Context
	r   io.ReaderAt
	err error
}

// ReadAt implements io.ReaderAt.
func (b *bounded) ReadAt(p []byte, off int64) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.r.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) && b.err == nil {
		b.err = err
	}
	return n, err
}

// unreadable stands for a mail that cannot be read.
func unreadable(why string) *read.Mail {
	return &read.Mail{
		Subject: "A mail that cannot be read",
		Text:    "This mail cannot be shown: " + why + ". The raw mail is kept; open it to see what came.",
		Mended:  []string{"nothing of it could be read: " + why},
	}
}

// age returns how long ago a mail came.
func age(row mailbox.Row) time.Duration {
	if row.Received.IsZero() {
		return 0
	}
	return time.Since(row.Received)
}
