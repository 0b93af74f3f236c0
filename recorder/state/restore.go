package state

import (
	"context"
	"errors"
	"fmt"

	"hark/desk"
	"hark/recorder/disk"
)

// Reasons for throwing a stored state away. They go to the log.
var (
	errEmpty   = errors.New("there is no stored state yet")
	errVersion = errors.New("it was stored by another version of hark")
	errDamaged = errors.New("it is damaged, or sealed under another key")
	errForeign = errors.New("it belongs to another journal")
	errAhead   = errors.New("it is ahead of the journal")
)

// restore makes the state from the file, or an empty one to be folded from the
// beginning.
func (p *Projector) restore(ctx context.Context, j desk.Journal) {
	err := p.load(ctx, j)
	if err == nil {
		return
	}
	p.state = desk.NewState()
	if errors.Is(err, errEmpty) {
		return
	}
	p.log.Info("the stored state is thrown away and folded again from the journal", "reason", err)
	if err := p.replace(); err != nil {
		p.failed = err
		p.log.Warn("state.db cannot be made; hark goes on without and tries again", "error", err)
	}
}

// load opens the file and restores the state from it.
func (p *Projector) load(ctx context.Context, j desk.Journal) (err error) {
	if p.store, err = openStore(p.file, p.seal); err != nil {
		return err
	}
	rows, err := p.store.load()
	if err != nil {
		return err
	}
	m := p.store.mark
	if err := m.matches(ctx, j); err != nil {
		return err
	}
	p.state = desk.NewState()
	if err := p.state.Restore(rows, m.seq); err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	p.recent = []point{m.point}
	return nil
}

// matches says whether the journal has the event that the mark names. One
// whose key was destroyed since cannot be compared; then the state is folded
// again, without what was destroyed.
func (m mark) matches(ctx context.Context, j desk.Journal) error {
	if head := j.Head(); m.seq > head {
		return fmt.Errorf("%w: it stands for %d events of %d", errAhead, m.seq, head)
	}
	events, err := j.Read(ctx, m.seq, 1)
	if err != nil {
		return err
	}
	if len(events) == 0 || pointAt(events[0]) != m.point {
		return errForeign
	}
	return nil
}

// replace puts an empty file in place of one that is of no use.
func (p *Projector) replace() (err error) {
	err = p.drop()
	for _, end := range []string{"", "-wal", "-journal", "-shm"} {
		err = errors.Join(err, disk.Remove(p.file.Path+end))
	}
	if err != nil {
		return err
	}
	p.store, err = openStore(p.file, p.seal)
	return err
}

// drop closes the file, if it is open.
func (p *Projector) drop() error {
	if p.store == nil {
		return nil
	}
	err := p.store.close()
	p.store = nil
	return err
}
