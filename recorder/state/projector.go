package state

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"hark/desk"
	"hark/recorder/disk"
)

// every is how long changes are gathered before they are stored.
const every = time.Second

// retryMost bounds the pause after failures to store.
const retryMost = time.Minute

// Options say what a Projector needs.
type Options struct {
	Dir     string       // the data folder
	Key     []byte       // 32 bytes, derived from the desk's key
	Journal desk.Journal // what is folded
	// Progress is told how many of the events that the stored state lacks are
	// folded, while Open runs; nil for nobody.
	Progress func(done, total uint64)
	Log      *slog.Logger // nil for none
	Layer    disk.Layer   // for tests of crashes

	version uint32 // of the rows; the desk's when zero
}

// Projector folds the journal into a state and stores it from time to time.
type Projector struct {
	state *desk.State
	file  disk.SQLite
	seal  *sealer
	log   *slog.Logger
	kick  chan struct{}
	stop  chan struct{}
	done  chan struct{}

	mu     sync.Mutex
	recent []point // the ends of batches that are not stored yet

	storing sync.Mutex // one at a time; guards what follows
	store   *store     // nil while the file cannot be opened
	failed  error      // why the last attempt to store failed
}

// point names an event: its place, and a print by which another event in the
// same place is told from it. Its identifier alone would not do, because a
// message that is sent again keeps it.
type point struct {
	seq   uint64
	print desk.ID
}

func pointAt(e desk.Event) point {
	b := binary.BigEndian.AppendUint64(nil, uint64(e.At.UnixMilli()))
	b = binary.BigEndian.AppendUint64(b, e.N)
	return point{e.Seq, desk.DeriveID(e.ID[:], e.Stream.ID[:], b)}
}

// Open restores the state from the file where that can be trusted, folds what
// the journal has beyond it, and follows the journal. Its errors are the
// journal's; the file's own troubles only cost time.
func Open(ctx context.Context, o Options) (*Projector, error) {
	o = o.filled()
	seal, err := newSealer(o.Key, o.version)
	if err != nil {
		return nil, fmt.Errorf("derive keys of the state: %w", err)
	}
	p := &Projector{
		file: disk.SQLite{Path: filepath.Join(o.Dir, File), Sync: disk.Normal, Format: format, Schema: schema, Layer: o.Layer},
		seal: seal, log: o.Log,
		kick: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	p.restore(ctx, o.Journal)
	go p.run() // already, so that a long fold is stored in steps
	if err := p.follow(ctx, o); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (o Options) filled() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(uint64, uint64) {}
	}
	if o.version == 0 {
		o.version = desk.StateVersion
	}
	return o
}

// State returns the state, which follows the journal.
func (p *Projector) State() *desk.State { return p.state }

// Close stores what changed and closes the file. The state stays as it is. That
// it could not be stored is no error: the next start folds more.
func (p *Projector) Close() error {
	close(p.stop)
	<-p.done
	if !p.tryFlush() {
		p.tryFlush() // into a new file, if it was the file
	}
	p.storing.Lock()
	defer p.storing.Unlock()
	return p.drop()
}

// Flush stores what changed now and reports whether that went well. It happens
// by itself every second; tests and backups cannot wait.
func (p *Projector) Flush() bool { return p.tryFlush() }

// Stored returns which event the file stands for, or why it cannot be written.
func (p *Projector) Stored() (seq uint64, err error) {
	p.storing.Lock()
	defer p.storing.Unlock()
	if p.store == nil {
		return 0, p.failed
	}
	return p.store.mark.seq, p.failed
}

// follow folds the journal from where the state stands, and from then on.
func (p *Projector) follow(ctx context.Context, o Options) error {
	from, head := p.state.Seq(), o.Journal.Head()
	return o.Journal.Follow(ctx, from+1, func(events []desk.Event) {
		if len(events) == 0 {
			return
		}
		p.apply(events)
		if seq := events[len(events)-1].Seq; seq <= head {
			o.Progress(seq-from, head-from)
		}
	})
}

// apply takes a batch in. It runs inside the journal's append.
func (p *Projector) apply(events []desk.Event) {
	last := pointAt(events[len(events)-1])
	p.mu.Lock()
	p.recent = append(p.recent, last)
	p.mu.Unlock()
	p.state.Apply(events)
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

// point returns the event at seq, the end of a batch, and forgets those before
// it.
func (p *Projector) point(seq uint64) point {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, pt := range p.recent {
		if pt.seq == seq {
			p.recent = p.recent[i:]
			return pt
		}
	}
	return point{seq: seq}
}
