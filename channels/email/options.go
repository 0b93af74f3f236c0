package email

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"time"

	"hark/channels/email/compose"
	"hark/channels/email/imap"
	"hark/channels/email/intake"
	"hark/channels/email/mailsync"
	"hark/channels/email/outbox"
	"hark/desk"
	"hark/desk/mailbox"
)

// Options are what a Server is made of.
type Options struct {
	Desk  *desk.Desk
	State *desk.State
	Store mailbox.Store
	// File opens an attached file by its identifier.
	File func(ctx context.Context, file desk.ID) (io.ReadCloser, error)
	// Keys sign Message-IDs and addresses, 16 bytes each at least: the present
	// one first, then those that old mails were signed with.
	Keys     [][]byte
	Accounts []Account
	Zone     *time.Location // of the dates in mails; nil: this machine's
	Log      *slog.Logger   // never sees words, names, addresses or subjects; nil: nothing is logged

	// Dial connects to a mail server; nil: by the network.
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	Sync   mailsync.Limits
	Send   outbox.Limits
	Intake intake.Limits
}

// Account is one shared mailbox.
type Account struct {
	Name      string // in the configuration
	Address   desk.Address
	Signature string // below every mail of an agent
	Queue     string // where its conversations wait; "" for the default one
	User      string
	Auth      imap.Auth
	// Secret returns the password or a token. It is asked for each connection.
	Secret func(context.Context) (string, error)

	IMAP, SMTP Place

	Boxes     []string      // that are read; none: INBOX
	Sent      string        // mailbox for copies of what was sent; "": the server's own; mailsync.SentNever
	History   time.Duration // mails of the first sync that are older arrive resolved; 0: none does
	SizeLimit int64         // bytes; of a larger mail the beginning comes first; 0: 25 MiB
	Plus      bool          // the server takes NAME+anything@: answers carry a signed tag there
	Tag       bool          // subjects carry a short tag
	AuthServ  []string      // whose Authentication-Results are believed: see read.Options
	AutoReply string        // text that acknowledges the first mail; "": none
	Compose   compose.Options
}

// Place is where a mail server is.
type Place struct {
	Host     string
	Port     int // 0: the usual one of Security
	Security imap.Security
	TLS      *tls.Config // authorities to trust; nil: the system's
}
