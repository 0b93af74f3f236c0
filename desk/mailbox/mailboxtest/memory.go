package mailboxtest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// Memory is a mailbox.Store that forgets everything with the process.
type Memory struct {
	mu       sync.Mutex
	serial   int64
	rows     map[desk.ID]*row
	places   map[mailbox.Place]desk.ID
	cursors  map[box]mailbox.Cursor
	attempts map[attempt]int
	refs     map[string][]mailbox.Reference
	buried   map[[32]byte]bool
	letters  []*mailbox.Letter
	ticks    map[string][]time.Time
}

var _ mailbox.Store = (*Memory)(nil)

// row is everything that is known of a mail.
type row struct {
	mailbox.Row
	serial    int64 // the order in which rows were made
	threaded  int64 // the order in which they were threaded
	identity  [32]byte
	messageID string
	bytes     []byte // nil: none are kept
	problem   mailbox.Problem
}

type box struct{ account, name string }

type attempt struct {
	mailbox.Place
	stage string
}

// New returns an empty store.
func New() *Memory {
	return &Memory{
		rows: map[desk.ID]*row{}, places: map[mailbox.Place]desk.ID{}, cursors: map[box]mailbox.Cursor{},
		attempts: map[attempt]int{}, refs: map[string][]mailbox.Reference{}, buried: map[[32]byte]bool{},
		ticks: map[string][]time.Time{},
	}
}

// in locks the store for fn unless ctx has ended.
func (m *Memory) in(ctx context.Context, fn func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return fn()
}

// next numbers what is made.
func (m *Memory) next() int64 {
	m.serial++
	return m.serial
}

func (m *Memory) at(p mailbox.Place) *row { return m.rows[m.places[p]] }

// make makes a row. When a mail that was first seen here lies elsewhere now,
// its identifier is taken, and the row gets one of its own.
func (m *Memory) make(p mailbox.Place, id desk.ID) *row {
	for m.rows[id] != nil {
		id = desk.DeriveID([]byte("mail again"), id[:])
	}
	r := &row{Row: mailbox.Row{Place: p, ID: id}, serial: m.next()}
	m.rows[id], m.places[p] = r, id
	return r
}

// forget forgets the failed attempts at a place.
func (m *Memory) forget(p mailbox.Place) {
	for a := range m.attempts {
		if a.Place == p {
			delete(m.attempts, a)
		}
	}
}

var errNoMail = desk.Errorf(desk.NotFound, "there is no such mail")

func (m *Memory) row(id desk.ID) (*row, error) {
	if r := m.rows[id]; r != nil {
		return r, nil
	}
	return nil, errNoMail
}

// sorted returns the rows for which keep holds, by serial.
func (m *Memory) sorted(keep func(*row) bool) (all []*row) {
	for _, r := range m.rows {
		if keep(r) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b *row) int { return cmp.Compare(a.serial, b.serial) })
	return all
}
