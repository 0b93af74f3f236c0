package desk

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// appendTimeout is how long a command waits for the disk before it says so.
const appendTimeout = 10 * time.Second

// TextLimit is the longest text of one message or note, in bytes.
const TextLimit = 64 << 10

// Desk takes commands, decides them against the state and journals what they
// came to. It is safe for concurrent use.
type Desk struct {
	journal Journal
	state   *State
	drafts  Drafts
	log     *slog.Logger
	feed    *feed
	lamps   lamps
	seen    seen
	typing  typing
	crew    crew
	uploads uploads
	posts   posts

	files     Files
	fileLimit int64
	routing   Routing
	linkLife  time.Duration
	router    atomic.Pointer[Router]
	mailroom  atomic.Pointer[Mailroom]

	accounts sync.Mutex // serialises the check that a handle is free
}

// Options are what a Desk is made of.
type Options struct {
	Journal Journal
	State   *State // follows Journal already
	Drafts  Drafts
	Log     *slog.Logger // never sees words, names or addresses

	Files     Files         // nil: no attachments
	FileLimit int64         // bytes of one attachment; 0: FileLimit
	Routing   *Routing      // nil: DefaultRouting
	LinkLife  time.Duration // how long a link opens; 0: LinkLife
}

// New joins the parts of a desk.
func New(o Options) *Desk {
	d := &Desk{journal: o.Journal, state: o.State, drafts: o.Drafts, log: o.Log, feed: newFeed(o.State.Seq())}
	d.files, d.fileLimit, d.routing, d.linkLife = o.Files, cmp.Or(o.FileLimit, FileLimit), DefaultRouting(), cmp.Or(o.LinkLife, LinkLife)
	if o.Routing != nil {
		d.routing = *o.Routing
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	d.seen.flush = d.appendSeen
	d.posts = newPosts()
	o.State.Watch(d.feed.publish)
	o.State.Watch(d.posts.watch)
	return d
}

// Close journals what was held back. The journal is closed by its owner.
func (d *Desk) Close() { d.seen.close() }

// Info returns what the desk says of itself; its ID is zero before Create.
func (d *Desk) Info() Info { return d.state.Info() }

// Create makes an empty journal a desk: its stream, its audit trail and the
// first account.
func (d *Desk) Create(ctx context.Context, name string, owner AccountCreated) error {
	if !d.state.Info().ID.IsZero() {
		return Errorf(Conflict, "this folder holds a desk already")
	}
	if err := owner.Check(); err != nil {
		return err
	}
	stream := Stream{DeskStream, NewID()}
	account := Stream{AccountStream, NewID()}
	return d.append(ctx,
		Entry{ID: NewID(), Stream: stream, Class: ClassDesk, Actor: Hub(), Body: DeskCreated{Name: name, Audit: NewID()}},
		Entry{ID: NewID(), Stream: account, Class: ClassDesk, Actor: Hub(), Body: owner},
	)
}

// Started and Stopped frame a hub's run in the journal.
func (d *Desk) Started(ctx context.Context, release string) error {
	return d.append(ctx, d.deskEntry(Hub(), HubStarted{Release: release}))
}

// Stopped says that the hub ends as asked.
func (d *Desk) Stopped(ctx context.Context) error {
	return d.append(ctx, d.deskEntry(Hub(), HubStopped{}))
}

// SetLamp tells every screen how a part of the hub is.
func (d *Desk) SetLamp(l Lamp) {
	if d.lamps.set(l) {
		d.feed.signal(Signal{Kind: SignalLamp, Lamp: l})
	}
}

// Lamps returns how every part of the hub is.
func (d *Desk) Lamps() []Lamp { return d.lamps.list() }

func (d *Desk) deskEntry(a Actor, b Body) Entry {
	return Entry{
		ID: NewID(), Stream: Stream{DeskStream, d.state.Info().ID}, Class: ClassDesk,
		Expect: AnyN, Actor: a, Body: b, Reserved: true,
	}
}

func (d *Desk) auditEntry(a Actor, b Body) Entry {
	return Entry{
		ID: NewID(), Stream: Stream{AuditStream, d.state.Info().Audit}, Class: ClassDesk,
		Expect: AnyN, Actor: a, Body: b, Reserved: true,
	}
}

// append journals entries within a limit of time and gives errors a sentence.
func (d *Desk) append(ctx context.Context, entries ...Entry) error {
	ctx, cancel := context.WithTimeout(ctx, appendTimeout)
	defer cancel()
	_, err := d.journal.Append(ctx, entries...)
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{Code: Unavailable, Msg: "the disk did not answer in 10 s; look whether it was done before trying again", Err: err}
	}
	return err
}

var handle = regexp.MustCompile(`^[a-z][a-z0-9._-]{0,31}$`)

// nameLimit is the longest display name, in bytes.
const nameLimit = 120

// Check returns what is wrong with an account that is to be created, or nil.
func (a AccountCreated) Check() error {
	if !handle.MatchString(a.Name) {
		return Errorf(Invalid, "%q cannot be an account's name: use 1 to 32 of a-z, 0-9, dot, dash, underscore, a letter first", a.Name)
	}
	if strings.TrimSpace(a.Display) == "" || len(a.Display) > nameLimit || !utf8.ValidString(a.Display) {
		return Errorf(Invalid, "an account needs a name for customers to see, of %d bytes at most", nameLimit)
	}
	if len(a.Roles) == 0 {
		return Errorf(Invalid, "an account needs a role: agent, supervisor, qa or admin")
	}
	for _, r := range a.Roles {
		if _, err := ParseRole(string(r)); err != nil {
			return err
		}
	}
	return nil
}

// validText refuses what is not a message and mends what is not UTF-8.
func validText(s string) (string, error) {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.TrimSpace(s) == "" {
		return "", Errorf(Invalid, "there is nothing to send: the text is empty")
	}
	if len(s) > TextLimit {
		return "", Errorf(Invalid, "the text has %d bytes; one message holds %d at most, so send it in parts", len(s), TextLimit)
	}
	return s, nil
}
