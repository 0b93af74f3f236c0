package keys

import (
	"io/fs"
	"syscall"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"hark/desk"
	"hark/recorder/disk"
	"hark/recorder/powercut"
)

// faulty returns a vault on a disk that can be made to fail.
func faulty(t *testing.T) (*Vault, *powercut.Disk) {
	t.Helper()
	dir := t.TempDir()
	d := powercut.New(t, dir)
	v, err := Create(t.Context(), dir, Source{Backend: BackendMemory, Layer: disk.Layer{VFS: d.VFS()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v, d
}

// TestTroubleThatPasses refuses writes for a while: nothing is promised that is
// not kept, what was kept is read, and service comes back by itself.
func TestTroubleThatPasses(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		// as SQLite's layer for Go files reports them
		"full disk":      {&fs.PathError{Op: "write", Path: "keys.db-wal", Err: syscall.ENOSPC}, "the disk is full"},
		"quota":          {&fs.PathError{Op: "write", Path: "keys.db-wal", Err: syscall.EDQUOT}, "the disk is full"},
		"read-only disk": {&fs.PathError{Op: "write", Path: "keys.db-wal", Err: syscall.EROFS}, "cannot be written"},
	} {
		t.Run(name, func(t *testing.T) {
			v, d := faulty(t)
			before := pair(desk.ClassTranscript)
			if err := v.Ensure(t.Context(), []Pair{before}); err != nil {
				t.Fatal(err)
			}
			for nth := range 6 {
				count := 0
				d.Fault(func(op powercut.Op) error {
					if op.Kind == powercut.Write {
						if count++; count > nth {
							return c.err
						}
					}
					return nil
				})
				p := pair(desk.ClassTranscript)
				err := v.Ensure(t.Context(), []Pair{p})
				if err != nil {
					refused(t, err, desk.Unavailable, nil, c.says)
				}
				v.cache.clear()
				if _, kerr := v.AEAD(p.Stream, p.Class); (kerr == nil) != (err == nil) {
					t.Errorf("after %d writes: Ensure says %v, reading %v", nth, err, kerr)
				}
				if _, err := v.AEAD(before.Stream, before.Class); err != nil {
					t.Errorf("after %d writes a key cannot be read: %v", nth, err)
				}
				d.Fault(nil)
				if err := v.Ensure(t.Context(), []Pair{p}); err != nil {
					t.Errorf("after %d writes and the end of the trouble: %v", nth, err)
				}
			}
		})
	}
}

// TestFailedSyncEndsWriting: what the disk failed to keep once is not tried
// again, and reading goes on.
func TestFailedSyncEndsWriting(t *testing.T) {
	v, d := faulty(t)
	before, p := pair(desk.ClassTranscript), pair(desk.ClassTranscript)
	if err := v.Ensure(t.Context(), []Pair{before}); err != nil {
		t.Fatal(err)
	}
	d.Fault(func(op powercut.Op) error {
		if op.Kind == powercut.Sync {
			return vfs.SystemError(syscall.EIO, sqlite3.IOERR_FSYNC)
		}
		return nil
	})
	refused(t, v.Ensure(t.Context(), []Pair{p}), desk.Unavailable, sqlite3.IOERR_FSYNC, "restart hark")
	d.Fault(nil)
	refused(t, v.Ensure(t.Context(), []Pair{p}), desk.Unavailable, sqlite3.IOERR_FSYNC, "restart hark")
	v.cache.clear()
	if _, err := v.AEAD(before.Stream, before.Class); err != nil {
		t.Error(err)
	}
	if _, err := v.Secret(t.Context(), "host", func() ([]byte, error) { return []byte("x"), nil }); err == nil {
		t.Error("a secret is kept by a disk that failed")
	}
	if err := v.Check(); err == nil {
		t.Error("the check-up is content")
	}
}
