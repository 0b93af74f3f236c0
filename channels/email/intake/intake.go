package intake

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"hark/channels/email/loop"
	"hark/channels/email/read"
	"hark/channels/email/thread"
	"hark/desk"
	"hark/desk/mailbox"
)

// Intake takes mails in. It is run once.
type Intake struct {
	o     Options
	own   []string
	rules thread.Rules
	guard *loop.Guard
	log   *slog.Logger
	wake  chan struct{} // capacity 1
	alarm atomic.Int64  // when a lamp was lit, in Unix seconds; 0: none is

	// The sequencer's own.
	index   *index
	flight  map[desk.ID]bool // on their way
	queue   []chan parsed    // being read, in the order in which they are placed
	more    bool             // the ledger may have more than is on its way
	rest    time.Time        // nothing more is begun before it, after a failure
	again   map[desk.ID]bool // they may be in the journal already
	careful bool             // the desk ended again and again: it may be a mail's doing

	small   chan reading
	large   chan reading
	heavy   chan parsed
	writers []chan *outcome
	written chan *outcome
	settled chan []*outcome
}

// reading is a mail to be read and where the result goes.
type reading struct {
	row   mailbox.Row
	to    chan parsed
	again bool // it may be in the journal already
}

// New returns an intake of the given parts.
func New(o Options) (*Intake, error) {
	if o.Store == nil || o.Desk == nil || o.State == nil || o.Keys == nil {
		return nil, errors.New("mail cannot be taken in without a store, a desk, its state and keys")
	}
	o.Limits = o.Limits.withDefaults()
	if o.read == nil {
		o.read = read.Read
	}
	in := &Intake{
		o: o, own: o.own(), guard: loop.NewGuard(o.Store), log: o.Log, wake: make(chan struct{}, 1),
		flight: map[desk.ID]bool{}, again: map[desk.ID]bool{}, more: true,
	}
	if in.log == nil {
		in.log = slog.New(slog.DiscardHandler)
	}
	in.rules = thread.Rules{Keys: o.Keys, Own: append(slices.Clone(in.own), o.Staff...)}
	in.index = newIndex(&in.o)
	return in, nil
}

// Wake says that there is new mail in stage Raw.
func (in *Intake) Wake() {
	select {
	case in.wake <- struct{}{}:
	default:
	}
}

// Run takes mails in until ctx ends, and returns its error. What is on its way
// then is taken in the next time.
func (in *Intake) Run(ctx context.Context) error {
	if err := in.begin(ctx); err != nil {
		return err
	}
	n := in.o.Limits.Flight
	in.small, in.large, in.heavy = make(chan reading, n), make(chan reading, n), make(chan parsed, n)
	in.written, in.settled = make(chan *outcome, n), make(chan []*outcome, n)
	var readers, writers, committer sync.WaitGroup
	for range in.o.Limits.Readers {
		readers.Go(func() { in.readAll(ctx, in.small) })
	}
	readers.Go(func() { in.readAll(ctx, in.large) })
	for range in.o.Limits.Writers {
		jobs := make(chan *outcome, n)
		in.writers = append(in.writers, jobs)
		writers.Go(func() { in.write(ctx, jobs) })
	}
	committer.Go(func() { in.commit(ctx) })
	err := in.sequence(ctx)
	close(in.small)
	close(in.large)
	readers.Wait()
	for _, w := range in.writers {
		close(w)
	}
	writers.Wait()
	close(in.written)
	committer.Wait()
	return err
}

// Starts within startsWindow after which every reading is counted.
const (
	starts       = 3
	startsWindow = 10 * time.Minute
)

// rowsMost is how many rows of the ledger are looked at in one go.
const rowsMost = 1 << 20

// begin finds out what an earlier run may have left half done, and whether the
// desk begins again and again.
func (in *Intake) begin(ctx context.Context) error {
	rows, err := in.o.Store.Waiting(ctx, rowsMost)
	if err != nil {
		return err
	}
	for _, r := range rows {
		in.again[r.ID] = true
	}
	n, err := in.o.Store.Tick(ctx, "intake begins", time.Now(), startsWindow)
	if err != nil {
		return err
	}
	if in.careful = n > starts && len(rows) > 0; in.careful {
		in.o.Limits.Readers = 1
		in.log.Warn("mails are read one by one, for the desk began often", "times", n)
	}
	return nil
}

func (in *Intake) readAll(ctx context.Context, jobs <-chan reading) {
	for r := range jobs {
		p := parsed{row: r.row, err: ctx.Err()}
		if p.err == nil && in.careful {
			p.err = in.suspect(ctx, r.row)
		}
		if p.err == nil {
			p = in.parse(ctx, r.row)
		}
		if p.err == nil && r.again {
			p.journaled, _, p.err = in.o.Desk.Received(ctx, r.row.ID)
		}
		r.to <- p
	}
}

// errPoison is said of a mail during whose reading the desk ended too often.
var errPoison = desk.Errorf(desk.NotFound, "the desk ended each time while it was read")

