package mailboxtest

import (
	"context"
	"slices"

	"hark/desk"
	"hark/desk/mailbox"
)

// Attempt implements mailbox.Wards.
func (m *Memory) Attempt(ctx context.Context, p mailbox.Place, stage, _ string) (n int, err error) {
	err = m.in(ctx, func() error {
		a := attempt{p, stage}
		m.attempts[a]++
		n = m.attempts[a]
		return nil
	})
	return n, err
}

// Quarantine implements mailbox.Wards.
func (m *Memory) Quarantine(ctx context.Context, p mailbox.Problem) error {
	return m.in(ctx, func() error {
		r := m.at(p.Place)
		if r == nil {
			if p.ID.IsZero() {
				p.ID = p.Place.ID()
			}
			r = m.make(p.Place, p.ID)
			r.Partial = true
		}
		if r.Stage == mailbox.Dropped {
			return desk.Errorf(desk.Conflict, "the mail was dropped")
		}
		if r.bytes == nil && p.Raw != nil {
			r.bytes = append([]byte{}, p.Raw...)
		}
		r.Stage, r.Why, r.problem, r.threaded = mailbox.Quarantined, p.Why, p, 0
		r.problem.ID, r.problem.Raw, r.problem.At = r.ID, nil, p.At.UTC()
		return nil
	})
}

// Problems implements mailbox.Wards.
func (m *Memory) Problems(ctx context.Context) (all []mailbox.Problem, err error) {
	err = m.in(ctx, func() error {
		for _, r := range m.sorted(func(r *row) bool { return r.Stage == mailbox.Quarantined }) {
			p := r.problem
			p.Place = r.Place
			all = append(all, p)
		}
		slices.SortStableFunc(all, func(a, b mailbox.Problem) int { return a.At.Compare(b.At) })
		return nil
	})
	return all, err
}

// ward returns a quarantined mail.
func (m *Memory) ward(id desk.ID) (*row, error) {
	r, err := m.row(id)
	if err == nil && r.Stage != mailbox.Quarantined {
		err = desk.Errorf(desk.Conflict, "the mail is no longer in quarantine")
	}
	return r, err
}

// Release implements mailbox.Wards.
func (m *Memory) Release(ctx context.Context, id desk.ID) error {
	return m.in(ctx, func() error {
		r, err := m.ward(id)
		if err != nil {
			return err
		}
		m.forget(r.Place)
		if r.bytes == nil || r.Partial {
			delete(m.rows, id)
			delete(m.places, r.Place)
			return nil
		}
		r.Stage, r.Why, r.problem, r.identity, r.messageID = mailbox.Raw, "", mailbox.Problem{}, [32]byte{}, ""
		return nil
	})
}

// Drop implements mailbox.Wards.
func (m *Memory) Drop(ctx context.Context, id desk.ID) error {
	return m.in(ctx, func() error {
		r, err := m.ward(id)
		if err == nil {
			m.forget(r.Place)
			m.erase(r)
		}
		return err
	})
}
