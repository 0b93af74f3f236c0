package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"hark/desk"
	"hark/recorder/disk"
)

// Open opens the journal in the folder, making it when there is none. A file
// that is damaged, cut or not hark's is refused with what to do, and nothing is
// written; a damaged index is made anew.
func Open(ctx context.Context, o Options) (*Journal, error) {
	if o.Sync == "" {
		o.Sync = disk.Full
	}
	name, err := registerLayer(o.VFS)
	if err != nil {
		return nil, err
	}
	o.VFS = name
	if o.limits == (limits{}) {
		o.limits = usual()
	}
	j := &Journal{limits: o.limits, keys: o.Keys, log: o.Log, lamp: o.Lamp, queue: newQueue()}
	if j.log == nil {
		j.log = slog.New(slog.DiscardHandler)
	}
	j.record = file{
		path: filepath.Join(o.Dir, recordName), vfs: o.VFS, sync: o.Sync,
		application: recordApplication, format: recordFormat, schema: recordSchema,
	}
	s := starter{j: j, o: o}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.abandon())
	}
	return j, nil
}

// starter opens a journal step by step.
type starter struct {
	j *Journal
	o Options
	w *writer
}

func (s *starter) start(ctx context.Context) error {
	s.w = &writer{j: s.j, now: time.Now, ended: make(chan struct{})}
	s.w.reserve = reserve{filepath.Join(s.o.Dir, reserveName), s.o.limits.reserve, s.o.limits.reserveStep}
	s.j.writer = s.w
	if err := s.inspect(); err != nil {
		return err
	}
	if err := s.openRecord(); err != nil {
		return openError(s.j.record, err)
	}
	if err := s.openIndex(ctx); err != nil {
		return err
	}
	// What a write-ahead log holds after a crash was perhaps never synced: it
	// is moved, with a sync, before anyone relies on it.
	if err := finish(s.w.file.c); err != nil && !troubleOf(err).passing() {
		return openError(s.j.record, err)
	}
	if err := s.j.record.whole(); err != nil {
		return err
	}
	s.j.close = s.close
	s.begin()
	return nil
}

// inspect looks at the files before SQLite does, which would take some kinds
// of damage for the end of the file.
func (s *starter) inspect() error {
	if err := checkLog(s.j.record.path + "-wal"); err != nil {
		return err
	}
	if size(s.j.record.path) == 0 && size(s.j.record.path+"-wal") == 0 {
		return s.inspectIndex()
	}
	return s.j.record.whole()
}

// inspectIndex refuses to begin a new record beside an index that tells of an
// old one.
func (s *starter) inspectIndex() error {
	f := s.indexFile()
	if size(f.path) == 0 {
		return nil
	}
	c, err := f.read()
	if err != nil {
		return openError(f, err)
	}
	had, err := number(c, `SELECT seq FROM mark`)
	if err = errors.Join(err, c.Close()); err == nil && had == 0 {
		return nil
	}
	if err != nil {
		s.j.log.Warn(indexName+" cannot be read", causeKey, err)
	}
	return errCut(0, uint64(had))
}

func (s *starter) indexFile() file {
	return file{
		path: filepath.Join(s.o.Dir, indexName), vfs: s.j.record.vfs, sync: disk.Normal,
		application: indexApplication, format: indexFormat, schema: indexSchema,
	}
}

// openRecord holds the record and reads where it ends.
func (s *starter) openRecord() error {
	err := s.w.hold()
	if err != nil && troubleOf(err).full() {
		for s.w.reserve.release() { // to be able to say so at all
		}
		err = s.w.hold()
	}
	if err != nil {
		return err
	}
	id, err := s.w.file.identity()
	if err != nil {
		return err
	}
	s.j.index = newIndex(s.indexFile(), id)
	s.j.readers = newPool(s.j.record, s.j.index)
	s.j.keeper = newKeeper(s.j)
	if s.j.keeper.record, err = s.j.record.open(); err != nil {
		return err
	}
	return s.readEnd()
}

// readEnd reads the number and time of the newest event.
func (s *starter) readEnd() error {
	return s.j.readers.with(context.Background(), func(r *reader) error {
		seq, h, err := r.record.head()
		s.w.last, s.w.lastAt = seq, h.At
		s.j.head.Store(seq)
		return err
	})
}

// openIndex opens the index and tells it what it does not know yet. An index
// that is damaged or another journal's is made anew.
func (s *starter) openIndex(ctx context.Context) error {
	x, k := s.j.index, s.j.keeper
	w, err := openIndexWriter(x.file)
	if err != nil && !remade(err) {
		return openError(x.file, err)
	}
	if err != nil {
		return s.renewIndex(err)
	}
	k.index = w
	record, seq, err := w.marked()
	switch {
	case err != nil:
		return s.renewIndex(err)
	case len(record) == 0:
		seq = 0
	case !sameRecord(record, x.record):
		return s.renewIndex(errForeign)
	case seq > s.j.Head():
		return errCut(s.j.Head(), seq)
	}
	if err := x.load(w); err != nil {
		return s.renewIndex(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return k.catchUp(seq)
}

func (s *starter) renewIndex(cause error) error {
	s.j.log.Warn(indexName+" is made anew", causeKey, cause)
	s.j.shine(false, indexName+" is being made anew from the journal")
	return s.j.keeper.renew()
}

// remade reports whether a file that cannot be opened for this reason is made
// anew.
func remade(err error) bool {
	return rotten(err) || errors.Is(err, errForeign) || errors.Is(err, errNewer)
}

// errCut says that the index knows of events that the record does not have.
func errCut(has, had uint64) error {
	if has == 0 {
		return &desk.Error{
			Code: desk.Unavailable,
			Msg: fmt.Sprintf("%s is missing or empty, but %s tells of events in it; nothing was changed: put %s and %s-wal back, or, to begin an empty journal, remove %s",
				recordName, indexName, recordName, recordName, indexName),
		}
	}
	return &desk.Error{
		Code: desk.Unavailable,
		Msg: fmt.Sprintf("%s ends at event %d, but there were %d: it was cut, or an older copy was put in its place; nothing was changed: put the newest %s and %s-wal back, or, to go on without the missing events, remove %s",
			recordName, has, had, recordName, recordName, indexName),
	}
}

// begin sets the goroutines going.
func (s *starter) begin() {
	if err := s.w.reserve.make(); err != nil {
		s.w.stumble(troubleOf(err))
	} else {
		s.j.shine(true, "ok")
	}
	go s.w.run()
	s.j.keeper.goes(s.j.keeper.run)
}

// close ends the journal in order: first nobody may add, then nobody reads.
func (s *starter) close() error {
	if !s.j.queue.close() {
		return nil
	}
	<-s.w.ended
	s.j.keeper.end()
	err := errors.Join(s.w.eyes.close(), s.j.readers.close(), s.j.keeper.close())
	if s.w.file == nil {
		return err
	}
	if s.w.trouble == nil {
		err = errors.Join(err, finish(s.w.file.c), tidy(s.w.file.c))
	}
	return errors.Join(err, s.w.file.close())
}

// abandon closes what was opened by a start that failed.
func (s *starter) abandon() error {
	var err error
	if s.j.keeper != nil {
		s.j.keeper.paused.Store(true)
		err = errors.Join(s.j.readers.close(), s.j.keeper.close())
	}
	if s.w.file != nil {
		err = errors.Join(err, s.w.file.close())
	}
	return err
}
