package desk

import (
	"slices"
	"time"
)

// Letter is what a message by mail has beside its words.
type Letter struct {
	Account    string    `json:"account"`              // the desk's mail account
	MessageID  string    `json:"message_id,omitempty"` // RFC 5322, without angle brackets
	InReplyTo  string    `json:"in_reply_to,omitempty"`
	References []string  `json:"references,omitempty"` // oldest first; of a long chain its first and its last 49
	Subject    string    `json:"subject,omitempty"`
	From       Address   `json:"from"`
	ReplyTo    []Address `json:"reply_to,omitempty"`
	To         []Address `json:"to,omitempty"`
	Cc         []Address `json:"cc,omitempty"`
	Bcc        []Address `json:"bcc,omitempty"`     // out only
	Date       time.Time `json:"date,omitzero"`     // what the sender's clock said
	Received   time.Time `json:"received,omitzero"` // in: when our server had it

	Folds    []Fold   `json:"folds,omitempty"`    // what of the text is shown folded, in order, never overlapping
	Parts    []Part   `json:"parts,omitempty"`    // in: what hangs on the mail
	Warnings []string `json:"warnings,omitempty"` // in words: what speaks against the sender
	Auth     string   `json:"auth,omitempty"`     // "pass", "fail", or "" where no trusted server has looked
	Remote   int      `json:"remote,omitempty"`   // remote pictures, none of which is ever loaded
	Trackers int      `json:"trackers,omitempty"` // how many of them watch
	// Automatic says why the mail counts as automatic, "" for a person's.
	Automatic string     `json:"automatic,omitempty"`
	Own       []string   `json:"own,omitempty"`    // which of its addresses are the desk's
	Muted     bool       `json:"muted,omitempty"`  // neither reopens nor notifies
	Past      bool       `json:"past,omitempty"`   // history that came with the first sync: nobody waits
	Mended    []string   `json:"mended,omitempty"` // what reading it had to mend, in words
	Evidence  []Evidence `json:"evidence,omitempty"`

	Parent  ID        `json:"parent,omitzero"`   // out: the item that it answers or forwards
	Quote   bool      `json:"quote,omitempty"`   // out: the parent's words stand below
	Carry   []ID      `json:"carry,omitempty"`   // out: parts of the parent that go along
	Forward bool      `json:"forward,omitempty"` // passes the parent on to somebody else
	Undo    time.Time `json:"undo,omitzero"`     // out: until when it can be taken back
	Before  *Standing `json:"before,omitempty"`  // out: where the conversation stood, for taking it back
}

// Standing is where a conversation stands with the customer.
type Standing struct {
	Status     Status    `json:"status"`
	Since      time.Time `json:"since,omitzero"`
	Unanswered int       `json:"unanswered,omitempty"`
	Answered   bool      `json:"answered,omitempty"`
	Breached   bool      `json:"breached,omitempty"`
}

// Fold is a range of bytes of a text that is shown folded: [From, To), whole
// lines. Nothing of it is cut.
type Fold struct {
	From int      `json:"from"`
	To   int      `json:"to"`
	Kind FoldKind `json:"kind"`
}

// FoldKind says why lines are folded.
type FoldKind string

// The kinds of fold.
const (
	FoldQuote     FoldKind = "quote"     // what was written before, and who wrote it
	FoldSignature FoldKind = "signature" // how the sender closes every mail
)

// Part is something that hangs on a mail. Its bytes stay in the sealed raw
// mail; Session.OpenFile opens them by ID.
type Part struct {
	N    int      `json:"n"`  // counts the parts of the mail, from 1
	ID   ID       `json:"id"` // PartID of the mail and N
	Name string   `json:"name"`
	Type string   `json:"type"`           // media type
	Size int64    `json:"size,omitempty"` // bytes, decoded
	Kind PartKind `json:"kind"`
}

// PartKind says what a part is to the reader.
type PartKind string

