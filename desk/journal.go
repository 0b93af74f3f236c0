package desk

import (
	"context"
	"errors"
)

// Journal is the append-only, ordered, sealed record of everything.
//
// An implementation is right when it passes desktest.TestJournal.
type Journal interface {
	// Append adds all entries or none and returns the events they became,
	// once they are durable and every follower has seen them. It fails with
	// an error for which errors.Is holds: ErrConflict when a stream is not at
	// its Expect, ErrDuplicate when an entry's ID is in the journal already
	// (nothing is added; see DuplicateError), or an *Error with code
	// Unavailable when nothing can be written now. When ctx ends first the
	// outcome is unknown: the entries may still be appended.
	Append(ctx context.Context, entries ...Entry) ([]Event, error)
	// Read returns up to max events in order, from sequence number from on.
	// Events whose key was destroyed are left out.
	Read(ctx context.Context, from uint64, max int) ([]Event, error)
	// ReadStream returns up to max events of a stream in order, from fromN on.
	ReadStream(ctx context.Context, stream ID, fromN uint64, max int) ([]Event, error)
	// Follow calls fn with every event from sequence number from on, in
	// order, without a gap, first those that exist and then each commit's
	// before its Append returns. fn must not block and must not call Append.
	// Followers cannot be removed; they live as long as the journal.
	Follow(ctx context.Context, from uint64, fn func([]Event)) error
	// Head returns the sequence number of the newest durable event.
	Head() uint64
}

// Errors of a Journal.
var (
	ErrConflict  = errors.New("stream has moved on")
	ErrDuplicate = errors.New("event is in the journal already")
)

// DuplicateError says which entry was appended before, and where it is.
type DuplicateError struct {
	ID  ID
	Seq uint64
}

func (e *DuplicateError) Error() string { return ErrDuplicate.Error() }

// Is makes errors.Is(err, ErrDuplicate) hold.
func (e *DuplicateError) Is(target error) bool { return target == ErrDuplicate }
