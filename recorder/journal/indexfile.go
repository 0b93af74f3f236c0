package journal

import (
	"bytes"
	"errors"
	"slices"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
)

// indexSchema finds events. Identifiers are in runs. A row of streams tells of
// the events of a stream from number n on: their sequence numbers, the first
// one and then the distances, as unsigned varints. The mark says up to where
// which record is indexed; it moves in the same commit as the rows.
const indexSchema = `
CREATE TABLE runs (run INTEGER PRIMARY KEY, count INTEGER NOT NULL, filter BLOB NOT NULL) STRICT;
CREATE TABLE ids (run INTEGER NOT NULL, id BLOB NOT NULL, entries BLOB NOT NULL, PRIMARY KEY (run, id)) STRICT, WITHOUT ROWID;
CREATE TABLE streams (stream BLOB NOT NULL, n INTEGER NOT NULL, seqs BLOB NOT NULL, PRIMARY KEY (stream, n)) STRICT, WITHOUT ROWID;
CREATE TABLE mark (record BLOB NOT NULL, seq INTEGER NOT NULL) STRICT;
INSERT INTO mark VALUES (x'', 0);
`

// indexApplication marks the file ("hrki" in ASCII).
const (
	indexApplication = 0x68726b69
	indexFormat      = 1
)

// errIndex says that the index contradicts itself or the record.
var errIndex = errors.New("index is damaged")

// indexWriter writes the index file. One goroutine uses it.
type indexWriter struct {
	c            *sqlite3.Conn
	runs         *runWriter
	stream, mark *sqlite3.Stmt
}

func openIndexWriter(f file) (*indexWriter, error) {
	c, err := f.open()
	if err != nil {
		return nil, err
	}
	w := &indexWriter{c: c}
	err = prepareAll(c, []query{
		{&w.stream, `INSERT INTO streams VALUES (?, ?, ?)`},
		{&w.mark, `UPDATE mark SET record = ?, seq = ?`},
	})
	if err == nil {
		w.runs, err = openRunWriter(c)
	}
	if err != nil {
		return nil, errors.Join(err, closeAll(c))
	}
	return w, nil
}

func (w *indexWriter) close() error { return closeAll(w.c) }

// marked returns which record is indexed and up to where.
func (w *indexWriter) marked() (record []byte, seq uint64, err error) {
	st, _, err := w.c.Prepare(`SELECT record, seq FROM mark`)
	if err != nil {
		return nil, 0, err
	}
	if !st.Step() {
		return nil, 0, errors.Join(errIndex, st.Err(), st.Close())
	}
	record, seq = st.ColumnBlob(0, nil), uint64(st.ColumnInt64(1))
	return record, seq, st.Close()
}

// write adds what the tail holds, all or nothing, and returns the runs that
// there are then.
func (w *indexWriter) write(record desk.ID, t *tail, runs []run) (after []run, err error) {
	if err := w.c.Exec(`BEGIN IMMEDIATE`); err != nil {
		return nil, err
	}
	after, err = w.runs.grow(runs, t.found())
	if err == nil {
		err = w.streams(t)
	}
	if err == nil {
		err = execute(w.mark, record[:], t.last)
	}
	if err == nil {
		err = w.c.Exec(`COMMIT`)
	}
	if err != nil && !w.c.GetAutocommit() {
		err = errors.Join(err, w.c.Exec(`ROLLBACK`))
	}
	return after, err
}

func (w *indexWriter) streams(t *tail) error {
	var buf []byte
	for _, stream := range t.sortedStreams() {
		s := *t.streams[stream]
		for part := range slices.Chunk(s.seqs, stretchLimit) {
			buf = appendSeqs(buf[:0], part)
			if err := execute(w.stream, stream[:], s.n, buf); err != nil {
				return err
			}
			s.n += uint64(len(part))
		}
	}
	return nil
}

