package intake

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hark/desk"
	"hark/desk/mailbox"
)

func TestThreads(t *testing.T) {
	w := newWorld(t)
	a := w.put("shop", "INBOX", simpleMail(alice, shop, "The lamp", "a@acme"))
	b := w.put("shop", "INBOX", simpleMail(alice, shop, "Re: The lamp", "b@acme", "a@acme"))
	c := w.put("shop", "INBOX", simpleMail("malory@gmail.com", shop, "Re: The lamp", "c@gmail", "a@acme"))
	w.run()
	if w.in(a) != w.in(b) || w.in(a) == w.in(c) {
		t.Error("the threads are wrong")
	}
	row := w.State.Conversation(w.in(a))
	if row.Mails != 2 || row.Subject != "Re: The lamp" || row.Status != desk.StatusNew || !slices.Contains(row.Parties, alice) {
		t.Errorf("the conversation is %+v", row)
	}
	if other := w.State.Conversation(w.in(c)); other.Proposed != w.in(a) {
		t.Error("a stranger's mail is not proposed")
	}
	if got := words(w.message(c)); !slices.Equal(got, []string{"-participant"}) {
		t.Errorf("the stranger's evidence is %v", got)
	}
	if w.messages() != 3 || w.counters("shop").Threaded != 3 {
		t.Error("not every mail is a message")
	}
}

// TestHistory: the first sync comes newest first, and nobody waits for it.
func TestHistory(t *testing.T) {
	w := newWorld(t)
	var ids []desk.ID
	const n = 60
	for i := range n { // ten threads, side by side
		var refs []string
		for j := i % 10; j < i; j += 10 {
			refs = append(refs, fmt.Sprint(j, "@acme"))
		}
		from := []string{alice, "bob@acme.example"}[i/10%2]
		ids = append(ids, w.put("shop", "INBOX", simpleMail(from, shop+", "+alice+", bob@acme.example", fmt.Sprint("Topic ", i%10), fmt.Sprint(i, "@acme"), refs...), past))
	}
	w.o.Limits.Flight = 8
	w.run()
	for i, id := range ids {
		if w.in(id) != w.in(ids[i%10]) {
			t.Errorf("mail %d is not with the first of its thread", i)
		}
	}
	for c := range 10 {
		if row := w.State.Conversation(w.in(ids[c])); row.Status != desk.StatusResolved || row.Mails != 0 {
			t.Errorf("history is %s", row.Status)
		}
	}
}

// TestLongThread: a thread of thousands of mails costs no more than as many
// threads would, whichever end comes first.
func TestLongThread(t *testing.T) {
	w := newWorld(t)
	var ids []desk.ID
	const n = 1500
	for i := range n {
		var refs []string
		for j := max(0, i-40); j < i; j++ {
			refs = append(refs, fmt.Sprint(j, "@acme"))
		}
		ids = append(ids, w.put("shop", "INBOX", simpleMail(alice, shop, "Re: The lamp", fmt.Sprint(i, "@acme"), refs...), past))
	}
	w.run()
	for i, id := range ids {
		if w.in(id) != w.in(ids[0]) {
			t.Fatalf("mail %d is elsewhere", i)
		}
	}
	w.counters("shop")
}

func TestJoins(t *testing.T) {
	w := newWorld(t)
	one := w.put("shop", "INBOX", simpleMail("bob@b.example", shop, "Re: Alarm", "2", "1"))
	two := w.put("shop", "INBOX", simpleMail("cy@c.example", shop, "Re: Alarm", "3", "1"))
	w.run()
	if w.in(one) == w.in(two) {
		t.Fatal("strangers to each other are together")
	}
	root := w.put("shop", "INBOX", simpleMail(alice, shop+", bob@b.example, cy@c.example", "Alarm", "1"), func(a *mailbox.Arrival) {
		a.Received = begun // the server had it first
	})
	w.run()
	if w.in(one) != w.in(root) || w.in(two) != w.in(root) {
		t.Error("the mail that both answer did not bring them together")
	}
}

func TestCopies(t *testing.T) {
	w := newWorld(t)
	m := simpleMail(alice, shop+", "+sales, "The lamp", "a@acme")
	first := w.put("shop", "INBOX", m)
	again := w.put("shop", "Archive", m)
	other := w.put("sales", "INBOX", m)
	otherAgain := w.put("sales", "Archive", m)
	imported := w.put(ImportAccount, "old.mbox", m)
	reused := w.put("shop", "INBOX", simpleMail("malory@gmail.com", shop, "Mine", "a@acme"))
	w.run()
	for _, id := range []desk.ID{again, otherAgain, imported} {
		if r := w.row(id); r.Stage != mailbox.Copy {
			t.Errorf("the same mail in %s/%s is %s", r.Account, r.Box, r.Stage)
		}
	}
	if w.in(first) == w.in(other) || w.State.Conversation(w.in(other)).Previous != w.in(first) {
		t.Error("another inbox has no message of its own that is linked")
	}
	if w.in(reused) == w.in(first) || len(w.message(reused).Mail.Mended) == 0 {
		t.Error("a mail with the Message-ID of another is not kept apart")
	}
	if n := w.messages(); n != 3 {
		t.Errorf("%d messages instead of 3", n)
	}
	if c := w.counters("shop"); c.Threaded != 2 || c.Copies != 1 {
		t.Errorf("the account has %+v", c)
	}
	// An answer goes to the conversation of the inbox that it came to.
	answer := w.put("sales", "INBOX", simpleMail(alice, sales, "Re: The lamp", "b@acme", "a@acme"))
	w.run()
	if w.in(answer) != w.in(other) {
		t.Error("an answer to one inbox went to another's conversation")
	}
}

