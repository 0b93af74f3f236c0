package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/recorder/keys"
)

// kept makes a journal with a few events, closes it and returns its folder and
// what it holds.
func kept(t *testing.T, o Options, events int) []desk.Event {
	t.Helper()
	j := start(t, o)
	var all []desk.Event
	for i := range events {
		s := testStream(byte(i % 3))
		batch, err := j.Append(t.Context(), message(s, fmt.Sprint("a ", i)), message(s, fmt.Sprint("b ", i)))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, batch...)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

// read opens the journal in a folder and reads all of it, by number and by
// stream.
func read(o Options) (events []desk.Event, err error) {
	j, err := Open(context.Background(), o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	if events, err = j.Read(context.Background(), 1, 1<<20); err != nil {
		return nil, err
	}
	for b := range byte(3) {
		if _, err := j.ReadStream(context.Background(), testStream(b).ID, 1, 1<<20); err != nil {
			return nil, err
		}
	}
	return events, nil
}

func equal(a, b []desk.Event) bool {
	return slices.EqualFunc(a, b, func(a, b desk.Event) bool { return reflect.DeepEqual(a, b) })
}

// TestFlippedByteInRecord flips bytes all over journal.db. Each is noticed.
func TestFlippedByteInRecord(t *testing.T) {
	o := Options{Dir: t.TempDir(), limits: small(), Keys: anyKeys()}
	want := kept(t, o, 30)
	path := filepath.Join(o.Dir, recordName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	step := 37
	if testing.Short() {
		step = 401
	}
	noticed := 0
	for at := 0; at < len(whole); at += step {
		broken := append([]byte(nil), whole...)
		broken[at] ^= 1 << (at % 8)
		put(t, path, broken)
		got, err := read(o)
		if err == nil {
			t.Errorf("byte %d: nothing was noticed, %d events of %d, equal %v", at, len(got), len(want), equal(got, want))
			continue
		}
		if !strings.Contains(err.Error(), recordName) || !strings.Contains(err.Error(), "backup") {
			t.Errorf("byte %d: the error names neither the file nor a remedy: %v", at, err)
		}
		noticed++
	}
	put(t, path, whole)
	if got, err := read(o); err != nil || !equal(got, want) {
		t.Fatalf("the undamaged file gives %d events, %v", len(got), err)
	}
	t.Logf("%d of %d bytes flipped, all noticed", noticed, len(whole))
}

func put(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func anyKeys() *fakeKeys {
	k := newFakeKeys()
	k.any = true
	return k
}

// TestFlippedByteInIndex flips bytes all over the index. The journal is whole
// all the same, because the index is made anew.
func TestFlippedByteInIndex(t *testing.T) {
	o := Options{Dir: t.TempDir(), limits: small(), Keys: anyKeys()}
	want := kept(t, o, 30)
	path := filepath.Join(o.Dir, indexName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += 331 {
		broken := append([]byte(nil), whole...)
		broken[at] ^= 0x10
		put(t, path, broken)
		j, err := Open(t.Context(), o)
		if err != nil {
			t.Fatalf("byte %d: %v", at, err)
		}
		eventually(t, "the streams can be read", func() bool {
			for b := range byte(3) {
				got, err := j.ReadStream(t.Context(), testStream(b).ID, 1, 100)
				if err != nil && desk.CodeOf(err) != desk.Unavailable || err == nil && len(got) != 20 {
					t.Fatalf("byte %d: a stream has %d events, %v", at, len(got), err)
				}
				if err != nil {
					return false
				}
			}
			return true
		})
		for _, e := range want {
			again := message(testStream(9), "again")
			again.ID = e.ID
			eventually(t, "duplicates are known", func() bool {
				_, err := j.Append(t.Context(), again)
				if err == nil {
					t.Fatalf("byte %d: event %d was appended twice", at, e.Seq)
				}
				return errors.Is(err, desk.ErrDuplicate)
			})
		}
		if err := j.Close(); err != nil {
			t.Errorf("byte %d: %v", at, err)
		}
	}
}

// frames edits the frames of a record behind hark's back, keeping SQLite's own
// check sums right.
func editFrame(t *testing.T, dir string, seq uint64, edit func([]byte) []byte) {
	t.Helper()
	name, err := registerLayer("")
	if err != nil {
		t.Fatal(err)
	}
	f := file{path: filepath.Join(dir, recordName), vfs: name, sync: "off", application: recordApplication, format: recordFormat}
	c, err := f.open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(finish(c), closeAll(c)); err != nil {
			t.Fatal(err)
		}
	}()
	var get, put *sqlite3.Stmt
	err = prepareAll(c, []query{
		{&get, `SELECT seq, frame FROM frames WHERE seq <= ? ORDER BY seq DESC LIMIT 1`},
		{&put, `UPDATE frames SET frame = ? WHERE seq = ?`},
	})
	if err == nil {
		err = get.BindInt64(1, int64(seq))
	}
	if err != nil || !get.Step() {
		t.Fatal("no such frame", err)
	}
	first, b := get.ColumnInt64(0), get.ColumnBlob(1, nil)
	b = edit(b)
	if err = get.Reset(); err == nil && b != nil {
		err = execute(put, b, first)
	}
	if err == nil && b == nil {
		err = c.Exec(fmt.Sprintf(`DELETE FROM frames WHERE seq = %d`, first))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestDamageIsLocated changes frames so that SQLite does not notice. The error
// names the event.
func TestDamageIsLocated(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func([]byte) []byte
		seq  uint64
		why  error
	}{
		{"body", func(b []byte) []byte { b[len(b)-1] ^= 1; return b }, 12, errEventCheck},
		{"first event", func(b []byte) []byte { b[frameHead+2*frameEntry+frameCheck+60] ^= 1; return b }, 11, errEventCheck},
		{"length", func(b []byte) []byte { b[frameHead+3] ^= 1; return b }, 11, errFrameCheck},
		{"count", func(b []byte) []byte { b[2]++; return b }, 11, errFrameCheck},
		{"number", func(b []byte) []byte { b[10]++; return b }, 11, errFrameCheck},
		{"cut", func(b []byte) []byte { return b[:len(b)-1] }, 11, errFrameShort},
		{"cut to nothing", func(b []byte) []byte { return b[:5] }, 11, errFrameShort},
		{"gone", func([]byte) []byte { return nil }, 11, errMissing},
		{"resealed by a stranger", forge, 12, errSealed},
		{"moved", func(b []byte) []byte { return reframe(b, 77) }, 11, errMoved},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{Dir: t.TempDir(), limits: small(), Keys: anyKeys()}
			kept(t, o, 30)
			editFrame(t, o.Dir, 11, c.edit)
			_, err := read(o)
			var d *DamageError
			if !errors.As(err, &d) || d.Seq != c.seq || d.File != recordName || !errors.Is(err, c.why) {
				t.Fatalf("the error is %v: not event %d, %v", err, c.seq, c.why)
			}
			if want := fmt.Sprintf("event %d in journal.db is damaged", c.seq); !strings.Contains(desk.Sentence(err), want) {
				t.Errorf("the sentence is %q", desk.Sentence(err))
			}
			j := start(t, o)
			for _, from := range []uint64{1, c.seq} { // what is whole can be read up to there
				got, err := j.Read(t.Context(), from, 10)
				if from == 1 && (err != nil || len(got) != 10) {
					t.Errorf("before the damage: %d events, %v", len(got), err)
				}
				if from == c.seq && err == nil {
					t.Errorf("from the damage on: %d events", len(got))
				}
			}
		})
	}
}

// forge changes the last event of a frame with all check sums made right.
func forge(b []byte) []byte {
	b[len(b)-20] ^= 1
	return reframe(b, binary.BigEndian.Uint64(b[3:]))
}

// reframe makes a frame anew from the events in another.
func reframe(b []byte, first uint64) []byte {
	count := int(binary.BigEndian.Uint16(b[1:]))
	var ends []int
	end := 0
	for i := range count {
		end += int(binary.BigEndian.Uint32(b[frameHead+i*frameEntry:]))
		ends = append(ends, end)
	}
	return appendFrame(nil, first, b[frameHead+count*frameEntry+frameCheck:], ends)
}

// TestCutFile shortens journal.db. It is refused, and not a byte is written.
func TestCutFile(t *testing.T) {
	for _, keep := range []int64{0, 1, 50, 4096, 4097, 8192, 5 * 4096, -4096, -1} {
		t.Run(fmt.Sprint(keep), func(t *testing.T) {
			o := Options{Dir: t.TempDir(), limits: small(), Keys: anyKeys()}
			kept(t, o, 60)
			path := filepath.Join(o.Dir, recordName)
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if keep < 0 {
				keep += info.Size()
			}
			if err := os.Truncate(path, keep); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = read(o)
			if desk.CodeOf(err) != desk.Unavailable || !strings.Contains(err.Error(), recordName) {
				t.Errorf("a file of %d bytes instead of %d gives %v", keep, info.Size(), err)
			}
			after, err := os.ReadFile(path)
			if err != nil || string(after) != string(before) && keep > 0 {
				t.Errorf("the refused file was changed: %v", err)
			}
		})
	}
}

// TestOlderCopy puts an older copy of the record in place of the newest.
func TestOlderCopy(t *testing.T) {
	o := Options{Dir: t.TempDir(), limits: small(), Keys: anyKeys()}
	kept(t, o, 5)
	path := filepath.Join(o.Dir, recordName)
	older, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	kept(t, o, 5)
	put(t, path, older)
	_, err = read(o)
	if desk.CodeOf(err) != desk.Unavailable || !strings.Contains(err.Error(), "journal.db ends at event 10, but there were 20") {
		t.Errorf("an older copy gives %v", err)
	}
	if err := os.Remove(filepath.Join(o.Dir, indexName)); err != nil { // what the sentence says
		t.Fatal(err)
	}
	if got, err := read(o); err != nil || len(got) != 10 {
		t.Errorf("without the index: %d events, %v", len(got), err)
	}
}

// TestForeignFiles finds other things under the names of the journal's files.
func TestForeignFiles(t *testing.T) {
	for _, c := range []struct {
		name, sql, want string
	}{
		{"text", "", "journal.db is damaged or not hark's"},
		{"another program's", `CREATE TABLE t (a)`, "journal.db is damaged or not hark's"},
		{"a newer hark's", `CREATE TABLE t (a); PRAGMA application_id=0x6861726b; PRAGMA user_version=2`, "journal.db was written by a newer hark"},
		{"an empty one with hark's mark", `PRAGMA application_id=0x6861726b; PRAGMA user_version=1`, "journal.db is damaged or not hark's"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{Dir: t.TempDir(), limits: small(), Keys: anyKeys()}
			path := filepath.Join(o.Dir, recordName)
			if c.sql == "" {
				put(t, path, []byte(strings.Repeat("not a database\n", 1000)))
			} else {
				db, err := sqlite3.Open(path)
				if err == nil {
					err = errors.Join(db.Exec(c.sql), db.Close())
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if _, err := read(o); desk.CodeOf(err) != desk.Unavailable || !strings.Contains(err.Error(), c.want) {
				t.Errorf("it gives %v", err)
			}
		})
	}
}

// TestIndexOfAnother puts the index of another journal beside the record.
func TestIndexOfAnother(t *testing.T) {
	o, other := Options{Dir: t.TempDir(), Keys: anyKeys()}, Options{Dir: t.TempDir(), Keys: anyKeys()}
	want := kept(t, o, 5)
	kept(t, other, 50)
	b, err := os.ReadFile(filepath.Join(other.Dir, indexName))
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(o.Dir, indexName), b)
	if got, err := read(o); err != nil || !equal(got, want) {
		t.Errorf("%d events, %v", len(got), err)
	}
	j := start(t, o)
	if got, err := j.ReadStream(t.Context(), testStream(1).ID, 1, 100); err != nil || len(got) != 4 {
		t.Errorf("a stream has %d events, %v", len(got), err)
	}
}

// TestIndexRemoved makes the index anew from the record, in steps.
func TestIndexRemoved(t *testing.T) {
	o := Options{Dir: t.TempDir(), limits: small(), Keys: anyKeys()}
	want := kept(t, o, 300)
	if err := os.Remove(filepath.Join(o.Dir, indexName)); err != nil {
		t.Fatal(err)
	}
	j := start(t, o)
	if err := foundAgain(t.Context(), j, want); err != nil {
		t.Error(err)
	}
}

// TestDestroyedKey leaves events out whose key is gone, and counts on.
func TestDestroyedKey(t *testing.T) {
	k := newFakeKeys()
	j := start(t, Options{Dir: t.TempDir(), limits: small(), Keys: k})
	gone, other := testStream(1), testStream(2)
	for range 5 {
		e := message(gone, "consent")
		e.Class = desk.ClassConsent
		if _, err := j.Append(t.Context(), message(gone, "gone"), message(other, "stays"), e); err != nil {
			t.Fatal(err)
		}
	}
	k.destroy(keys.Pair{Stream: gone.ID, Class: desk.ClassTranscript})
	for _, limit := range []int{1, 3, 100} {
		var all []desk.Event
		for from := uint64(1); ; {
			page, err := j.Read(t.Context(), from, limit)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			all, from = append(all, page...), page[len(page)-1].Seq+1
		}
		if len(all) != 10 {
			t.Errorf("in pages of %d: %d events, not 10", limit, len(all))
		}
	}
	got, err := j.ReadStream(t.Context(), gone.ID, 1, 3)
	if err != nil || len(got) != 3 || got[0].N != 2 || got[2].N != 6 {
		t.Errorf("the stream gives %+v, %v", got, err)
	}
	var followed []desk.Event
	if err := j.Follow(t.Context(), 1, func(e []desk.Event) { followed = append(followed, e...) }); err != nil || len(followed) != 10 {
		t.Errorf("a follower gets %d events, %v", len(followed), err)
	}
	e := message(gone, "new")
	e.Expect = 10 // numbers go on behind what was destroyed
	if events, err := j.Append(t.Context(), e); err != nil || events[0].N != 11 {
		t.Errorf("append gives %v, %v", events, err)
	}
}

// TestNoKeyNoEvent has keys that cannot be made.
func TestNoKeyNoEvent(t *testing.T) {
	k := newFakeKeys()
	j := start(t, Options{Dir: t.TempDir(), limits: small(), Keys: k})
	k.ensureErr = desk.Errorf(desk.Unavailable, "the keyring is locked")
	if _, err := j.Append(t.Context(), message(testStream(1), "x")); !errors.Is(err, k.ensureErr) || j.Head() != 0 {
		t.Errorf("append gives %v, head %d", err, j.Head())
	}
	k.ensureErr = nil
	add(t, j, "y")
	add(t, j, "z")
	if k.ensured != 1 {
		t.Errorf("keys were made %d times for one stream", k.ensured)
	}
}
