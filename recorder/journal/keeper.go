package journal

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
)

// keeper does what can be done behind the writer's back: it writes the index
// and moves the write-ahead log into the record.
type keeper struct {
	j      *Journal
	mu     sync.Mutex   // held while the index file is written
	index  *indexWriter // nil when it could not be opened
	record *sqlite3.Conn
	moving sync.Mutex    // held while the log is moved
	pages  atomic.Int64  // in the write-ahead log
	rest   atomic.Bool   // the log is nearly moved; the writer does what is left
	paused atomic.Bool   // there is trouble: nothing is written
	some   chan struct{} // capacity 1: something happened
	much   chan struct{} // capacity 1: do not wait
	ctx    context.Context
	stop   context.CancelFunc
	going  sync.WaitGroup
}

func newKeeper(j *Journal) *keeper {
	k := &keeper{j: j, some: make(chan struct{}, 1), much: make(chan struct{}, 1)}
	k.ctx, k.stop = context.WithCancel(context.Background())
	return k
}

// goes runs fn in the background until it ends or the keeper does.
func (k *keeper) goes(fn func(context.Context)) {
	k.going.Go(func() { fn(k.ctx) })
}

// notice tells of a commit and how long the write-ahead log has become.
func (k *keeper) notice(pages int) {
	k.pages.Store(int64(pages))
	signal(k.some)
	if pages >= k.j.limits.keepPages || k.j.index.waiting() >= k.j.limits.keepEvents {
		signal(k.much)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// run keeps until the keeper is stopped.
func (k *keeper) run(ctx context.Context) {
	for {
		select {
		case <-k.some:
		case <-ctx.Done():
			return
		}
		late := false
		select {
		case <-k.much:
		case <-time.After(k.j.limits.keepEvery):
			late = true
		case <-ctx.Done():
			return
		}
		k.keep(late)
		if k.j.index.waiting() > 0 {
			signal(k.some)
		}
	}
}

// keep writes the index and moves the log, where there is enough of it or it
// has waited long.
func (k *keeper) keep(late bool) {
	if k.paused.Load() {
		return
	}
	if late || k.j.index.waiting() >= k.j.limits.keepEvents {
		k.flush()
	}
	if k.pages.Load() >= int64(k.j.limits.keepPages) {
		k.move()
	}
}

// flush writes what waits into the index. What cannot be written waits on.
func (k *keeper) flush() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.index == nil {
		return
	}
	err := k.j.index.flush(k.index)
	switch {
	case err == nil:
	case troubleOf(err).passing():
		k.j.log.Warn(indexName+" cannot be written now", causeKey, err)
	default:
		k.j.index.fail(errors.Join(errIndex, err))
		k.j.queue.stir()
	}
}

// move moves the write-ahead log into the record without holding the writer
// up. What was appended meanwhile is left; the writer moves it in a moment of
// its own, so that the log can begin again from its start.
func (k *keeper) move() {
	k.moving.Lock()
	defer k.moving.Unlock()
	all, moved, err := k.record.WALCheckpoint("main", sqlite3.CHECKPOINT_PASSIVE)
	if err != nil {
		k.moveFailed(err)
		return
	}
	k.pages.Store(0)
	k.rest.Store(moved < all)
}

// moveFailed tells the writer when the disk failed to keep what was moved.
// That somebody else moves the log at this moment is no failure.
func (k *keeper) moveFailed(err error) {
	t := troubleOf(err)
	if t.kind == noLock {
		return
	}
	k.j.log.Warn("write-ahead log cannot be moved now", causeKey, err)
	if !t.passing() {
		k.j.writer.halted.Store(t)
		k.j.queue.stir()
	}
}

// tooLong is how many times its usual length the write-ahead log may have
// before the writer waits until it is moved.
const tooLong = 4

// finishMove moves the rest of the log, in the writer's goroutine: nothing is
// added meanwhile, so that the log begins again with the next commit.
func (k *keeper) finishMove(w *recordWriter) {
	if !k.rest.CompareAndSwap(true, false) && w.pages < tooLong*k.j.limits.keepPages {
		return
	}
	k.moving.Lock()
	defer k.moving.Unlock()
	if _, _, err := w.c.WALCheckpoint("main", sqlite3.CHECKPOINT_PASSIVE); err != nil {
		k.moveFailed(err)
	}
}

// renew makes the index anew from the record.
func (k *keeper) renew() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	x := k.j.index
	if k.index != nil {
		err := k.index.close()
		k.index = nil
		if err != nil {
			k.j.log.Warn(indexName+" was not closed cleanly", causeKey, err)
		}
	}
	x.renew()
	if err := x.file.remove(); err != nil {
		return err
	}
	w, err := openIndexWriter(x.file)
	if err != nil {
		return err
	}
	k.index = w
	if err := k.catchUp(0); err != nil {
		return err
	}
	x.repaired()
	return nil
}

// catchUpEvents is how many events are indexed in one commit when many are.
const catchUpEvents = 1 << 16

// catchUp tells the index of the events behind the mark. The newest wait in
// memory as if they had just been appended.
func (k *keeper) catchUp(marked uint64) error {
	x, head := k.j.index, k.j.Head()
	for from := marked + 1; from <= head; {
		last, err := k.catchUpSome(from, head)
		if err != nil {
			return err
		}
		if from = last + 1; x.waiting() >= catchUpEvents {
			if err := x.flush(k.index); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k *keeper) catchUpSome(from, head uint64) (last uint64, err error) {
	err = k.j.readers.with(k.ctx, func(r *reader) error {
		last, err = r.record.frames(from, func(f frame) error {
			places, err := f.places()
			if err != nil {
				return err
			}
			for len(places) > 0 && places[0].seq < from {
				places = places[1:]
			}
			k.j.index.add(places)
			if f.last() >= head || k.j.index.waiting() >= catchUpEvents {
				return errStop
			}
			return nil
		})
		return err
	})
	if err == nil && last < from {
		err = damage(from, desk.ID{}, errMissing)
	}
	return last, err
}

// end waits until nothing goes on in the background any more.
func (k *keeper) end() {
	k.stop()
	k.going.Wait()
}

// close writes what waits, if it can, and lets go of the files.
func (k *keeper) close() error {
	var err error
	if !k.paused.Load() {
		k.flush()
	}
	if k.index != nil {
		if !k.paused.Load() {
			err = finish(k.index.c)
		}
		err = errors.Join(err, tidy(k.index.c), k.index.close())
	}
	if k.record != nil {
		err = errors.Join(err, k.record.Close())
	}
	return err
}

// tidy lets the last connection to a file take away what SQLite keeps beside
// it.
func tidy(c *sqlite3.Conn) error {
	_, err := c.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, false)
	return err
}
