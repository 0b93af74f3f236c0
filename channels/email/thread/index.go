package thread

import (
	"context"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// Index is what a decision asks of what is there already.
type Index interface {
	// Find returns where Message-IDs belong: see mailbox.Threads.
	Find(ctx context.Context, messageIDs ...string) ([]mailbox.Reference, error)
	// Topic returns a conversation, after merges the one in which it goes on.
	// False when there is none: it may have been erased.
	Topic(ctx context.Context, conversation desk.ID) (Topic, bool, error)
	// Answers returns the mails of a conversation that refer to a Message-ID.
	Answers(ctx context.Context, conversation desk.ID, messageID string) ([]Fact, error)
	// Fact returns the mail of a conversation that bears a Message-ID.
	Fact(ctx context.Context, conversation desk.ID, messageID string) (Fact, bool, error)
	// Prefixed returns the conversations whose identifiers begin with letters.
	Prefixed(ctx context.Context, letters string) ([]desk.ID, error)
	// Alike returns an open conversation of the sender about the same topic.
	Alike(ctx context.Context, sender, topic string) (desk.ID, bool, error)
}

// Topic is what a decision needs to know of a conversation.
type Topic struct {
	ID       desk.ID
	Subject  string    // of a mail in it; empty for a chat
	Parties  []string  // lower-cased addresses that take part, without the desk's own
	Resolved time.Time // zero while it is not over
}

// Fact is what a decision needs to know of a mail in a conversation.
type Fact struct {
	MessageID string
	From      string   // lower-cased
	People    []string // From, To and Cc, lower-cased
	Subject   string
	Refs      []string // what it refers to, the nearest first
	Forged    bool     // its sender's domain disowned it
	Forward   bool     // it hands on another mail
	List      bool     // it came by a mailing list
	Received  time.Time
}

// Decision is where a mail belongs.
type Decision struct {
	// Conversation is the one that the mail joins; zero for a new one.
	Conversation desk.ID
	// Joins are conversations that the mail proves to be the same matter: they
	// go on in Conversation. They began with answers that came before it.
	Joins []desk.ID
	// Previous is what a new conversation follows: the sender takes part there.
	Previous desk.ID
	// Proposed is where a new conversation may belong; a person decides.
	Proposed desk.ID
	// Forward says that the mail hands on another one.
	Forward bool
	// Reused says that another mail bears the same Message-ID.
	Reused   bool
	Evidence []desk.Evidence
}

// New reports whether the mail begins a conversation.
func (d Decision) New() bool { return d.Conversation.IsZero() }
