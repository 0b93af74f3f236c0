package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
	"sort"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
)

// run is a part of the identifiers in the index, sorted. Each flush writes one,
// and eight of about the same size are merged into one of the next. One large
// sorted table would have every flush touch nearly every page of it, because
// identifiers are random; runs are written once for each time they grow
// eightfold.
type run struct {
	number int64
	count  int
	filter filter
}

// How runs grow: by eights, up to those with 262,144 identifiers and more.
const (
	runsMerged = 8
	runLevels  = 6
)

// level says how large a run is, in powers of eight.
func (r run) level() int { return (bits.Len(uint(r.count)) - 1) / 3 }

// found is where an event with an identifier is.
type found struct {
	id  desk.ID
	seq uint64
}

// A row of a run has this many identifiers at most, each with its sequence
// number, and is keyed by the first.
const (
	foundSize = 16 + 8
	runRow    = 128
)

func (t *tail) found() []found {
	all := make([]found, 0, len(t.ids))
	for id, seq := range t.ids {
		all = append(all, found{id, seq})
	}
	return all
}

func sortFound(all []found) {
	slices.SortFunc(all, func(a, b found) int { return bytes.Compare(a.id[:], b.id[:]) })
}

func appendFound(b []byte, f found) []byte {
	return binary.BigEndian.AppendUint64(append(b, f.id[:]...), f.seq)
}

// parseFound decodes the entry at index i of a row.
func parseFound(row []byte, i int) (f found) {
	b := row[i*foundSize:]
	copy(f.id[:], b)
	f.seq = binary.BigEndian.Uint64(b[16:])
	return f
}

// lookIn looks an identifier up in a row; 0 means that it is not there.
func lookIn(row []byte, id desk.ID) (seq uint64, err error) {
	n := len(row) / foundSize
	if len(row)%foundSize != 0 {
		return 0, errIndex
	}
	i := sort.Search(n, func(i int) bool {
		return bytes.Compare(row[i*foundSize:i*foundSize+16], id[:]) >= 0
	})
	if i == n {
		return 0, nil
	}
	if f := parseFound(row, i); f.id == id {
		return f.seq, nil
	}
	return 0, nil
}

// runWriter writes runs, in the transaction of an indexWriter.
type runWriter struct {
	add, put, get, drop, dropRows *sqlite3.Stmt
}

func openRunWriter(c *sqlite3.Conn) (*runWriter, error) {
	w := &runWriter{}
	return w, prepareAll(c, []query{
		{&w.add, `INSERT INTO runs VALUES (?, ?, ?)`},
		{&w.put, `INSERT INTO ids VALUES (?, ?, ?)`},
		{&w.get, `SELECT entries FROM ids WHERE run = ? ORDER BY id`},
		{&w.drop, `DELETE FROM runs WHERE run = ?`},
		{&w.dropRows, `DELETE FROM ids WHERE run = ?`},
	})
}

// grow adds a run to others and merges where there are enough of one size. It
// returns the runs that there are then.
func (w *runWriter) grow(runs []run, all []found) ([]run, error) {
	runs, err := w.write(slices.Clone(runs), all)
	for level := 0; level < runLevels && err == nil; level++ {
		var alike, rest []run
		for _, r := range runs {
			if r.level() == level {
				alike = append(alike, r)
			} else {
				rest = append(rest, r)
			}
		}
		if len(alike) >= runsMerged {
			runs, err = w.merge(alike, rest)
		}
	}
	return runs, err
}

// merge replaces the runs that are alike by one.
func (w *runWriter) merge(alike, rest []run) ([]run, error) {
	var all []found
	var err error
	for _, r := range alike {
		if all, err = w.read(r, all); err != nil {
			return nil, err
		}
		if err := errors.Join(execute(w.drop, r.number), execute(w.dropRows, r.number)); err != nil {
			return nil, err
		}
	}
	return w.write(rest, all)
}

// read appends what is in a run.
func (w *runWriter) read(r run, all []found) ([]found, error) {
	if err := w.get.BindInt64(1, r.number); err != nil {
		return nil, err
	}
	before := len(all)
	for w.get.Step() {
		row := w.get.ColumnRawBlob(0)
		for i := range len(row) / foundSize {
			all = append(all, parseFound(row, i))
		}
	}
	err := errors.Join(w.get.Err(), w.get.Reset())
	if err == nil && len(all)-before != r.count {
		err = errIndex
	}
	return all, err
}

// write writes a new run and adds it to the others.
func (w *runWriter) write(runs []run, all []found) ([]run, error) {
	sortFound(all)
	r := run{number: 1, count: len(all), filter: newFilter(len(all))}
	for _, other := range runs {
		r.number = max(r.number, other.number+1)
	}
	var row []byte
	for part := range slices.Chunk(all, runRow) {
		row = row[:0]
		for _, f := range part {
			r.filter.add(f.id)
			row = appendFound(row, f)
		}
		if err := execute(w.put, r.number, part[0].id[:], row); err != nil {
			return nil, err
		}
	}
	return append(runs, r), execute(w.add, r.number, uint64(r.count), []byte(r.filter))
}

// readRuns reads which runs there are.
func readRuns(c *sqlite3.Conn) ([]run, error) {
	st, _, err := c.Prepare(`SELECT run, count, filter FROM runs ORDER BY run`)
	if err != nil {
		return nil, err
	}
	var runs []run
	for st.Step() {
		r := run{number: st.ColumnInt64(0), count: st.ColumnInt(1), filter: st.ColumnBlob(2, nil)}
		if r.count < 1 || len(r.filter) != filterSize(r.count) {
			err = errIndex
		}
		runs = append(runs, r)
	}
	return runs, errors.Join(err, st.Err(), st.Close())
}
