package journal

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hark/desk"
)

// mount makes a small file system of its own.
func mount(t *testing.T, size string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root, to mount a small disk")
	}
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("needs to mount a small disk, which is not allowed here: %s", out)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestFullDisk fills a real disk. Appends fail, the audit trail goes on in the
// space that is held back, and everything goes on when there is space again.
func TestFullDisk(t *testing.T) {
	dir := mount(t, "9m")
	var l lamps
	lim := small()
	lim.reserve, lim.reserveStep, lim.keepPages = 1<<20, 128<<10, 1000
	j := start(t, Options{Dir: dir, limits: lim, Lamp: l.set})
	add(t, j, "before")

	ballast := filepath.Join(dir, "ballast")
	fill(t, ballast)
	n, err := until(t, j, message(testStream(1), strings.Repeat("x", 2000)))
	unavailable(t, err, &l, "the disk is full")
	t.Logf("%d appends until the disk was full", n)

	audit := message(testStream(2), "who looked")
	audit.Reserved, audit.Class = true, desk.ClassDesk
	for i := range 60 {
		audit.ID = desk.NewID()
		if _, err := j.Append(t.Context(), audit); err != nil {
			t.Fatalf("entry %d of the audit trail: %v", i+1, err)
		}
	}
	_, err = j.Append(t.Context(), message(testStream(1), "still full"))
	unavailable(t, err, &l, "the disk is full")
	mixed := message(testStream(1), "not all of it is the audit trail")
	audit.ID = desk.NewID()
	_, err = j.Append(t.Context(), audit, mixed)
	unavailable(t, err, &l, "the disk is full")
	audit.Body = desk.Note{Text: strings.Repeat("y", 3000)}
	more, err := until(t, j, audit)
	unavailable(t, err, &l, "the disk is full")
	t.Logf("%d more in the space that is held back", more)

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	eventually(t, "writing goes on by itself", func() bool { return l.last().OK })
	add(t, j, "after")
	if info, err := os.Stat(filepath.Join(dir, reserveName)); err != nil || info.Size() != lim.reserve {
		t.Errorf("the reserve was not made whole again: %v, %v", info, err)
	}
	events, err := j.Read(t.Context(), 1, 1<<20)
	if err != nil || uint64(len(events)) != j.Head() || len(events) != 1+n+60+more+1 {
		t.Errorf("%d events of %d, %v", len(events), 1+n+60+more+1, err)
	}
}

// fill writes until there is no more space.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// until appends entries like e until that fails.
func until(t *testing.T, j *Journal, e desk.Entry) (n int, err error) {
	t.Helper()
	for ; n < 100_000; n++ {
		e.ID = desk.NewID()
		if _, err = j.Append(t.Context(), e); err != nil {
			return n, err
		}
	}
	t.Fatal("the disk does not become full")
	return 0, nil
}

// TestStartOnFullDisk opens a journal where there is no space: it can be read,
// and written once there is.
func TestStartOnFullDisk(t *testing.T) {
	dir := mount(t, "9m")
	lim := small()
	o := Options{Dir: dir, limits: lim}
	j := start(t, o)
	add(t, j, "before")
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	fill(t, filepath.Join(dir, "ballast"))
	var l lamps
	o.Lamp = l.set
	j = start(t, o)
	if got, err := j.Read(t.Context(), 1, 10); err != nil || len(got) != 1 {
		t.Errorf("reading gives %d events and %v", len(got), err)
	}
	_, err := until(t, j, message(testStream(1), strings.Repeat("x", 3000)))
	unavailable(t, err, &l, "the disk is full")
	if err := os.Remove(filepath.Join(dir, "ballast")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "writing goes on by itself", func() bool { return l.last().OK })
	add(t, j, "after")
}

// TestReadOnlyDisk makes a real disk read-only underneath.
func TestReadOnlyDisk(t *testing.T) {
	dir := mount(t, "9m")
	o := Options{Dir: dir, limits: small()}
	j := start(t, o)
	add(t, j, "before")
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	remount(t, dir, syscall.MS_RDONLY)
	o.Keys = newFakeKeys()
	_, err := Open(t.Context(), o)
	if desk.CodeOf(err) != desk.Unavailable || !strings.Contains(err.Error(), "cannot be written: make the disk") {
		t.Errorf("opening it gives %v", err)
	}
	remount(t, dir, 0)
	add(t, start(t, o), "after")
}

func remount(t *testing.T, dir string, flags uintptr) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, "size=9m"); err != nil {
		t.Fatal(err)
	}
}