// suspect counts that a mail is about to be read.
func (in *Intake) suspect(ctx context.Context, row mailbox.Row) error {
	n, err := in.o.Store.Attempt(ctx, row.Place, "read", "the desk ended while it was read")
	if err == nil && n > attempts {
		return errPoison
	}
	return err
}

// glance is how often the ledger is looked at without being told.
const glance = 15 * time.Second

// sequence is the sequencer.
func (in *Intake) sequence(ctx context.Context) error {
	for {
		in.fill(ctx)
		pause := glance
		if wait := time.Until(in.rest); wait > 0 {
			pause = min(pause, wait)
		}
		var head chan parsed
		if len(in.queue) > 0 {
			head = in.queue[0]
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case p := <-head:
			in.queue = in.queue[1:]
			in.next(ctx, p)
		case p := <-in.heavy:
			in.next(ctx, p)
		case batch := <-in.settled:
			in.arrived(batch)
		case <-in.wake:
			in.more = true
		case <-timer.C:
			in.more = true
			in.calm()
		}
		timer.Stop()
	}
}

// fill begins to read more mails: first those that somebody waits for, in the
// order in which they came, then history, the newest first.
func (in *Intake) fill(ctx context.Context) {
	if !in.more || len(in.flight) > in.o.Limits.Flight/2 || time.Now().Before(in.rest) {
		return
	}
	rows, err := in.o.Store.Waiting(ctx, in.o.Limits.Flight)
	if err != nil {
		in.stumble(err)
		return
	}
	in.more = len(rows) == in.o.Limits.Flight
	rows = slices.DeleteFunc(rows, func(r mailbox.Row) bool { return in.flight[r.ID] })
	slices.SortStableFunc(rows, func(a, b mailbox.Row) int {
		if a.Past != b.Past {
			return cmp.Compare(b2i(a.Past), b2i(b.Past))
		}
		if a.Past {
			return b.Received.Compare(a.Received)
		}
		return a.Received.Compare(b.Received)
	})
	for _, r := range rows[:min(len(rows), in.o.Limits.Flight-len(in.flight))] {
		in.flight[r.ID] = true
		if r.Size > in.o.Limits.Large {
			in.large <- reading{r, in.heavy, in.again[r.ID]}
			continue
		}
		to := make(chan parsed, 1)
		in.queue = append(in.queue, to)
		in.small <- reading{r, to, in.again[r.ID]}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// next places a mail that has been read and hands it to its writer.
func (in *Intake) next(ctx context.Context, p parsed) {
	o := &outcome{parsed: p, failed: p.err}
	if p.err == nil {
		var err error
		if o, err = in.place(ctx, p); err != nil {
			o.failed = err
		}
	}
	if o.failed == nil && len(o.joins) > 0 {
		o.failed = in.join(ctx, o)
	}
	writer := int(p.row.ID[0])
	if o.group != nil {
		writer = o.group.writer
	}
	in.writers[writer%len(in.writers)] <- o
}

// join makes conversations one that a mail connects. Everything on its way
// arrives first.
func (in *Intake) join(ctx context.Context, o *outcome) error {
	for len(in.index.topics) > 1 || in.index.topics[o.conversation] != nil && in.index.topics[o.conversation].mails > 1 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case batch := <-in.settled:
			in.arrived(batch)
		}
	}
	for _, from := range o.joins {
		err := in.o.Desk.JoinMail(ctx, from, o.conversation)
		switch desk.CodeOf(err) {
		case "":
			in.index.joined(from, o.conversation)
		case desk.Conflict, desk.NotFound:
			in.log.Info("conversations are left apart", "from", from.Hex(), "into", o.conversation.Hex())
		default:
			return err
		}
	}
	return nil
}

// arrived forgets mails that are no longer on their way.
func (in *Intake) arrived(batch []*outcome) {
	for _, o := range batch {
		in.index.leave(o)
		delete(in.flight, o.row.ID)
		delete(in.again, o.row.ID)
		if o.failed != nil {
			in.again[o.row.ID] = true
			in.more = true
			in.stumble(o.failed)
		}
	}
	if in.o.Settled != nil {
		in.o.Settled()
	}
}

// stumble pauses after a failure that may pass.
func (in *Intake) stumble(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	in.rest = time.Now().Add(in.o.Limits.Retry)
	in.log.Warn("mail waits", "code", string(desk.CodeOf(err)))
}

// lamp is the part of the hub that says that mail goes round in circles.
const lamp = "mail loop"

// alarmLasts is how long people are told after the last sign of it.
const alarmLasts = 10 * time.Minute

// warn tells people that something goes round in circles.
func (in *Intake) warn(v loop.Verdict) {
	if v.Banner {
		in.alarm.Store(time.Now().Unix())
		in.o.Desk.SetLamp(desk.Lamp{Part: lamp, Words: v.Why})
	}
}

// calm takes the warning back once it is over.
func (in *Intake) calm() {
	lit := in.alarm.Load()
	if lit != 0 && time.Since(time.Unix(lit, 0)) > alarmLasts && in.alarm.CompareAndSwap(lit, 0) {
		in.o.Desk.SetLamp(desk.Lamp{Part: lamp, OK: true, Words: "ok"})
	}
}
