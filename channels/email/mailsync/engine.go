package mailsync

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
)

// Engine follows the mailboxes of one account. Its methods may be called at
// any time, also before Run and after it.
type Engine struct {
	o      Options
	limits Limits
	log    *slog.Logger
	board  *board
	mirror *mirror
	large  *large
	online *gate

	filesSent atomic.Bool // by the server's quirks

	poke  chan struct{} // capacity 1: somebody wants it tried now
	dirty chan struct{} // capacity 1: the watched mailbox has changed
	asks  chan *ask     // what others want done on the syncer's connection

	follows []*follow // owned by Run's goroutine
}

// New returns an engine that does nothing yet.
func New(o Options) *Engine {
	if len(o.Boxes) == 0 {
		o.Boxes = []string{"INBOX"}
	}
	if o.Notify == nil {
		o.Notify = func() {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		o: o, limits: o.Limits.withDefaults(),
		log:    o.Log.With("account", o.Account),
		board:  newBoard(o.Report),
		mirror: newMirror(),
		large:  newLarge(),
		online: newGate(),
		poke:   make(chan struct{}, 1),
		dirty:  make(chan struct{}, 1),
		asks:   make(chan *ask),
	}
	for _, name := range o.Boxes {
		e.follows = append(e.follows, newFollow(name))
	}
	return e
}

// Run follows the account until ctx ends. It may be called once.
func (e *Engine) Run(ctx context.Context) {
	var actors sync.WaitGroup
	actors.Go(func() { e.watch(ctx) })
	actors.Go(func() { e.fetchLarge(ctx) })
	e.supervise(ctx)
	actors.Wait()
}

// Poke tries again at once where the engine waits, and else compares
// everything with the server now.
func (e *Engine) Poke() { ring(e.poke) }

// Status returns what is known of the account now.
func (e *Engine) Status() Status { return e.board.status() }

// Flag adds flags to a mail on the server, such as \Seen and \Answered. That is
// done late and together with others, and forgotten when the process ends: it
// is a courtesy to the people who read the mailbox elsewhere.
func (e *Engine) Flag(p mailbox.Place, add ...string) { e.mirror.add(p, add) }

// ring leaves word in a channel of capacity 1.
func ring(bell chan<- struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// place returns where a mail of a mailbox lies.
func (e *Engine) place(f *follow, uid uint32) mailbox.Place {
	return mailbox.Place{Account: e.o.Account, Box: f.name, Validity: f.cursor.Validity, UID: uid}
}

// lost reports whether err has ended the connection, or the context that it
// was used with.
func lost(err error) bool {
	kind := imap.KindOf(err)
	return err != nil && (kind == "" || kind.Lost())
}
