package powercut

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// TestImages holds the images of a power cut against what a disk promises.
func TestImages(t *testing.T) {
	n := &inode{first: bytes.Repeat([]byte{'.'}, 3*sector)}
	made := &inode{}
	d := &Disk{start: map[string]*inode{"old": n}, ops: []Op{
		{Kind: Write, inode: n, Off: sector - 2, Data: []byte("abcd")}, // over a border
		{Kind: Sync, inode: n},
		{Kind: Write, inode: n, Off: 0, Data: bytes.Repeat([]byte{'x'}, 4*sector)},
		{Kind: Create, File: "new", inode: made},
		{Kind: Write, inode: made, Data: []byte("new")},
		{Kind: Sync, inode: made},
		{Kind: SyncDir},
		{Kind: Delete, File: "old"},
	}}
	rng := rand.New(rand.NewPCG(1, 2))
	images := func(cut int) (old, fresh map[string]int) {
		old, fresh = map[string]int{}, map[string]int{}
		for range 200 {
			r := d.Replay()
			r.Advance(cut)
			dir := t.TempDir()
			if err := r.Write(dir, rng); err != nil {
				t.Fatal(err)
			}
			old[read(t, dir, "old")]++
			fresh[read(t, dir, "new")]++
		}
		return old, fresh
	}

	old, _ := images(1)
	if len(old) != 4 { // each of the two sectors or neither or both
		t.Errorf("a write over a border has %d outcomes, not 4", len(old))
	}
	old, _ = images(2)
	synced := string(bytes.Repeat([]byte{'.'}, sector-2)) + "abcd" + string(bytes.Repeat([]byte{'.'}, 2*sector-2))
	if len(old) != 1 || old[synced] == 0 {
		t.Errorf("what was synced has %d outcomes", len(old))
	}
	old, _ = images(3)
	if len(old) != 16 {
		t.Errorf("a write of four sectors has %d outcomes, not 16", len(old))
	}
	_, fresh := images(6)
	if len(fresh) != 2 || fresh["new"] == 0 || fresh["(none)"] == 0 {
		t.Errorf("a name that was not synced has the outcomes %v", fresh)
	}
	old, fresh = images(8)
	if len(fresh) != 1 || fresh["new"] == 0 || old["(none)"] == 0 || len(old) < 2 {
		t.Errorf("after the folder was synced and a file deleted: %v, %d outcomes", fresh, len(old))
	}
}

// TestRenames holds a renamed file to one of its names, never none.
func TestRenames(t *testing.T) {
	dir := t.TempDir()
	d := New(t, dir)
	f, err := d.Create("a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = f.Write([]byte("whole")); err != nil {
		t.Fatal(err)
	}
	for _, do := range []func() error{f.Sync, f.Close, func() error { return d.SyncDir(dir) }, func() error { return d.Rename("a", "b") }} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]int{}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		r := d.Replay()
		r.Advance(r.Len())
		image := t.TempDir()
		if err := r.Write(image, rng); err != nil {
			t.Fatal(err)
		}
		seen[read(t, image, "a")+" "+read(t, image, "b")]++
	}
	if len(seen) != 2 || seen["whole (none)"] == 0 || seen["(none) whole"] == 0 {
		t.Errorf("a rename that was not synced has the outcomes %v", seen)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if os.IsNotExist(err) {
		return "(none)"
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
