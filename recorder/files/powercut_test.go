package files

import (
	"bytes"
	"context"
	"crypto/cipher"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"hark/desk"
	"hark/recorder/keys"
	"hark/recorder/powercut"
)

// cutDisk is a folder whose power can be cut.
type cutDisk struct {
	onDisk
	d *powercut.Disk
}

func (c cutDisk) create(name string) (handle, error) { return c.d.Create(name) }
func (c cutDisk) rename(from, to string) error       { return c.d.Rename(from, to) }
func (c cutDisk) remove(name string) error           { return c.d.Remove(name) }
func (c cutDisk) sync() error                        { return c.d.SyncDir(c.dir) }

// forgetful is a folder whose syncs do nothing.
type forgetful struct{ cutDisk }

func (forgetful) sync() error { return nil }

// lives notes when each key was made and destroyed, in operations of the disk.
type lives struct {
	Keys
	d *powercut.Disk

	mu              sync.Mutex
	made, destroyed map[desk.ID]int
}

func (l *lives) Ensure(ctx context.Context, pairs []keys.Pair) error {
	l.mu.Lock()
	for _, p := range pairs { // from now on it may be on the disk
		l.made[p.Stream] = l.d.Len()
	}
	l.mu.Unlock()
	return l.Keys.Ensure(ctx, pairs)
}

func (l *lives) Destroy(ctx context.Context, pairs ...keys.Pair) error {
	err := l.Keys.Destroy(ctx, pairs...)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range pairs {
		l.destroyed[p.Stream] = l.d.Len()
	}
	return err
}

func (l *lives) Cipher(p keys.Pair, use keys.Use) (cipher.AEAD, error) { return l.Keys.Cipher(p, use) }

// TestPowerCut cuts the power before every operation: what was kept is there,
// whole, and no key is without a file that names it.
func TestPowerCut(t *testing.T) {
	for _, err := range cutEverywhere(t, func(c cutDisk) folder { return c }) {
		t.Error(err)
	}
}

// TestPowerCutIsNotBlind runs the same without making names durable, and must
// find losses.
func TestPowerCutIsNotBlind(t *testing.T) {
	if len(cutEverywhere(t, func(c cutDisk) folder { return forgetful{c} })) == 0 {
		t.Error("a store that never syncs its folder loses nothing")
	}
}

func cutEverywhere(t *testing.T, wrap func(cutDisk) folder) (lost []error) {
	t.Helper()
	p := newPlace(t)
	dir := filepath.Join(p.dir, Folder)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := cutDisk{onDisk{dir}, powercut.New(t, dir)}
	l := &lives{Keys: p.vault, d: c.d, made: map[desk.ID]int{}, destroyed: map[desk.ID]int{}}
	s := p.openWith(t, Options{Dir: p.dir, Keys: l, folder: wrap(c)})
	acked := work(t, s, c.d)

	rng := rand.New(rand.NewPCG(5, 6))
	r := c.d.Replay()
	for cut := range r.Len() + 1 {
		r.Advance(cut)
		image := t.TempDir()
		if err := r.Write(image, rng); err != nil {
			t.Fatal(err)
		}
		lost = append(lost, look(t, p, image, cut, acked, l)...)
	}
	return lost
}

// ack is a file that was kept, and after how many operations.
type ack struct {
	content []byte
	after   int
}

// work creates and keeps files, leaves some and lets others fail.
func work(t *testing.T, s *Store, d *powercut.Disk) map[desk.ID]ack {
	t.Helper()
	acked := map[desk.ID]ack{}
	for i := range 6 {
		b := noise(i*chunkSize/2 + 17*i)
		id := created(t, s, b)
		if i%3 != 2 {
			if err := s.Keep(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			acked[id] = ack{b, d.Len()}
		}
		if _, err := s.Create(t.Context(), desk.NewID(), bytes.NewReader(noise(900)), 800); err == nil {
			t.Fatal("a file that is too large was kept")
		}
	}
	return acked
}

// look opens what a power cut left.
func look(t *testing.T, p *place, image string, cut int, acked map[desk.ID]ack, l *lives) (lost []error) {
	t.Helper()
	s, err := Open(Options{Dir: p.dir, Keys: p.vault, folder: onDisk{image}})
	if err != nil {
		return []error{fmt.Errorf("cut before operation %d: %w", cut, err)}
	}
	defer func() { _ = s.Close() }()
	for id, a := range acked {
		if got, err := content(t, s, id); a.after <= cut && (err != nil || !bytes.Equal(got, a.content)) {
			lost = append(lost, fmt.Errorf("cut before operation %d: a kept file has %d of %d bytes: %w", cut, len(got), len(a.content), err))
		}
	}
	for id, made := range l.made {
		gone := l.destroyed[id] != 0 && l.destroyed[id] <= cut
		if made <= cut && !gone && s.pending[id] == nil && !s.isKept(id) {
			lost = append(lost, fmt.Errorf("cut before operation %d: a key has no file", cut))
		}
	}
	return lost
}

// TestDiskFull fills the disk at every write: the error says so, nothing
// stays, and the next file is taken when there is room again.
func TestDiskFull(t *testing.T) {
	for name, kind := range map[string]powercut.Kind{"create": powercut.Create, "write": powercut.Write, "sync": powercut.Sync, "folder": powercut.SyncDir} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			dir := filepath.Join(p.dir, Folder)
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			c := cutDisk{onDisk{dir}, powercut.New(t, dir)}
			s := p.openWith(t, Options{Dir: p.dir, Keys: p.vault, folder: c})
			c.d.Fault(func(op powercut.Op) error {
				if op.Kind == kind {
					return syscall.ENOSPC
				}
				return nil
			})
			if _, err := s.Create(t.Context(), desk.NewID(), bytes.NewReader(noise(2*chunkSize)), 1<<20); desk.CodeOf(err) != desk.Unavailable {
				t.Fatalf("a full disk took a file: %v", err)
			}
			c.d.Fault(nil)
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 || p.count(t) > 0 || s.waits != 0 {
				t.Errorf("%d files and %d keys are left, %v", len(left), p.count(t), err)
			}
			id := kept(t, s, noise(100))
			if got, err := content(t, s, id); err != nil || len(got) != 100 {
				t.Errorf("with room again: %d bytes, %v", len(got), err)
			}
		})
	}
}

// TestNamesThatAreNotDurable: when the folder cannot be synced, nobody may
// count on a kept file, now or when it is tried again.
func TestNamesThatAreNotDurable(t *testing.T) {
	p := newPlace(t)
	dir := filepath.Join(p.dir, Folder)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := cutDisk{onDisk{dir}, powercut.New(t, dir)}
	s := p.openWith(t, Options{Dir: p.dir, Keys: p.vault, folder: c})
	id := created(t, s, noise(10))
	c.d.Fault(func(op powercut.Op) error {
		if op.Kind == powercut.SyncDir {
			return syscall.ENOSPC
		}
		return nil
	})
	if err := s.Keep(t.Context(), id); desk.CodeOf(err) != desk.Unavailable {
		t.Fatalf("it is kept: %v", err)
	}
	c.d.Fault(nil)
	if err := s.Keep(t.Context(), id); desk.CodeOf(err) != desk.Unavailable {
		t.Errorf("tried again, it is kept: %v", err)
	}
}
