package mailsync_test

import (
	"context"
	"sync"

	"hark/desk/mailbox"
	"hark/desk/mailbox/mailboxtest"
)

// failing is a ledger on a disk that takes nothing while err is set.
type failing struct {
	*mailboxtest.Memory
	mu  sync.Mutex
	err error
}

func (f *failing) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

func (f *failing) fails() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

func (f *failing) Put(ctx context.Context, a ...mailbox.Arrival) error {
	if err := f.fails(); err != nil {
		return err
	}
	return f.Memory.Put(ctx, a...)
}
