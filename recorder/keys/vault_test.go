package keys

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"hark/desk"
)

// newVault returns a fresh vault on memory and the source that opens it again.
func newVault(t *testing.T) (*Vault, string, Source) {
	t.Helper()
	dir, src := t.TempDir(), Source{Backend: BackendMemory, Memory: NewMemory()}
	v, err := Create(t.Context(), dir, src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v, dir, src
}

func reopen(t *testing.T, v *Vault, dir string, src Source) *Vault {
	t.Helper()
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	v, err := Open(t.Context(), dir, src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func pair(class desk.Class) Pair { return Pair{desk.NewID(), class} }

func seal(t *testing.T, v *Vault, p Pair, text string) []byte {
	t.Helper()
	aead, err := v.AEAD(p.Stream, p.Class)
	if err != nil {
		t.Fatal(err)
	}
	return aead.Seal(nil, nil, []byte(text), []byte("about"))
}

func unseal(v *Vault, p Pair, sealed []byte) (string, error) {
	aead, err := v.AEAD(p.Stream, p.Class)
	if err != nil {
		return "", err
	}
	text, err := aead.Open(nil, nil, sealed, []byte("about"))
	return string(text), err
}

func TestSealedEventsOpenAfterARestart(t *testing.T) {
	v, dir, src := newVault(t)
	a, b := pair(desk.ClassTranscript), pair(desk.ClassContact)
	if _, err := v.AEAD(a.Stream, a.Class); !errors.Is(err, ErrNoKey) {
		t.Fatalf("before Ensure: %v, want ErrNoKey", err)
	}
	if err := v.Ensure(t.Context(), []Pair{a, b, a}); err != nil {
		t.Fatal(err)
	}
	sealed := seal(t, v, a, "hello")
	v = reopen(t, v, dir, src)
	if got, err := unseal(v, a, sealed); err != nil || got != "hello" {
		t.Fatalf("after restart: %q, %v", got, err)
	}
	if _, err := unseal(v, b, sealed); err == nil {
		t.Fatal("another pair's key opens it")
	}
	if err := v.Ensure(t.Context(), []Pair{a}); err != nil {
		t.Fatal(err)
	}
	if got, err := unseal(v, a, sealed); err != nil || got != "hello" {
		t.Fatalf("after a second Ensure: %q, %v: the key was replaced", got, err)
	}
}

func TestUsesHaveKeysOfTheirOwn(t *testing.T) {
	v, _, _ := newVault(t)
	p := pair(desk.ClassTranscript)
	if err := v.Ensure(t.Context(), []Pair{p}); err != nil {
		t.Fatal(err)
	}
	sealed := seal(t, v, p, "hello")
	drafts, err := v.Cipher(p, UseDraft)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drafts.Open(nil, nil, sealed, []byte("about")); err == nil {
		t.Fatal("the drafts' key opens an event")
	}
}

func TestConcurrentEnsuresShareCommits(t *testing.T) {
	v, _, _ := newVault(t)
	var commits atomic.Int32
	v.db.CommitHook(func() bool { commits.Add(1); return true })
	const callers = 64
	v.mu.Lock() // the disk is busy while they arrive
	var wg sync.WaitGroup
	errs := make(chan error, callers)
	for range callers {
		wg.Go(func() { errs <- v.Ensure(t.Context(), []Pair{pair(desk.ClassTranscript), pair(desk.ClassConsent)}) })
	}
	for joined := 0; joined < 2*callers; {
		v.batches.mu.Lock()
		if v.batches.next != nil {
			joined = len(v.batches.next.slots)
		}
		v.batches.mu.Unlock()
	}
	v.mu.Unlock()
	wg.Wait()
	for range callers {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	if n := commits.Load(); n != 1 {
		t.Errorf("%d commits for callers that waited together, want 1", n)
	}
	if n, err := v.Count(); err != nil || n != 2*callers {
		t.Errorf("%d keys, %v; want %d", n, err, 2*callers)
	}
}

func TestEnsureGivesUpWithItsContext(t *testing.T) {
	v, _, _ := newVault(t)
	v.mu.Lock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := v.Ensure(ctx, []Pair{pair(desk.ClassTranscript)})
	v.mu.Unlock()
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

// TestRowsCannotBeMoved edits keys.db as somebody without the desk's key could.
func TestRowsCannotBeMoved(t *testing.T) {
	edits := map[string]string{
		"swapped":        `CREATE TEMP TABLE was AS SELECT * FROM dek; UPDATE dek SET key = (SELECT key FROM was WHERE was.stream <> dek.stream)`,
		"other class":    `UPDATE dek SET class = 2`,
		"other epoch":    `UPDATE dek SET epoch = 2`,
		"flipped bit":    `UPDATE dek SET key = CAST(substr(key, 1, 59) || CASE substr(key, 60) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB)`,
		"cut short":      `UPDATE dek SET key = substr(key, 1, 59)`,
		"empty":          `UPDATE dek SET key = x''`,
		"made up wholly": `UPDATE dek SET key = zeroblob(60)`,
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			v, dir, src := newVault(t)
			a, b := pair(desk.ClassTranscript), pair(desk.ClassTranscript)
			if err := v.Ensure(t.Context(), []Pair{a, b}); err != nil {
				t.Fatal(err)
			}
			if err := v.db.Exec(edit); err != nil {
				t.Fatal(err)
			}
			if n := v.db.Changes(); n != 2 {
				t.Fatalf("the edit changed %d rows", n)
			}
			v = reopen(t, v, dir, src)
			class := a.Class
			if name == "other class" {
				class = desk.ClassRecording
			}
			if _, err := v.AEAD(a.Stream, class); err == nil || errors.Is(err, ErrNoKey) {
				t.Fatalf("got %v, want an error about damage", err)
			}
		})
	}
}

func TestDestroyLeavesNothingToRead(t *testing.T) {
	v, dir, src := newVault(t)
	a, b := pair(desk.ClassTranscript), pair(desk.ClassTranscript)
	if err := v.Ensure(t.Context(), []Pair{a, b}); err != nil {
		t.Fatal(err)
	}
	sealed := seal(t, v, a, "hello")
	row := wrapped(t, v, a)
	if !onDisk(t, dir, row) {
		t.Fatal("the scan does not find a wrapped key that is there")
	}
	for _, use := range uses() { // all of them are at hand then
		if _, err := v.Cipher(a, use); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.Destroy(t.Context(), a, pair(desk.ClassSurvey)); err != nil {
		t.Fatal(err)
	}
	if _, err := unseal(v, a, sealed); !errors.Is(err, ErrNoKey) {
		t.Fatalf("after Destroy: %v, want ErrNoKey", err)
	}
	for _, use := range uses() {
		if _, err := v.Cipher(a, use); !errors.Is(err, ErrNoKey) {
			t.Errorf("after Destroy, for use %s: %v, want ErrNoKey", use, err)
		}
	}
	if onDisk(t, dir, row) || onDisk(t, dir, a.Stream[:]) {
		t.Error("the destroyed row's bytes are still in the folder")
	}
	v = reopen(t, v, dir, src)
	if _, err := v.AEAD(b.Stream, b.Class); err != nil {
		t.Errorf("the other key is gone too: %v", err)
	}
}

func wrapped(t *testing.T, v *Vault, p Pair) []byte {
	t.Helper()
	st, _, err := v.db.Prepare(`SELECT key FROM dek WHERE stream = ?`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	if err := st.BindBlob(1, p.Stream[:]); err != nil || !st.Step() {
		t.Fatal("no such row", err)
	}
	return st.ColumnBlob(0, nil)
}

// onDisk looks for bytes in all files of the folder.
func onDisk(t *testing.T, dir string, b []byte) bool {
	t.Helper()
	for _, content := range contents(t, dir) {
		if bytes.Contains(content, b) {
			return true
		}
	}
	return false
}

// contents returns the folder's files.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, e := range entries {
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestSecretIsMadeOnceAndKept(t *testing.T) {
	v, dir, src := newVault(t)
	made := 0
	fresh := func() ([]byte, error) { made++; return []byte("seed of a host key"), nil }
	for range 2 {
		got, err := v.Secret(t.Context(), "host", fresh)
		if err != nil || string(got) != "seed of a host key" {
			t.Fatalf("%q, %v", got, err)
		}
		v = reopen(t, v, dir, src)
	}
	if made != 1 {
		t.Errorf("made %d times", made)
	}
	if onDisk(t, dir, []byte("seed of a host key")) {
		t.Error("it is on the disk in the clear")
	}
}

func TestClosedVaultSaysSo(t *testing.T) {
	v, _, _ := newVault(t)
	p := pair(desk.ClassTranscript)
	if err := v.Ensure(t.Context(), []Pair{p}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(v.Close(), v.Close()); err != nil {
		t.Fatal(err)
	}
	_, err := v.AEAD(p.Stream, p.Class)
	if !errors.Is(err, errClosed) || !errors.Is(v.Ensure(t.Context(), []Pair{p}), errClosed) {
		t.Errorf("got %v", err)
	}
}

func TestCacheKeepsTheLatestOnly(t *testing.T) {
	v, _, _ := newVault(t)
	v.cache = newCache(3)
	pairs := make([]Pair, 10)
	for i := range pairs {
		pairs[i] = pair(desk.ClassTranscript)
	}
	if err := v.Ensure(t.Context(), pairs); err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		if _, err := v.AEAD(p.Stream, p.Class); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(v.cache.at); n != 3 || v.cache.order.Len() != 3 {
		t.Errorf("%d ciphers are kept", n)
	}
	if v.cache.get(pairs[9], UseEvent) == nil || v.cache.get(pairs[0], UseEvent) != nil {
		t.Error("it keeps the wrong ones")
	}
}

func BenchmarkAEAD(b *testing.B) {
	dir := b.TempDir()
	v, err := Create(b.Context(), dir, Source{Backend: BackendMemory})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	pairs := make([]Pair, 2*cacheSize)
	for i := range pairs {
		pairs[i] = pair(desk.ClassTranscript)
	}
	if err := v.Ensure(b.Context(), pairs); err != nil {
		b.Fatal(err)
	}
	b.Run("hit", func(b *testing.B) {
		for b.Loop() {
			if _, err := v.AEAD(pairs[0].Stream, pairs[0].Class); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("miss", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			p := pairs[i%len(pairs)]
			i++
			if _, err := v.AEAD(p.Stream, p.Class); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestEveryFlippedByteIsNoticed damages keys.db byte by byte: a key is right,
// or there is an error; never is one taken to be destroyed.
func TestEveryFlippedByteIsNoticed(t *testing.T) {
	v, dir, src := newVault(t)
	pairs := make([]Pair, 100)
	for i := range pairs {
		pairs[i] = pair(desk.ClassTranscript)
	}
	if err := v.Ensure(t.Context(), pairs); err != nil {
		t.Fatal(err)
	}
	sealed := make([][]byte, len(pairs))
	for i, p := range pairs {
		sealed[i] = seal(t, v, p, "hello")
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, vaultFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	noticed := 0
	for at := 0; at < len(whole); at += 37 {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 1 << (at % 8)
		writeFile(t, path, string(damaged))
		v, err := Open(t.Context(), dir, src)
		if err != nil {
			noticed++
			continue
		}
		for i, p := range pairs {
			text, err := unseal(v, p, sealed[i])
			if errors.Is(err, ErrNoKey) || err == nil && text != "hello" {
				t.Fatalf("byte %d: %q, %v", at, text, err)
			}
			if err != nil {
				noticed++
				break
			}
		}
		_ = v.Close()
		_ = os.Remove(path + "-wal")
	}
	if noticed < len(whole)/37*9/10 {
		t.Errorf("%d of %d flipped bytes were noticed", noticed, len(whole)/37)
	}
}
