package keys

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"hark/desk"
)

// TestRealFullDisk fills a file system of its own, where the test may mount one.
func TestRealFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=192k"); err != nil {
		if errors.Is(err, os.ErrPermission) {
			t.Skip("needs the right to mount a file system, as root has it")
		}
		t.Fatal(err)
	}
	defer func() { _ = syscall.Unmount(dir, 0) }()
	v, err := Create(t.Context(), dir, Source{Backend: BackendMemory})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	filler := dir + "/filler"
	var kept []Pair
	for range 10_000 {
		p := pair(desk.ClassTranscript)
		if err = v.Ensure(t.Context(), []Pair{p}); err != nil {
			break
		}
		kept = append(kept, p)
		if len(kept) == 5 {
			_ = os.WriteFile(filler, make([]byte, 1<<20), 0o600) // as much as there is room for
		}
	}
	refused(t, err, desk.Unavailable, nil, "the disk is full")
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := v.Ensure(t.Context(), []Pair{pair(desk.ClassTranscript)}); err != nil {
		t.Errorf("with space again: %v", err)
	}
	v.cache.clear()
	for _, p := range kept {
		if _, err := v.AEAD(p.Stream, p.Class); err != nil {
			t.Fatal(err)
		}
	}
}
