package desk

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"
)

// Mailroom is the part of the hub that speaks with mail servers and keeps raw
// mail.
type Mailroom interface {
	// Accounts says how every mail account is, sorted by name.
	Accounts() []MailAccount
	// Stamp returns the marks by which answers to an item prove where they
	// belong.
	Stamp(account string, conversation, item ID, subject string) Stamp
	// Raw opens the bytes of a mail as they came or went. The caller closes it.
	Raw(ctx context.Context, mail ID) (r io.ReadCloser, size int64, err error)
	// Part opens the n-th part of a mail, decoded. The caller closes it.
	Part(ctx context.Context, mail ID, n int) (io.ReadCloser, error)
	// Quarantine lists mails that could not be taken in, newest first.
	Quarantine(ctx context.Context) ([]Quarantined, error)
	// QuarantineRaw opens what there is of such a mail. The caller closes it.
	QuarantineRaw(ctx context.Context, id ID) (io.ReadCloser, error)
	// RetryQuarantined tries again; DropQuarantined gives such a mail up.
	RetryQuarantined(ctx context.Context, id ID) error
	DropQuarantined(ctx context.Context, id ID) error
	// Resend lets a mail go out once more whose end is failed or unknown.
	Resend(ctx context.Context, item ID) error
	// Poke makes an account try now; "" stands for all of them.
	Poke(account string)
}

// Stamp is what an outgoing mail bears so that answers find their way.
type Stamp struct {
	MessageID string    // RFC 5322, without angle brackets, signed
	ReplyTo   []Address // with a signed +tag, where the mailbox takes such
	Subject   string    // with a tag, where the account wants one
}

// MailAccount is a mailbox of the desk and how it is.
type MailAccount struct {
	Name      string    `json:"name"` // in the configuration
	Address   Address   `json:"address"`
	Signature string    `json:"signature,omitempty"` // stands below what agents write
	Queue     string    `json:"queue,omitempty"`
	State     MailState `json:"state"`
	Words     string    `json:"words"`           // how it is, for people
	Since     time.Time `json:"since,omitzero"`  // since when it is in the state
	Fresh     time.Time `json:"fresh,omitzero"`  // when the server was last known to have nothing new
	Done      int       `json:"done,omitempty"`  // first sync: mails fetched
	Total     int       `json:"total,omitempty"` // first sync: mails there are
	Rate      float64   `json:"rate,omitempty"`  // first sync: mails a second
	Counters  MailCount `json:"counters"`        // of all that was ever fetched
	Posting   int       `json:"posting"`         // outgoing mails that wait
}

// MailState is how a mail account is.
type MailState string

// The states of a mail account.
const (
	MailConnecting MailState = "connecting"
	MailSyncing    MailState = "syncing" // fetching what is new to us
	MailIdle       MailState = "idle"    // up to date; the server tells of new mail
	MailPolling    MailState = "polling" // up to date; the server is asked every minute
	MailTrouble    MailState = "trouble" // it does not answer as it should; tried again by itself
	MailRefused    MailState = "refused" // the server does not let us in; a person has to act
)

// Well reports whether the account does what it should.
func (s MailState) Well() bool {
	return s == MailSyncing || s == MailIdle || s == MailPolling
}

// MailCount counts mails. Fetched is always the sum of the others.
type MailCount struct {
	Fetched     int `json:"fetched"`
	Threaded    int `json:"threaded"`    // in a conversation
	Copies      int `json:"copies"`      // the same mail as another
	Waiting     int `json:"waiting"`     // fetched and not yet read
	Quarantined int `json:"quarantined"` // could not be taken in; staff see why
	Dropped     int `json:"dropped"`     // given up by a person, with a reason
}

// Quarantined is a mail that could not be taken in.
type Quarantined struct {
	ID       ID        `json:"id"`
	Account  string    `json:"account"`
	Box      string    `json:"box"`
	UID      uint32    `json:"uid"`
	Stage    string    `json:"stage"` // where it failed: "fetch", "read", …
	Why      string    `json:"why"`   // in words
	At       time.Time `json:"at"`
	Attempts int       `json:"attempts"`
	Size     int64     `json:"size"` // bytes that are kept of it
}

// SetMailroom gives the desk its mail. It is for the start of a hub.
func (d *Desk) SetMailroom(m Mailroom) { d.mailroom.Store(&m) }

// room returns the mailroom, or an error that says there is none.
func (d *Desk) room() (Mailroom, error) {
	if m := d.mailroom.Load(); m != nil {
		return *m, nil
	}
	return nil, Errorf(Unavailable, "this desk has no mail account; add a [mail.NAME] to hark.toml")
}

// mailAccounts returns the accounts, none without a mailroom.
func (d *Desk) mailAccounts() []MailAccount {
	room, err := d.room()
	if err != nil {
		return nil
	}
	return room.Accounts()
}

