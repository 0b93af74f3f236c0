package outbox_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hark/channels/email/imap"
	"hark/channels/email/outbox"
	"hark/channels/email/outbox/smtptest"
	"hark/desk"
	"hark/desk/desktest"
	"hark/desk/mailbox"
	"hark/desk/mailbox/mailboxtest"
)

// world is a desk with an outbox, a mail server and a Sent mailbox, on fake
// time. It runs inside synctest.Test.
type world struct {
	*desktest.Env
	t     *testing.T
	room  *desktest.Mailroom
	store *mailboxtest.Memory
	sink  *smtptest.Server
	sent  *sentBox
	acct  outbox.Account
	more  []outbox.Account
	pipe  *smtptest.Pipe
	route map[string]*smtptest.Pipe // by host and port; nil: pipe
	wrap  func(outbox.Store) outbox.Store
	out   *outbox.Outbox
	stop  func()
}

// inWorld runs a test in a world whose outbox is running.
func inWorld(t *testing.T, o smtptest.Options, test func(*testing.T, *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, o)
		w.start()
		test(t, w)
		w.stop()
	})
}

// synctestWorld runs a test in a world whose outbox the test starts.
func synctestWorld(t *testing.T, test func(*testing.T, *world)) {
	synctest.Test(t, func(t *testing.T) { test(t, newWorld(t, smtptest.Options{})) })
}

// dial connects by the world's routes.
func (w *world) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if p := w.route[address]; p != nil {
		return p.Dial(ctx, network, address)
	}
	return w.pipe.Dial(ctx, network, address)
}

// markStore is a store whose Mark may fail: late when it has done its work.
type markStore struct {
	outbox.Store
	late   bool
	refuse func(mailbox.OutState) error
}

// Mark implements outbox.Store.
func (s *markStore) Mark(ctx context.Context, item desk.ID, state mailbox.OutState, o mailbox.Outcome) error {
	if err := s.refuse(state); err != nil && s.late {
		return errors.Join(err, s.Store.Mark(ctx, item, state, o))
	} else if err != nil {
		return err
	}
	return s.Store.Mark(ctx, item, state, o)
}

func newWorld(t *testing.T, o smtptest.Options) *world {
	t.Helper()
	w := &world{Env: desktest.New(t), t: t, store: mailboxtest.New(), sent: &sentBox{}, pipe: smtptest.NewPipe()}
	o.Listener = w.pipe
	sink, err := smtptest.New(o)
	must(t, err)
	t.Cleanup(func() { must(t, sink.Close()) })
	w.sink = sink
	shop := desk.Address{Name: "Shop", Mail: "help@shop.test"}
	w.room = desktest.NewMailroom(w.Env, desk.MailAccount{Name: "shop", Address: shop}, desk.MailAccount{
		Name: "sales", Address: desk.Address{Name: "Sales", Mail: "sales@shop.test"},
	})
	w.acct = outbox.Account{Name: "shop", Address: shop, Host: "127.0.0.1", Security: imap.Plain, Sent: w.sent}
	return w
}

// start runs an outbox over what is kept, as a program's start does.
func (w *world) start() {
	w.t.Helper()
	var store outbox.Store = w.store
	if w.wrap != nil {
		store = w.wrap(store)
	}
	out, err := outbox.New(outbox.Options{
		Desk: w.Desk, Store: store, Accounts: append([]outbox.Account{w.acct}, w.more...), Zone: time.UTC,
		File: w.Files.Open, Part: w.room.Part, Dial: w.dial,
	})
	must(w.t, err)
	w.out = out
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := out.Run(ctx); !errors.Is(err, context.Canceled) {
			w.t.Errorf("it ended by %v", err)
		}
	}()
	w.stop = func() {
		cancel()
		<-done
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sends writes a new mail.
func (w *world) sends(o desk.Outgoing) (conversation, item desk.ID) {
	w.t.Helper()
	if o.Account == "" {
		o.Account = "shop"
	}
	if o.To == nil {
		o.To = []desk.Address{{Mail: "ana@home.test"}}
	}
	if o.Text == "" {
		o.Text = "It is on its way."
	}
	if o.Subject == "" {
		o.Subject = "Lamp"
	}
	conversation, item, err := w.As("bo").SendMail(w.t.Context(), desk.ID{}, o)
	must(w.t, err)
	return conversation, item
}

// after lets time pass until all is quiet again.
func (w *world) after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// states returns what the desk was told of a mail.
func (w *world) states(conversation, item desk.ID) (all []desk.MailPosted) {
	w.t.Helper()
	events, err := w.Journal.ReadStream(w.t.Context(), conversation, 1, 1000)
	must(w.t, err)
	for _, e := range events {
		if p, ok := e.Body.(desk.MailPosted); ok && p.Item == item {
			all = append(all, p)
		}
	}
	return all
}

// told returns the states alone, as one word each.
func (w *world) told(conversation, item desk.ID) string {
	w.t.Helper()
	var words []string
	for _, p := range w.states(conversation, item) {
		words = append(words, string(p.State))
	}
	return strings.Join(words, " ")
}

// last returns the newest state.
func (w *world) last(conversation, item desk.ID) desk.MailPosted {
	w.t.Helper()
	all := w.states(conversation, item)
	if len(all) == 0 {
		return desk.MailPosted{}
	}
	return all[len(all)-1]
}

// expect fails the test unless the desk was told exactly these states.
func (w *world) expect(conversation, item desk.ID, states string) {
	w.t.Helper()
	if got := w.told(conversation, item); got != states {
		w.t.Errorf("the desk was told %q, not %q: %+v", got, states, w.last(conversation, item))
	}
}

// kept returns the state of a stored letter.
func (w *world) kept(item desk.ID) mailbox.OutState {
	w.t.Helper()
	l, err := w.store.Letter(w.t.Context(), item)
	must(w.t, err)
	return l.State
}

// sentBox is a Sent mailbox.
type sentBox struct {
	mu      sync.Mutex
	copies  [][]byte
	files   bool   // it files by itself
	renames string // the server's own Message-ID for what it files
	fails   error
	looks   int
}

var _ outbox.Sent = (*sentBox)(nil)

// FindSent implements outbox.Sent.
func (s *sentBox) FindSent(_ context.Context, messageID, harkID string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looks++
	if s.fails != nil {
		return "", s.fails
	}
	for _, b := range s.copies {
		if strings.Contains(string(b), "<"+messageID+">") && s.renames == "" {
			return messageID, nil
		}
		if strings.Contains(string(b), "X-Hark-Id: "+harkID+"\r\n") {
			return s.renames, nil
		}
	}
	return "", nil
}

// AppendSent implements outbox.Sent.
func (s *sentBox) AppendSent(_ context.Context, _ time.Time, b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails != nil {
		return s.fails
	}
	s.copies = append(s.copies, b)
	return nil
}

// FilesSent implements outbox.Sent.
func (s *sentBox) FilesSent() bool { return s.files }

func (s *sentBox) put(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.copies = append(s.copies, slices.Clone(b))
}

func (s *sentBox) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.copies)
}
