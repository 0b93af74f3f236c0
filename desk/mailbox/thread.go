package mailbox

import "hark/desk"

// Threading is the outcome of reading a mail and finding its conversation.
type Threading struct {
	ID           desk.ID // of the row
	Conversation desk.ID
	Identity     [32]byte // of its content; zero when it has none
	MessageID    string   // without < and >; empty when it has none
	Refs         []string // the Message-IDs it refers to, oldest first
	CopyOf       desk.ID  // not zero: the row of which it is a copy
}

// Reference says where a Message-ID belongs.
type Reference struct {
	MessageID    string
	Conversation desk.ID // as it was then: it may have been merged since
	Mail         desk.ID // the row or outgoing item that bears it; zero for a ghost
	// Ghost: no mail with it has been seen, but one in the conversation refers
	// to it.
	Ghost bool
}

// FindMost is how many references of one Message-ID are told of: a sender could
// reuse one without end.
const FindMost = 100

// Counters count an account's mails by their stage. Fetched counts all rows, not
// what the others add up to: that they agree shows that no mail is passed over.
type Counters struct {
	Fetched, Threaded, Copies, Waiting, Quarantined, Dropped int
}
