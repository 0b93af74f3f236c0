package keys

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"sync"

	"hark/desk"
	"hark/recorder/disk"
)

// batch is a set of pairs that share a commit, and what their keys are for.
type batch struct {
	slots map[slot]struct{}
	done  chan struct{}
	err   error // valid once done is closed
}

// batches gathers what concurrent callers of Ensure need, so that while one
// commit waits for the disk the next one fills.
type batches struct {
	mu     sync.Mutex
	next   *batch
	closed bool
	active sync.WaitGroup
}

// join adds keys to the batch that is committed next and says whether the
// caller is its first.
func (b *batches) join(slots []slot) (*batch, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, false, errClosed
	}
	first := b.next == nil
	if first {
		b.next = &batch{slots: map[slot]struct{}{}, done: make(chan struct{})}
		b.active.Add(1)
	}
	for _, s := range slots {
		b.next.slots[s] = struct{}{}
	}
	return b.next, first, nil
}

// take closes the next batch for further pairs.
func (b *batches) take() *batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.next
	b.next = nil
	return t
}

// wait refuses new batches and waits for those begun.
func (b *batches) wait() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.active.Wait()
}

// Ensure makes durable keys for those of the pairs that have none. Calls at
// the same time share a commit. When ctx ends first, the keys may still be
// made; that is harmless. AEAD has them at hand then.
func (v *Vault) Ensure(ctx context.Context, pairs []Pair) error {
	return v.EnsureFor(ctx, UseEvent, pairs)
}

// EnsureFor is Ensure for keys with another use: Cipher has them at hand then,
// and does not wait for the disk.
func (v *Vault) EnsureFor(ctx context.Context, use Use, pairs []Pair) error {
	missing := v.unknown(use, pairs)
	if len(missing) == 0 {
		return nil
	}
	b, first, err := v.batches.join(missing)
	if err != nil {
		return err
	}
	if first {
		go v.commit()
	}
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unknown returns what is not at hand.
func (v *Vault) unknown(use Use, pairs []Pair) []slot {
	var missing []slot
	for _, p := range pairs {
		if v.cache.get(p, use) == nil {
			missing = append(missing, slot{p, use})
		}
	}
	return missing
}

// commit waits for its turn at the disk, takes the batch that has gathered
// meanwhile and commits it.
func (v *Vault) commit() {
	defer v.batches.active.Done()
	v.mu.Lock()
	defer v.mu.Unlock()
	b := v.batches.take()
	defer close(b.done)
	fresh := map[slot]cipher.AEAD{}
	b.err = v.create(b.slots, fresh)
	if b.err != nil {
		return
	}
	for s, c := range fresh {
		v.cache.put(s.Pair, s.use, c)
	}
}

// create makes keys for those of the pairs that have none and puts every
// cipher into ciphers. The caller holds mu.
func (v *Vault) create(slots map[slot]struct{}, ciphers map[slot]cipher.AEAD) error {
	made := map[Pair][]byte{}
	for s := range slots {
		key, err := made[s.Pair], error(nil)
		if key == nil {
			key, err = v.load(s.Pair)
		}
		if errors.Is(err, ErrNoKey) {
			key, err = newKey(), nil
			made[s.Pair] = key
		}
		if err != nil {
			return err
		}
		if ciphers[s], err = subkey(key, s.use); err != nil {
			return err
		}
	}
	if len(made) == 0 {
		return nil
	}
	return v.write(func() error {
		for p, key := range made {
			if err := v.insert(p, v.wrap.Seal(nil, nil, key, aboutKey(p, v.key.epoch))); err != nil {
				return err
			}
		}
		return nil
	})
}

func (v *Vault) insert(p Pair, sealed []byte) error {
	err := errors.Join(v.put.BindBlob(1, p.Stream[:]), v.put.BindInt64(2, int64(p.Class)),
		v.put.BindInt64(3, int64(v.key.epoch)), v.put.BindBlob(4, sealed))
	if err != nil {
		return err
	}
	return errors.Join(v.put.Exec(), v.put.Reset())
}

// write runs f in a transaction that is durable when it returns. The caller
// holds mu.
func (v *Vault) write(f func() error) error {
	if v.db == nil {
		return errClosed
	}
	if v.broken != nil {
		return v.broken
	}
	err := v.transact(f)
	if err == nil {
		return nil
	}
	err = writeError(err)
	if !disk.FaultOf(err).Passing() {
		v.broken = err // what the disk failed to keep once is not tried again
	}
	return err
}

func (v *Vault) transact(f func() error) error {
	if err := v.db.Exec(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	err := f()
	if err == nil {
		err = v.db.Exec(`COMMIT`)
	}
	if err != nil && !v.db.GetAutocommit() {
		err = errors.Join(err, v.db.Exec(`ROLLBACK`))
	}
	return err
}

// exec runs one statement with a blob or text and numbers as arguments.
func (v *Vault) exec(query string, args ...any) (err error) {
	st, _, err := v.db.Prepare(query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	for i, a := range args {
		if err := bind(st, i+1, a); err != nil {
			return err
		}
	}
	return st.Exec()
}

// writeError gives a failure to write a sentence.
func writeError(err error) error {
	var words string
	switch disk.FaultOf(err) {
	case disk.FullDisk:
		words = "no key can be made because the disk is full; free some space and try again"
	case disk.ReadOnly:
		words = "no key can be made because keys.db cannot be written; make the data folder writable and try again"
	case disk.Damaged:
		words = "no key can be made because keys.db is damaged; restore it from a backup"
	case disk.NoFault, disk.Forgotten:
		words = "no key can be made because the disk failed; look at it, then restart hark"
	}
	return &desk.Error{Code: desk.Unavailable, Msg: words, Err: fmt.Errorf("write keys.db: %w", err)}
}
