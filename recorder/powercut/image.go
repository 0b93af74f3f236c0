package powercut

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// sector is the piece that a disk writes as a whole, in bytes.
const sector = 512

// Replay walks through what happened and makes folders as a power cut would
// leave them. One goroutine uses it.
type Replay struct {
	ops   []Op
	at    int
	files map[*inode]*content
	names map[string]*inode // those that are safe
	loose []Op              // changes of names that are not
}

// content is what is on the disk of a file, and what may be.
type content struct {
	safe  []byte
	loose []Op
}

// Replay returns a replay of what has happened until now.
func (d *Disk) Replay() *Replay {
	return &Replay{ops: d.Ops(), files: map[*inode]*content{}, names: maps.Clone(d.start)}
}

// Len returns how many operations there were: the power can be cut before each
// of them and after the last.
func (r *Replay) Len() int { return len(r.ops) }

// Next returns the operation that the power cut comes before, false after the
// last.
func (r *Replay) Next() (Op, bool) {
	if r.at == len(r.ops) {
		return Op{}, false
	}
	return r.ops[r.at], true
}

// Advance goes on to the moment after the first n operations. It does not go
// back.
func (r *Replay) Advance(n int) {
	for ; r.at < n; r.at++ {
		op := r.ops[r.at]
		switch op.Kind {
		case Write, Truncate:
			f := r.file(op.inode)
			f.loose = append(f.loose, op)
		case Sync:
			r.file(op.inode).settle()
		case Create, Delete, Rename:
			r.loose = append(r.loose, op)
		case SyncDir:
			for _, op := range r.loose {
				rename(r.names, op)
			}
			r.loose = nil
		}
	}
}

func (r *Replay) file(n *inode) *content {
	f := r.files[n]
	if f == nil {
		f = &content{safe: slices.Clone(n.first)}
		r.files[n] = f
	}
	return f
}

func rename(names map[string]*inode, op Op) {
	if op.Kind == Create {
		names[op.File] = op.inode
		return
	}
	if op.Kind == Rename && names[op.File] != nil {
		names[op.To] = names[op.File]
	}
	delete(names, op.File)
}

// settle makes safe what was loose.
func (c *content) settle() {
	for _, op := range c.loose {
		c.safe = apply(c.safe, op, func() bool { return true })
	}
	c.loose = nil
}

// apply carries out an operation as far as keep says for each sector.
func apply(b []byte, op Op, keep func() bool) []byte {
	if op.Kind == Truncate {
		if keep() {
			b = resize(b, op.Off)
		}
		return b
	}
	for from := int64(0); from < int64(len(op.Data)); {
		to := min(int64(len(op.Data)), (op.Off+from)/sector*sector+sector-op.Off)
		if keep() {
			b = resize(b, max(int64(len(b)), op.Off+to))
			copy(b[op.Off+from:], op.Data[from:to])
		}
		from = to
	}
	return b
}

func resize(b []byte, size int64) []byte {
	if size <= int64(len(b)) {
		return b[:size]
	}
	return append(b, make([]byte, size-int64(len(b)))...)
}

// Write writes the folder into dir as a power cut now could have left it; rng
// decides about what was not safe.
func (r *Replay) Write(dir string, rng *rand.Rand) error {
	p := [...]float64{0, 0.1, 0.5, 0.9, 1}[rng.IntN(5)]
	keep := func() bool { return rng.Float64() < p }
	names := maps.Clone(r.names)
	for _, op := range r.loose {
		if keep() {
			rename(names, op)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f := r.file(names[name])
		b := slices.Clone(f.safe)
		for _, op := range f.loose {
			b = apply(b, op, keep)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return fmt.Errorf("write image: %w", err)
		}
	}
	return nil
}
