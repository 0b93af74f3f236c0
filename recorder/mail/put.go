package mail

import (
	"context"
	"errors"

	"hark/desk"
	"hark/desk/mailbox"
	"hark/recorder/keys"
)

// Put implements mailbox.Ledger. The keys of new mails are durable before
// their rows are: a key without a row is harmless, and is found again when the
// mail is fetched once more.
func (s *Store) Put(ctx context.Context, arrivals ...mailbox.Arrival) error {
	return s.write(ctx, func() error {
		fresh, err := s.names(arrivals)
		if err != nil {
			return err
		}
		if err := s.ensure(ctx, fresh); err != nil {
			return err
		}
		for i, a := range arrivals {
			if err := s.put(a, fresh[i]); err != nil {
				return err
			}
		}
		return s.forgetAll(arrivals)
	})
}

// names returns the identifier that each arrival gets, none for those that
// have a row, or of which an earlier one in the list makes it.
func (s *Store) names(arrivals []mailbox.Arrival) ([]desk.ID, error) {
	fresh, seen := make([]desk.ID, len(arrivals)), make(map[mailbox.Place]bool, len(arrivals))
	for i, a := range arrivals {
		m, err := s.at(a.Place)
		if err = passDamage(err); err != nil {
			return nil, err
		}
		if m != nil || seen[a.Place] {
			continue
		}
		seen[a.Place] = true
		if fresh[i], err = s.name(a.ID()); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

// name returns an identifier that no row has. When a mail that was first seen
// at a place lies elsewhere now, the next one there gets another.
func (s *Store) name(id desk.ID) (desk.ID, error) {
	for {
		found, err := s.one(`SELECT 1 FROM mail WHERE id = ?`, nothingMore, id[:])
		if !found || err != nil {
			return id, err
		}
		id = desk.DeriveID([]byte("mail again"), id[:])
	}
}

// ensure makes keys.
func (s *Store) ensure(ctx context.Context, ids []desk.ID) error {
	pairs := make([]keys.Pair, 0, len(ids))
	for _, id := range ids {
		if !id.IsZero() {
			pairs = append(pairs, pair(id))
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	if err := s.keys.EnsureFor(ctx, keys.UseMail, pairs); !plain(err) {
		return &desk.Error{Code: desk.Unavailable, Msg: "mail cannot be kept because its key cannot be made; look at the desk's disk", Err: err}
	} else if err != nil {
		return err
	}
	return nil
}

// put keeps one mail; id names it when it is new.
func (s *Store) put(a mailbox.Arrival, id desk.ID) error {
	if id.IsZero() {
		m, err := s.at(a.Place)
		if m == nil || err != nil {
			return passDamage(err) // a damaged row stays for a person to look at
		}
		return s.putAgain(m, a)
	}
	m := &mail{id: id, place: a.Place, stage: mailbox.Raw, head: head{
		received: a.Received, size: a.Size, kept: int64(len(a.Bytes)), partial: a.Partial, past: a.Past,
	}}
	var err error
	if m.box, err = s.makeBox(a.Account, a.Box); err != nil {
		return err
	}
	if err := s.insert(m); err != nil {
		return err
	}
	return s.putBytes(m, a.Bytes)
}

func (s *Store) putBytes(m *mail, b []byte) error {
	aead, err := s.cipher(m.id)
	if err != nil {
		return err
	}
	return s.putContent(content{heap: mailHeap(), id: m.id, n: m.n, aead: aead}, b)
}

// putAgain is put for a mail that has a row.
func (s *Store) putAgain(m *mail, a mailbox.Arrival) error {
	if m.gone {
		if err := s.run(`UPDATE mail SET gone = 0 WHERE n = ?`, m.n); err != nil {
			return err
		}
	}
	if !m.partial || a.Partial || m.stage == mailbox.Dropped {
		return nil
	}
	m.partial, m.size, m.kept = false, a.Size, int64(len(a.Bytes))
	if m.stage == mailbox.Quarantined {
		m.stage, m.received, m.sealed = mailbox.Raw, a.Received, nil
	}
	if err := s.dropContent(mailHeap(), m.n); err != nil {
		return err
	}
	if err := s.putBytes(m, a.Bytes); errors.Is(err, errErased) {
		return nil // nobody wants it any more
	} else if err != nil {
		return err
	}
	return s.save(m)
}
