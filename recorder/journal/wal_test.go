package journal

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hark/desk"
)

// crashed makes a journal that was not closed, and returns its folder's files
// as they are then, with a write-ahead log of many commits.
func crashed(t *testing.T, events int) (dir string, all []desk.Event) {
	t.Helper()
	live := t.TempDir()
	o := Options{Dir: live, Keys: anyKeys()}
	j := start(t, o)
	for i := range events {
		all = append(all, add(t, j, fmt.Sprint(i)))
	}
	dir = t.TempDir()
	for _, name := range []string{recordName, recordName + "-wal"} {
		b, err := os.ReadFile(filepath.Join(live, name))
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, name), b)
	}
	return dir, all
}

// TestRotInTheLog flips bytes of a write-ahead log that holds commits. SQLite
// would forget all that follow without a word.
func TestRotInTheLog(t *testing.T) {
	dir, all := crashed(t, 30)
	path := filepath.Join(dir, recordName+"-wal")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	frames := (len(whole) - walHeader) / (walFrameHeader + pageSize)
	if frames < 30 {
		t.Fatalf("the log has only %d frames", frames)
	}
	last := len(whole) - 2*(walFrameHeader+pageSize) // the newest commit may be a torn one
	for at := 0; at < last; at += 211 {
		broken := append([]byte(nil), whole...)
		broken[at] ^= 4
		put(t, path, broken)
		_, err := Open(context.Background(), Options{Dir: dir, Keys: anyKeys()})
		if desk.CodeOf(err) != desk.Unavailable || !strings.Contains(err.Error(), recordName+"-wal is damaged at byte") {
			t.Fatalf("byte %d: %v", at, err)
		}
		if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, broken) {
			t.Fatalf("byte %d: the refused log was changed: %v", at, err)
		}
	}
	put(t, path, whole)
	if got, err := read(Options{Dir: dir, Keys: anyKeys()}); err != nil || !equal(got, all) {
		t.Errorf("the undamaged log gives %d events of %d, %v", len(got), len(all), err)
	}
}

// TestTornLog cuts the log anywhere, as a power cut does. It is accepted, with
// the commits that are whole.
func TestTornLog(t *testing.T) {
	dir, all := crashed(t, 10)
	path := filepath.Join(dir, recordName+"-wal")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	record, err := os.ReadFile(filepath.Join(dir, recordName))
	if err != nil {
		t.Fatal(err)
	}
	before := -1
	for at := 0; at <= len(whole); at += 509 {
		here := t.TempDir()
		put(t, filepath.Join(here, recordName), record)
		put(t, filepath.Join(here, recordName+"-wal"), whole[:at])
		got, err := read(Options{Dir: here, Keys: anyKeys(), limits: small()})
		if err != nil || len(got) < before || !equal(got, all[:len(got)]) {
			t.Fatalf("cut at %d of %d: %d events, %v", at, len(whole), len(got), err)
		}
		before = len(got)
	}
}

// FuzzLog gives the scan of a log anything at all.
func FuzzLog(f *testing.F) {
	l := logScan{order: binary.LittleEndian}
	head := make([]byte, walHeader)
	binary.BigEndian.PutUint32(head, walMagic)
	binary.BigEndian.PutUint32(head[8:], pageSize)
	l.add(head[:24])
	binary.BigEndian.PutUint32(head[24:], l.s1)
	binary.BigEndian.PutUint32(head[28:], l.s2)
	f.Add(head)
	f.Add(append(head, make([]byte, 3*(walFrameHeader+pageSize))...))
	f.Add(make([]byte, walHeader+10))
	f.Fuzz(func(t *testing.T, b []byte) {
		err := scanLog(bytes.NewReader(b))
		if err != nil && desk.CodeOf(err) != desk.Unavailable {
			t.Errorf("a log in memory gives %v", err)
		}
	})
}
