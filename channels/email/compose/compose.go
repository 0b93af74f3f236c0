package compose

import (
	"bytes"
	"io"

	"hark/desk"
)

// SizeLimit is the largest mail that is composed, in bytes: what the common
// providers take (25 MB of files, grown by base64) and some more.
const SizeLimit = 48 << 20

// Options hold for all mail of an account.
type Options struct {
	// UTF8 allows addresses with other letters than ASCII before the @, which
	// only servers with SMTPUTF8 (RFC 6531) take.
	UTF8 bool
	// TextOnly sends no HTML beside the text.
	TextOnly bool
	Sign     *Signer // DKIM; nil: the relay signs, or nobody
}

// Mail is what becomes an outgoing mail.
type Mail struct {
	Text   string // the words, the signature among them
	Letter desk.Letter
	Quoted *Quoted // what stands below the words; nil: nothing
	Files  []File
}

// Quoted is the mail that is answered or passed on.
type Quoted struct {
	Letter desk.Letter
	Text   string
}

// File goes along. Open is called once, when its turn comes.
type File struct {
	Name, Type string
	Open       func() (io.ReadCloser, error)
}

// Compose returns the bytes of a mail, lines ended by CRLF and 998 bytes long
// at most. Errors are *desk.Error: Invalid where the mail itself is wrong,
// Unavailable where a file could not be read now.
func Compose(o Options, m Mail) ([]byte, error) {
	text := textOf(o, m)
	h, err := header(o, m, top(m, text))
	if err != nil {
		return nil, err
	}
	out := &limited{left: SizeLimit}
	if err := write(out, h, text, m.Files); err != nil {
		if out.full {
			return nil, desk.Errorf(desk.Invalid, "the mail is larger than %d MB; send fewer or smaller files", SizeLimit>>20)
		}
		return nil, err
	}
	if o.Sign == nil {
		return out.b.Bytes(), nil
	}
	return o.Sign.sign(out.b.Bytes())
}

// limited collects bytes up to a limit.
type limited struct {
	b    bytes.Buffer
	left int
	full bool
}

// Write implements io.Writer.
func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		l.full = true
		return 0, io.ErrShortWrite
	}
	return l.b.Write(p)
}
