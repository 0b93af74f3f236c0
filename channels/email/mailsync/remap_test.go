package mailsync_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/desk"
	"hark/desk/mailbox"
)

// readAll threads all mails that wait, as a reader of mail does.
func (e *env) readAll() {
	e.t.Helper()
	ctx := context.Background()
	rows, err := e.store.Waiting(ctx, 1<<20)
	if err != nil {
		e.t.Fatal(err)
	}
	for _, r := range rows {
		raw := e.bytes(mailbox.Head{Row: r})
		_, id, _ := strings.Cut(raw, "Message-ID: <")
		id, _, _ = strings.Cut(id, ">")
		t := mailbox.Threading{ID: r.ID, Conversation: desk.DeriveID([]byte(raw)), Identity: [32]byte{byte(r.UID)}, MessageID: id}
		if !strings.Contains(raw, "Message-ID") {
			t.MessageID = ""
		}
		if err := e.store.Thread(ctx, t); err != nil {
			e.t.Fatal(err)
		}
	}
}

// ids returns the identifiers of the rows that have not vanished.
func (e *env) ids(box string) (ids []string) {
	for _, r := range e.rows(box) {
		if !r.Vanished {
			ids = append(ids, r.ID.String())
		}
	}
	slices.Sort(ids)
	return ids
}

// fetched returns how many bytes of bodies the server gave, from now on.
func (e *env) fetched() (since func() (bodies int, bytes int64)) {
	e.server.mu.Lock()
	defer e.server.mu.Unlock()
	n, b := e.server.bodies, e.server.bodyBytes
	return func() (int, int64) {
		e.server.mu.Lock()
		defer e.server.mu.Unlock()
		return e.server.bodies - n, e.server.bodyBytes - b
	}
}

func TestANewUIDValidityFetchesNothingAgain(t *testing.T) {
	for _, read := range []bool{true, false} {
		t.Run(fmt.Sprintf("read=%v", read), func(t *testing.T) {
			in(t, func(t *testing.T, e *env) {
				e.server.deliver("INBOX", mails(0, 800)...)
				e.start()
				pass(time.Second)
				if read {
					e.readAll()
				}
				before, fetched := e.ids("INBOX"), e.fetched()
				e.server.renumber("INBOX", 8, 5)
				e.server.deliver("INBOX", mailNo(800))
				e.engine.Poke()
				pass(time.Minute)
				e.whole("INBOX")
				after := e.ids("INBOX")
				known := slices.DeleteFunc(slices.Clone(after), func(id string) bool { return !slices.Contains(before, id) })
				if len(known) != 800 || len(after) != 801 {
					t.Errorf("of %d rows %d kept their identity", len(after), len(known))
				}
				// The selection that is open when the numbers change may show a few
				// under new ones before it is noticed: 5 % is the bound.
				if n, _ := fetched(); n < 1 || n > 800/20 {
					t.Errorf("%d bodies were fetched for one new mail", n)
				}
			})
		})
	}
}

func TestMailsWithTheSameHeaderAreToldApartByTheirBytes(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		same := "From: cron@example.com\r\nSubject: nightly\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\n"
		e.server.deliver("INBOX", same+"one", same+"two", same+"one", mailNo(1))
		e.start()
		pass(time.Second)
		e.readAll()
		before := e.ids("INBOX")
		e.server.do("INBOX", func(b *mailboxOf) {
			b.mails = append(b.mails[1:2:2], b.mails[2:]...) // the first "one" is gone …
			b.add(same+"new", time.Now())                    // … and another came
		})
		e.server.renumber("INBOX", 9, 1)
		e.engine.Poke()
		pass(time.Minute)
		e.whole("INBOX")
		known := 0
		for _, id := range e.ids("INBOX") {
			if slices.Contains(before, id) {
				known++
			}
		}
		if known != 3 {
			t.Errorf("%d rows kept their identity", known)
		}
	})
}

func TestAServerWithoutUIDValidity(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 60)...)
		e.server.renumber("INBOX", 0, 1)
		e.start()
		pass(time.Second)
		e.whole("INBOX")
		e.readAll()
		before, fetched := e.ids("INBOX"), e.fetched()
		for round := range 3 {
			e.stop()
			e.server.do("INBOX", func(b *mailboxOf) { slices.Reverse(b.mails) })
			e.server.renumber("INBOX", 0, 1)
			e.server.deliver("INBOX", mailNo(100+round))
			e.start()
			pass(time.Minute)
			e.whole("INBOX")
		}
		for _, id := range before {
			if !slices.Contains(e.ids("INBOX"), id) {
				t.Error("a mail lost its identity")
			}
		}
		if n, _ := fetched(); n != 3 {
			t.Errorf("%d bodies were fetched for three new mails", n)
		}
	})
}

func TestUIDsThatAreUsedAgainAreNotBelieved(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 100)...)
		e.start()
		pass(time.Second)
		e.readAll()
		e.stop()
		fetched := e.fetched()
		e.server.do("INBOX", func(b *mailboxOf) { // restored from yesterday's backup
			b.mails, b.next = b.mails[:90], 91
			b.add(mailNo(500), time.Now())
			b.add(mailNo(501), time.Now())
		})
		for range 3 {
			e.start()
			pass(time.Minute)
			e.whole("INBOX")
			e.stop()
		}
		if n, _ := fetched(); n != 2 {
			t.Errorf("%d bodies were fetched for two new mails", n)
		}
	})
}

