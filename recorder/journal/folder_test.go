package journal

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"hark/desk"
)

// TestFolderHoldsNoPlaintext looks for everything that people wrote in every
// file, while the journal is open and when it is closed.
func TestFolderHoldsNoPlaintext(t *testing.T) {
	dir := t.TempDir()
	j := start(t, Options{Dir: dir, limits: small()})
	secrets := []string{"Grünkohl mit Pinkel", "Ana Björk", "ana@shop.example", "https://shop.example/lamps"}
	s := testStream(1)
	for range 50 {
		for _, body := range []desk.Body{
			desk.Message{Direction: desk.In, Channel: desk.Chat, Text: secrets[0], Author: secrets[1]},
			desk.ContactCreated{Name: secrets[1], Identities: []desk.Identity{{Type: desk.MailAddress, Value: secrets[2]}}},
			desk.ConversationOpened{Channel: desk.Chat, Page: secrets[3]},
			desk.Note{Text: secrets[0]},
		} {
			e := message(s, "")
			e.Body = body
			if _, err := j.Append(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
	}
	secrets = append(secrets, "message", "contact.created", `"text"`)
	scan(t, dir, secrets)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	scan(t, dir, secrets)
}

func scan(t *testing.T, dir string, secrets []string) {
	t.Helper()
	for _, name := range names(t, dir) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// TestFilesAreTheOwners leaves nothing for others to read, and nothing lying
// about when the journal is closed.
func TestFilesAreTheOwners(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c%20d#e&f=g") // a name that is hard to put in a URI
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	j := start(t, Options{Dir: dir, limits: small()})
	add(t, j, "x")
	for _, name := range names(t, dir) {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{indexName, recordName, reserveName}) {
		t.Errorf("a closed journal leaves %v", got)
	}
}

// TestMissingFolder says so and makes none.
func TestMissingFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	_, err := Open(t.Context(), Options{Dir: dir, Keys: anyKeys()})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opening gives %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder: %v", err)
	}
}

// TestClosedJournal answers everybody: those whose appends were on the way,
// and those that come later.
func TestClosedJournal(t *testing.T) {
	j := start(t, Options{Dir: t.TempDir(), limits: small()})
	var wg sync.WaitGroup
	var mu sync.Mutex
	kept := 0
	for range 16 {
		wg.Go(func() {
			for {
				_, err := j.Append(context.Background(), message(testStream(1), "x"))
				if err != nil {
					if desk.CodeOf(err) != desk.Unavailable {
						t.Errorf("append gives %v", err)
					}
					return
				}
				mu.Lock()
				kept++
				mu.Unlock()
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	if err := errors.Join(j.Close(), j.Close()); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if uint64(kept) != j.Head() {
		t.Errorf("%d appends were acknowledged, %d events are there", kept, j.Head())
	}
	if _, err := j.Read(t.Context(), 1, 1); desk.CodeOf(err) != desk.Unavailable {
		t.Errorf("read gives %v", err)
	}
	if _, err := j.ReadStream(t.Context(), testStream(1).ID, 1, 1); desk.CodeOf(err) != desk.Unavailable {
		t.Errorf("read stream gives %v", err)
	}
}

// TestClockSteps turns the clock back while the journal is open.
func TestClockSteps(t *testing.T) {
	j := start(t, Options{Dir: t.TempDir(), limits: small()})
	clock := time.Now()
	j.writer.now = func() time.Time { return clock } // nobody appends yet
	first := add(t, j, "a")
	clock = clock.Add(-time.Hour)
	if e := add(t, j, "b"); !e.At.Equal(first.At) {
		t.Errorf("the time went from %v to %v", first.At, e.At)
	}
	clock = clock.Add(2 * time.Hour)
	if e := add(t, j, "c"); !e.At.Equal(clock.Truncate(time.Millisecond)) {
		t.Errorf("the time is %v at %v", e.At, clock)
	}
}

// TestTooMuch refuses what no desk says in one breath.
func TestTooMuch(t *testing.T) {
	j := start(t, Options{Dir: t.TempDir(), limits: small()})
	if _, err := j.Append(t.Context(), make([]desk.Entry, appendLimit+1)...); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("too many entries give %v", err)
	}
	long := message(testStream(1), string(bytes.Repeat([]byte{'x'}, eventLimit)))
	if _, err := j.Append(t.Context(), long); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("too long an entry gives %v", err)
	}
}