// The kinds of part.
const (
	PartFile      PartKind = "file"      // an attachment
	PartInline    PartKind = "inline"    // a picture within the text
	PartInvite    PartKind = "invite"    // a calendar's (RFC 5545)
	PartReport    PartKind = "report"    // of a delivery (RFC 3464)
	PartMessage   PartKind = "message"   // a mail within the mail
	PartSignature PartKind = "signature" // S/MIME or PGP
	PartSealed    PartKind = "sealed"    // S/MIME or PGP, encrypted
)

// PartID returns the identifier of a mail's n-th part.
func PartID(mail ID, n int) ID {
	return DeriveID([]byte("mail part"), mail[:], []byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

// Evidence is one reason why a mail is in its conversation, or why not in
// another.
type Evidence struct {
	Rule         Rule   `json:"rule"`
	Words        string `json:"words"` // a sentence for people
	Conversation ID     `json:"conversation,omitzero"`
	Refused      bool   `json:"refused,omitempty"` // it pointed there and was not followed
}

// Rule names what a decision about a mail's conversation rests on.
type Rule string

// The rules.
const (
	RuleToken       Rule = "token"       // our signed Message-ID came back
	RulePlus        Rule = "plus"        // our signed plus address was written to
	RuleReferences  Rule = "references"  // a Message-ID that is known here
	RuleSubject     Rule = "subject"     // our token in the subject
	RuleThread      Rule = "thread"      // Exchange's Thread-Index; never alone
	RuleParticipant Rule = "participant" // whether the sender takes part
	RuleTopic       Rule = "topic"       // the subject changed
	RuleForward     Rule = "forward"     // it passes something on
	RuleAge         Rule = "age"         // the old matter is long over
	RuleNew         Rule = "new"         // nothing points anywhere
	RulePerson      Rule = "person"      // somebody of the staff decided
)

// MailWithdrawn takes an outgoing mail back before it left.
type MailWithdrawn struct {
	Item ID `json:"item"`
	// Before is where the conversation goes back to, unless it has moved on.
	Before *Standing `json:"before,omitempty"`
}

// MailPosted says how far an outgoing mail has come.
type MailPosted struct {
	Item   ID        `json:"item"`
	State  PostState `json:"state"`
	Words  string    `json:"words,omitempty"`  // what the other side said, or what to do
	Tries  int       `json:"tries,omitempty"`  // how often it was tried
	Next   time.Time `json:"next,omitzero"`    // retry: when it is tried again
	Failed []Address `json:"failed,omitempty"` // who did not get it
	Report ID        `json:"report,omitzero"`  // bounced: the mail that says so
}

// PostState is how far an outgoing mail has come.
type PostState string

// The states of an outgoing mail.
const (
	PostTaken   PostState = "taken"   // the time to undo it is over: it goes out
	PostSent    PostState = "sent"    // the server has taken it over
	PostRetry   PostState = "retry"   // not yet; it is tried again
	PostParked  PostState = "parked"  // nobody knows whether it left; a person decides
	PostFailed  PostState = "failed"  // refused for good
	PostBounced PostState = "bounced" // it came back
	PostFiled   PostState = "filed"   // a copy lies in the Sent mailbox
)

// Finished reports whether nothing more happens with the mail by itself.
func (s PostState) Finished() bool {
	return slices.Contains([]PostState{PostSent, PostParked, PostFailed, PostBounced, PostFiled}, s)
}

// Trouble reports whether a person has to look after the mail.
func (s PostState) Trouble() bool { return s == PostParked || s == PostFailed || s == PostBounced }

// MailResent sends a mail once more that failed or was parked, by a person's
// decision.
type MailResent struct {
	Item ID `json:"item"`
}

// MailSettled says that somebody has dealt with a mail that failed, came back
// or was parked.
type MailSettled struct {
	Item  ID     `json:"item"`
	Words string `json:"words,omitempty"`
}

// MailProposed says that this conversation may belong to another one, which
// its sender takes no part in.
type MailProposed struct {
	Conversation ID         `json:"conversation"`
	Evidence     []Evidence `json:"evidence,omitempty"`
}

// MailDeclined says that it does not belong there.
type MailDeclined struct {
	Conversation ID `json:"conversation"`
}

// MailDropped says that somebody gave a mail up that could not be taken in.
type MailDropped struct {
	Mail  ID     `json:"mail"`
	Words string `json:"words"`
}

// ContactIdentified says that a contact was proved to be known by another
// identity, too: who was written to there has answered.
type ContactIdentified struct {
	Identity
	Evidence []Evidence `json:"evidence,omitempty"`
}

// Body implementations, in the order of the types above.

func (MailWithdrawn) Kind() string     { return "mail.withdrawn" }
func (MailPosted) Kind() string        { return "mail.posted" }
func (MailResent) Kind() string        { return "mail.resent" }
func (MailSettled) Kind() string       { return "mail.settled" }
func (MailProposed) Kind() string      { return "mail.proposed" }
func (MailDeclined) Kind() string      { return "mail.declined" }
func (MailDropped) Kind() string       { return "mail.dropped" }
func (ContactIdentified) Kind() string { return "contact.identified" }

func (MailWithdrawn) Version() int     { return 1 }
func (MailPosted) Version() int        { return 1 }
func (MailResent) Version() int        { return 1 }
func (MailSettled) Version() int       { return 1 }
func (MailProposed) Version() int      { return 1 }
func (MailDeclined) Version() int      { return 1 }
func (MailDropped) Version() int       { return 1 }
func (ContactIdentified) Version() int { return 1 }

// Masked returns b: it holds no words.
func (b MailWithdrawn) Masked(func(string) string) Body { return b }

// Masked masks what the other server said.
func (b MailPosted) Masked(f func(string) string) Body {
	b.Words, b.Failed = f(b.Words), maskAddresses(b.Failed, f)
	return b
}

// Masked returns b: it holds no words.
func (b MailResent) Masked(func(string) string) Body { return b }

// Masked masks what people wrote.
func (b MailSettled) Masked(f func(string) string) Body {
	b.Words = f(b.Words)
	return b
}

// Masked masks what evidence quotes.
func (b MailProposed) Masked(f func(string) string) Body {
	b.Evidence = maskEvidence(b.Evidence, f)
	return b
}

// Masked returns b: it holds no words.
func (b MailDeclined) Masked(func(string) string) Body { return b }

// Masked masks what people wrote.
func (b MailDropped) Masked(f func(string) string) Body {
	b.Words = f(b.Words)
	return b
}

// Masked masks what evidence quotes.
func (b ContactIdentified) Masked(f func(string) string) Body {
	b.Evidence = maskEvidence(b.Evidence, f)
	return b
}

// masked masks what people wrote. Addresses and Message-IDs are not prose: one
// that holds a card number would otherwise no longer reach its owner.
func (l *Letter) masked(f func(string) string) *Letter {
	if l == nil {
		return nil
	}
	m := *l
	m.Subject = f(l.Subject)
	m.From = l.From.masked(f)
	m.ReplyTo, m.To = maskAddresses(l.ReplyTo, f), maskAddresses(l.To, f)
	m.Cc, m.Bcc = maskAddresses(l.Cc, f), maskAddresses(l.Bcc, f)
	m.Warnings, m.Mended = maskAll(l.Warnings, f), maskAll(l.Mended, f)
	m.Automatic = f(l.Automatic)
	m.Evidence = maskEvidence(l.Evidence, f)
	if len(l.Parts) > 0 {
		m.Parts = slices.Clone(l.Parts)
		for i := range m.Parts {
			m.Parts[i].Name = f(m.Parts[i].Name)
		}
	}
	return &m
}

func maskAddresses(all []Address, f func(string) string) []Address {
	if len(all) == 0 {
		return all
	}
	masked := make([]Address, len(all))
	for i, a := range all {
		masked[i] = a.masked(f)
	}
	return masked
}

func maskEvidence(all []Evidence, f func(string) string) []Evidence {
	if len(all) == 0 {
		return all
	}
	masked := slices.Clone(all)
	for i := range masked {
		masked[i].Words = f(masked[i].Words)
	}
	return masked
}
