package state

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"hark/desk"
	"hark/desk/desktest"
)

// world is a desk whose state is stored beside it, with people who do anything.
type world struct {
	t    *testing.T
	e    *desktest.Env
	p    *Projector
	dir  string
	old  []byte // the file at some earlier time
	said int
}

// TestStateEqualsFold lets random people do random things at a desk, restarts
// it in every way in between, and compares what it shows with a fold of the
// journal from the beginning.
func TestStateEqualsFold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		w := &world{t: t, e: desktest.New(t), dir: dir}
		w.p = open(t, w.dir, w.e.Journal)
		rt.Repeat(map[string]func(*rapid.T){
			"customer": w.customer,
			"staff":    w.staff,
			"account":  w.account,
			"store":    func(*rapid.T) { w.p.tryFlush() },
			"restart":  w.restart,
			"":         func(rt *rapid.T) { equalToFold(rt, w.p.State(), w.e.Journal) },
		})
		closed(t, w.p)
	})
}

// customer has one of a few customers write, or see what was written.
func (w *world) customer(rt *rapid.T) {
	name := fmt.Sprint("customer ", rapid.IntRange(0, 5).Draw(rt, "customer"))
	if v := w.e.Visitor(desktest.Token(name)); rapid.Bool().Draw(rt, "seen") {
		w.e.Seen(v.Conversation, v.Ord)
		return
	}
	w.said++
	w.e.Says(name, fmt.Sprint("words ", w.said))
}

// staff has a member of staff do something to a conversation.
func (w *world) staff(rt *rapid.T) {
	window := w.e.State.Window(rapid.SampledFrom([]desk.View{desk.All, desk.Done}).Draw(rt, "view"), desk.ID{}, 0, 10)
	if len(window.Rows) == 0 {
		return
	}
	id := rapid.SampledFrom(window.Rows).Draw(rt, "conversation").ID
	s := w.e.As(rapid.SampledFrom([]string{"eva", "ola"}).Draw(rt, "who"))
	acts := []func() error{
		func() error { return s.Claim(w.t.Context(), id) },
		func() error { return s.Release(w.t.Context(), id) },
		func() error { return s.Assign(w.t.Context(), id, w.e.As("ola").Actor().ID) },
		func() error { return s.Reply(w.t.Context(), id, "an answer") },
		func() error { return s.Note(w.t.Context(), id, "between us") },
		func() error { return s.End(w.t.Context(), id) },
		func() error { return s.Reopen(w.t.Context(), id) },
		func() error { return s.DiscardDraft(w.t.Context(), id) },
	}
	err := rapid.SampledFrom(acts).Draw(rt, "act")()
	if err != nil && desk.CodeOf(err) != desk.Conflict {
		rt.Fatal(err)
	}
}

// account adds a member of staff, or names a contact.
func (w *world) account(rt *rapid.T) {
	w.said++
	if rapid.Bool().Draw(rt, "staff") {
		w.e.As(fmt.Sprint("colleague", w.said%20), rapid.SampledFrom(desk.Roles()).Draw(rt, "role"))
		return
	}
	v := w.e.Visitor(desktest.Token("customer 1"))
	if v.Contact.IsZero() {
		return
	}
	_, err := w.e.Journal.Append(w.t.Context(), desk.Entry{
		ID: desk.NewID(), Stream: desk.Stream{Type: desk.ContactStream, ID: v.Contact}, Class: desk.ClassContact,
		Expect: desk.AnyN, Actor: desk.Hub(), Body: desk.ContactNamed{Name: fmt.Sprint("Name ", w.said)},
	})
	if err != nil {
		rt.Fatal(err)
	}
}

// restart ends the projector, properly or not, does something to its file, and
// starts it again.
func (w *world) restart(rt *rapid.T) {
	path := filepath.Join(w.dir, File)
	kill := rapid.Bool().Draw(rt, "kill")
	if kill {
		w.kill(rt)
	} else {
		closed(w.t, w.p)
	}
	o := Options{Dir: w.dir, Key: testKey, Journal: w.e.Journal}
	switch rapid.IntRange(0, 6).Draw(rt, "what") {
	case 0:
		_ = os.Remove(path)
	case 1:
		o.version = rapid.Uint32Range(1, 3).Draw(rt, "version")
	case 2:
		flip(rt, path)
	case 3:
		w.swap(rt, path)
	default: // leave it alone
	}
	p, err := Open(w.t.Context(), o)
	if err != nil {
		rt.Fatal(err)
	}
	w.p = p
}

// kill leaves the folder as a killed hub would: in a copy, while it is open.
func (w *world) kill(rt *rapid.T) {
	dir, err := os.MkdirTemp(w.t.TempDir(), "")
	if err != nil {
		rt.Fatal(err)
	}
	for _, name := range []string{File, File + "-wal"} {
		content, err := os.ReadFile(filepath.Join(w.dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), content, 0o600)
		}
		if err != nil && !os.IsNotExist(err) {
			rt.Fatal(err)
		}
	}
	closed(w.t, w.p)
	w.dir = dir
}

// flip changes one bit of the file.
func flip(rt *rapid.T, path string) {
	content, err := os.ReadFile(path)
	if err != nil || len(content) == 0 {
		return
	}
	at := rapid.IntRange(0, len(content)-1).Draw(rt, "at")
	content[at] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		rt.Fatal(err)
	}
}

// swap puts the file of an earlier time in place, and keeps this one.
func (w *world) swap(rt *rapid.T, path string) {
	now, err := os.ReadFile(path)
	if err != nil {
		return
	}
	if w.old != nil {
		if err := os.WriteFile(path, w.old, 0o600); err != nil {
			rt.Fatal(err)
		}
	}
	w.old = now
}
