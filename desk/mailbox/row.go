package mailbox

import (
	"encoding/binary"
	"time"

	"hark/desk"
)

// Place is where a server keeps a mail. No two mails ever share one.
type Place struct {
	Account       string // name of the mail account in the configuration
	Box           string // name of the mailbox on the server, decoded
	Validity, UID uint32 // UIDVALIDITY of the mailbox, UID of the mail
}

// ID returns the identifier that a mail gets when it is first seen at the
// place: the same each time, so that what is done twice is recognised. A mail
// that a server moved keeps the identifier of its first place (see Ledger.Map).
func (p Place) ID() desk.ID {
	b := binary.BigEndian.AppendUint32(nil, p.Validity)
	return desk.DeriveID([]byte("mail"), []byte(p.Account), []byte(p.Box), b, binary.BigEndian.AppendUint32(nil, p.UID))
}

// Stage says how far a mail has come.
type Stage string

// The stages.
const (
	Raw         Stage = "raw"         // its bytes are kept; nobody has read it
	Threaded    Stage = "threaded"    // it is in a conversation
	Copy        Stage = "copy"        // it is the same mail as another row
	Quarantined Stage = "quarantined" // it could not be fetched or read; a person is shown it
	Dropped     Stage = "dropped"     // a person wants it forgotten: its bytes are gone
)

// Row is what the ledger knows of a mail.
type Row struct {
	Place
	ID           desk.ID // Place.ID() of the place where it was first seen
	Stage        Stage
	Received     time.Time // the server's INTERNALDATE, UTC; zero when it told none
	Size         int64     // bytes, by the server's word (RFC822.SIZE); Open knows what is kept
	Partial      bool      // only its headers and its beginning are kept
	Past         bool      // it came with the first sync: history
	Vanished     bool      // the server no longer shows it
	Conversation desk.ID   // zero until it is threaded
	Why          string    // why it is quarantined, in words for people
}

// Arrival is a mail as it was fetched.
type Arrival struct {
	Place
	Received time.Time
	Size     int64 // bytes, by the server's word
	Partial  bool
	Past     bool
	Bytes    []byte // kept exactly; not changed, and not held on to after Put
}

// Head is a row with what was read of the mail, to find it again by content.
type Head struct {
	Row
	Identity  [32]byte // zero until it was threaded
	MessageID string   // without < and >; empty when it has none or was not threaded
}

// Move is the way of a mail from one place to another.
type Move struct{ From, To Place }

// Cursor says how far a mailbox was followed.
type Cursor struct {
	Account, Box string
	Validity     uint32    // UIDVALIDITY that the rest belongs to; 0: never followed
	Next         uint32    // all below is in the ledger or was not on the server
	ModSeq       uint64    // all changes of flags up to it are known (RFC 7162)
	FirstSync    time.Time // when the first sync began
	Done         bool      // the first sync is over
}

// Problem is a mail that could not be fetched or read.
type Problem struct {
	Place
	ID       desk.ID // zero: Place.ID()
	Stage    string  // which step failed, such as "fetch" or "read"
	Why      string  // in words for people
	At       time.Time
	Attempts int
	// Raw is what there is of its bytes, nil for none. A row that has bytes
	// keeps them. Problems leaves it empty: Open reads them.
	Raw []byte
}
