package route

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"hark/desk"
)

const (
	// lookEvery is how long the engine sleeps at most. It then sees steps of
	// the clock and people who left without a word of it.
	lookEvery = 5 * time.Second
	// batch is how many writes are under way at once, so that they share a
	// commit of the journal.
	batch = 64
	// jump is how far the clock on the wall must be off to have been set.
	jump = time.Second
	// still is how long the engine may be silent before it is taken for stuck:
	// longer than the longest write.
	still = 30 * time.Second
)

// Options are what an Engine is made of.
type Options struct {
	Desk  *desk.Desk
	State *desk.State  // the desk's
	Log   *slog.Logger // never sees words, names or addresses; nil for none
	// Decided is told how long each decision took by Clock, with taking in what
	// led to it; nil for nobody. It must not block.
	Decided func(time.Duration)
	// Clock reads a time that only goes forward; nil for the time that passes.
	// It measures decisions and has no part in them.
	Clock func() time.Duration
}

// Engine offers waiting conversations to agents and does what is due. It is
// safe for concurrent use.
type Engine struct {
	desk  *desk.Desk
	state *desk.State
	log   *slog.Logger
	timed func(time.Duration)
	clock func() time.Duration
	wake  chan struct{} // capacity 1

	inbox struct {
		sync.Mutex
		events []desk.Applied
		staff  bool // somebody came or left
	}

	mu      sync.Mutex
	core    *core     // nil until it is first needed
	last    time.Time // when the clock was last read
	beat    time.Time // when the engine last looked for work
	told    time.Time // when customers last heard their places
	counted time.Time // when it was last looked who is at work
}

var _ desk.Router = (*Engine)(nil)

// New makes an engine that follows the state from now on; Run must follow.
func New(o Options) *Engine {
	e := &Engine{desk: o.Desk, state: o.State, log: o.Log, timed: o.Decided, clock: o.Clock, wake: make(chan struct{}, 1)}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.timed == nil {
		e.timed = func(time.Duration) {}
	}
	if began := time.Now(); e.clock == nil {
		e.clock = func() time.Duration { return time.Since(began) }
	}
	o.State.Watch(e.hear)
	o.Desk.WatchStaffing(func(desk.ID) { e.heed(func() { e.inbox.staff = true }) })
	return e
}

// hear is the State's watcher.
func (e *Engine) hear(applied []desk.Applied) {
	e.heed(func() { e.inbox.events = append(e.inbox.events, applied...) })
}

func (e *Engine) heed(f func()) {
	e.inbox.Lock()
	f()
	e.inbox.Unlock()
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// Run makes offers and does what is due until ctx ends. It returns ctx's error.
func (e *Engine) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		for tasks := e.collect(); len(tasks) > 0 && ctx.Err() == nil; tasks = e.collect() {
			e.settle(tasks, e.perform(ctx, tasks))
		}
		timer.Reset(e.tell())
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-e.wake:
		case <-timer.C:
		}
	}
}

// collect takes in what has happened and returns what is to be written now.
func (e *Engine) collect() []task {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	e.beat = now
	start := e.clock()
	e.drain(now)
	e.core.advance(now)
	var tasks []task
	for len(tasks) < batch {
		t, ok := e.core.next(now)
		if !ok {
			break
		}
		tasks = append(tasks, t)
		end := e.clock()
		e.timed(end - start)
		start = end
	}
	return tasks
}

// now reads the clock and tells the core when it was set. The caller holds mu.
func (e *Engine) now() time.Time {
	t := time.Now()
	now := t.Round(0).UTC()
	if e.core == nil {
		e.load(now)
	} else if step := now.Sub(e.last.Round(0)) - t.Sub(e.last); step.Abs() > jump {
		e.log.Info("the clock was set, or the machine slept", "by", step)
		e.core.shift(step, now)
	}
	e.last = t
	return now
}

// load fills the core from the state, as at the start of a hub.
func (e *Engine) load(now time.Time) {
	e.inbox.Lock()
	e.inbox.events = nil // the rows know it
	e.inbox.Unlock()
	e.core = newCore(*e.desk.Routing(), now)
	for _, acc := range e.state.Accounts() {
		e.core.account(acc, now)
	}
	e.staff(now)
	e.state.Each(desk.All, desk.ID{}, func(row *desk.Conversation) bool {
		e.core.put(row, now)
		return true
	})
	e.core.running = true
}

// staff takes in who is at work. The caller holds mu.
func (e *Engine) staff(now time.Time) {
	e.counted = now
	here := map[desk.ID]time.Time{}
	for id, duty := range e.desk.Staffing() {
		if duty.Sessions > 0 {
			here[id] = duty.Since
		}
	}
	e.core.present(here, now)
}

