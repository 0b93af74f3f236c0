package outbox

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"time"

	"hark/channels/email/compose"
	"hark/channels/email/imap"
	"hark/desk"
	"hark/desk/mailbox"
)

// Desk is what the outbox needs of a desk.
type Desk interface {
	// PostBell rings when Unposted may have grown.
	PostBell() <-chan struct{}
	// Unposted returns the mails that are still to go out.
	Unposted() []desk.Unposted
	// Item returns a message of a conversation.
	Item(ctx context.Context, conversation, item desk.ID) (desk.Event, error)
	// Posted journals how far a mail has come. PostTaken is a Conflict for one
	// that was withdrawn.
	Posted(ctx context.Context, conversation desk.ID, p desk.MailPosted) error
	// Whereabouts returns where an item of a conversation is now.
	Whereabouts(ctx context.Context, conversation, item desk.ID) (desk.ID, error)
}

// Store is where letters are kept until they are with a server.
type Store interface {
	mailbox.Outbox
	// Alias notes a Message-ID of an item, by which answers find it.
	Alias(ctx context.Context, messageID string, conversation, item desk.ID) error
	// Find returns where Message-IDs belong.
	Find(ctx context.Context, messageIDs ...string) ([]mailbox.Reference, error)
}

// Sent is the mailbox of an account where copies of what was sent lie.
type Sent interface {
	// FindSent looks for a copy, by its Message-ID and then by its X-Hark-Id,
	// and returns the Message-ID that it bears there; "" when there is none.
	FindSent(ctx context.Context, messageID, harkID string) (string, error)
	// AppendSent puts a copy there, marked as read. After an error the copy may
	// be there or not.
	AppendSent(ctx context.Context, at time.Time, mail []byte) error
	// FilesSent reports whether the server puts copies there by itself.
	FilesSent() bool
}

// Account is one sending mailbox.
type Account struct {
	Name     string // in the configuration
	Address  desk.Address
	Host     string
	Port     int // 0: the usual one of Security (RFC 8314, RFC 6409)
	Security imap.Security
	User     string
	Auth     imap.Auth // empty: imap.Password
	// Secret returns the password or the token; it is asked for each
	// connection. nil: the server wants none.
	Secret  func(context.Context) (string, error)
	TLS     *tls.Config // authorities to trust; nil: the system's
	Compose compose.Options
	Sent    Sent // nil: no copy is filed
}

// Options are what an Outbox is made of.
type Options struct {
	Desk     Desk
	Store    Store
	Accounts []Account
	// File opens an attached file, Part the n-th part of a kept mail.
	File func(ctx context.Context, file desk.ID) (io.ReadCloser, error)
	Part func(ctx context.Context, mail desk.ID, n int) (io.ReadCloser, error)
	Zone *time.Location // of the dates in mails; nil: this machine's
	// Dial connects to a server; nil: by the network.
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	Log    *slog.Logger // never sees words, names or addresses; nil: nothing is logged
	Limits Limits       // the zero value is good
}

// Limits bound what a server can make the outbox wait for. A zero field means
// the default that its comment names.
type Limits struct {
	// Dial bounds connecting. 20 s.
	Dial time.Duration
	// Command bounds each answer but the last one. 1 min.
	Command time.Duration
	// Stall bounds how long a server may take no byte of a text. 1 min.
	Stall time.Duration
	// Final bounds the answer to the final dot: long, for giving up early parks
	// what the server takes later (RFC 5321, section 4.5.3.2.6). 10 min.
	Final time.Duration
	// Grace is how long that answer is awaited when the program ends. 5 s.
	Grace time.Duration
	// Filed is how long a server that files mail by itself is given before the
	// first look. 10 s.
	Filed time.Duration
}

func (l Limits) withDefaults() Limits {
	fill(&l.Dial, 20*time.Second)
	fill(&l.Command, time.Minute)
	fill(&l.Stall, time.Minute)
	fill(&l.Final, 10*time.Minute)
	fill(&l.Grace, 5*time.Second)
	fill(&l.Filed, 10*time.Second)
	return l
}

// fill gives a limit that was left at zero its default.
func fill(limit *time.Duration, d time.Duration) {
	if *limit == 0 {
		*limit = d
	}
}
