package imap

import (
	"context"
	"crypto/tls"
	"log/slog"
	"time"
)

// Security is how a connection is protected from others on its way.
type Security string

// The ways to protect a connection.
const (
	TLS      Security = "tls"      // TLS from the first byte, usually port 993
	StartTLS Security = "starttls" // TLS after asking, usually port 143 (RFC 3501, section 6.2.1)
	Plain    Security = "none"     // nothing; refused unless the server is this machine
)

// Auth is how an account proves who it is.
type Auth string

// The ways to sign in.
const (
	Password    Auth = "password"    // AUTHENTICATE PLAIN (RFC 4616) where offered, else LOGIN
	XOAuth2     Auth = "xoauth2"     // Google's and Microsoft's own way with a token
	OAuthBearer Auth = "oauthbearer" // the standard one (RFC 7628)
)

// Options say where an account is and how to reach it.
type Options struct {
	Host     string
	Port     int // 0: the usual one of Security
	Security Security
	User     string
	Auth     Auth // empty: Password
	// Secret returns the password or the token. It is called once for every
	// connection, so that a token can be fresh, and its result is not kept.
	Secret func(context.Context) (string, error)
	// TLS may hold the authorities to trust; nil means the system's. The name
	// to check is Host unless it says another.
	TLS    *tls.Config
	Log    *slog.Logger // nil: nothing is logged
	Limits Limits       // the zero value is good
}

// Limits bound what a server can make a connection wait for or hold in memory.
// A zero field means the default that its comment names.
type Limits struct {
	// Dial bounds connecting, the TLS handshake and each line until signed in;
	// all after connecting may take three times as long. 20 s.
	Dial time.Duration
	// Silence is how long a server may keep a command waiting without
	// completing a line. 30 s.
	Silence time.Duration
	// Stall is how long nothing may come inside a literal. 45 s.
	Stall time.Duration
	// Pace is how many bytes a second a literal must bring on the whole,
	// beyond Stall. 1 KiB.
	Pace int64
	// Idle bounds one Idle. 25 min; servers hang up after 30.
	Idle time.Duration
	// Command bounds every other command on the whole, for servers that say
	// something all the time and never finish. 30 min.
	Command time.Duration
	// Line bounds what of an answer is not a literal, in bytes. 1 MiB; lists
	// of UIDs may be 16 times as long.
	Line int
	// Literal is the largest literal that is let in, in bytes. 256 MiB: larger
	// mails exist, but none that a desk wants unasked.
	Literal int64
}

// withDefaults returns the limits with every zero field filled in.
func (l Limits) withDefaults() Limits {
	fill(&l.Dial, 20*time.Second)
	fill(&l.Silence, 30*time.Second)
	fill(&l.Stall, 45*time.Second)
	fill(&l.Pace, 1<<10)
	fill(&l.Idle, 25*time.Minute)
	fill(&l.Command, 30*time.Minute)
	fill(&l.Line, 1<<20)
	fill(&l.Literal, 256<<20)
	return l
}

// fill gives a number that was left at zero its default.
func fill[T time.Duration | int | int64](to *T, value T) {
	if *to == 0 {
		*to = value
	}
}
