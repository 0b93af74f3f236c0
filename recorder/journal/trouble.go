package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/recorder/disk"
)

// settleWithin is how long it may take to find out what became of a commit.
const settleWithin = 10 * time.Second

// trouble is why nothing can be written.
type trouble struct {
	kind  kind
	cause error
}

// kind is a kind of trouble.
type kind int

const (
	noSpace kind = iota
	noWriting
	noLock
	// The ones from here on last until a restart.
	rot
	forgotten
)

// troubleOf says what kind of trouble an error of SQLite is.
func troubleOf(err error) *trouble {
	t := &trouble{cause: err}
	switch {
	case forgot(err):
		t.kind = forgotten
	case errors.Is(err, sqlite3.BUSY), errors.Is(err, sqlite3.LOCKED):
		t.kind = noLock
	case rotten(err):
		t.kind = rot
	case errors.Is(err, sqlite3.IOERR_SHMSIZE): // no space for what connections share
		t.kind = noSpace
	default:
		t.kind = kindOf(disk.FaultOf(err))
	}
	return t
}

// forgot reports whether the disk failed to keep something. Whatever the
// reason that it gives, a second attempt would prove nothing.
func forgot(err error) bool {
	return errors.Is(err, sqlite3.IOERR_FSYNC) || errors.Is(err, sqlite3.IOERR_DIR_FSYNC)
}

func kindOf(f disk.Fault) kind {
	switch f {
	case disk.FullDisk:
		return noSpace
	case disk.ReadOnly:
		return noWriting
	case disk.Damaged:
		return rot
	case disk.NoFault, disk.Forgotten:
	}
	return forgotten
}

func (t *trouble) passing() bool { return t.kind < rot }
func (t *trouble) full() bool    { return t != nil && t.kind == noSpace }

// words says what is wrong and what happens next, for people.
func (t *trouble) words(record file) string {
	switch t.kind {
	case noSpace:
		return fmt.Sprintf("the disk is full, so nothing new can be kept: free some space for %s; hark goes on by itself then", record.path)
	case noWriting:
		return fmt.Sprintf("%s cannot be written: make the disk and the folder writable again; hark goes on by itself then", record.path)
	case noLock:
		return fmt.Sprintf("another program has locked %s: close it; hark goes on by itself then", record.path)
	case rot:
		return fmt.Sprintf("%s is damaged: nothing new is kept; stop hark and restore the file from a backup", record.path)
	case forgotten:
	}
	return fmt.Sprintf("the disk did not keep what was written to %s: check the disk, then restart hark; until then nothing new is kept, and what there is can be read", record.path)
}

func (t *trouble) err(record file) error {
	return &desk.Error{Code: desk.Unavailable, Msg: t.words(record), Err: t.cause}
}

// stumble lets go of the record and says why.
func (w *writer) stumble(t *trouble) {
	before := w.trouble
	w.trouble, w.tried = t, time.Now()
	w.heads.forget()
	w.j.keeper.paused.Store(true)
	w.letGo()
	if before == nil || before.kind != t.kind {
		w.j.shine(false, t.words(w.j.record))
		w.j.log.Error("journal cannot be written", causeKey, t.cause)
	}
}

func (w *writer) letGo() {
	if w.file == nil {
		return
	}
	if err := w.file.close(); err != nil {
		w.j.log.Warn("journal was not closed cleanly", causeKey, err)
	}
	w.file = nil
}

// hold opens the record for writing.
func (w *writer) hold() error {
	if w.file != nil {
		return nil
	}
	f, err := openRecordWriter(w.j.record)
	if err != nil {
		return err
	}
	w.file = f
	return nil
}

// settled finds out whether the planned events were committed after all. When
// that cannot be said, nothing more is written.
func (w *writer) settled() bool {
	ctx, cancel := context.WithTimeout(context.Background(), settleWithin)
	defer cancel()
	var found []desk.ID
	err := w.j.readers.with(ctx, func(r *reader) error {
		_, err := r.record.frames(w.last+1, func(f frame) error {
			places, err := f.places()
			for _, p := range places {
				found = append(found, p.id)
			}
			return err
		})
		return err
	})
	if err != nil || len(found) != 0 && !w.plan.holds(found) {
		w.stumble(&trouble{kind: forgotten, cause: errors.Join(err, w.trouble.cause)})
		return false
	}
	return len(found) != 0
}

// holds reports whether these are the planned events.
func (p *plan) holds(ids []desk.ID) bool {
	if len(ids) != len(p.events) {
		return false
	}
	for i, e := range p.events {
		if e.ID != ids[i] {
			return false
		}
	}
	return true
}

// recover goes on writing if the trouble has passed.
func (w *writer) recover() {
	if w.trouble == nil || !w.trouble.passing() || time.Since(w.tried) < w.j.limits.retryAtMost {
		return
	}
	w.tried = time.Now()
	if err := w.reserve.restore(); err != nil {
		return // there is no space yet, or the folder cannot be written
	}
	if err := w.hold(); err != nil {
		w.stumble(troubleOf(err))
		return
	}
	w.trouble = nil
	w.j.keeper.paused.Store(false)
	w.j.shine(true, "ok")
	w.j.log.Info("journal can be written again")
}

// writeReserved writes the requests that may use the space that is held back,
// and returns those that remain.
func (w *writer) writeReserved(batch []*request) (left []*request) {
	var reserved []*request
	for _, r := range batch {
		if r.reserved {
			reserved = append(reserved, r)
		} else {
			left = append(left, r)
		}
	}
	for len(reserved) > 0 && w.trouble.full() {
		if err := w.hold(); err == nil {
			reserved = w.write(reserved)
		} else if t := troubleOf(err); !t.full() {
			w.stumble(t)
		}
		if len(reserved) > 0 && !w.reserve.release() {
			break
		}
	}
	return append(left, reserved...)
}

// renewIndex makes a damaged index anew while nothing is written.
func (w *writer) renewIndex() {
	if time.Since(w.renewed) < w.j.limits.retryEvery {
		return
	}
	w.renewed = time.Now()
	w.j.log.Warn(indexName + " is damaged and is made anew")
	w.j.shine(false, indexName+" was damaged and is being made anew from the journal")
	w.heads.forget()
	if err := w.j.keeper.renew(); err != nil {
		w.j.log.Error(indexName+" cannot be made anew", causeKey, err)
		return
	}
	if w.trouble != nil {
		w.j.shine(false, w.trouble.words(w.j.record))
		return
	}
	w.j.shine(true, "ok")
}
