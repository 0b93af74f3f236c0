package state

import (
	"time"

	"hark/recorder/disk"
)

// run stores changes a second after the first of them, and waits longer after
// failures. An idle desk costs nothing.
func (p *Projector) run() {
	defer close(p.done)
	pause := every
	for {
		select {
		case <-p.stop:
			return
		case <-p.kick:
		}
		select {
		case <-p.stop:
			return
		case <-time.After(pause):
		}
		if p.tryFlush() {
			pause = every
			continue
		}
		pause = min(2*pause, retryMost)
		p.again()
	}
}

// again makes run try once more although nothing new has happened.
func (p *Projector) again() {
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

func (p *Projector) tryFlush() (ok bool) {
	p.storing.Lock()
	defer p.storing.Unlock()
	err := p.flush()
	p.failed = err
	if err != nil {
		p.log.Warn("the state cannot be stored; the next start may take longer", "error", err)
	}
	return err == nil
}

// flush stores what changed. The caller holds storing.
func (p *Projector) flush() error {
	if p.store == nil {
		return p.storeAll()
	}
	rows, seq := p.state.TakeDirty()
	if len(rows) == 0 && seq == p.store.mark.seq {
		return nil
	}
	err := p.store.save(rows, p.point(seq))
	switch {
	case err == nil:
		return nil
	case disk.FaultOf(err) == disk.FullDisk:
		p.state.MarkDirty(rows)
	default: // what the file holds now is anyone's guess: start another
		if derr := p.drop(); derr != nil {
			p.log.Warn("state.db does not close", "error", derr)
		}
	}
	return err
}

// storeAll makes a new file and stores every row. What changes meanwhile is
// stored the next time.
func (p *Projector) storeAll() error {
	if err := p.replace(); err != nil {
		return err
	}
	p.state.TakeDirty() // all of it is in what follows
	rows, seq := p.state.Rows()
	if seq == 0 {
		return nil // an empty journal adds up to nothing
	}
	err := p.store.save(rows, p.point(seq))
	if err != nil {
		_ = p.drop() // it is replaced anyway
	}
	return err
}
