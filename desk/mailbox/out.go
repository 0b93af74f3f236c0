package mailbox

import (
	"slices"
	"time"

	"hark/desk"
)

// OutState says how far an outgoing letter has come.
type OutState string

// The states of the two-phase outbox. What is found Sending after a crash is
// sent again, for a server drops a letter whose end it never saw; what is found
// Committing may have been delivered, and nobody can know: it is parked.
const (
	Ready      OutState = "ready"      // it waits to be sent
	Sending    OutState = "sending"    // the server gets it, but not yet its end
	Committing OutState = "committing" // the final dot is about to go out
	Sent       OutState = "sent"       // the server took it
	Filing     OutState = "filing"     // it is being put into the Sent mailbox
	Filed      OutState = "filed"      // it lies there, or nobody wants it to: the end
	Retry      OutState = "retry"      // it is sent again at Outcome.Next
	Parked     OutState = "parked"     // it may have been delivered: a person decides
	Failed     OutState = "failed"     // it was refused for good
)

// next says which states may follow a state.
func (s OutState) next() []OutState {
	switch s {
	case Ready:
		return []OutState{Ready, Sending, Retry, Failed}
	case Sending:
		return []OutState{Sending, Ready, Committing, Retry, Failed}
	case Committing:
		return []OutState{Sent, Retry, Parked, Failed}
	case Sent:
		return []OutState{Sent, Filing, Filed}
	case Filing:
		return []OutState{Filing, Sent, Filed}
	case Retry:
		return []OutState{Retry, Ready, Sending, Failed}
	case Parked:
		return []OutState{Parked, Ready, Sending, Sent, Filed, Failed}
	case Failed:
		return []OutState{Failed, Ready, Sending}
	case Filed:
	}
	return nil
}

// May reports whether a letter in state s may go to the next one. A state that
// may follow itself takes another Outcome that way. Committing may not: of two
// senders of one letter, the second is stopped there.
func (s OutState) May(next OutState) bool { return slices.Contains(s.next(), next) }

// Known reports whether s is one of the states.
func (s OutState) Known() bool {
	return s == Filed || s.next() != nil
}

// Over reports whether nothing is left to do for a letter in state s unless a
// person asks for it.
func (s OutState) Over() bool { return s == Filed || s == Failed }

// Outcome is what is known of the attempts to send a letter.
type Outcome struct {
	Tries int
	Next  time.Time // of Retry: when; UTC
	Why   string    // in words for people
	Done  []string  // the recipients that the server has accepted so far
}

// Letter is an outgoing mail.
type Letter struct {
	Item, Conversation desk.ID // the message in the journal that it carries
	Account            string
	MessageID          string    // without < and >
	From               string    // the envelope's sender; empty for <>
	To                 []string  // the envelope's recipients
	Bytes              []byte    // exactly as sent, each time; only Prepare and LetterBytes know them
	At                 time.Time // when it was prepared, UTC
	State              OutState  // Prepare does not look at it
	Outcome            Outcome   // nor at this
}
