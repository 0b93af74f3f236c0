package journal

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
)

// recordSchema is the record: one row a frame, its key the sequence number of
// the frame's first event. The identity tells an index whose it is.
const recordSchema = `
CREATE TABLE frames (seq INTEGER PRIMARY KEY, frame BLOB NOT NULL) STRICT;
CREATE TABLE identity (record BLOB NOT NULL) STRICT;
INSERT INTO identity VALUES (randomblob(16));
`

// recordApplication marks the file ("hark" in ASCII).
const (
	recordApplication = 0x6861726b
	recordFormat      = 1
)

// recordWriter writes the record. The writer goroutine uses it.
type recordWriter struct {
	c             *sqlite3.Conn
	insert        *sqlite3.Stmt
	begin, commit *sqlite3.Stmt
	pages         int // in the write-ahead log, after the last commit
}

func openRecordWriter(f file) (*recordWriter, error) {
	c, err := f.open()
	if err != nil {
		return nil, err
	}
	w := &recordWriter{c: c}
	// The write-ahead log is moved into the file by the keeper, off the path
	// of appends.
	c.WALHook(func(_ *sqlite3.Conn, _ string, pages int) error {
		w.pages = pages
		return nil
	})
	err = prepareAll(c, []query{
		{&w.insert, `INSERT INTO frames VALUES (?, ?)`},
		{&w.begin, `BEGIN IMMEDIATE`},
		{&w.commit, `COMMIT`},
	})
	if err != nil {
		return nil, errors.Join(err, closeAll(c))
	}
	return w, nil
}

func (w *recordWriter) close() error { return closeAll(w.c) }

// identity returns the random name of the record.
func (w *recordWriter) identity() (id desk.ID, err error) {
	st, _, err := w.c.Prepare(`SELECT record FROM identity`)
	if err != nil {
		return id, err
	}
	if st.Step() && copy(id[:], st.ColumnRawBlob(0)) == len(id) {
		return id, st.Close()
	}
	return id, errors.Join(errForeign, st.Err(), st.Close())
}

// store commits frames, all or none. A single one needs no transaction around
// it.
func (w *recordWriter) store(frames []row) error {
	if len(frames) == 1 {
		return w.put(frames[0])
	}
	err := w.begin.Exec()
	for _, f := range frames {
		if err == nil {
			err = w.put(f)
		}
	}
	if err == nil {
		err = w.commit.Exec()
	}
	if err != nil && !w.c.GetAutocommit() {
		err = errors.Join(err, w.c.Exec(`ROLLBACK`))
	}
	return err
}

// row is one row of the record.
type row struct {
	first uint64
	frame []byte
}

func (w *recordWriter) put(r row) error {
	if err := w.insert.BindInt64(1, int64(r.first)); err != nil {
		return err
	}
	if err := w.insert.BindBlob(2, r.frame); err != nil {
		return err
	}
	return w.insert.Exec()
}

// recordReader reads the record. One goroutine at a time uses it.
type recordReader struct {
	c        *sqlite3.Conn
	at, scan *sqlite3.Stmt
	last     *sqlite3.Stmt
}

func openRecordReader(f file) (*recordReader, error) {
	c, err := f.read()
	if err != nil {
		return nil, err
	}
	r := &recordReader{c: c}
	err = prepareAll(c, []query{
		{&r.at, `SELECT seq, frame FROM frames WHERE seq <= ? ORDER BY seq DESC LIMIT 1`},
		{&r.scan, `SELECT seq, frame FROM frames WHERE seq >= coalesce((SELECT max(seq) FROM frames WHERE seq <= ?1), 0) ORDER BY seq`},
		{&r.last, `SELECT seq, frame FROM frames ORDER BY seq DESC LIMIT 1`},
	})
	if err != nil {
		return nil, errors.Join(err, closeAll(c))
	}
	return r, nil
}

func (r *recordReader) close() error { return closeAll(r.c) }

// frameAt calls fn with the frame that the event with the sequence number is
// in. The frame is gone when fn returns.
func (r *recordReader) frameAt(seq uint64, fn func(frame) error) error {
	if err := r.at.BindInt64(1, int64(seq)); err != nil {
		return err
	}
	err := r.theFrame(seq, fn)
	return errors.Join(err, r.at.Reset())
}

