package mailbox

import (
	"context"
	"io"
	"time"

	"hark/desk"
)

// Store keeps mail. It is safe for concurrent use. A call that changes
// something returns once all of it is durable, or changes nothing and fails.
// Errors are *desk.Error: NotFound for a row that is not there, Conflict for
// what cannot follow what is there, Invalid for what makes no sense,
// Unavailable for a disk that refuses or damage that is named; or ctx's error.
type Store interface {
	Ledger
	Wards
	Threads
	Outbox
	Counts
}

// Bytes reads a mail's bytes. It must be closed.
type Bytes interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Ledger keeps which mails there are, and their bytes.
type Ledger interface {
	// Put keeps mails in stage Raw. A row that is there already stays as it
	// is, but that it has not vanished, and that a partial one takes the bytes
	// of the whole one; its stage stays, unless it was quarantined for want of
	// them.
	Put(ctx context.Context, arrivals ...Arrival) error
	// Known returns the UIDs of all rows of a mailbox, in any stage, that have
	// not vanished, in ascending order.
	Known(ctx context.Context, account, box string, validity uint32) ([]uint32, error)
	// Vanish notes that the server no longer shows mails. UIDs without a row
	// are passed over.
	Vanish(ctx context.Context, account, box string, validity uint32, uids []uint32) error
	// Map moves rows to the places where the server shows the same mails after
	// UIDVALIDITY changed, one after the other: all of them or none. A row keeps
	// its identifier and has not vanished. Done twice is no error; Conflict when
	// another mail has a row at To, NotFound when none has one at From.
	Map(ctx context.Context, moves ...Move) error
	// Heads returns all rows of a mailbox, of every UIDVALIDITY, vanished ones
	// too, in the order of validity and UID.
	Heads(ctx context.Context, account, box string) ([]Head, error)
	// Partials returns the partial rows of a mailbox, in any stage, that have
	// not vanished, in the order of UID.
	Partials(ctx context.Context, account, box string, validity uint32) ([]Row, error)
	// Cursor returns what SetCursor kept; for a mailbox never followed, one
	// with the names only.
	Cursor(ctx context.Context, account, box string) (Cursor, error)
	// SetCursor keeps how far a mailbox was followed.
	SetCursor(ctx context.Context, c Cursor) error
	// Waiting returns up to max rows in stage Raw, the newest Received first.
	Waiting(ctx context.Context, max int) ([]Row, error)
	// Row returns the row with the identifier.
	Row(ctx context.Context, id desk.ID) (Row, error)
	// Open reads the kept bytes of a mail and says how many there are. It does
	// not load them all. NotFound when none are kept.
	Open(ctx context.Context, id desk.ID) (Bytes, int64, error)
	// Erase destroys the key of a mail, so that its bytes and all that was read
	// of it are gone from the disk. Its row stays, in stage Dropped, so that
	// it is not fetched again.
	Erase(ctx context.Context, id desk.ID) error
}

// Wards keep what could not be fetched or read.
type Wards interface {
	// Attempt counts a failed attempt at a step ("fetch", "read" …) with the
	// mail at a place, and returns how many there were. The count is forgotten
	// when the row is put, threaded or released.
	Attempt(ctx context.Context, p Place, stage, why string) (attempts int, err error)
	// Quarantine puts the mail into stage Quarantined, making its row where
	// there is none. Conflict when the mail was dropped.
	Quarantine(ctx context.Context, p Problem) error
	// Problems returns all quarantined mails without their bytes, the oldest
	// first.
	Problems(ctx context.Context) ([]Problem, error)
	// Release ends a quarantine: with all of its bytes the mail is Raw again,
	// else its row is removed, to be fetched again.
	Release(ctx context.Context, id desk.ID) error
	// Drop ends a quarantine by erasing the mail: see Ledger.Erase.
	Drop(ctx context.Context, id desk.ID) error
}

// Threads keep what is known of Message-IDs and contents.
type Threads interface {
	// Thread notes into which conversations mails went: in one step their
	// stage (Threaded, or Copy when CopyOf is set), identity, Message-ID, and
	// as ghosts the Message-IDs they refer to. Done twice is no error.
	// NotFound, and nothing is noted, when a mail has no row.
	Thread(ctx context.Context, t ...Threading) error
	// Find returns where Message-IDs belong, in the order asked for; of one
	// that several mails bear, the oldest first, ghosts last, FindMost of them
	// at most. Those unknown are left out. Case matters, < and > do not belong to them.
	Find(ctx context.Context, messageIDs ...string) ([]Reference, error)
	// Alias notes one more Message-ID of an item: of our own letters, and those
	// that a server gave them.
	Alias(ctx context.Context, messageID string, conversation, item desk.ID) error
	// Same returns the first row that was threaded with the identity.
	Same(ctx context.Context, identity [32]byte) (Row, bool, error)
	// Bury leaves a tombstone: a mail of this identity was deleted on purpose.
	Bury(ctx context.Context, identity [32]byte) error
	// Buried reports whether there is a tombstone.
	Buried(ctx context.Context, identity [32]byte) (bool, error)
}

// Outbox keeps outgoing letters.
type Outbox interface {
	// Prepare keeps a letter in state Ready. One that is there already stays
	// as it is.
	Prepare(ctx context.Context, l Letter) error
	// Outbox returns all letters whose state is not Over, without their bytes,
	// the oldest first.
	Outbox(ctx context.Context) ([]Letter, error)
	// Letter returns a letter in any state, without its bytes.
	Letter(ctx context.Context, item desk.ID) (Letter, error)
	// LetterBytes returns the exact bytes of a letter.
	LetterBytes(ctx context.Context, item desk.ID) ([]byte, error)
	// Mark notes a letter's next state. Conflict when it may not follow the
	// present one: see OutState.May.
	Mark(ctx context.Context, item desk.ID, state OutState, o Outcome) error
}

// Counts count, over restarts.
type Counts interface {
	// Tick counts once under a key and returns how often that was done in the
	// time before and at at. A count may be forgotten once its window is over:
	// use one window for a key.
	Tick(ctx context.Context, key string, at time.Time, window time.Duration) (n int, err error)
	// Ticks returns the same without counting.
	Ticks(ctx context.Context, key string, at time.Time, window time.Duration) (n int, err error)
	// Counters counts an account's mails.
	Counters(ctx context.Context, account string) (Counters, error)
}
