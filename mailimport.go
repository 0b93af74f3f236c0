package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"net/mail"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
	"hark/staff"
)

// Rules of an import: a mail's place in the ledger is made of its own bytes, so
// the same file brought in twice changes nothing, and an import that was cut
// short goes on where it was. A mail that a server has brought too is told by
// its content, as with any two mailboxes. What is imported is history: nobody
// waits for an answer to it.

// importedBox is the folder that imported mails lie in, in the ledger. No
// server's is called so: it would have no brackets around it.
const importedBox = "(imported)"

// Limits of an import.
const (
	importMail  = 64 << 20 // bytes of one mail
	importBatch = 200      // mails that become durable together
	importBytes = 8 << 20  // bytes of them, unless one has more
)

// importer brings mails into the ledger of an account.
type importer struct {
	ctx      context.Context
	row      func(context.Context, desk.ID) (mailbox.Row, error)
	put      func(context.Context, []mailbox.Arrival) error
	done     staff.MailImported
	in       *counted
	progress func(staff.MailImported)
	batch    []mailbox.Arrival
	bytes    int
}

// counted counts the bytes that are read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// run reads all there is.
func (i *importer) run(from io.Reader) (staff.MailImported, error) {
	i.in = &counted{r: from}
	err := splitMails(i.in, i.take)
	if err == nil {
		err = i.flush()
	}
	i.done.Bytes = i.in.n
	return i.done, err
}

// take takes one mail in.
func (i *importer) take(at time.Time, raw []byte) error {
	if err := i.ctx.Err(); err != nil {
		return err
	}
	i.done.Mails++
	if raw == nil || len(bytes.TrimSpace(raw)) == 0 || len(raw) > importMail {
		i.done.Failed++
		return nil
	}
	if raw = wireEnds(raw); at.IsZero() {
		at = writtenAt(raw, time.Now())
	}
	i.batch = append(i.batch, mailbox.Arrival{
		Place: importedPlace(i.done.Account, raw), Received: at.UTC(), Size: int64(len(raw)), Past: true, Bytes: raw,
	})
	i.bytes += len(raw)
	if len(i.batch) >= importBatch || i.bytes >= importBytes {
		return i.flush()
	}
	return nil
}

// writtenAt returns when a mail says that it was written, for files that do not
// tell when it came; now where it says nothing that can be.
func writtenAt(raw []byte, now time.Time) time.Time {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return now
	}
	at, err := m.Header.Date()
	if err != nil || at.After(now) || at.Year() < 1971 {
		return now
	}
	return at
}

// importedPlace is where a mail of these bytes lies.
func importedPlace(account string, raw []byte) mailbox.Place {
	sum := sha256.Sum256(raw)
	return mailbox.Place{
		Account: account, Box: importedBox,
		Validity: max(binary.BigEndian.Uint32(sum[:4]), 1), UID: max(binary.BigEndian.Uint32(sum[4:8]), 1),
	}
}

// wireEnds gives a mail the line ends that it had on the wire (RFC 5322): files
// keep them as the system writes texts. One that has some already is left as
// it is.
func wireEnds(raw []byte) []byte {
	if bytes.Contains(raw, []byte("\r\n")) {
		return raw
	}
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}

// flush makes the mails of a batch durable.
func (i *importer) flush() error {
	fresh := 0
	for _, a := range i.batch {
		switch _, err := i.row(i.ctx, a.ID()); {
		case err == nil:
		case desk.CodeOf(err) == desk.NotFound:
			fresh++
		default:
			return err
		}
	}
	if fresh > 0 {
		if err := i.put(i.ctx, i.batch); err != nil {
			return err
		}
	}
	i.done.New += fresh
	i.done.Known += len(i.batch) - fresh
	i.done.Bytes = i.in.n
	i.batch, i.bytes = nil, 0
	i.progress(i.done)
	return nil
}

// splitMails calls take with every mail of an mbox file, of a tar archive of
// files, or with the one mail that the bytes are. One that is too large comes
// without its bytes.
func splitMails(r io.Reader, take func(at time.Time, raw []byte) error) error {
	const tarMark = 257 // where an archive says what it is
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(tarMark + 5)
	if err != nil && !errors.Is(err, io.EOF) {
		return unreadable(err)
	}
	switch {
	case len(head) == 0:
		return desk.Errorf(desk.Invalid, "there is nothing in it")
	case len(head) > tarMark && bytes.Equal(head[tarMark:], []byte("ustar")):
		return splitArchive(in, take)
	case bytes.HasPrefix(head, []byte("From ")):
		return splitMbox(in, take)
	case looksLikeMail(head):
		raw, err := io.ReadAll(io.LimitReader(in, importMail+1))
		if err != nil {
			return unreadable(err)
		}
		return take(time.Time{}, raw)
	}
	return desk.Errorf(desk.Invalid, "it is neither an mbox file (which begins with From and a blank), nor an archive of a Maildir, nor a mail")
}

func unreadable(err error) error {
	return desk.Errorf(desk.Unavailable, "the mails could not be read to their end: %w", err)
}

// looksLikeMail reports whether the first line is a header field.
func looksLikeMail(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	name, _, ok := bytes.Cut(line, []byte(":"))
	return ok && len(name) > 0 && len(bytes.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) == 0
}

// splitArchive reads the regular files of a tar archive, each of them a mail.
// What a Maildir holds beside mails is passed over.
func splitArchive(r io.Reader, take func(time.Time, []byte) error) error {
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		if h.Typeflag != tar.TypeReg || !isMailFile(h.Name) {
			continue
		}
		raw, err := io.ReadAll(io.LimitReader(t, importMail+1))
		if err != nil {
			return unreadable(err)
		}
		if err := take(h.ModTime, raw); err != nil {
			return err
		}
	}
}
