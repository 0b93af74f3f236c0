package imap

import "errors"

// Kind is what sort of trouble a connection met: what decides how soon it is
// worth trying again, and whether a person must act.
type Kind string

// The kinds of trouble.
const (
	// AuthRefused: the server refused the name, the password or the token. Trying
	// again without a change locks accounts; a person must act.
	AuthRefused Kind = "auth"
	// Network: the server cannot be reached or hung up. Try again soon.
	Network Kind = "network"
	// Timeout: the server fell silent. Try again soon.
	Timeout Kind = "timeout"
	// Protocol: the server sent what no server may. Try again, asking less.
	Protocol Kind = "protocol"
	// Throttled: the server asks to be left alone for a while: minutes.
	Throttled Kind = "throttled"
	// Refused: the server said no to this one command; the connection lives.
	Refused Kind = "refused"
	// TooBig: the server announced more than is let in.
	TooBig Kind = "too big"
	// Insecure: the connection cannot be protected as asked (no TLS offered, a
	// certificate that does not fit, plain text beyond this machine). No secret
	// was sent. A person must act.
	Insecure Kind = "insecure"
	// Closed: the connection was closed on this side.
	Closed Kind = "closed"
)

// Lost tells whether trouble of this kind has ended the connection.
func (k Kind) Lost() bool { return k != Refused }

// Trouble is why a call failed.
type Trouble struct {
	Kind Kind
	// Words say it for people, as a whole lower-case sentence without a full
	// stop. They can hold words of the server: text from strangers, without
	// control characters and at most 300 bytes.
	Words string
	Err   error // the cause, for the log; may be nil
}

func (t *Trouble) Error() string { return t.Words }

// Unwrap returns the cause.
func (t *Trouble) Unwrap() error { return t.Err }

// KindOf returns what sort of trouble err is, and the empty kind when it is
// none of a connection's: the context's end, or an error of the caller's own.
func KindOf(err error) Kind {
	var t *Trouble
	if errors.As(err, &t) {
		return t.Kind
	}
	return ""
}
