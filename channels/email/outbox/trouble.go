package outbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-smtp"

	"hark/channels/email/imap"
)

// trouble is why a mail did not leave.
type trouble struct {
	words string // for people
	// final: trying again is of no use.
	final bool
	// account: no other mail of the account would fare better now.
	account bool
	err     error // for the log's kind; may be nil
}

func (t *trouble) Error() string { return t.words }

// saidMax is how much of a server's words is shown, in bytes.
const saidMax = 300

// said returns what a server said, fit to be shown.
func said(err *smtp.SMTPError) string { return plainWords(fmt.Sprintf("%d %s", err.Code, err.Message)) }

// plainWords returns a stranger's words on one line, without control and
// invisible characters, cut at saidMax.
func plainWords(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	for len(s) > saidMax {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// codeOf returns a server's answer in err, nil when it is none.
func codeOf(err error) *smtp.SMTPError {
	var e *smtp.SMTPError
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// closing is the code with which a server ends a connection (RFC 5321, section
// 3.8).
const closing = 421

// refusal makes trouble of a server's no to a mail: for good with 5xx.
func refusal(e *smtp.SMTPError) *trouble {
	return &trouble{words: "the mail server said: " + said(e), final: e.Code/100 == 5, account: e.Code == closing, err: e}
}

// lineTrouble makes trouble of a connection that does not work.
func lineTrouble(err error) *trouble {
	if e := codeOf(err); e != nil {
		return &trouble{words: "the mail server said: " + said(e), account: true, err: err}
	}
	return &trouble{words: lineWords(err), account: true, err: err}
}

func lineWords(err error) string {
	var unknown *net.DNSError
	var certificate *tls.CertificateVerificationError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	var netErr net.Error
	switch {
	case errors.As(err, &unknown):
		return "the mail server's name is not known to the network; look at the host in the settings"
	case errors.As(err, &certificate), errors.As(err, &host):
		return "the mail server's certificate cannot be trusted; look at host and ca_file in the settings"
	case errors.As(err, &record):
		return "the mail server does not speak TLS there; look at port and security in the settings"
	case errors.Is(err, errNoTLS):
		return "the mail server offers no TLS (STARTTLS), and without it nothing is sent; look at security in the settings"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return "the mail server does not answer in time"
	case errors.Is(err, errTalkative):
		return "the mail server's answer has no end"
	}
	return "the mail server cannot be reached, or hung up"
}

// cause returns what the log may know of an error: not the words of a server,
// which can name people.
func cause(err error) string {
	var t *imap.Trouble
	if e := codeOf(err); e != nil {
		return fmt.Sprint("smtp ", e.Code)
	}
	if errors.As(err, &t) {
		return "imap " + string(t.Kind)
	}
	if err == nil {
		return ""
	}
	return err.Error()
}
