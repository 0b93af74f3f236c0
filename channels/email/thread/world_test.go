package thread

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/channels/email/read"
	"hark/desk"
	"hark/desk/mailbox"
)

const (
	shop   = "support@shop.example"
	alice  = "alice@acme.example"
	bob    = "bob@acme.example"
	carol  = "carol@gmail.com"
	malory = "malory@gmail.com"
)

// day is when the tests play.
var day = time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC)

// world is an Index that takes every decision in.
type world struct {
	t      testing.TB
	rules  Rules
	refs   map[string][]mailbox.Reference
	topics map[desk.ID]*Topic
	merged map[desk.ID]desk.ID
	facts  map[desk.ID][]Fact
	placed map[string]desk.ID // by Message-ID
	last   Decision
}

func newWorld(t testing.TB) *world {
	keys, err := NewKeys([]byte("a secret of the desk in the test"))
	if err != nil {
		t.Fatal(err)
	}
	return &world{
		t: t, rules: Rules{Keys: keys, Own: []string{shop}},
		refs: map[string][]mailbox.Reference{}, topics: map[desk.ID]*Topic{}, merged: map[desk.ID]desk.ID{},
		facts: map[desk.ID][]Fact{}, placed: map[string]desk.ID{},
	}
}

func (w *world) now(id desk.ID) desk.ID {
	for {
		next, ok := w.merged[id]
		if !ok {
			return id
		}
		id = next
	}
}

func (w *world) Find(_ context.Context, ids ...string) ([]mailbox.Reference, error) {
	var all []mailbox.Reference
	for _, id := range ids {
		for _, ghost := range []bool{false, true} {
			for _, r := range w.refs[id] {
				if r.Ghost == ghost {
					all = append(all, r)
				}
			}
		}
	}
	return all, nil
}

func (w *world) Topic(_ context.Context, id desk.ID) (Topic, bool, error) {
	t := w.topics[w.now(id)]
	if t == nil {
		return Topic{}, false, nil
	}
	return *t, true, nil
}

func (w *world) Answers(_ context.Context, id desk.ID, messageID string) ([]Fact, error) {
	var all []Fact
	for _, f := range w.facts[w.now(id)] {
		if slices.Contains(f.Refs, messageID) {
			all = append(all, f)
		}
	}
	return all, nil
}

func (w *world) Fact(_ context.Context, id desk.ID, messageID string) (Fact, bool, error) {
	for _, f := range w.facts[w.now(id)] {
		if f.MessageID == messageID {
			return f, true, nil
		}
	}
	return Fact{}, false, nil
}

func (w *world) Prefixed(_ context.Context, letters string) ([]desk.ID, error) {
	var all []desk.ID
	for id := range w.topics {
		if strings.HasPrefix(id.String(), letters) {
			all = append(all, id)
		}
	}
	return all, nil
}

func (w *world) Alike(_ context.Context, sender, topic string) (desk.ID, bool, error) {
	for id, t := range w.topics {
		if slices.Contains(t.Parties, sender) && About(t.Subject) == topic && t.Resolved.IsZero() {
			return id, true, nil
		}
	}
	return desk.ID{}, false, nil
}

// put decides about a mail and takes the decision in.
func (w *world) put(m Mail) desk.ID {
	w.t.Helper()
	d, err := w.rules.Decide(w.t.Context(), m, w)
	if err != nil {
		w.t.Fatal(err)
	}
	w.last = d
	id := d.Conversation
	if d.New() {
		id = desk.DeriveID([]byte("conversation"), []byte(m.MessageID), []byte(fmt.Sprint(len(w.topics))))
		w.topics[id] = &Topic{ID: id, Subject: m.Subject}
	}
	for _, from := range d.Joins {
		w.merge(w.now(from), id)
	}
	w.take(id, m)
	return id
}

func (w *world) merge(from, into desk.ID) {
	w.merged[from] = into
	t := w.topics[into]
	for _, p := range w.topics[from].Parties {
		w.party(t, p)
	}
	w.facts[into] = append(w.facts[into], w.facts[from]...)
	delete(w.topics, from)
	delete(w.facts, from)
}

func (w *world) take(id desk.ID, m Mail) {
	t := w.topics[id]
	for _, p := range people(m.Mail) {
		w.party(t, p)
	}
	w.facts[id] = append(w.facts[id], FactOf(m))
	w.refs[m.MessageID] = append(w.refs[m.MessageID], mailbox.Reference{MessageID: m.MessageID, Conversation: id})
	for _, r := range Refs(m.Mail) {
		w.refs[r] = append(w.refs[r], mailbox.Reference{MessageID: r, Conversation: id, Ghost: true})
	}
	w.placed[m.MessageID] = id
}

func (w *world) party(t *Topic, p string) {
	if !w.rules.own(p) && !slices.Contains(t.Parties, p) {
		t.Parties = append(t.Parties, p)
	}
}

// letter makes a mail: from, to (a list with commas), subject, its Message-ID
// and what it refers to, the nearest last.
func letter(from, to, subject, id string, refs ...string) Mail {
	m := &read.Mail{MessageID: id, Subject: subject, From: desk.Address{Mail: from}, References: refs}
	if len(refs) > 0 {
		m.InReplyTo = refs[len(refs)-1]
	}
	for _, a := range strings.Split(to, ",") {
		m.To = append(m.To, desk.Address{Mail: strings.TrimSpace(a)})
	}
	return Mail{Mail: m, Received: day}
}

// with changes a mail.
func (m Mail) with(fn func(*Mail)) Mail {
	c := *m.Mail
	m.Mail = &c
	fn(&m)
	return m
}