func (r *recordReader) theFrame(seq uint64, fn func(frame) error) error {
	if !r.at.Step() {
		if err := r.at.Err(); err != nil {
			return readError(seq, err)
		}
		return damage(seq, desk.ID{}, errMissing)
	}
	f, err := rowFrame(r.at)
	if err != nil {
		return err
	}
	if seq > f.last() {
		return damage(seq, desk.ID{}, errMissing)
	}
	return fn(f)
}

var (
	errMissing = errors.New("it is missing")
	errMoved   = errors.New("its frame is in another's place")
)

// rowFrame decodes the frame of a row. It refers to SQLite's memory.
func rowFrame(st *sqlite3.Stmt) (frame, error) {
	seq := uint64(st.ColumnInt64(0))
	b := st.ColumnRawBlob(1)
	if err := st.Err(); err != nil {
		return frame{}, readError(seq, err)
	}
	f, err := parseFrame(b)
	if err == nil && f.first != seq {
		err = errMoved
	}
	if err != nil {
		return f, damage(seq, desk.ID{}, err)
	}
	return f, nil
}

// errStop ends a scan early.
var errStop = errors.New("enough")

// frames calls fn with every frame in order, from the one that the event with
// sequence number from is in, until fn returns errStop or another error. A
// frame that is missing is an error. It returns the sequence number of the
// last event that it saw.
func (r *recordReader) frames(from uint64, fn func(frame) error) (last uint64, err error) {
	if err := r.scan.BindInt64(1, int64(from)); err != nil {
		return 0, err
	}
	last, err = r.eachFrame(from, fn)
	if errors.Is(err, errStop) {
		err = nil
	}
	return last, errors.Join(err, r.scan.Reset())
}

func (r *recordReader) eachFrame(from uint64, fn func(frame) error) (last uint64, err error) {
	last = from - 1
	for r.scan.Step() {
		f, err := rowFrame(r.scan)
		if err != nil {
			return last, err
		}
		if f.last() < from {
			continue // only the frame before a gap, or before the end
		}
		if f.first > last+1 || f.first <= last && last >= from {
			return last, damage(last+1, desk.ID{}, errMissing)
		}
		last = f.last()
		if err := fn(f); err != nil {
			return last, err
		}
	}
	if err := r.scan.Err(); err != nil {
		return last, readError(last+1, err)
	}
	return last, nil
}

// head returns the last event's sequence number and time; 0 in an empty record.
func (r *recordReader) head() (seq uint64, h desk.Header, err error) {
	if r.last.Step() {
		seq, h, err = lastEvent(r.last)
	} else if err = r.last.Err(); err != nil {
		err = readError(1, err)
	}
	return seq, h, errors.Join(err, r.last.Reset())
}

func lastEvent(st *sqlite3.Stmt) (seq uint64, h desk.Header, err error) {
	f, err := rowFrame(st)
	if err != nil {
		return 0, h, err
	}
	if h, _, err = f.event(f.count - 1); err != nil {
		err = damage(f.last(), h.ID, err)
	}
	return f.last(), h, err
}

// places returns where the events of a frame are.
func (f frame) places() ([]place, error) {
	all := make([]place, f.count)
	for i := range all {
		h, _, err := f.event(i)
		if err != nil {
			return nil, damage(f.first+uint64(i), h.ID, err)
		}
		all[i] = place{id: h.ID, stream: h.Stream, n: h.N, seq: f.first + uint64(i)}
	}
	return all, nil
}

// openError says what is wrong with a file that cannot be opened.
func openError(f file, err error) error {
	name := f.name()
	var known *desk.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, errNewer):
		return &desk.Error{Code: desk.Unavailable, Msg: fmt.Sprintf("%s was written by a newer hark; start that one", name), Err: err}
	case rotten(err), errors.Is(err, errForeign):
		return &desk.Error{Code: desk.Unavailable, Msg: fmt.Sprintf("%s is damaged or not hark's; nothing was changed: restore it and %s-wal from a backup", name, name), Err: err}
	}
	if t := troubleOf(err); t.passing() {
		return t.err(f)
	}
	return fmt.Errorf("open %s: %w", name, err)
}
