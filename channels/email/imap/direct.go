package imap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Commands that are sent without the library: it closes the connection when a
// server refuses an upload, and it expunges more than it was asked to.

// direct sends a command and waits for its end.
func (b *box) direct(text string) error {
	tag, err := b.send(text)
	if err != nil {
		return err
	}
	_, err = b.hear(tag)
	return err
}

// send sends a command under a tag of our own.
func (b *box) send(text string) (tag string, err error) {
	b.tags++
	tag = fmt.Sprintf("%s%d", ownTag, b.tags)
	for len(b.w.own) > 0 { // what came too late for the last one
		<-b.w.own
	}
	_, err = io.WriteString(b.w, tag+" "+text+"\r\n")
	return tag, err
}

// hear waits for what the server says to a command: true when it may go on,
// false when the command is over.
func (b *box) hear(tag string) (goOn bool, err error) {
	for {
		select {
		case line := <-b.w.own:
			if strings.HasPrefix(line, "+") {
				return true, nil
			}
			kind, text, ok := statusOf(line, tag)
			if !ok {
				continue
			}
			code, _, words := splitCode(text)
			if kind == "OK" {
				return false, nil
			}
			return false, &imap.Error{Type: imap.StatusResponseType(kind), Code: imap.ResponseCode(code), Text: words}
		case <-b.w.gone:
			return false, b.w.lost()
		}
	}
}

// Append files a mail.
func (b *box) Append(ctx context.Context, name string, flags []string, at time.Time, size int64, r io.Reader) error {
	for _, f := range flags {
		if !isFlag([]byte(f)) || f == `\*` {
			return &Trouble{Kind: Refused, Words: fmt.Sprintf("%q is no flag that can be stored", f)}
		}
	}
	text := "APPEND " + quote(encodeName(name)) + " (" + strings.Join(flags, " ") + ")"
	if !at.IsZero() {
		text += at.Format(` "` + dateTime + `"`)
	}
	text += fmt.Sprintf(" {%d}", size)
	c := command{what: "file the mail", shown: fmt.Sprintf("APPEND … {%d}", size), asks: asks{own: true, goesOn: true}}
	var source error // why the mail could not be read
	err := b.run(ctx, c, func() error {
		tag, err := b.send(text)
		if err != nil {
			return err
		}
		goOn, err := b.hear(tag)
		if err != nil {
			return err
		}
		if !goOn {
			return errors.New("it took a mail that was not sent")
		}
		if source, err = b.upload(size, r); err != nil {
			return err
		}
		_, err = b.hear(tag)
		return err
	})
	if source != nil {
		return fmt.Errorf("read the mail to be filed: %w", source)
	}
	return err
}

// upload sends the mail and the end of the command. When the mail cannot be
// read to its end, the connection is over: half a literal cannot be taken back.
func (b *box) upload(size int64, r io.Reader) (source, err error) {
	from := &sourceReader{r: r}
	n, err := io.CopyN(struct{ io.Writer }{b.w}, from, size)
	if from.err != nil || err == io.EOF { //nolint:errorlint // CopyN returns it as it is
		source = from.err
		if source == nil {
			source = fmt.Errorf("%d of %d bytes: %w", n, size, io.ErrUnexpectedEOF)
		}
		t := b.w.closed(source)
		b.w.fail(t)
		return source, t
	}
	if err == nil {
		_, err = io.WriteString(b.w, "\r\n")
	}
	return nil, err
}

// sourceReader remembers why reading failed, so that it is not taken for a
// failure of the connection.
type sourceReader struct {
	r   io.Reader
	err error
}

func (s *sourceReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
