package desk

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"sync"
)

// The kinds of row that a State gives out for storage.
const (
	rowInfo         = 'd'
	rowConversation = 'c'
	rowContact      = 'p'
	rowAccount      = 'a'
)

type rowKey struct {
	kind byte
	id   ID
}

// Row is a piece of state for storage: Key is 17 bytes and says which one,
// Value is its content, readable by the same StateVersion.
type Row struct {
	Key   [17]byte
	Value []byte
}

// storable is what a row is made of and becomes again.
type storable interface {
	encodeRow() []byte
	decodeRow(*rowReader)
}

// TakeDirty returns the rows that changed since the last call and the sequence
// number they stand for. Storing them together keeps the store whole.
func (s *State) TakeDirty() ([]Row, uint64) {
	s.mu.Lock()
	keys := s.dirty
	s.dirty = map[rowKey]struct{}{}
	values := make(map[rowKey]storable, len(keys))
	for k := range keys {
		values[k] = s.row(k)
	}
	seq := s.seq
	s.mu.Unlock()
	return encodeRows(values), seq
}

// Rows returns every row, sorted by key, and the sequence number they stand
// for: the whole state, to store it anew or to compare it with another.
func (s *State) Rows() ([]Row, uint64) {
	s.mu.RLock()
	values := make(map[rowKey]storable, 1+len(s.conversations)+len(s.contacts)+len(s.accounts))
	if !s.info.ID.IsZero() {
		values[rowKey{kind: rowInfo}] = s.row(rowKey{kind: rowInfo})
	}
	for id, c := range s.conversations {
		values[rowKey{rowConversation, id}] = c
	}
	for id, c := range s.contacts {
		values[rowKey{rowContact, id}] = c
	}
	for id, a := range s.accounts {
		values[rowKey{rowAccount, id}] = a
	}
	seq := s.seq
	s.mu.RUnlock()

	rows := encodeRows(values)
	slices.SortFunc(rows, func(a, b Row) int { return bytes.Compare(a.Key[:], b.Key[:]) })
	return rows, seq
}

// encodeRows encodes rows, which are immutable, without the lock.
func encodeRows(values map[rowKey]storable) []Row {
	rows := make([]Row, 0, len(values))
	for k, v := range values {
		r := Row{Value: v.encodeRow()}
		r.Key[0] = k.kind
		copy(r.Key[1:], k.id[:])
		rows = append(rows, r)
	}
	return rows
}

// MarkDirty gives rows back that could not be stored; the next TakeDirty
// returns them again, as they are then.
func (s *State) MarkDirty(rows []Row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range rows {
		k := rowKey{kind: r.Key[0]}
		copy(k.id[:], r.Key[1:])
		s.dirty[k] = struct{}{}
	}
}

// row returns what is behind a key. The caller holds mu.
func (s *State) row(k rowKey) storable {
	switch k.kind {
	case rowConversation:
		return s.conversations[k.id]
	case rowContact:
		return s.contacts[k.id]
	case rowAccount:
		return s.accounts[k.id]
	}
	info := s.info
	return &info
}

// Restore fills an empty state from stored rows that stand for seq, on all
// processors. After an error the state must not be used.
func (s *State) Restore(rows []Row, seq uint64) error {
	values := make([]storable, len(rows))
	errs := make([]error, runtime.GOMAXPROCS(0))
	var workers sync.WaitGroup
	for w := range errs {
		workers.Go(func() {
			for i := w; i < len(rows) && errs[w] == nil; i += len(errs) {
				values[i], errs[w] = decodeRow(rows[i])
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("decode state row: %w", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range values {
		s.restore(v)
	}
	s.seq = seq
	return nil
}

// decodeRow reads one row and checks that it is what its key says.
func decodeRow(row Row) (storable, error) {
	var v storable
	var id *ID
	switch row.Key[0] {
	case rowConversation:
		c := &Conversation{}
		v, id = c, &c.ID
	case rowContact:
		c := &Contact{}
		v, id = c, &c.ID
	case rowAccount:
		a := &Account{}
		v, id = a, &a.ID
	case rowInfo:
		v, id = &Info{}, &ID{}
	default:
		return nil, fmt.Errorf("unknown kind %q", row.Key[0])
	}
	r := &rowReader{rest: string(row.Value)}
	v.decodeRow(r)
	if err := r.end(); err != nil {
		return nil, err
	}
	if !bytes.Equal(id[:], row.Key[1:]) {
		return nil, errRow
	}
	return v, nil
}

// restore takes a row in. The caller holds mu.
func (s *State) restore(v storable) {
	switch v := v.(type) {
	case *Conversation:
		s.put(nil, v)
	case *Contact:
		s.contacts[v.ID] = v
		s.identify(v)
	case *Account:
		s.accounts[v.ID] = v
	case *Info:
		s.info = *v
	}
}
