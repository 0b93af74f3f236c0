package mail

import (
	"errors"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/desk/mailbox"
)

// mail is a row of the ledger.
type mail struct {
	head
	n      int64
	id     desk.ID
	box    *box
	place  mailbox.Place
	stage  mailbox.Stage
	gone   bool
	sealed []byte // the note; nil for none
	same   []byte // hash of the identity, where others are compared with it
	turn   int64  // among those that are the same
}

// row is what others see of it.
func (m *mail) row() mailbox.Row {
	return mailbox.Row{
		Place: m.place, ID: m.id, Stage: m.stage, Received: m.received, Size: m.size, Partial: m.partial,
		Past: m.past, Vanished: m.gone, Conversation: m.conversation,
	}
}

func (m *mail) about() []byte {
	return aboutHead(m.id, m.box.hash, m.place.Validity, m.place.UID, stageNumber(m.stage))
}

// columns are what scan reads.
const columns = `SELECT n, id, box, validity, uid, stage, gone, head, note, same, turn, received FROM mail `

// scan reads a row. Of one that is damaged it returns what can be known, with
// the error.
func (s *Store) scan(st *sqlite3.Stmt) (*mail, error) {
	m := &mail{n: st.ColumnInt64(0), id: columnID(st, 1), gone: st.ColumnBool(6)}
	m.kept, m.turn = nothing, st.ColumnInt64(10)
	if st.ColumnType(8) != sqlite3.NULL {
		m.sealed = columnBlob(st, 8)
	}
	if st.ColumnType(9) != sqlite3.NULL {
		m.same = columnBlob(st, 9)
	}
	var err error
	if m.box, err = s.boxOf(st.ColumnInt64(2)); err != nil {
		return m, err
	}
	m.place = mailbox.Place{
		Account: m.box.account, Box: m.box.name, Validity: uint32(st.ColumnInt64(3)), UID: uint32(st.ColumnInt64(4)),
	}
	var ok bool
	if m.stage, ok = stageOf(st.ColumnInt64(5)); !ok {
		return m, damaged("mail", m.id.Hex(), -1, errShort)
	}
	return m, s.openHead(m, st)
}

func (s *Store) openHead(m *mail, st *sqlite3.Stmt) error {
	raw, err := s.rows.Open(nil, nil, st.ColumnRawBlob(7), m.about())
	var h head
	if err == nil {
		h, err = decodeHead(raw)
	}
	if err != nil {
		m.received = timeOf(st.ColumnInt64(11))
		return damaged("mail", m.id.Hex(), -1, err)
	}
	m.head = h
	return nil
}

// find returns the row with an identifier.
func (s *Store) find(id desk.ID) (m *mail, err error) {
	found, err := s.one(columns+`WHERE id = ?`, func(st *sqlite3.Stmt) (err error) {
		m, err = s.scan(st)
		return err
	}, id[:])
	if err == nil && !found {
		err = errNoMail
	}
	return m, err
}

// at returns the row at a place, nil when there is none. Of a damaged one it
// returns what can be known, with the error.
func (s *Store) at(p mailbox.Place) (m *mail, err error) {
	b, err := s.findBox(p.Account, p.Box)
	if b == nil || err != nil {
		return nil, err
	}
	_, err = s.one(columns+`WHERE box = ? AND validity = ? AND uid = ?`, func(st *sqlite3.Stmt) (err error) {
		m, err = s.scan(st)
		return err
	}, b.n, int64(p.Validity), int64(p.UID))
	return m, err
}

// insert puts a new row into the file and numbers it.
func (s *Store) insert(m *mail) error {
	err := s.run(`INSERT INTO mail (id, box, validity, uid, stage, gone, part, received, head, note) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`,
		m.id[:], m.box.n, int64(m.place.Validity), int64(m.place.UID), int64(stageNumber(m.stage)), m.partial, millis(m.received),
		s.rows.Seal(nil, nil, m.encode(), m.about()), m.sealed)
	m.n = s.db.LastInsertRowID()
	return err
}

// save writes what may have changed of a row, but for its place.
func (s *Store) save(m *mail) error {
	return s.run(`UPDATE mail SET stage = ?, part = ?, received = ?, head = ?, note = ?, same = ?, turn = ? WHERE n = ?`,
		int64(stageNumber(m.stage)), m.partial, millis(m.received), s.rows.Seal(nil, nil, m.encode(), m.about()), m.sealed, m.same, m.turn, m.n)
}

// note opens what was read of a mail; of one that was erased, nothing.
func (s *Store) note(m *mail) (note, error) {
	if m.sealed == nil {
		return note{}, nil
	}
	aead, err := s.cipher(m.id)
	if errors.Is(err, errErased) {
		return note{}, nil
	}
	if err != nil {
		return note{}, err
	}
	raw, err := aead.Open(nil, nil, m.sealed, aboutNote(m.id))
	var n note
	if err == nil {
		n, err = decodeNote(raw)
	}
	if err != nil {
		return note{}, damaged("mail", m.id.Hex(), -1, err)
	}
	return n, nil
}

// setNote seals what was read of a mail into its row.
func (s *Store) setNote(m *mail, n note) error {
	aead, err := s.cipher(m.id)
	if err != nil {
		return err
	}
	m.sealed = aead.Seal(nil, nil, n.encode(), aboutNote(m.id))
	return nil
}

// full returns a row with all that is known of it.
func (s *Store) full(m *mail) (mailbox.Head, error) {
	n, err := s.note(m)
	h := mailbox.Head{Row: m.row(), Identity: n.identity, MessageID: n.messageID}
	h.Why = n.why
	return h, err
}