// execute runs a statement with blobs and numbers as parameters.
func execute(st *sqlite3.Stmt, params ...any) error {
	for i, p := range params {
		var err error
		switch v := p.(type) {
		case []byte:
			err = st.BindBlob(i+1, v)
		case uint64:
			err = st.BindInt64(i+1, int64(v))
		case int64:
			err = st.BindInt64(i+1, v)
		}
		if err != nil {
			return err
		}
	}
	return st.Exec()
}

// indexReader looks things up in the index file. One goroutine at a time uses
// it.
type indexReader struct {
	c              *sqlite3.Conn
	id, head, seqs *sqlite3.Stmt
}

func openIndexReader(f file) (*indexReader, error) {
	c, err := f.read()
	if err != nil {
		return nil, err
	}
	r := &indexReader{c: c}
	err = prepareAll(c, []query{
		{&r.id, `SELECT entries FROM ids WHERE run = ? AND id <= ? ORDER BY id DESC LIMIT 1`},
		{&r.head, `SELECT n, seqs FROM streams WHERE stream = ? ORDER BY n DESC LIMIT 1`},
		{&r.seqs, `SELECT n, seqs FROM streams WHERE stream = ?1 AND n >= coalesce((SELECT max(n) FROM streams WHERE stream = ?1 AND n <= ?2), 0) ORDER BY n`},
	})
	if err != nil {
		return nil, errors.Join(err, closeAll(c))
	}
	return r, nil
}

func (r *indexReader) close() error { return closeAll(r.c) }

// seqOf returns the sequence number of an event, 0 when it is in none of the
// runs.
func (r *indexReader) seqOf(runs []run, id desk.ID) (uint64, error) {
	for _, run := range runs {
		if !run.filter.has(id) {
			continue
		}
		if seq, err := r.inRun(run.number, id); err != nil || seq != 0 {
			return seq, err
		}
	}
	return 0, nil
}

func (r *indexReader) inRun(number int64, id desk.ID) (seq uint64, err error) {
	if err := errors.Join(r.id.BindInt64(1, number), r.id.BindBlob(2, id[:])); err != nil {
		return 0, err
	}
	if r.id.Step() {
		seq, err = lookIn(r.id.ColumnRawBlob(0), id)
	}
	return seq, errors.Join(err, r.id.Err(), r.id.Reset())
}

// headOf returns how many events of a stream are indexed.
func (r *indexReader) headOf(stream desk.ID) (n uint64, err error) {
	if err := r.head.BindBlob(1, stream[:]); err != nil {
		return 0, err
	}
	if r.head.Step() {
		s, ok := rowStretch(r.head)
		if !ok {
			return 0, errors.Join(errIndex, r.head.Reset())
		}
		n = s.head()
	}
	return n, errors.Join(r.head.Err(), r.head.Reset())
}

func rowStretch(st *sqlite3.Stmt) (stretch, bool) {
	seqs, ok := parseSeqs(st.ColumnRawBlob(1))
	return stretch{n: uint64(st.ColumnInt64(0)), seqs: seqs}, ok
}

// from returns up to limit sequence numbers of a stream, from number n on, as
// far as they are indexed.
func (r *indexReader) from(stream desk.ID, n uint64, limit int) ([]uint64, error) {
	err := errors.Join(r.seqs.BindBlob(1, stream[:]), r.seqs.BindInt64(2, int64(n)))
	if err != nil {
		return nil, err
	}
	var seqs []uint64
	for len(seqs) < limit && r.seqs.Step() {
		s, ok := rowStretch(r.seqs)
		if !ok {
			return nil, errors.Join(errIndex, r.seqs.Reset())
		}
		seqs = s.from(n+uint64(len(seqs)), limit-len(seqs), seqs)
	}
	return seqs, errors.Join(r.seqs.Err(), r.seqs.Reset())
}

// sameRecord reports whether the index's mark names the record.
func sameRecord(marked []byte, record desk.ID) bool { return bytes.Equal(marked, record[:]) }
