package state

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/desk/desktest"
	"hark/recorder/disk"
)

// stored returns a folder with a stored state of a small desk.
func stored(t *testing.T) (*desktest.Env, string) {
	t.Helper()
	e, dir := busyDesk(t, 40), t.TempDir()
	startOn(t, dir, e.Journal, nil)
	return e, dir
}

func edit(t *testing.T, dir, query string) {
	t.Helper()
	db, err := sqlite3.Open("file:" + filepath.Join(dir, File))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestUntrustworthyStateIsFoldedAgain changes what is stored in every way that
// somebody without the key could, and some that the disk could.
func TestUntrustworthyStateIsFoldedAgain(t *testing.T) {
	path := func(dir string) string { return filepath.Join(dir, File) }
	cases := []struct {
		name   string
		change func(t *testing.T, dir string)
		reason string
	}{
		{"flipped bit in a row", func(t *testing.T, dir string) {
			edit(t, dir, `UPDATE row SET value = CAST(substr(value, 1, 40) || CASE hex(substr(value, 41, 1)) WHEN '00' THEN x'01' ELSE x'00' END || substr(value, 42) AS BLOB) WHERE key = (SELECT max(key) FROM row)`)
		}, "damaged"},
		{"row dropped", func(t *testing.T, dir string) {
			edit(t, dir, `DELETE FROM row WHERE key = (SELECT min(key) FROM row)`)
		}, "add up"},
		{"rows swapped", func(t *testing.T, dir string) {
			edit(t, dir, `CREATE TEMP TABLE two AS SELECT key, value, row_number() OVER (ORDER BY key) AS n FROM row WHERE substr(key, 1, 1) = x'63' LIMIT 2;
				UPDATE row SET value = (SELECT b.value FROM two a, two b WHERE a.key = row.key AND b.n = 3 - a.n) WHERE key IN (SELECT key FROM two)`)
		}, "damaged"},
		{"mark edited", func(t *testing.T, dir string) {
			edit(t, dir, `UPDATE mark SET value = CAST(value || x'00' AS BLOB)`)
		}, "damaged"},
		{"mark gone", func(t *testing.T, dir string) { edit(t, dir, `DELETE FROM mark`) }, "damaged"},
		{"another version of rows", func(t *testing.T, dir string) { edit(t, dir, `UPDATE mark SET version = 9`) }, "another version"},
		{"another layout", func(t *testing.T, dir string) { edit(t, dir, `PRAGMA user_version = 9`) }, "another layout"},
		{"another program's file", func(t *testing.T, dir string) {
			edit(t, dir, `PRAGMA application_id = 0; PRAGMA user_version = 0`)
		}, "not a file of hark"},
		{"cut short", func(t *testing.T, dir string) {
			if err := os.Truncate(path(dir), 5000); err != nil {
				t.Fatal(err)
			}
		}, ""},
		{"overwritten", func(t *testing.T, dir string) {
			if err := os.WriteFile(path(dir), []byte(strings.Repeat("state", 3000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "not a database"},
		{"emptied", func(t *testing.T, dir string) {
			if err := os.Truncate(path(dir), 0); err != nil {
				t.Fatal(err)
			}
		}, ""},
		{"removed", func(t *testing.T, dir string) {
			if err := os.Remove(path(dir)); err != nil {
				t.Fatal(err)
			}
		}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e, dir := stored(t)
			c.change(t, dir)
			s := startOn(t, dir, e.Journal, nil)
			if s.folded != e.Journal.Head() || !strings.Contains(s.reason, c.reason) {
				t.Errorf("%d of %d events folded, because: %s", s.folded, e.Journal.Head(), s.reason)
			}
			if s := startOn(t, dir, e.Journal, nil); s.folded != 0 || s.reason != "" {
				t.Errorf("the start after that: %+v", s)
			}
		})
	}
}

// TestOldRowIsNotPutBack replays a row as it was before a change: sealed by
// the right key, under the right name, and stale.
func TestOldRowIsNotPutBack(t *testing.T) {
	e, dir := stored(t)
	edit(t, dir, `CREATE TABLE old AS SELECT * FROM row`)
	e.Says("visitor 7", "and another thing")
	startOn(t, dir, e.Journal, nil)
	edit(t, dir, `UPDATE row SET value = (SELECT value FROM old WHERE old.key = row.key) WHERE key IN (SELECT key FROM old); DROP TABLE old`)
	if s := startOn(t, dir, e.Journal, nil); !strings.Contains(s.reason, "add up") {
		t.Errorf("%+v", s)
	}
}

func TestAnotherKey(t *testing.T) {
	e, dir := stored(t)
	s := startOn(t, dir, e.Journal, func(o *Options) { o.Key = []byte("an odd key of thirty-three byte.") })
	if s.folded != e.Journal.Head() || !strings.Contains(s.reason, "another key") {
		t.Errorf("%+v", s)
	}
}

// TestJournalsThatDoNotFit opens the state on a journal that was put back to
// an earlier form, and on one that has grown differently since.
func TestJournalsThatDoNotFit(t *testing.T) {
	e, dir := stored(t)
	short := busyDesk(t, 3)
	if s := startOn(t, dir, short.Journal, nil); !strings.Contains(s.reason, "ahead of the journal") {
		t.Errorf("a shorter journal: %+v", s)
	}
	startOn(t, dir, e.Journal, nil)
	long := busyDesk(t, 60)
	if s := startOn(t, dir, long.Journal, nil); !strings.Contains(s.reason, "another journal") {
		t.Errorf("another journal: %+v", s)
	}
}

var update = flag.Bool("update", false, "write testdata anew")

// newFixtureJournal returns a journal whose events are the same in every run,
// their times too, so that a fixture from another day belongs to it.
func newFixtureJournal(t *testing.T) *desktest.Journal {
	t.Helper()
	j := desktest.NewJournal()
	stream := desk.Stream{Type: desk.AccountStream, ID: desk.DeriveID([]byte("account"))}
	synctest.Test(t, func(t *testing.T) { // where it is always the same day
		for i := range 5 {
			_, err := j.Append(t.Context(), desk.Entry{
				ID: desk.DeriveID([]byte{byte(i)}), Stream: stream, Class: desk.ClassDesk, Expect: desk.AnyN, Actor: desk.Hub(),
				Body: desk.AccountCreated{Name: "eva", Display: "Eva", Roles: []desk.Role{desk.RoleAgent}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	return j
}

// TestFixtureOfAnotherVersion opens a file that another version left: right
// key, right journal, everything whole, and rows that mean something else. In
// it eva is an admin.
func TestFixtureOfAnotherVersion(t *testing.T) {
	const version = desk.StateVersion + 1000
	fixture, j := filepath.Join("testdata", "another-version.db"), newFixtureJournal(t)
	if *update {
		writeFixture(t, fixture, j, version)
	}
	content, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	put := func() string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, File), content, 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	// The version that wrote it takes it as it is: it is whole.
	p, err := Open(t.Context(), Options{Dir: put(), Key: testKey, Journal: j, version: version})
	if err != nil {
		t.Fatal(err)
	}
	if a := p.State().AccountNamed("eva"); a == nil || !a.May(desk.ActAddUser) {
		t.Errorf("the fixture does not hold what it should: %+v", a)
	}
	closed(t, p)
	// This version folds again.
	if s := startOn(t, put(), j, nil); s.folded != j.Head() || !strings.Contains(s.reason, "another version") {
		t.Errorf("%+v", s)
	}
}

func writeFixture(t *testing.T, path string, j desk.Journal, version uint32) {
	t.Helper()
	seal, err := newSealer(testKey, version)
	if err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(path)
	s, err := openStore(disk.SQLite{Path: path, Sync: disk.Full, Format: format, Schema: schema}, seal)
	if err != nil {
		t.Fatal(err)
	}
	altered := desk.NewState()
	if err := j.Follow(t.Context(), 1, func(events []desk.Event) {
		for i := range events {
			events[i].Body = desk.AccountCreated{Name: "eva", Display: "Eva", Roles: []desk.Role{desk.RoleAdmin}}
		}
		altered.Apply(events)
	}); err != nil {
		t.Fatal(err)
	}
	rows, seq := altered.Rows()
	events, err := j.Read(t.Context(), seq, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.save(rows, pointAt(events[0])); err != nil {
		t.Fatal(err)
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
}

// TestFullDiskIsWaitedFor makes the file unable to grow, and able again.
func TestFullDiskIsWaitedFor(t *testing.T) {
	e, dir := stored(t)
	p := open(t, dir, e.Journal)
	if err := p.store.db.Exec(`PRAGMA max_page_count = 1`); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		e.Says("a new visitor of many words", strings.Repeat("words ", 30))
		e.Says("visitor "+desk.NewID().String(), "hello")
	}
	if p.tryFlush() {
		t.Fatal("a full disk takes rows")
	}
	equalToFold(t, p.State(), e.Journal)
	if err := p.store.db.Exec(`PRAGMA max_page_count = 100000`); err != nil {
		t.Fatal(err)
	}
	if !p.tryFlush() {
		t.Fatal("the disk has space again, but nothing is stored")
	}
	closed(t, p)
	if s := startOn(t, dir, e.Journal, nil); s.folded != 0 || s.reason != "" {
		t.Errorf("%+v", s)
	}
}

// TestFileThatCannotBeMade has a folder in the file's place: the desk works
// without, and stores when the way is free.
func TestFileThatCannotBeMade(t *testing.T) {
	e, dir := busyDesk(t, 5), t.TempDir()
	obstacle := filepath.Join(dir, File, "in the way")
	if err := os.MkdirAll(obstacle, 0o700); err != nil {
		t.Fatal(err)
	}
	p := open(t, dir, e.Journal)
	equalToFold(t, p.State(), e.Journal)
	if p.tryFlush() {
		t.Error("it is stored in a folder")
	}
	if err := os.Remove(obstacle); err != nil {
		t.Fatal(err)
	}
	e.Says("a late visitor", "hello")
	if !p.tryFlush() {
		t.Error("the way is free, but nothing is stored")
	}
	closed(t, p)
	if s := startOn(t, dir, e.Journal, nil); s.folded != 0 || s.reason != "" {
		t.Errorf("%+v", s)
	}
}
