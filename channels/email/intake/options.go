package intake

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"runtime"
	"time"

	"hark/channels/email/read"
	"hark/channels/email/thread"
	"hark/desk"
	"hark/desk/mailbox"
)

// Desk is what the intake needs of a desk.
type Desk interface {
	// Receive journals a mail once, however often it is called.
	Receive(ctx context.Context, in desk.Incoming) (conversation desk.ID, err error)
	// Received returns where a mail was journaled, if it was.
	Received(ctx context.Context, mail desk.ID) (conversation desk.ID, ok bool, err error)
	// AutoReply answers a mail automatically, once.
	AutoReply(ctx context.Context, conversation desk.ID, to desk.Address, subject, text string, parent desk.ID) (item desk.ID, err error)
	// JoinMail makes one conversation go on in another.
	JoinMail(ctx context.Context, from, into desk.ID) error
	// EachMail calls fn with every mail of a conversation.
	EachMail(ctx context.Context, conversation desk.ID, fn func(item desk.ID, m *desk.Message)) error
	// Whereabouts returns where an item of a conversation is now.
	Whereabouts(ctx context.Context, conversation, item desk.ID) (desk.ID, error)
	// SetLamp tells people how a part of the hub is.
	SetLamp(desk.Lamp)
}

// Rows are the desk's state.
type Rows interface {
	Conversation(id desk.ID) *desk.Conversation
	Contact(id desk.ID) *desk.Contact
	ContactBy(id desk.Identity) *desk.Contact
	Resolve(prefix string) (*desk.Conversation, error)
}

var (
	_ Desk = (*desk.Desk)(nil)
	_ Rows = (*desk.State)(nil)
)

// Account is a mailbox whose mail is taken in.
type Account struct {
	Name     string
	Address  string   // lower-cased
	Aliases  []string // other addresses that it is written to at, lower-cased
	Queue    string   // where its conversations begin; empty: the desk's first
	AuthServ []string // whose Authentication-Results are believed: see read.Options
	// AutoReply is the text of the automatic acknowledgement; empty: none.
	AutoReply string
}

// Bounce is a delivery report about a mail of ours.
type Bounce struct {
	Conversation desk.ID // in which our mail stands
	Item         desk.ID // our mail
	Report       *read.Report
	Mail         desk.ID // the report itself
}

// Options are what an Intake is made of.
type Options struct {
	Store    mailbox.Store
	Desk     Desk
	State    Rows
	Keys     *thread.Keys
	Accounts []Account
	// Staff are addresses of the staff: they may write into any conversation.
	Staff []string
	// Bounced is told of delivery reports about our mails. It may be called
	// again with one that it knows. Nil: nobody is told.
	Bounced func(ctx context.Context, b Bounce) error
	// Referred is told which Message-IDs a mail refers to: mails of ours among
	// them have arrived. Nil: nobody is told.
	Referred func(ctx context.Context, messageIDs ...string)
	// Settled is called after mails have left stage Raw. It must not block. It
	// may be nil.
	Settled func()
	Log     *slog.Logger // sees identifiers and causes, never words; nil: none
	Limits  Limits

	// read reads a mail; tests put another one here.
	read func(r io.ReaderAt, size int64, o read.Options) *read.Mail
}

// Limits bound the work. A zero field means its default.
type Limits struct {
	Readers   int           // mails read at once; the number of processors
	Writers   int           // conversations journaled at once; 32
	Flight    int           // mails on their way at most; 768
	ReadTime  time.Duration // for one mail; 5 s
	ReadBytes int64         // of one mail; 64 MiB
	Large     int64         // from here on one mail is read at a time; 2 MiB
	Retry     time.Duration // pause after the store or the journal failed; 1 s
}

func (l Limits) withDefaults() Limits {
	l.Readers = cmp.Or(l.Readers, max(runtime.GOMAXPROCS(0), 1))
	l.Writers = cmp.Or(l.Writers, 32)
	l.Flight = cmp.Or(l.Flight, 768)
	l.ReadTime = cmp.Or(l.ReadTime, 5*time.Second)
	l.ReadBytes = cmp.Or(l.ReadBytes, 64<<20)
	l.Large = cmp.Or(l.Large, 2<<20)
	l.Retry = cmp.Or(l.Retry, time.Second)
	return l
}

// accountOf returns the account of a name; mail that was imported belongs to
// none of them.
func (o *Options) accountOf(name string) Account {
	for _, a := range o.Accounts {
		if a.Name == name {
			return a
		}
	}
	return Account{Name: name}
}

// own returns every address of the desk's accounts.
func (o *Options) own() []string {
	var all []string
	for _, a := range o.Accounts {
		all = append(append(all, a.Address), a.Aliases...)
	}
	return all
}
