package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"time"
)

// Rules of an mbox file (RFC 4155): a mail begins with a line of "From ", an
// address and a time, at the beginning of the file or behind an empty line. A
// line of a mail that would look so has a > in front, of which one is taken
// away. A line without a time is the mail's own: programs forget the >.

// mboxReader reads an mbox file mail by mail.
type mboxReader struct {
	in   *bufio.Reader
	raw  []byte
	over bool      // the mail is too large: its bytes are not kept
	at   time.Time // of the mail, by its first line
	any  bool      // a mail has begun
}

// splitMbox calls take with every mail.
func splitMbox(in *bufio.Reader, take func(time.Time, []byte) error) error {
	m := &mboxReader{in: in}
	start, blank := true, true // at the start of a line; the line before was empty
	for {
		part, err := in.ReadSlice('\n')
		if len(part) > 0 {
			if at, ok := mboxMark(part); start && blank && bytes.HasPrefix(part, []byte("From ")) && (ok || !m.any) {
				if err := m.hand(take); err != nil {
					return err
				}
				m.any, m.at = true, at
				if part, err = m.skipLine(part, err); part == nil && err == nil {
					start, blank = true, false
					continue
				}
			} else {
				m.add(part, start)
				blank = start && len(bytes.TrimRight(part, "\r\n")) == 0
				start = bytes.HasSuffix(part, []byte("\n"))
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return m.hand(take)
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return unreadable(err)
		}
	}
}

// skipLine reads over the rest of a first line.
func (m *mboxReader) skipLine(part []byte, err error) ([]byte, error) {
	for errors.Is(err, bufio.ErrBufferFull) {
		part, err = m.in.ReadSlice('\n')
	}
	if err == nil {
		return nil, nil
	}
	return part, err
}

// add takes a line of the mail, or a part of a long one.
func (m *mboxReader) add(part []byte, start bool) {
	if start {
		if rest := bytes.TrimLeft(part, ">"); len(rest) < len(part) && bytes.HasPrefix(rest, []byte("From ")) {
			part = part[1:]
		}
	}
	if m.over || len(m.raw)+len(part) > importMail {
		m.over, m.raw = true, nil
		return
	}
	m.raw = append(m.raw, part...)
}

// hand hands a mail over. The empty line behind it belongs to the file.
func (m *mboxReader) hand(take func(time.Time, []byte) error) error {
	if !m.any {
		return nil
	}
	raw := m.raw
	if end, ok := bytes.CutSuffix(raw, []byte("\n")); ok && (bytes.HasSuffix(end, []byte("\n")) || bytes.HasSuffix(end, []byte("\n\r"))) {
		raw = bytes.TrimSuffix(end, []byte("\r"))
	}
	if m.over {
		raw = nil
	}
	m.raw, m.over = nil, false
	return take(m.at, raw)
}

// mboxMark returns the time on the first line of a mail, and whether there is
// one.
func mboxMark(line []byte) (time.Time, bool) {
	words := strings.Fields(string(line[:min(len(line), 400)]))
	if len(words) < 6 {
		return time.Time{}, false
	}
	for from := 2; from < len(words)-3 && from < 5; from++ { // an address may have blanks in quotes
		text := strings.Join(words[from:], " ")
		for _, layout := range []string{
			"Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 -0700 2006", "Mon Jan 2 15:04:05 MST 2006", "Mon Jan 2 15:04:05 2006 -0700",
			"Mon Jan 2 15:04 2006", "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST",
		} {
			if at, err := time.Parse(layout, text); err == nil {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// isMailFile reports whether a file of an archive is a mail: one in cur or new
// of a Maildir, or any where the archive has no folders.
func isMailFile(name string) bool {
	dir, base := path.Split(path.Clean(name))
	if strings.HasPrefix(base, ".") || base == "" {
		return false
	}
	return dir == "" || slices.Contains([]string{"cur", "new"}, path.Base(dir))
}
