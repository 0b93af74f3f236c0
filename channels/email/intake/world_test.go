package intake

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/channels/email/read"
	"hark/channels/email/thread"
	"hark/desk"
	"hark/desk/desktest"
	"hark/desk/mailbox"
	"hark/desk/mailbox/mailboxtest"
)

const (
	shop  = "support@shop.example"
	sales = "sales@shop.example"
	alice = "alice@acme.example"
)

// simple reads well-formed mails of plain text.
func simple(r io.ReaderAt, size int64, _ read.Options) *read.Mail {
	m, err := mail.ReadMessage(io.NewSectionReader(r, 0, size))
	if err != nil {
		return &read.Mail{Text: "broken"}
	}
	body, _ := io.ReadAll(m.Body)
	h := m.Header
	out := &read.Mail{
		MessageID: bare(h.Get("Message-Id")), InReplyTo: bare(h.Get("In-Reply-To")), Subject: h.Get("Subject"),
		From: one(h.Get("From")), HarkID: h.Get("X-Hark-Id"), Text: string(body), Auth: h.Get("X-Test-Auth"),
	}
	for _, id := range strings.Fields(h.Get("References")) {
		out.References = append(out.References, bare(id))
	}
	out.To, out.Cc = many(h.Get("To")), many(h.Get("Cc"))
	out.Date, _ = h.Date()
	out.Marks.AutoSubmitted = h.Get("Auto-Submitted")
	if id := h.Get("X-Test-Report-On"); id != "" {
		out.Report = &read.Report{OriginalHarkID: id}
	}
	switch out.Subject {
	case "panic":
		panic("a reader that breaks")
	case "slow":
		for i := int64(0); ; i++ {
			if _, err := r.ReadAt(make([]byte, 1), i%size); err != nil {
				return &read.Mail{Text: "too late"}
			}
		}
	}
	out.Identity = sha256.Sum256(fmt.Append(nil, out.MessageID, out.From, out.Subject, out.Text))
	return out
}

func bare(s string) string { return strings.Trim(s, "<> ") }

func one(s string) desk.Address {
	if all, err := desk.ParseAddresses(s); err == nil && len(all) > 0 {
		return all[0]
	}
	return desk.Address{}
}

func many(s string) []desk.Address {
	all, _ := desk.ParseAddresses(s)
	return all
}

// world is a desk with an intake and a store in memory.
type world struct {
	*desktest.Env
	t     testing.TB
	store mailbox.Store
	room  *desktest.Mailroom
	o     Options
	uid   uint32
}

