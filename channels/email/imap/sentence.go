package imap

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"
)

// The sentences that people read when a connection fails. They name the
// server, what happened, and where one can act also what to do.

// serverWords are how many bytes of a server's own words are repeated.
const serverWords = 200

func (w *wire) silent() *Trouble {
	return &Trouble{Kind: Timeout, Words: fmt.Sprintf("%s has been silent for %s", w.host, seconds(w.pace.patience())), Err: errSilent}
}

// unheard says that the kernel's questions were not answered: the other side
// or the way to it is gone, and nobody said so.
func (w *wire) unheard(err error) *Trouble {
	return &Trouble{Kind: Timeout, Words: w.host + " is no longer there: nothing reaches it", Err: err}
}

// errSilent is the cause of a timeout, for the log.
var errSilent = errors.New("a limit of waiting has passed")

func (w *wire) broke(err error) *Trouble {
	return &Trouble{Kind: Protocol, Words: fmt.Sprintf("%s broke the protocol: %v", w.host, err), Err: err}
}

func (w *wire) tooBig(size int64) *Trouble {
	return &Trouble{Kind: TooBig, Words: fmt.Sprintf("%s announced %d bytes at once, which is more than is let in", w.host, size)}
}

// hungUp says that the server closed the connection, with its last words.
func (w *wire) hungUp(err error) *Trouble {
	w.mu.Lock()
	bye := w.bye
	w.mu.Unlock()
	if bye != "" {
		return w.saidBye(bye)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &Trouble{Kind: Network, Words: w.host + " closed the connection", Err: err}
	}
	return &Trouble{Kind: Network, Words: fmt.Sprintf("the connection to %s broke: %v", w.host, plainCause(err)), Err: err}
}

// saidBye says why the server left, in its own words.
func (w *wire) saidBye(bye string) *Trouble {
	if asksForPause("", bye) {
		return &Trouble{Kind: Throttled, Words: w.host + " asks for a pause: " + bye}
	}
	return &Trouble{Kind: Network, Words: w.host + " closed the connection: " + bye}
}

// closed says that this side ended the connection.
func (w *wire) closed(err error) *Trouble {
	return &Trouble{Kind: Closed, Words: "the connection to " + w.host + " was closed here", Err: err}
}

// tooLong says that a command was never finished.
func (w *wire) tooLong() *Trouble {
	return &Trouble{Kind: Timeout, Words: w.host + " does not come to an end", Err: errSilent}
}

// said turns a server's refusal of a command into trouble.
func (w *wire) said(what, code, text string) *Trouble {
	text = clean(text)
	if asksForPause(code, text) {
		return &Trouble{Kind: Throttled, Words: w.host + " asks for a pause: " + text}
	}
	return &Trouble{Kind: Refused, Words: fmt.Sprintf("%s refused to %s: %s", w.host, what, text)}
}

// pauses are words and response codes (RFC 5530, RFC 9051) with which servers
// ask to be left alone. The one about being connected is how Microsoft's say
// it.
func pauses() []string {
	return []string{
		"authenticated but not connected", "throttl", "too many", "rate limit", "try again later",
		"temporar", "bandwidth", "exceeded command", "server busy", "server is busy",
		"service unavailable", "server unavailable",
	}
}

// asksForPause tells whether a refusal means: later.
func asksForPause(code, text string) bool {
	switch strings.ToUpper(code) {
	case "UNAVAILABLE", "LIMIT", "INUSE", "THROTTLED", "SERVERBUG":
		return true
	case "OVERQUOTA", "AUTHENTICATIONFAILED", "NONEXISTENT", "TRYCREATE", "NOPERM":
		return false
	}
	text = strings.ToLower(text)
	for _, p := range pauses() {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// unreachable says that no connection came about.
func unreachable(addr string, err error) *Trouble {
	return &Trouble{Kind: Network, Words: fmt.Sprintf("cannot reach %s: %v", addr, plainCause(err)), Err: err}
}

// insecure says why TLS did not come about, and what may be wrong.
func insecure(host string, err error) *Trouble {
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	words := ""
	switch {
	case errors.As(err, &name):
		words = fmt.Sprintf("the certificate of %s is for another name", host)
	case errors.As(err, &unknown):
		words = fmt.Sprintf("the certificate of %s is signed by nobody this machine trusts; a ca_file can name its authority", host)
	case errors.As(err, &record):
		words = fmt.Sprintf("%s does not speak TLS on this port; perhaps it wants security = \"starttls\"", host)
	case asCertificate(err):
		words = fmt.Sprintf("the certificate of %s is not valid: %v", host, err)
	default:
		return &Trouble{Kind: Network, Words: fmt.Sprintf("%s did not agree on TLS: %v", host, plainCause(err)), Err: err}
	}
	return &Trouble{Kind: Insecure, Words: words, Err: err}
}

func asCertificate(err error) bool {
	var verify *tls.CertificateVerificationError
	return errors.As(err, &verify)
}

// plainCause says an error of the network without addresses and call names.
func plainCause(err error) string {
	var dns *net.DNSError
	var errno syscall.Errno
	var timeout net.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return "there is no host of that name"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer"
	case errors.As(err, &errno):
		return errno.Error()
	}
	return err.Error()
}

// seconds writes a duration for people.
func seconds(d time.Duration) string {
	if d >= time.Second {
		return fmt.Sprintf("%d s", d.Round(time.Second)/time.Second)
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// clean makes a server's words short and takes control characters out.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == utf8.RuneError || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	if len(s) <= serverWords {
		return s
	}
	cut := serverWords
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
