package journal

import (
	"context"
	"crypto/cipher"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"hark/desk"
	"hark/recorder/disk"
	"hark/recorder/keys"
)

// Keys has the keys that events are sealed under.
type Keys interface {
	// Ensure makes durable keys for those of the pairs that have none.
	Ensure(ctx context.Context, pairs []keys.Pair) error
	// AEAD returns the cipher for a stream and class; an error that is
	// keys.ErrNoKey when there is none.
	AEAD(stream desk.ID, class desk.Class) (cipher.AEAD, error)
}

// Options says where a journal is and what it needs.
type Options struct {
	Dir  string // the data folder; it exists
	Keys Keys
	Log  *slog.Logger    // nil: nothing is logged
	Lamp func(desk.Lamp) // told how the journal is; may be nil, must not block
	// VFS names a registered layer over the files and Sync says when to wait
	// for the disk. They are for tests that cut the power; empty is right for
	// everything else.
	VFS  string
	Sync disk.Sync

	limits limits // zero: the usual ones
}

// limits say when what is done. Tests make them small.
type limits struct {
	keepEvery   time.Duration // how long the index and the log wait at most
	keepEvents  int           // how many events wait for the index at most
	keepPages   int           // how long the write-ahead log becomes, in pages
	reserve     int64         // how much space is held back, in bytes
	reserveStep int64         // how much of it is given up at a time
	retryEvery  time.Duration // how often it is tried whether trouble has passed
	retryAtMost time.Duration // the same when somebody wants to append
}

func usual() limits {
	return limits{
		keepEvery: 3 * time.Second, keepEvents: 4096, keepPages: 2000, // 8 MB
		reserve: 4 << 20, reserveStep: 256 << 10,
		retryEvery: time.Second, retryAtMost: 100 * time.Millisecond,
	}
}

// causeKey is the key under which the log has why something failed.
const causeKey = "cause"

// Journal is the SQLite engine of desk.Journal. It is safe for concurrent use.
// The events that it hands out are shared: they must not be changed.
type Journal struct {
	keys    Keys
	log     *slog.Logger
	lamp    func(desk.Lamp)
	limits  limits
	record  file
	readers *pool
	index   *index
	queue   queue
	writer  *writer
	keeper  *keeper
	head    atomic.Uint64

	follow    sync.Mutex // held while followers are told
	followers []func([]desk.Event)
	close     func() error
}

var _ desk.Journal = (*Journal)(nil)

// Head implements desk.Journal.
func (j *Journal) Head() uint64 { return j.head.Load() }

// Append implements desk.Journal.
func (j *Journal) Append(ctx context.Context, entries ...desk.Entry) ([]desk.Event, error) {
	if err := ctx.Err(); err != nil || len(entries) == 0 {
		return nil, err
	}
	r, err := j.encode(ctx, entries)
	if err != nil {
		return nil, err
	}
	if !j.queue.add(r) {
		return nil, errClosed()
	}
	select {
	case <-r.done:
		return r.events, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close ends the journal once what waits is written. Appends and reads that
// come later fail.
func (j *Journal) Close() error { return j.close() }

// Follow implements desk.Journal.
func (j *Journal) Follow(ctx context.Context, from uint64, fn func([]desk.Event)) error {
	from = max(from, 1)
	for from <= j.Head() { // most of it without holding the writer up
		next, err := j.followPage(ctx, from, fn)
		if err != nil {
			return err
		}
		from = next
	}
	j.follow.Lock()
	defer j.follow.Unlock()
	for from <= j.Head() {
		next, err := j.followPage(ctx, from, fn)
		if err != nil {
			return err
		}
		from = next
	}
	j.followers = append(j.followers, fn)
	return nil
}

// followPageSize is how many events a follower that catches up gets at once.
const followPageSize = 1024

// followPage hands out the next page and returns where the one after it begins.
func (j *Journal) followPage(ctx context.Context, from uint64, fn func([]desk.Event)) (next uint64, err error) {
	head := j.Head()
	events, err := j.Read(ctx, from, followPageSize)
	if err != nil {
		return from, err
	}
	if len(events) == 0 {
		return head + 1, nil // the rest cannot be opened any more
	}
	fn(events)
	return events[len(events)-1].Seq + 1, nil
}

// tell hands durable events to the followers. From then on they can be read.
func (j *Journal) tell(events []desk.Event) {
	j.follow.Lock()
	defer j.follow.Unlock()
	j.head.Store(events[len(events)-1].Seq)
	for _, fn := range j.followers {
		fn(events)
	}
}

// shine says how the journal is.
func (j *Journal) shine(ok bool, words string) {
	if j.lamp != nil {
		j.lamp(desk.Lamp{Part: "journal", OK: ok, Words: words})
	}
}
