package intake

import (
	"context"
	"sync"

	"hark/channels/email/read"
	"hark/desk"
	"hark/desk/mailbox"
)

func readOptions() read.Options { return read.Options{} }

// faulty is a store that lacks the bytes of one mail.
type faulty struct {
	mailbox.Store
	id desk.ID
}

func (f faulty) Open(ctx context.Context, id desk.ID) (mailbox.Bytes, int64, error) {
	if id == f.id {
		return nil, 0, desk.Errorf(desk.NotFound, "no bytes of the mail are kept")
	}
	return f.Store.Open(ctx, id)
}

// failing is a desk that refuses every so many mails once.
type failing struct {
	*desk.Desk
	mu    sync.Mutex
	every int
	n     int
}

func (f *failing) Receive(ctx context.Context, in desk.Incoming) (desk.ID, error) {
	f.mu.Lock()
	f.n++
	n := f.n
	f.mu.Unlock()
	if n%f.every == 0 {
		return desk.ID{}, desk.Errorf(desk.Unavailable, "the disk is full")
	}
	return f.Desk.Receive(ctx, in)
}

// forgetful is a store that loses every second note of where mails are.
type forgetful struct {
	mailbox.Store
	mu sync.Mutex
	n  int
}

func (f *forgetful) Thread(ctx context.Context, all ...mailbox.Threading) error {
	f.mu.Lock()
	f.n++
	lose := f.n%2 == 1 && f.n < 8
	f.mu.Unlock()
	if lose {
		return errLost
	}
	return f.Store.Thread(ctx, all...)
}
