package posting

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/channels/email/outbox"
	"hark/desk/mailbox"
)

// What a child is told by its environment.
const (
	childFolder = "HARK_TEST_POSTING_FOLDER" // the desk it opens
	childPort   = "HARK_TEST_POSTING_PORT"   // of the mail server
	childSent   = "HARK_TEST_POSTING_SENT"   // where the Sent mailbox is
)

// TestChild is the work of a child, and nothing in the parent.
func TestChild(t *testing.T) {
	dir := os.Getenv(childFolder)
	if dir == "" {
		return
	}
	port, err := strconv.Atoi(os.Getenv(childPort))
	must(t, err)
	o := (&place{dir: dir}).open(t)
	out, err := outbox.New(outbox.Options{
		Desk: o.Desk, Store: o.rec.Mail(), File: o.rec.Files().Open, Zone: time.UTC, Accounts: []outbox.Account{{
			Name: shop.Name, Address: shop.Address, Host: "127.0.0.1", Port: port, Security: imap.Plain,
			Sent: sentClient{os.Getenv(childSent)},
		}},
	})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = out.Run(ctx) }) // ended by cancel
	fmt.Println("READY")
	for !o.idle(t) {
		time.Sleep(20 * time.Millisecond)
	}
	cancel()
	wg.Wait()
	o.close(t)
	fmt.Println("DONE")
}

// idle reports whether nothing is left to do.
func (o *office) idle(t *testing.T) bool {
	letters, err := o.rec.Mail().Outbox(t.Context())
	must(t, err)
	for _, l := range letters {
		if l.State != mailbox.Parked {
			return false
		}
	}
	return len(o.Unposted()) == 0
}

// watched collects what a child says and notices when it is ready.
type watched struct {
	mu    sync.Mutex
	said  strings.Builder
	ready chan struct{}
	seen  bool
}

// Write implements io.Writer.
func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said.Write(b)
	if !w.seen && strings.Contains(w.said.String(), "READY") {
		w.seen = true
		close(w.ready)
	}
	return len(b), nil
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.String()
}
