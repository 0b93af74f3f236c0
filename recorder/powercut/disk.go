// Package powercut is a layer under SQLite for tests. It passes everything on
// to real files and notes, in one order for all files, what was written, cut,
// synced, made and deleted. From these notes it makes the folder as a power cut
// at any moment could have left it: what was synced is there, of the rest any
// part may be, in pieces of a sector. It can also make operations fail.
//
// The name of a file that was made is safe only once its folder was synced:
// see Disk.SyncDir. Some file systems are kinder than that; none is harsher.
package powercut

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"

	"hark/desk"
)

// Kind is a kind of operation.
type Kind int

// The kinds of operation.
const (
	Create Kind = iota // a name that was not there
	Write
	Truncate
	Sync
	Delete
	SyncDir
	Rename
)

func (k Kind) String() string {
	return [...]string{"create", "write", "truncate", "sync", "delete", "sync of the folder", "rename"}[k]
}

// Op is one operation.
type Op struct {
	Kind Kind
	File string // its base name
	To   string // of a Rename, the new one
	Off  int64  // of a Write; the new size of a Truncate
	Data []byte // of a Write

	inode *inode
}

// inode is a file whatever its name is.
type inode struct{ first []byte } // its content when the disk began

// Disk notes what happens to the files of one folder. It is safe for
// concurrent use.
type Disk struct {
	name  string
	under vfs.VFSFilename
	dir   string

	mu    sync.Mutex
	ops   []Op
	names map[string]*inode
	start map[string]*inode // the names when the disk began
	fault func(Op) error
}

// New returns a layer over the folder, as long as the test runs. What is in
// the folder already is on the disk.
func New(t testing.TB, dir string) *Disk {
	t.Helper()
	under, ok := vfs.Find("").(vfs.VFSFilename)
	if !ok {
		t.Fatal("SQLite's own layer cannot open files by name")
	}
	d := &Disk{name: "powercut-" + desk.NewID().Hex(), under: under, dir: dir, names: map[string]*inode{}, start: map[string]*inode{}}
	if err := d.load(); err != nil {
		t.Fatal(err)
	}
	vfs.Register(d.name, d)
	t.Cleanup(func() { vfs.Unregister(d.name) })
	return d
}

func (d *Disk) load() error {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			continue // it is not of this disk
		}
		b, err := os.ReadFile(filepath.Join(d.dir, e.Name()))
		if err != nil {
			return err
		}
		n := &inode{first: b}
		d.names[e.Name()], d.start[e.Name()] = n, n
	}
	return nil
}

// VFS returns the name under which SQLite knows the layer.
func (d *Disk) VFS() string { return d.name }

// Fault makes every operation fail for which fn returns an error; nil ends it.
// A failed operation changes nothing and is not noted.
func (d *Disk) Fault(fn func(Op) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault = fn
}

// Len returns how many operations there were.
func (d *Disk) Len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.ops)
}

// Ops returns the operations so far.
func (d *Disk) Ops() []Op {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]Op(nil), d.ops...)
}

// do notes an operation and carries it out, in that order for all others.
func (d *Disk) do(op Op, fn func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fault != nil {
		if err := d.fault(op); err != nil {
			return err
		}
	}
	if err := fn(); err != nil {
		return err
	}
	d.ops = append(d.ops, op)
	return nil
}

// OpenFilename implements vfs.VFSFilename.
func (d *Disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	if name == nil || filepath.Dir(name.String()) != d.dir {
		return d.under.OpenFilename(name, flags) // temporary, or of no interest
	}
	base := filepath.Base(name.String())
	n, err := d.inode(base, flags)
	if err != nil {
		return nil, flags, err
	}
	f, flags, err := d.under.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return &file{File: f, d: d, name: base, inode: n}, flags, nil
}

// inode returns the file with the name, noting that it is made when it is new
// to the disk.
func (d *Disk) inode(base string, flags vfs.OpenFlag) (*inode, error) {
	d.mu.Lock()
	n := d.names[base]
	d.mu.Unlock()
	_, err := os.Lstat(filepath.Join(d.dir, base))
	if n != nil || err != nil && flags&vfs.OPEN_CREATE == 0 {
		return n, nil
	}
	n = &inode{}
	err = d.do(Op{Kind: Create, File: base, inode: n}, func() error {
		d.names[base] = n
		return nil
	})
	return n, err
}

// Open implements vfs.VFS; SQLite calls OpenFilename instead.
func (d *Disk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return d.under.Open(name, flags)
}

// Delete implements vfs.VFS.
func (d *Disk) Delete(name string, syncDir bool) error {
	base := filepath.Base(name)
	err := d.do(Op{Kind: Delete, File: base}, func() error {
		delete(d.names, base)
		return d.under.Delete(name, syncDir)
	})
	if err != nil || !syncDir {
		return err
	}
	return d.do(Op{Kind: SyncDir}, func() error { return nil })
}

// Access implements vfs.VFS.
func (d *Disk) Access(name string, flags vfs.AccessFlag) (bool, error) {
	return d.under.Access(name, flags)
}

// FullPathname implements vfs.VFS.
func (d *Disk) FullPathname(name string) (string, error) { return d.under.FullPathname(name) }

// SyncDir makes names durable. Those who sync a folder by themselves call it
// instead when the layer over their files has it.
func (d *Disk) SyncDir(dir string) error {
	if dir != d.dir {
		return fmt.Errorf("%s is not the folder of this disk", dir)
	}
	return d.do(Op{Kind: SyncDir}, func() error { return nil })
}

// file is an open file.
type file struct {
	vfs.File
	d     *Disk
	name  string
	inode *inode
}

// WriteAt implements vfs.File.
func (f *file) WriteAt(p []byte, off int64) (n int, err error) {
	op := Op{Kind: Write, File: f.name, Off: off, Data: append([]byte(nil), p...), inode: f.inode}
	err = f.d.do(op, func() (err error) {
		n, err = f.File.WriteAt(p, off)
		return err
	})
	return n, err
}

// Truncate implements vfs.File.
func (f *file) Truncate(size int64) error {
	return f.d.do(Op{Kind: Truncate, File: f.name, Off: size, inode: f.inode}, func() error { return f.File.Truncate(size) })
}

// Sync implements vfs.File. The real file is not synced: the power of the
// machine that runs the test stays on.
func (f *file) Sync(vfs.SyncFlag) error {
	return f.d.do(Op{Kind: Sync, File: f.name, inode: f.inode}, func() error { return nil })
}

// SharedMemory implements vfs.FileSharedMemory.
func (f *file) SharedMemory() vfs.SharedMemory {
	if s, ok := f.File.(vfs.FileSharedMemory); ok {
		return s.SharedMemory()
	}
	return nil
}
