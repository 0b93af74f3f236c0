package imap

import (
	"context"
	"io"
	"time"
)

// Box is a connection to one account of a mail server. Its calls may be made
// from several goroutines; they queue, one command is in flight at a time. A
// context that ends during a call closes the connection: there is no other way
// to abandon an IMAP command. Every error is a *Trouble or the context's.
//
// All calls from UIDs to Move concern the mailbox that was selected last.
type Box interface {
	// Caps tells what the server can do and what is odd about it.
	Caps() Caps
	// Boxes lists the mailboxes that can be selected, with the parts they play.
	Boxes(ctx context.Context) ([]BoxInfo, error)
	// Select opens a mailbox for the calls that follow. The name is as Boxes
	// returned it, in UTF-8.
	Select(ctx context.Context, box string) (Selected, error)

	// UIDs returns the UIDs from the given one on that exist now, sorted. It
	// never returns one below from, although servers do ("n:*" always names the
	// last mail).
	UIDs(ctx context.Context, from uint32) ([]uint32, error)
	// Sizes returns sizes and dates of the mails that are asked for and exist,
	// in no promised order. It is the cheapest way to cut windows.
	Sizes(ctx context.Context, uids []uint32) ([]Meta, error)
	// Heads returns what identifies the mails that are asked for and exist, in
	// no promised order.
	Heads(ctx context.Context, uids []uint32) ([]Head, error)
	// Raw fetches whole mails and hands each one to fn as it comes; fn need not
	// read to the end. got names those whose last byte was read without error
	// and for which fn returned nil: only these have arrived. A mail of more
	// than limit bytes is passed over and not in got; so is every mail that the
	// server answered wrongly. An error of fn stops the handing out, the rest
	// of the window is read and dropped, and that error comes back as it is.
	//
	// With bare nothing but UID and body is asked, which lets mails through
	// whose flags or date the server cannot write correctly; Meta then holds
	// the UID only. Windows of up to 500 mails and 16 MB are a good size.
	Raw(ctx context.Context, uids []uint32, bare bool, limit int64, fn func(Meta, io.Reader) error) (got []uint32, err error)
	// Start fetches the header of a mail and the first n bytes of what follows
	// it: enough to show a mail that is too large to fetch unasked. Both are
	// nil when there is no such mail.
	Start(ctx context.Context, uid uint32, n int64) (header, text []byte, err error)
	// Changes returns the flags of the mails that changed after modseq; zero,
	// or a server without CONDSTORE (RFC 7162), means the flags of all mails.
	// It never tells of mails that are gone.
	Changes(ctx context.Context, modseq uint64) ([]Flags, error)
	// FindHeader returns the UIDs of the mails whose header field name contains
	// value, sorted, looking among the last UIDs only; last zero means all.
	// The server compares without case and finds parts of values.
	FindHeader(ctx context.Context, name, value string, last uint32) ([]uint32, error)

	// Store adds and removes flags (RFC 3501, section 2.3.2).
	Store(ctx context.Context, uids []uint32, add, remove []string) error
	// Append files a mail of exactly size bytes in a mailbox. After an error
	// whose kind is Lost it is unknown whether the mail is there: find out by
	// FindHeader before appending again.
	Append(ctx context.Context, box string, flags []string, at time.Time, size int64, r io.Reader) error
	// Move takes mails to another mailbox. Where the server can neither move
	// nor expunge single mails (RFC 6851, RFC 4315), they are copied and marked
	// as deleted, and stay until somebody expunges.
	Move(ctx context.Context, uids []uint32, box string) error

	// Idle waits until the selected mailbox changes, or until limit has passed
	// (RFC 2177). It returns at once when a change was seen since the last Idle
	// or Noop. The limit is held to at most Limits.Idle. Other calls wait until
	// it returns, so a watcher has a connection of its own. Where a server ends
	// the waiting by itself, Idle says after a minute that there may be news.
	Idle(ctx context.Context, limit time.Duration) (changed bool, err error)
	// Noop asks the server for news and tells whether there were any since the
	// last Idle or Noop.
	Noop(ctx context.Context) (changed bool, err error)

	// Traffic returns what has passed over the connection.
	Traffic() Traffic
	// Close ends the connection without waiting for the server. It may be
	// called more than once and during other calls, which then fail.
	Close() error
}

// Caps is what a server can do.
type Caps struct {
	Idle       bool // RFC 2177: can be waited on
	CondStore  bool // RFC 7162: counts changes of flags
	Move       bool // RFC 6851
	UIDPlus    bool // RFC 4315: single mails can be expunged
	SpecialUse bool // RFC 6154: says which mailbox is which
	Quirks     Quirks
}

// Role is the part a mailbox plays (RFC 6154).
type Role string

// The roles of mailboxes. A mailbox without one has the empty role.
const (
	RoleSent    Role = "sent"
	RoleDrafts  Role = "drafts"
	RoleJunk    Role = "junk"
	RoleTrash   Role = "trash"
	RoleArchive Role = "archive"
	RoleAll     Role = "all" // every mail once more, as Gmail's "All Mail"
)

// BoxInfo is a mailbox of an account.
type BoxInfo struct {
	Name string // in UTF-8, with the server's separator
	Role Role
	// Guessed says that the role was read from the name, because the server
	// does not say which mailbox is which.
	Guessed bool
}

// Selected is the state of a mailbox at the moment it was selected.
type Selected struct {
	// Validity is the UIDVALIDITY. Zero means that the server named none, or
	// none that can be trusted: then UIDs mean nothing beyond this connection.
	Validity uint32
	Next     uint32 // the UID that the next mail will have at least; 0 unknown
	// ModSeq is the highest modification sequence; 0 means that the mailbox
	// counts none, so that Changes returns all.
	ModSeq   uint64
	Count    uint32 // mails in the mailbox
	Keywords bool   // own flags may be stored
	ReadOnly bool   // nothing may be stored
}

// Meta is what the server says of a mail without its content.
type Meta struct {
	UID uint32
	// Size is in bytes and the server's word: some count what the mail takes
	// in their store, so it is no reason to reject one. 0 when it did not say.
	Size     int64
	Received time.Time // when the server got it; zero when it did not say
}

// Head is what identifies a mail.
type Head struct {
	Meta
	Flags []string
	// Header is the raw header block with the empty line at its end, cut at
	// HeaderLimit bytes.
	Header []byte
}

// HeaderLimit is how many bytes of a header block Heads and Start keep. The
// longest real ones are about a tenth of it.
const HeaderLimit = 256 << 10

// Flags are the flags of a mail at one moment.
type Flags struct {
	UID    uint32
	Flags  []string
	ModSeq uint64 // 0 without CONDSTORE
}

// Traffic is what has passed over a connection.
type Traffic struct {
	In, Out int64 // bytes below TLS not counted: what IMAP itself took
	// Lines are the last lines of the conversation, oldest first, with "S: "
	// or "C: " in front. Secrets, quoted strings, addresses and literals are
	// left out, so they may be shown and logged.
	Lines []string
}
