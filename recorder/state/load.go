package state

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"hark/desk"
)

// chunk is how many rows are opened at a time by one worker.
const chunk = 512

// load reads the mark and all rows and opens them, on all processors: this is
// most of a start.
func (s *store) load() ([]desk.Row, error) {
	if err := s.readMark(); err != nil {
		return nil, err
	}
	work := make(chan *part, 4)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for p := range work {
				p.open(s.sealer)
			}
		})
	}
	parts, err := s.scan(work)
	close(work)
	workers.Wait()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", File, err)
	}
	return join(parts, s.mark)
}

// join puts the parts together and checks that nothing is missing or too much.
func join(parts []*part, m mark) ([]desk.Row, error) {
	var rows []desk.Row
	var sum [32]byte
	for _, p := range parts {
		if p.err != nil {
			return nil, p.err
		}
		rows = append(rows, p.rows...)
		subtle.XORBytes(sum[:], sum[:], p.sum[:])
	}
	if uint64(len(rows)) != m.count || sum != m.sum {
		return nil, fmt.Errorf("%w: the rows do not add up", errDamaged)
	}
	return rows, nil
}

// scan reads all sealed rows and hands them out to be opened.
func (s *store) scan(work chan<- *part) (parts []*part, err error) {
	st, _, err := s.db.Prepare(`SELECT key, value FROM row`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	p := &part{}
	for st.Step() {
		p.add(st.ColumnRawBlob(0), st.ColumnRawBlob(1))
		if len(p.rows) == chunk {
			work <- p
			parts, p = append(parts, p), &part{}
		}
	}
	work <- p
	return append(parts, p), st.Err()
}

// readMark reads the mark into s.
func (s *store) readMark() (err error) {
	st, _, err := s.db.Prepare(`SELECT version, value FROM mark`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if !st.Step() {
		return errors.Join(st.Err(), s.unmarked())
	}
	if version := st.ColumnInt64(0); version != int64(s.version) {
		return fmt.Errorf("%w: rows of version %d, where %d is needed", errVersion, version, s.version)
	}
	raw, err := s.aead.Open(nil, nil, st.ColumnRawBlob(1), s.about(nil, nil))
	if err != nil {
		return errDamaged
	}
	s.mark, err = parseMark(raw)
	return err
}

// unmarked says why there is no mark: nothing was stored yet, or it is lost.
func (s *store) unmarked() (err error) {
	st, _, err := s.db.Prepare(`SELECT 1 FROM row LIMIT 1`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if st.Step() {
		return errDamaged
	}
	return errors.Join(st.Err(), errEmpty)
}

// part is a run of rows that one worker opens.
type part struct {
	rows   []desk.Row
	sealed []byte // all values, one behind the other
	ends   []int  // of the values in sealed
	sum    [32]byte
	err    error
}

// add copies a row out of SQLite's memory.
func (p *part) add(key, sealed []byte) {
	var r desk.Row
	if len(key) != len(r.Key) || len(sealed) < nonceSize {
		p.err = errDamaged
		return
	}
	if p.rows == nil {
		p.rows, p.ends = make([]desk.Row, 0, chunk), make([]int, 0, chunk)
		p.sealed = make([]byte, 0, chunk*512)
	}
	copy(r.Key[:], key)
	p.rows = append(p.rows, r)
	p.sealed = append(p.sealed, sealed...)
	p.ends = append(p.ends, len(p.sealed))
}

// open opens the rows and adds them up.
func (p *part) open(s *sealer) {
	t := s.tally()
	plain := make([]byte, 0, len(p.sealed))
	about := make([]byte, 0, 40)
	start := 0
	for i := range p.rows {
		r, sealed := &p.rows[i], p.sealed[start:p.ends[i]]
		start = p.ends[i]
		about = s.about(about, r.Key[:])
		begin := len(plain)
		var err error
		if plain, err = s.aead.Open(plain, nil, sealed, about); err != nil {
			p.err = errDamaged
			return
		}
		r.Value = plain[begin:len(plain):len(plain)]
		t.add(&p.sum, r.Key[:], sealed)
	}
}
