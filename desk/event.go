package desk

import "time"

// StreamType says what a stream is about.
type StreamType uint8

// The types of stream. Their numbers are on disk; append only.
const (
	ConversationStream StreamType = 1
	ContactStream      StreamType = 2
	AccountStream      StreamType = 3
	DeskStream         StreamType = 4
	AuditStream        StreamType = 5
)

// Class is the retention class of an event: what is kept together and can be
// destroyed together. Each stream has one key for each class in use.
type Class uint8

// The retention classes. Their numbers are on disk; append only.
const (
	ClassTranscript Class = 1
	ClassRecording  Class = 2
	ClassContact    Class = 3
	ClassSurvey     Class = 4
	ClassEvaluation Class = 5
	ClassConsent    Class = 6
	ClassDesk       Class = 7
)

// Stream names a stream of events.
type Stream struct {
	Type StreamType
	ID   ID
}

// ActorKind says what kind of actor did something.
type ActorKind uint8

// The kinds of actor. Their numbers are on disk; append only.
const (
	ActorHub     ActorKind = 1 // the program itself
	ActorAccount ActorKind = 2 // a member of staff
	ActorContact ActorKind = 3 // a customer
)

// Actor is who did something. Owner marks an act of the data folder's owner in
// the name of the account.
type Actor struct {
	Kind  ActorKind
	ID    ID
	Owner bool
}

// Hub is the actor of what the program does by itself.
func Hub() Actor { return Actor{Kind: ActorHub} }

// Body is what an event says. Every kind of event has a body type of its own;
// the pair of kind and version never changes its meaning.
type Body interface {
	// Kind returns the name of the kind, such as "message".
	Kind() string
	// Version returns the version of the body's fields, from 1.
	Version() int
	// Masked returns the body with f applied to every text that a person
	// wrote. It is how masking reaches every path into the journal.
	Masked(f func(string) string) Body
}

// Unknown is the body of an event whose kind or version this program does not
// know. It is carried, shown as such, and never appended.
type Unknown struct {
	Name string
	Ver  int
	Raw  []byte
}

// Kind returns the unknown kind's name.
func (u Unknown) Kind() string { return u.Name }

// Version returns the unknown kind's version.
func (u Unknown) Version() int { return u.Ver }

// Masked returns u: it came from the journal and does not go back.
func (u Unknown) Masked(func(string) string) Body { return u }

// Event is one thing that happened. Order is by Seq; N counts within the
// stream from 1 without a gap; At is UTC milliseconds, never earlier than the
// event before.
type Event struct {
	Seq    uint64
	ID     ID
	Stream Stream
	Class  Class
	N      uint64
	At     time.Time
	Actor  Actor
	Body   Body
}

// AnyN as an Entry's Expect appends whatever the stream's length is.
const AnyN = ^uint64(0)

// Entry is an event to be appended. Expect is the N the stream must be at
// (0 for a new stream), or AnyN.
type Entry struct {
	ID     ID // NewID, or a derived one that makes a retry recognisable
	Stream Stream
	Class  Class
	Expect uint64
	Actor  Actor
	Body   Body
	// Reserved lets the entry use the space that is held back for the audit
	// trail when the disk is full.
	Reserved bool
}