func newWorld(t testing.TB) *world {
	keys, err := thread.NewKeys([]byte("a secret of the desk in the test"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Env: desktest.New(t), t: t, store: mailboxtest.New()}
	w.room = desktest.NewMailroom(w.Env,
		desk.MailAccount{Name: "shop", Address: desk.Address{Name: "Shop", Mail: shop}},
		desk.MailAccount{Name: "sales", Address: desk.Address{Name: "Sales", Mail: sales}})
	w.o = Options{
		Store: w.store, Desk: w.Desk, State: w.State, Keys: keys, read: simple,
		Accounts: []Account{{Name: "shop", Address: shop}, {Name: "sales", Address: sales}},
		Limits:   Limits{Retry: 10 * time.Millisecond, ReadTime: 300 * time.Millisecond},
	}
	return w
}

// begun is when the tests' mails came.
var begun = time.Now().Add(-time.Hour).UTC().Truncate(time.Second)

// raw writes a mail: fields and then the text.
func raw(text string, fields ...string) []byte {
	return []byte(strings.Join(fields, "\r\n") + "\r\n\r\n" + text + "\r\n")
}

// simpleMail is raw with the usual fields.
func simpleMail(from, to, subject, id string, refs ...string) []byte {
	fields := []string{"From: " + from, "To: " + to, "Subject: " + subject, "Message-ID: <" + id + ">"}
	if len(refs) > 0 {
		fields = append(fields, "In-Reply-To: <"+refs[len(refs)-1]+">", "References: <"+strings.Join(refs, "> <")+">")
	}
	return raw("hello from "+id, fields...)
}

// put lays a mail into a box and returns its row's identifier.
func (w *world) put(account, box string, bytes []byte, with ...func(*mailbox.Arrival)) desk.ID {
	w.t.Helper()
	w.uid++
	a := mailbox.Arrival{
		Place: mailbox.Place{Account: account, Box: box, Validity: 1, UID: w.uid}, Size: int64(len(bytes)), Bytes: bytes,
		Received: begun.Add(time.Duration(w.uid) * time.Second),
	}
	for _, fn := range with {
		fn(&a)
	}
	if err := w.store.Put(w.t.Context(), a); err != nil {
		w.t.Fatal(err)
	}
	return a.ID()
}

func past(a *mailbox.Arrival) { a.Past = true }

// run takes in until nothing waits.
func (w *world) run() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	done := make(chan struct{}, 1)
	o := w.o
	o.Settled = func() {
		select {
		case done <- struct{}{}:
		default:
		}
	}
	in, err := New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() { _ = in.Run(ctx) })
	for w.waiting() {
		select {
		case <-done:
		case <-ctx.Done():
			w.t.Fatal("mails wait for 30 s")
		}
	}
	cancel()
	wg.Wait()
}

func (w *world) waiting() bool {
	rows, err := w.store.Waiting(w.t.Context(), 1)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(rows) > 0
}

func (w *world) row(id desk.ID) mailbox.Row {
	w.t.Helper()
	r, err := w.store.Row(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// in returns the conversation in which a mail stands now.
func (w *world) in(id desk.ID) desk.ID {
	w.t.Helper()
	r := w.row(id)
	if r.Stage != mailbox.Threaded {
		w.t.Fatalf("the mail is %s: %s", r.Stage, r.Why)
	}
	c := w.State.Conversation(r.Conversation)
	if c == nil {
		w.t.Fatal("the mail's conversation is not there")
	}
	for !c.Merged.IsZero() {
		c = w.State.Conversation(c.Merged)
	}
	return c.ID
}

// message returns the message that a mail became.
func (w *world) message(id desk.ID) *desk.Message {
	w.t.Helper()
	var found *desk.Message
	err := w.EachMail(w.t.Context(), w.in(id), func(item desk.ID, m *desk.Message) {
		if item == id {
			found = m
		}
	})
	if err != nil || found == nil {
		w.t.Fatalf("the mail is in no conversation: %v", err)
	}
	return found
}

// messages counts the mails that were journaled, and fails when one was twice.
func (w *world) messages() int {
	w.t.Helper()
	events, err := w.Journal.Read(w.t.Context(), 1, 1<<20)
	if err != nil {
		w.t.Fatal(err)
	}
	seen := map[desk.ID]bool{}
	for _, e := range events {
		if m, ok := e.Body.(desk.Message); ok && m.Mail != nil && m.Direction == desk.In {
			if seen[e.ID] {
				w.t.Errorf("mail %v was journaled twice", e.ID)
			}
			seen[e.ID] = true
		}
	}
	return len(seen)
}

func (w *world) counters(account string) mailbox.Counters {
	w.t.Helper()
	c, err := w.store.Counters(w.t.Context(), account)
	if err != nil {
		w.t.Fatal(err)
	}
	if c.Fetched != c.Threaded+c.Copies+c.Quarantined+c.Waiting {
		w.t.Errorf("fetched is not what became of it: %+v", c)
	}
	return c
}

// words returns the evidence of a message, refused ones with a dash.
func words(m *desk.Message) []string {
	var all []string
	for _, e := range m.Mail.Evidence {
		all = append(all, map[bool]string{true: "-"}[e.Refused]+string(e.Rule))
	}
	slices.Sort(all)
	return all
}
