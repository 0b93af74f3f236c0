package desktest

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"

	"hark/desk"
)

// Mailroom is a mailroom on memory: what a test puts in is what the desk finds.
type Mailroom struct {
	mu          sync.Mutex
	accounts    []desk.MailAccount
	raw         map[desk.ID][]byte
	parts       map[desk.ID]map[int][]byte
	quarantined map[desk.ID][]byte
	problems    []desk.Quarantined
	resent      []desk.ID
	pokes       []string
}

// NewMailroom gives the desk of an Env a mailroom with accounts; those without
// a state are idle.
func NewMailroom(e *Env, accounts ...desk.MailAccount) *Mailroom {
	m := &Mailroom{
		accounts: accounts, raw: map[desk.ID][]byte{}, parts: map[desk.ID]map[int][]byte{}, quarantined: map[desk.ID][]byte{},
	}
	for i := range m.accounts {
		if m.accounts[i].State == "" {
			m.accounts[i].State = desk.MailIdle
		}
	}
	e.SetMailroom(m)
	return m
}

// SetAccount changes how an account is.
func (m *Mailroom) SetAccount(a desk.MailAccount) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.accounts {
		if m.accounts[i].Name == a.Name {
			m.accounts[i] = a
		}
	}
}

// SetRaw keeps the bytes of a mail, and of its parts by number.
func (m *Mailroom) SetRaw(mail desk.ID, raw []byte, parts map[int][]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.raw[mail], m.parts[mail] = raw, parts
}

// SetQuarantine puts a mail into quarantine.
func (m *Mailroom) SetQuarantine(q desk.Quarantined, raw []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.problems = append(m.problems, q)
	m.quarantined[q.ID] = raw
}

// Resent returns what Resend was asked for, Pokes what Poke was.
func (m *Mailroom) Resent() []desk.ID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.resent
}

// Pokes returns the accounts that were to try now.
func (m *Mailroom) Pokes() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pokes
}

// Accounts implements desk.Mailroom.
func (m *Mailroom) Accounts() []desk.MailAccount {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]desk.MailAccount(nil), m.accounts...)
}

// Stamp implements desk.Mailroom.
func (m *Mailroom) Stamp(account string, conversation, item desk.ID, subject string) desk.Stamp {
	id := strings.Join([]string{conversation.String()[:8], item.String()[:8], account}, ".") + "@hark.test"
	return desk.Stamp{MessageID: id, Subject: subject}
}

// Raw implements desk.Mailroom.
func (m *Mailroom) Raw(_ context.Context, mail desk.ID) (io.ReadCloser, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return opened(m.raw[mail])
}

// Part implements desk.Mailroom.
func (m *Mailroom) Part(_ context.Context, mail desk.ID, n int) (io.ReadCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, _, err := opened(m.parts[mail][n])
	return r, err
}

// Quarantine implements desk.Mailroom.
func (m *Mailroom) Quarantine(context.Context) ([]desk.Quarantined, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]desk.Quarantined(nil), m.problems...), nil
}

// QuarantineRaw implements desk.Mailroom.
func (m *Mailroom) QuarantineRaw(_ context.Context, id desk.ID) (io.ReadCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, _, err := opened(m.quarantined[id])
	return r, err
}

// RetryQuarantined implements desk.Mailroom: the mail is taken in.
func (m *Mailroom) RetryQuarantined(_ context.Context, id desk.ID) error { return m.remove(id) }

// DropQuarantined implements desk.Mailroom.
func (m *Mailroom) DropQuarantined(_ context.Context, id desk.ID) error { return m.remove(id) }

func (m *Mailroom) remove(id desk.ID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, p := range m.problems {
		if p.ID == id {
			m.problems = append(m.problems[:i:i], m.problems[i+1:]...)
			return nil
		}
	}
	return desk.Errorf(desk.NotFound, "there is no such mail in quarantine")
}

// Resend implements desk.Mailroom.
func (m *Mailroom) Resend(_ context.Context, item desk.ID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.resent = append(m.resent, item)
	return nil
}

// Poke implements desk.Mailroom.
func (m *Mailroom) Poke(account string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pokes = append(m.pokes, account)
}

func opened(b []byte) (io.ReadCloser, int64, error) {
	if b == nil {
		return nil, 0, desk.Errorf(desk.NotFound, "there is no such mail")
	}
	return io.NopCloser(bytes.NewReader(b)), int64(len(b)), nil
}