func TestBuried(t *testing.T) {
	w := newWorld(t)
	m := simpleMail(alice, shop, "The lamp", "a@acme")
	if err := w.store.Bury(t.Context(), simple(strings.NewReader(string(m)), int64(len(m)), readOptions()).Identity); err != nil {
		t.Fatal(err)
	}
	id := w.put("shop", "INBOX", m)
	w.run()
	if r := w.row(id); r.Stage != mailbox.Copy || w.messages() != 0 {
		t.Errorf("a deleted mail came back: it is %s", r.Stage)
	}
}

// TestUnreadable: whatever a mail does to its reader, it is shown.
func TestUnreadable(t *testing.T) {
	w := newWorld(t)
	bad := w.put("shop", "INBOX", simpleMail(alice, shop, "panic", "p@acme"))
	slow := w.put("shop", "INBOX", simpleMail(alice, shop, "slow", "s@acme"))
	huge := w.put("shop", "INBOX", simpleMail(alice, shop, strings.Repeat("x", 300<<10), "h@acme"))
	empty := w.put("shop", "INBOX", nil)
	noise := w.put("shop", "INBOX", []byte{0, 1, 2, 0xff, '\n', '\n'})
	good := w.put("shop", "INBOX", simpleMail(alice, shop, "The lamp", "a@acme"))
	w.o.Limits.ReadBytes, w.o.Limits.Large = 256<<10, 128<<10
	w.run()
	for name, id := range map[string]desk.ID{"a panic": bad, "a slow one": slow, "a huge one": huge} {
		if m := w.message(id); !strings.Contains(m.Text, "cannot be shown") {
			t.Errorf("%s is shown as %q", name, m.Text)
		}
	}
	if w.in(bad) == w.in(slow) || w.message(bad).Mail.From.Mail == w.message(slow).Mail.From.Mail {
		t.Error("two mails of unknown senders are taken for one person's")
	}
	w.message(empty)
	w.message(noise)
	if m := w.message(good); !strings.Contains(m.Text, "hello") {
		t.Error("a good mail suffers")
	}
}

func TestBytesGone(t *testing.T) {
	w := newWorld(t)
	id := w.put("shop", "INBOX", simpleMail(alice, shop, "The lamp", "a@acme"))
	w.o.Store = faulty{w.store, id}
	w.run()
	if r := w.row(id); r.Stage != mailbox.Quarantined || r.Why == "" {
		t.Errorf("a mail without bytes is %s", r.Stage)
	}
	w.counters("shop")
}

// TestDiskFails: nothing is lost or doubled while the journal refuses.
func TestDiskFails(t *testing.T) {
	w := newWorld(t)
	var ids []desk.ID
	for i := range 20 {
		ids = append(ids, w.put("shop", "INBOX", simpleMail(alice, shop, fmt.Sprint("Topic ", i), fmt.Sprint(i, "@acme"))))
	}
	w.o.Desk = &failing{Desk: w.Desk, every: 3}
	w.run()
	for _, id := range ids {
		w.message(id)
	}
	if n := w.messages(); n != 20 {
		t.Errorf("%d messages of 20 mails", n)
	}
}

// TestReplay: a crash after the journal and before the ledger.
func TestReplay(t *testing.T) {
	w := newWorld(t)
	var ids []desk.ID
	for i := range 30 {
		var refs []string
		if i >= 10 {
			refs = []string{fmt.Sprint(i-10, "@acme")}
		}
		ids = append(ids, w.put("shop", "INBOX", simpleMail(alice, shop, fmt.Sprint("Topic ", i%10), fmt.Sprint(i, "@acme"), refs...)))
	}
	real := w.o.Store
	lost := &forgetful{Store: real}
	w.o.Store = lost
	w.run()
	if lost.n == 0 {
		t.Fatal("nothing was lost")
	}
	where := map[desk.ID]desk.ID{}
	for _, id := range ids {
		where[id] = w.in(id)
		if where[id] != w.in(ids[0]) && len(where) > 0 {
			continue
		}
	}
	for i, id := range ids {
		if w.in(id) != w.in(ids[i%10]) {
			t.Errorf("mail %d is not with its thread", i)
		}
		w.message(id)
	}
	if n := w.messages(); n != 30 {
		t.Errorf("%d messages of 30 mails", n)
	}
}

var errLost = errors.New("lost")