// drain takes in what has happened. The caller holds mu.
func (e *Engine) drain(now time.Time) {
	e.inbox.Lock()
	events, staff := e.inbox.events, e.inbox.staff
	e.inbox.events, e.inbox.staff = nil, false
	e.inbox.Unlock()
	if staff || now.Sub(e.counted).Abs() >= lookEvery {
		e.staff(now)
	}
	for _, a := range events {
		switch {
		case a.Row != nil:
			e.core.apply(a, now)
		case a.Stream.Type == desk.AccountStream:
			if acc := e.state.Account(a.Stream.ID); acc != nil {
				e.core.account(acc, now)
			}
		}
	}
}

// perform writes tasks side by side.
func (e *Engine) perform(ctx context.Context, tasks []task) []error {
	errs := make([]error, len(tasks))
	var writers sync.WaitGroup
	for i, t := range tasks {
		writers.Go(func() { errs[i] = e.write(ctx, t) })
	}
	writers.Wait()
	return errs
}

func (e *Engine) write(ctx context.Context, t task) error {
	switch t.kind {
	case makeOffer:
		return e.desk.Offer(ctx, t.id, t.to, t.until)
	case endOffer:
		return e.desk.EndOffer(ctx, t.id, t.to, t.why)
	case freeMatter:
		return e.desk.Free(ctx, t.id, t.to, "lease")
	case wakeMatter:
		return e.desk.WakeDue(ctx, t.id)
	case breachMatter:
		return e.desk.Breach(ctx, t.id, t.target, t.until)
	case setAway:
		return e.desk.TakeForAway(ctx, t.id)
	case nothing:
	}
	return nil
}

// settle takes in what became of tasks. What was written is in the inbox by now.
func (e *Engine) settle(tasks []task, errs []error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	e.drain(now)
	for i, t := range tasks {
		if err := errs[i]; err != nil && desk.CodeOf(err) != desk.Conflict {
			e.log.Warn("routing could not write", "task", t.kind.String(), "conversation", t.id.String(), "error", err)
		}
		e.core.done(t, errs[i], now)
	}
}

// tell tells staff what is due soon and customers where they stand, where that
// has changed, and returns how long the engine may sleep.
func (e *Engine) tell() time.Duration {
	e.mu.Lock()
	now := e.now()
	sleep := lookEvery
	places := e.core.left() // at once: nobody who is served should read of a line
	if e.core.moved {
		if wait := tellEvery - now.Sub(e.told).Abs(); wait > 0 {
			sleep = wait
		} else {
			places, e.told = append(places, e.core.placings(now)...), now
		}
	}
	urgent := e.core.urgent
	e.core.urgent = nil
	if next := e.core.timers.next(); !next.IsZero() {
		sleep = min(sleep, max(next.Sub(now), 0))
	}
	e.mu.Unlock()
	for _, id := range urgent {
		e.desk.TellDue(id)
	}
	for _, p := range places {
		e.desk.TellPlace(p.id, p.place)
	}
	return sleep
}

// Explain implements desk.Router: it says what a conversation waits for.
func (e *Engine) Explain(id desk.ID) desk.Waiting {
	row := e.state.Conversation(id)
	if row == nil {
		return desk.Waiting{Conversation: id, Code: CodeUnknown, Reason: "there is no such conversation"}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	return e.core.explain(row, now)
}

// Place implements desk.Router: it says where a waiting customer stands.
func (e *Engine) Place(id desk.ID) desk.Place {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	if m := e.core.matters[id]; m != nil {
		return e.core.position(m, now)
	}
	return desk.Place{}
}

// How often Check looks, and how long it waits between, before it believes
// that a customer was forgotten: what happens at this moment is no finding.
const (
	checks     = 8
	checkEvery = 250 * time.Millisecond
)

// Check returns every waiting conversation that has neither a live offer nor a
// reason. It takes two seconds when there is any, and there should be none.
func (e *Engine) Check() []Stranded {
	found := e.inspect()
	for i := 1; i < checks && len(found) > 0; i++ {
		time.Sleep(checkEvery)
		again := map[desk.ID]Stranded{}
		for _, s := range e.inspect() {
			again[s.Conversation] = s
		}
		kept := found[:0]
		for _, s := range found {
			if now, still := again[s.Conversation]; still {
				kept = append(kept, now)
			}
		}
		found = kept
	}
	return found
}

func (e *Engine) inspect() []Stranded {
	var rows []*desk.Conversation
	e.state.Each(desk.All, desk.ID{}, func(row *desk.Conversation) bool {
		rows = append(rows, row)
		return true
	})
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	if silent := now.Sub(e.beat); silent > still {
		return everybody(rows, silent)
	}
	return e.core.check(rows, now)
}