// MailAccounts says how the desk's mail accounts are, sorted by name.
func (s *Session) MailAccounts() []MailAccount {
	if s.Why(ActList) != nil {
		return nil
	}
	return s.d.mailAccounts()
}

// PokeMail makes a mail account try now; "" stands for all of them.
func (s *Session) PokeMail(ctx context.Context, account string) error {
	if err := s.check(ctx, ActReply, ID{}, ""); err != nil {
		return err
	}
	room, err := s.d.room()
	if err == nil {
		room.Poke(account)
	}
	return err
}

// mailAccount returns an account by name, the only one for "".
func (d *Desk) mailAccount(name string) (MailAccount, error) {
	if _, err := d.room(); err != nil {
		return MailAccount{}, err
	}
	all := d.mailAccounts()
	names := make([]string, 0, len(all))
	for _, a := range all {
		if a.Name == name || name == "" && len(all) == 1 {
			return a, nil
		}
		names = append(names, a.Name)
	}
	if name == "" {
		return MailAccount{}, Errorf(Invalid, "from which account shall it go? This desk has %s", list(names))
	}
	return MailAccount{}, Errorf(NotFound, "there is no mail account %q any more; this desk has %s", name, list(names))
}

// ours reports whether an address is one of the desk's: an account's, also with
// a +tag behind its name.
func (d *Desk) ours(address string) bool {
	return slices.ContainsFunc(d.mailAccounts(), func(a MailAccount) bool { return SameMailbox(a.Address.Mail, address) })
}

// SameMailbox reports whether an address is a mailbox's own one or that with a
// +tag behind the name (RFC 5233).
func SameMailbox(own, address string) bool {
	if strings.EqualFold(own, address) {
		return true
	}
	at, plus := strings.LastIndexByte(address, '@'), strings.IndexByte(address, '+')
	return at > 0 && plus > 0 && plus < at && strings.EqualFold(own, address[:plus]+address[at:])
}

// RawMail passes the door and opens the bytes of a mail as they came or went.
// The caller closes it.
func (s *Session) RawMail(ctx context.Context, conversation, item ID) (io.ReadCloser, error) {
	room, err := s.d.room()
	if err != nil {
		return nil, err
	}
	e, err := s.throughDoor(ctx, conversation, item)
	if err != nil {
		return nil, err
	}
	id := e.ID
	if in, ok := e.Body.(MovedIn); ok {
		id = in.Item
	}
	r, _, err := room.Raw(ctx, id)
	return r, err
}

// throughDoor passes the door and returns one item of a conversation.
func (s *Session) throughDoor(ctx context.Context, conversation, item ID) (Event, error) {
	if s.d.state.Conversation(conversation) == nil {
		return Event{}, Errorf(NotFound, "there is no such conversation; hark ls shows them")
	}
	if err := s.enter(ctx, conversation, s.purposeFor(conversation), "open"); err != nil {
		return Event{}, err
	}
	return s.d.Item(ctx, conversation, item)
}

// Quarantine lists mails that could not be taken in, newest first. Its words
// are hark's; the mails themselves are behind QuarantineRaw.
func (s *Session) Quarantine(ctx context.Context) ([]Quarantined, error) {
	if err := s.check(ctx, ActList, ID{}, ""); err != nil {
		return nil, err
	}
	room, err := s.d.room()
	if err != nil {
		return nil, err
	}
	return room.Quarantine(ctx)
}

// QuarantineRaw passes the door and opens what there is of a mail that could
// not be taken in. The caller closes it.
func (s *Session) QuarantineRaw(ctx context.Context, id ID) (io.ReadCloser, error) {
	room, err := s.d.room()
	if err != nil {
		return nil, err
	}
	if err := s.enter(ctx, ID{}, s.purposeFor(ID{}), "quarantine"); err != nil {
		return nil, err
	}
	return room.QuarantineRaw(ctx, id)
}

// RetryQuarantined tries to take a mail in once more.
func (s *Session) RetryQuarantined(ctx context.Context, id ID) error {
	if err := s.check(ctx, ActReply, ID{}, ""); err != nil {
		return err
	}
	room, err := s.d.room()
	if err != nil {
		return err
	}
	return room.RetryQuarantined(ctx, id)
}

// DropQuarantined gives a mail up that could not be taken in, and puts on
// record who did it and why.
func (s *Session) DropQuarantined(ctx context.Context, id ID, words string) error {
	if err := s.check(ctx, ActReply, ID{}, ""); err != nil {
		return err
	}
	room, err := s.d.room()
	if err != nil {
		return err
	}
	if strings.TrimSpace(words) == "" || len(words) > visitorTxt {
		return Errorf(Invalid, "say in a few words why the mail is given up")
	}
	if err := s.d.append(ctx, s.d.auditEntry(s.actor, MailDropped{Mail: id, Words: words})); err != nil {
		return err
	}
	return room.DropQuarantined(ctx, id)
}
