package powercut

import (
	"os"
	"path/filepath"
)

// Plain is a file that is written from its beginning to its end, by a program
// that uses no SQLite for it.
type Plain struct {
	d     *Disk
	name  string
	inode *inode
	under *os.File
	off   int64
}

// Create makes a file that is not there.
func (d *Disk) Create(name string) (*Plain, error) {
	p := &Plain{d: d, name: name, inode: &inode{}}
	err := d.do(Op{Kind: Create, File: name, inode: p.inode}, func() (err error) {
		p.under, err = os.OpenFile(filepath.Join(d.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			d.names[name] = p.inode
		}
		return err
	})
	return p, err
}

// Write appends to the file.
func (p *Plain) Write(b []byte) (n int, err error) {
	op := Op{Kind: Write, File: p.name, Off: p.off, Data: append([]byte(nil), b...), inode: p.inode}
	err = p.d.do(op, func() (err error) {
		n, err = p.under.Write(b)
		return err
	})
	p.off += int64(n)
	return n, err
}

// Sync makes what was written safe. The real file is not synced.
func (p *Plain) Sync() error {
	return p.d.do(Op{Kind: Sync, File: p.name, inode: p.inode}, func() error { return nil })
}

// Close closes the file, which makes nothing safe.
func (p *Plain) Close() error { return p.under.Close() }

// Rename gives a file another name.
func (d *Disk) Rename(from, to string) error {
	return d.do(Op{Kind: Rename, File: from, To: to}, func() error {
		d.names[to] = d.names[from]
		delete(d.names, from)
		return os.Rename(filepath.Join(d.dir, from), filepath.Join(d.dir, to))
	})
}

// Remove removes a file. Nothing is safe of that before SyncDir.
func (d *Disk) Remove(name string) error {
	return d.do(Op{Kind: Delete, File: name}, func() error {
		delete(d.names, name)
		return os.Remove(filepath.Join(d.dir, name))
	})
}
