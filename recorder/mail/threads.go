package mail

import (
	"context"
	"encoding/hex"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/desk/mailbox"
)

// Thread implements mailbox.Threads.
func (s *Store) Thread(ctx context.Context, all ...mailbox.Threading) error {
	return s.write(ctx, func() error {
		tried, err := s.tried()
		if err != nil {
			return err
		}
		for _, t := range all {
			if err := s.thread(t, tried); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) thread(t mailbox.Threading, tried bool) error {
	m, err := s.find(t.ID)
	if err != nil {
		return err
	}
	if m.stage == mailbox.Dropped {
		return errDropped
	}
	if tried {
		if err := s.forget(m.place); err != nil {
			return err
		}
	}
	if err := s.setNote(m, note{identity: t.Identity, messageID: t.MessageID}); err != nil {
		return err
	}
	m.stage, m.conversation = mailbox.Threaded, t.Conversation
	if !t.CopyOf.IsZero() {
		m.stage, m.same, m.turn = mailbox.Copy, nil, 0
		return s.save(m)
	}
	if err := s.identify(m, t.Identity); err != nil {
		return err
	}
	if err := s.save(m); err != nil {
		return err
	}
	return s.link(t)
}

// identify makes a mail one that others are compared with.
func (s *Store) identify(m *mail, identity [32]byte) error {
	if identity == [32]byte{} {
		m.same, m.turn = nil, 0
		return nil
	}
	same := s.hash("identity", identity[:])
	if string(same) == string(m.same) {
		return nil
	}
	m.same = same
	_, err := s.one(`SELECT coalesce(max(turn), 0) + 1 FROM mail WHERE same = ?`, func(st *sqlite3.Stmt) error {
		m.turn = st.ColumnInt64(0)
		return nil
	}, same)
	return err
}

// link notes a mail's Message-ID and those it refers to.
func (s *Store) link(t mailbox.Threading) error {
	if err := s.bear(t.MessageID, t.Conversation, t.ID); err != nil {
		return err
	}
	for _, r := range t.Refs {
		if err := s.haunt(r, t.Conversation); err != nil {
			return err
		}
	}
	return nil
}

func (s *sealer) hashMessageID(id string) []byte { return s.hash("message-id", []byte(id)) }

// bear notes who bears a Message-ID; its ghost in the conversation is gone.
func (s *Store) bear(messageID string, conversation, item desk.ID) error {
	if messageID == "" {
		return nil
	}
	hash := s.hashMessageID(messageID)
	if err := s.run(`DELETE FROM ref WHERE hash = ? AND ghost = 1 AND item = ?`, hash, conversation[:]); err != nil {
		return err
	}
	return s.refer(hash, false, item, conversation)
}

// haunt notes that a conversation refers to a Message-ID, unless one of its
// mails bears it.
func (s *Store) haunt(messageID string, conversation desk.ID) error {
	if messageID == "" {
		return nil
	}
	hash := s.hashMessageID(messageID)
	here := false
	err := s.refs(hash, func(r mailbox.Reference) { here = here || r.Conversation == conversation })
	if here || err != nil {
		return err
	}
	return s.refer(hash, true, conversation, conversation)
}

// refer writes a reference. A ghost's item is its conversation.
func (s *Store) refer(hash []byte, ghost bool, item, conversation desk.ID) error {
	sealed := s.rows.Seal(nil, nil, conversation[:], aboutRef(hash, ghost, item))
	return s.run(`INSERT INTO ref (hash, ghost, item, turn, value)
		VALUES (?1, ?2, ?3, (SELECT coalesce(max(turn), 0) + 1 FROM ref WHERE hash = ?1), ?4)
		ON CONFLICT DO UPDATE SET value = excluded.value`, hash, ghost, item[:], sealed)
}

// refs calls fn with where a Message-ID belongs, the oldest first and ghosts
// last. A damaged row is passed over: without it a mail opens a conversation
// of its own, which a person can join.
func (s *Store) refs(hash []byte, fn func(mailbox.Reference)) error {
	return s.all(`SELECT ghost, item, value FROM ref WHERE hash = ? ORDER BY ghost, turn LIMIT ?`, func(st *sqlite3.Stmt) error {
		r := mailbox.Reference{Ghost: st.ColumnBool(0)}
		item := columnID(st, 1)
		raw, err := s.rows.Open(nil, nil, st.ColumnRawBlob(2), aboutRef(hash, r.Ghost, item))
		if err != nil || len(raw) != len(r.Conversation) {
			return passDamage(damaged("ref", hex.EncodeToString(hash), -1, errShort))
		}
		copy(r.Conversation[:], raw)
		if !r.Ghost {
			r.Mail = item
		}
		fn(r)
		return nil
	}, hash, int64(mailbox.FindMost))
}

// Find implements mailbox.Threads.
func (s *Store) Find(ctx context.Context, messageIDs ...string) (all []mailbox.Reference, err error) {
	err = s.read(ctx, func() error {
		for _, id := range messageIDs {
			err := s.refs(s.hashMessageID(id), func(r mailbox.Reference) {
				r.MessageID = id
				all = append(all, r)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// Alias implements mailbox.Threads.
func (s *Store) Alias(ctx context.Context, messageID string, conversation, item desk.ID) error {
	return s.write(ctx, func() error { return s.bear(messageID, conversation, item) })
}

// Same implements mailbox.Threads.
func (s *Store) Same(ctx context.Context, identity [32]byte) (found mailbox.Row, ok bool, err error) {
	if identity == [32]byte{} {
		return found, false, ctx.Err()
	}
	err = s.read(ctx, func() error {
		ok, err = s.one(columns+`WHERE same = ? ORDER BY turn LIMIT 1`, func(st *sqlite3.Stmt) error {
			m, err := s.scan(st)
			found = m.row()
			return err
		}, s.hash("identity", identity[:]))
		return err
	})
	return found, ok && err == nil, err
}

// Bury implements mailbox.Threads.
func (s *Store) Bury(ctx context.Context, identity [32]byte) error {
	s.graves.Store(true)
	return s.write(ctx, func() error {
		return s.run(`INSERT INTO buried (hash) VALUES (?) ON CONFLICT DO NOTHING`, s.hash("buried", identity[:]))
	})
}

// Buried implements mailbox.Threads.
func (s *Store) Buried(ctx context.Context, identity [32]byte) (ok bool, err error) {
	if !s.graves.Load() {
		return false, ctx.Err() // asked for every mail, and hardly a desk has one
	}
	err = s.read(ctx, func() error {
		ok, err = s.one(`SELECT 1 FROM buried WHERE hash = ?`, nothingMore, s.hash("buried", identity[:]))
		return err
	})
	return ok, err
}
