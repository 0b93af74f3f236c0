package drafts

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/recorder/keys"
)

// place is a data folder with keys for a few conversations.
type place struct {
	dir           string
	vault         *keys.Vault
	conversations []desk.ID
}

func newPlace(t testing.TB) *place {
	t.Helper()
	p := &place{dir: t.TempDir()}
	var err error
	if p.vault, err = keys.Create(t.Context(), p.dir, keys.Source{Backend: keys.BackendMemory}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.vault.Close() })
	var pairs []keys.Pair
	for range 3 {
		id := desk.NewID()
		p.conversations = append(p.conversations, id)
		pairs = append(pairs, keys.Pair{Stream: id, Class: desk.ClassTranscript})
	}
	if err := p.vault.Ensure(t.Context(), pairs); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *place) open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(Options{Dir: p.dir, Keys: p.vault})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closed(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func text(t testing.TB, s *Store, conversation, author desk.ID) string {
	t.Helper()
	d, err := s.Load(t.Context(), conversation, author)
	if err != nil {
		t.Fatal(err)
	}
	return d.Text
}

func TestDraftsSurviveARestart(t *testing.T) {
	p, eva, ola := newPlace(t), desk.NewID(), desk.NewID()
	s := p.open(t)
	want := desk.Draft{
		Conversation: p.conversations[0], Author: eva, Note: true,
		Text: "half a thought about the parcel", At: time.UnixMilli(1_700_000_000_123).UTC(),
	}
	s.Save(want)
	s.Save(desk.Draft{Conversation: p.conversations[0], Author: ola, Text: "another's"})
	s.Save(desk.Draft{Conversation: p.conversations[1], Author: eva, Text: "sent meanwhile"})
	closed(t, s)
	s = p.open(t)
	if got, err := s.Load(t.Context(), want.Conversation, eva); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	s.Save(desk.Draft{Conversation: p.conversations[1], Author: eva})
	if got := text(t, s, p.conversations[1], eva); got != "" {
		t.Errorf("a removed draft reads %q", got)
	}
	closed(t, s)
	s = p.open(t)
	defer closed(t, s)
	if got := text(t, s, p.conversations[1], eva); got != "" {
		t.Errorf("a removed draft is back: %q", got)
	}
	if got := text(t, s, p.conversations[0], ola); got != "another's" {
		t.Errorf("%q", got)
	}
	if got := text(t, s, p.conversations[2], eva); got != "" {
		t.Errorf("a draft nobody wrote: %q", got)
	}
	p.clean(t, "half a thought", "parcel", "another's")
}

// clean looks for words in all files of the folder.
func (p *place) clean(t testing.TB, words ...string) {
	t.Helper()
	files, err := os.ReadDir(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(p.dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if bytes.Contains(content, []byte(w)) {
				t.Errorf("%q stands in %s in the clear", w, f.Name())
			}
		}
	}
}

// TestDiskSeesDraftsOnceASecond types for ten seconds, a key every 50 ms.
func TestDiskSeesDraftsOnceASecond(t *testing.T) {
	p := newPlace(t)
	synctest.Test(t, func(t *testing.T) {
		s := p.open(t)
		commits := 0
		s.db.CommitHook(func() bool { commits++; return true })
		for i := range 200 {
			s.Save(desk.Draft{Conversation: p.conversations[0], Text: strings.Repeat("x", i+1)})
			if got := text(t, s, p.conversations[0], desk.ID{}); len(got) != i+1 {
				t.Fatalf("after %d keys it reads %d", i+1, len(got))
			}
			time.Sleep(50 * time.Millisecond)
		}
		synctest.Wait()
		if commits < 9 || commits > 10 {
			t.Errorf("%d commits in ten seconds", commits)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if commits > 11 {
			t.Errorf("%d commits after an idle hour", commits)
		}
		closed(t, s)
	})
}

// TestErasureTakesDraftsAlong destroys the transcript's key.
func TestErasureTakesDraftsAlong(t *testing.T) {
	p, eva := newPlace(t), desk.NewID()
	s := p.open(t)
	gone, kept := p.conversations[0], p.conversations[1]
	s.Save(desk.Draft{Conversation: gone, Author: eva, Text: "about somebody"})
	s.Save(desk.Draft{Conversation: kept, Author: eva, Text: "about another"})
	closed(t, s)
	if err := p.vault.Destroy(t.Context(), keys.Pair{Stream: gone, Class: desk.ClassTranscript}); err != nil {
		t.Fatal(err)
	}
	s = p.open(t)
	if got := text(t, s, gone, eva); got != "" {
		t.Errorf("it still reads %q", got)
	}
	if got := text(t, s, kept, eva); got != "about another" {
		t.Errorf("the other reads %q", got)
	}
	s.Save(desk.Draft{Conversation: gone, Author: eva, Text: "typed after the erasure"})
	closed(t, s)
	s = p.open(t)
	defer closed(t, s)
	if got := text(t, s, gone, eva); got != "" {
		t.Errorf("an erased conversation takes a draft: %q", got)
	}
	if n := rows(t, s); n != 1 {
		t.Errorf("%d rows are left, want 1", n)
	}
}

func rows(t testing.TB, s *Store) int {
	t.Helper()
	st, _, err := s.db.Prepare(`SELECT count(*) FROM draft`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	st.Step()
	return st.ColumnInt(0)
}

func TestDraftsCannotBeMoved(t *testing.T) {
	for name, query := range map[string]string{
		"to another author":       `UPDATE draft SET author = zeroblob(16)`,
		"to another conversation": `UPDATE draft SET conversation = x'%x'`,
		"cut short":               `UPDATE draft SET value = substr(value, 1, 20)`,
	} {
		t.Run(name, func(t *testing.T) {
			p, eva := newPlace(t), desk.NewID()
			s := p.open(t)
			s.Save(desk.Draft{Conversation: p.conversations[0], Author: eva, Text: "words"})
			closed(t, s)
			s = p.open(t)
			defer closed(t, s)
			other := p.conversations[1]
			if strings.Contains(query, "%x") {
				query = fmt.Sprintf(query, other[:])
			}
			if err := s.db.Exec(query); err != nil {
				t.Fatal(err)
			}
			for _, c := range p.conversations[:2] {
				for _, a := range []desk.ID{eva, {}} {
					if d, err := s.Load(t.Context(), c, a); err == nil && d.Text != "" {
						t.Errorf("it reads %q", d.Text)
					}
				}
			}
		})
	}
}

func TestDamagedFileIsSetAside(t *testing.T) {
	p := newPlace(t)
	path := filepath.Join(p.dir, File)
	damaged := bytes.Repeat([]byte("drafts"), 2000)
	if err := os.WriteFile(path, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	s := p.open(t)
	s.Save(desk.Draft{Conversation: p.conversations[0], Text: "words"})
	closed(t, s)
	s = p.open(t)
	defer closed(t, s)
	if got := text(t, s, p.conversations[0], desk.ID{}); got != "words" {
		t.Errorf("%q", got)
	}
	aside, err := filepath.Glob(path + ".damaged-*")
	if err != nil || len(aside) != 1 {
		t.Fatal(aside, err)
	}
	if content, err := os.ReadFile(aside[0]); err != nil || !bytes.Equal(content, damaged) {
		t.Error("what was set aside is not what was there", err)
	}
}

// TestFullDiskKeepsDraftsInMemory makes the file unable to grow, and able again.
func TestFullDiskKeepsDraftsInMemory(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	limit := func(pages int) {
		if err := s.db.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1)
	long := strings.Repeat("many words ", 2000)
	s.Save(desk.Draft{Conversation: p.conversations[0], Text: long})
	if err := s.flush(); err == nil {
		t.Fatal("a full disk takes a draft")
	}
	s.Save(desk.Draft{Conversation: p.conversations[1], Text: "newer"})
	if got := text(t, s, p.conversations[0], desk.ID{}); got != long {
		t.Error("it is lost in memory")
	}
	limit(10000)
	closed(t, s)
	s = p.open(t)
	defer closed(t, s)
	if text(t, s, p.conversations[0], desk.ID{}) != long || text(t, s, p.conversations[1], desk.ID{}) != "newer" {
		t.Error("it is not written when there is space again")
	}
}

func FuzzDraft(f *testing.F) {
	f.Add([]byte{})
	f.Add(encode(desk.Draft{Text: "words", Note: true, At: time.UnixMilli(1)}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := decode(slot{}, raw)
		if err != nil {
			return
		}
		if again, err := decode(slot{}, encode(d)); err != nil || again != d {
			t.Fatalf("%+v becomes %+v, %v", d, again, err)
		}
	})
}