func TestAUIDGivenTwiceIsNoticed(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 30)...)
		e.start()
		pass(time.Second)
		e.readAll()
		e.server.expunge("INBOX", 7)
		pass(time.Minute)
		e.server.do("INBOX", func(b *mailboxOf) {
			next := b.next
			b.next = 7
			b.add(mailNo(500), time.Now())
			b.next = next
		})
		e.engine.Poke()
		pass(5 * time.Minute)
		for _, r := range e.rows("INBOX") {
			if !r.Vanished && e.bytes(r) == mailNo(500) {
				return
			}
		}
		t.Error("the mail with the used number was lost")
	})
}

func TestAMailThatComesBackIsTheSame(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 30)...)
		e.start()
		pass(time.Second)
		var back letter
		before := e.ids("INBOX")
		e.server.do("INBOX", func(b *mailboxOf) { back, b.mails = b.mails[6], slices.Delete(slices.Clone(b.mails), 6, 7) })
		pass(time.Minute)
		e.server.do("INBOX", func(b *mailboxOf) { b.mails = slices.Insert(b.mails, 6, back) })
		e.engine.Poke()
		pass(time.Minute)
		e.whole("INBOX")
		if !slices.Equal(before, e.ids("INBOX")) {
			t.Error("it lost its identity")
		}
	})
}

func TestUnstableUIDsAreComparedEachTime(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.caps.Quirks.UnstableUIDs = true
		e.server.deliver("INBOX", mails(0, 40)...)
		e.start()
		pass(time.Second)
		e.readAll()
		e.stop()
		before, fetched := e.ids("INBOX"), e.fetched()
		e.server.do("INBOX", func(b *mailboxOf) { slices.Reverse(b.mails) })
		e.server.renumber("INBOX", 7, 1)
		e.start()
		pass(time.Minute)
		e.whole("INBOX")
		if n, _ := fetched(); n != 0 || !slices.Equal(before, e.ids("INBOX")) {
			t.Errorf("%d bodies were fetched", n)
		}
	})
}

func TestAFlipWhileHeadersBreakTheConnection(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 60)...)
		e.start()
		pass(time.Second)
		e.readAll()
		n := 0
		e.server.mu.Lock()
		e.server.fault = func(call string) error {
			if call == "heads" {
				if n++; n < 12 {
					return trouble(imap.Protocol)
				}
			}
			return nil
		}
		e.server.mu.Unlock()
		e.server.renumber("INBOX", 8, 1)
		e.engine.Poke()
		pass(30 * time.Minute)
		e.whole("INBOX")
	})
}

func TestTheMailboxOfAllMailsIsLeftOut(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.o.Boxes = []string{"INBOX", "All"}
		e.server.caps.Quirks.AllMail = true
		e.server.make("All")
		e.server.deliver("INBOX", mails(0, 5)...)
		e.server.deliver("All", mails(0, 9)...)
		e.start()
		pass(time.Minute)
		e.whole("INBOX")
		if n := len(e.rows("All")); n != 0 {
			t.Errorf("%d mails of it were fetched", n)
		}
		if s := e.engine.Status(); s.Words == "" {
			t.Error("nobody was told")
		}
	})
}

func TestNewMailInOneMailboxDoesNotWaitForAnother(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.o.Boxes = []string{"INBOX", "Support"}
		e.server.make("Support")
		e.server.slow = 10 * time.Millisecond
		e.server.deliver("INBOX", mails(0, 20_000)...)
		e.server.deliver("Support", mailNo(1))
		e.start()
		pass(10 * time.Second)
		e.server.deliver("Support", mailNo(2))
		pass(30 * time.Second)
		if got := e.rows("Support"); len(got) != 1 || got[0].UID != 2 {
			t.Errorf("there are %d mails", len(got))
		}
	})
}

func TestAMailboxThatIsGoneHoldsNoOtherUp(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.o.Boxes = []string{"INBOX", "Support"}
		support := e.server.make("Support")
		e.server.slow = 10 * time.Millisecond
		e.server.deliver("INBOX", mails(0, 10)...)
		e.server.deliver("Support", mails(10, 500)...)
		e.start()
		pass(2 * time.Second)
		e.server.mu.Lock()
		delete(e.server.boxes, "Support")
		e.server.mu.Unlock()
		e.server.deliver("INBOX", mailNo(1000))
		pass(time.Minute)
		e.whole("INBOX")
		if s := e.engine.Status(); s.State != desk.MailTrouble || s.Words == "" {
			t.Errorf("the status is %+v", s)
		}
		e.server.mu.Lock()
		e.server.boxes["Support"] = support
		e.server.mu.Unlock()
		e.engine.Poke()
		pass(time.Minute)
		e.whole("Support")
		if s := e.engine.Status(); s.State != desk.MailIdle || len(e.problems()) != 0 {
			t.Errorf("the status is %+v, with %d problems", s, len(e.problems()))
		}
	})
}

func TestAMovedMailIsTheSame(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.o.Boxes = []string{"INBOX", "Support"}
		e.server.make("Support")
		e.server.deliver("INBOX", mails(0, 20)...)
		e.server.deliver("Support", mails(20, 22)...)
		e.start()
		pass(time.Second)
		e.readAll()
		before, fetched := append(e.ids("INBOX"), e.ids("Support")...), e.fetched()
		e.server.expunge("INBOX", 4)
		e.server.deliver("Support", mailNo(3))
		pass(2 * time.Minute)
		e.whole("INBOX")
		e.whole("Support")
		after := append(e.ids("INBOX"), e.ids("Support")...)
		slices.Sort(before)
		slices.Sort(after)
		if !slices.Equal(before, after) {
			t.Error("the moved mail lost its identity")
		}
		if n, _ := fetched(); n != 0 {
			t.Errorf("%d bodies were fetched again", n)
		}
	})
}
