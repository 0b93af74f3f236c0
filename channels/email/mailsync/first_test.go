package mailsync_test

import (
	"testing"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

func TestFirstSyncBringsEverything(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 1700)...)
		e.start()
		pass(2 * time.Second)
		e.whole("INBOX")
		if s := e.engine.Status(); s.State != desk.MailIdle || s.Done != 1700 || s.Total != 1700 || s.Fresh.IsZero() {
			t.Errorf("the status is %+v", s)
		}
		if c := e.cursor("INBOX"); !c.Done || c.Next != 1701 || c.Validity != 7 {
			t.Errorf("the cursor is %+v", c)
		}
	})
}

func TestTheFirstSyncTellsHowFarItIs(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.slow = 10 * time.Millisecond
		e.server.deliver("INBOX", mails(0, 2000)...)
		e.start()
		pass(10 * time.Second)
		s := e.engine.Status()
		if s.State != desk.MailSyncing || s.Total != 2000 || s.Done < 800 || s.Done > 1000 || s.Rate < 70 || s.Rate > 110 {
			t.Errorf("the status is %+v", s)
		}
		newest := e.held("INBOX")
		if newest[len(newest)-1] != 2000 || newest[0] < 1000 {
			t.Errorf("the newest did not come first: %v", brief(newest))
		}
		e.mu.Lock()
		if n := len(e.statuses); n > 60 {
			t.Errorf("%d reports within ten seconds", n)
		}
		e.mu.Unlock()
		e.server.deliver("INBOX", mailNo(2000))
		pass(1500 * time.Millisecond)
		if got := e.held("INBOX"); got[len(got)-1] != 2001 {
			t.Error("the new mail waits for the old ones")
		}
	})
}

func TestALargeMailDelaysNone(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.o.Limits.Large = 1000
		e.server.deliver("INBOX", mails(0, 20)...)
		e.server.deliver("INBOX", mailNo(20)+string(make([]byte, 5000)))
		e.server.deliver("INBOX", mails(21, 40)...)
		e.server.spoil = only(map[uint32]spoiling{21: stalled})
		e.start()
		pass(100 * time.Millisecond)
		if n := len(e.held("INBOX")); n != 39 {
			t.Errorf("%d of 39 small mails arrived", n)
		}
		if c := e.cursor("INBOX"); c.Next > 21 {
			t.Errorf("the cursor went over the mail that is not there: %d", c.Next)
		}
		e.server.mu.Lock()
		e.server.spoil = nil
		e.server.mu.Unlock()
		pass(2 * time.Minute)
		e.whole("INBOX")
		if c := e.cursor("INBOX"); c.Next != 41 {
			t.Errorf("the cursor is at %d", c.Next)
		}
	})
}

func TestTheRestOfAPartialMailIsFetchedAfterARestart(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.o.Limits.Size, e.o.Limits.Large, e.o.Limits.Start = 2000, 1000, 100
		e.server.deliver("INBOX", mailNo(0), mailNo(1)+string(make([]byte, 5000)))
		e.server.spoil = func(_ uint32, bare bool) spoiling {
			if !bare {
				return stalled
			}
			return sound
		}
		e.start()
		pass(time.Second)
		e.stop()
		e.server.spoil = nil
		if r := e.rows("INBOX"); len(r) != 1 || !r[0].Partial {
			t.Fatalf("after the first start there are %+v", r)
		}
		e.start()
		pass(time.Minute)
		e.whole("INBOX")
		for _, r := range e.rows("INBOX") {
			if r.Partial {
				t.Errorf("mail %d is still partial", r.UID)
			}
		}
	})
}

func TestNewMailComesAtOnce(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 3)...)
		e.start()
		pass(time.Second)
		e.server.deliver("INBOX", mailNo(3))
		pass(time.Millisecond)
		e.whole("INBOX")
	})
}

func TestOldMailOfTheFirstSyncIsPast(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.o.History = 14 * 24 * time.Hour
		e.server.do("INBOX", func(b *mailboxOf) {
			b.add(mailNo(0), time.Now().Add(-15*24*time.Hour))
			b.add(mailNo(1), time.Now().Add(-13*24*time.Hour))
		})
		e.start()
		pass(time.Second)
		e.server.do("INBOX", func(b *mailboxOf) { b.add(mailNo(2), time.Now().Add(-20*24*time.Hour)) })
		pass(time.Second)
		want := map[uint32]bool{1: true, 2: false, 3: false}
		for _, r := range e.rows("INBOX") {
			if r.Past != want[r.UID] {
				t.Errorf("mail %d: past is %v", r.UID, r.Past)
			}
		}
	})
}

func TestVanishedMailsAreNoted(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 10)...)
		e.start()
		pass(time.Second)
		e.server.expunge("INBOX", 3, 10)
		pass(15 * time.Second)
		e.whole("INBOX")
		gone := 0
		for _, r := range e.rows("INBOX") {
			if r.Vanished {
				gone++
			}
		}
		if gone != 2 {
			t.Errorf("%d rows have vanished", gone)
		}
	})
}

func TestPartialMailsAreFetchedWholeAfterwards(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.o.Limits.Size, e.o.Limits.Large, e.o.Limits.Hard, e.o.Limits.Start = 20_000, 10_000, 50_000, 500
		big := func(n, size int) string { return mailNo(n) + string(make([]byte, size)) }
		e.server.deliver("INBOX", mailNo(0), big(1, 15_000), big(2, 30_000), big(3, 70_000), mailNo(4))
		e.start()
		pass(5 * time.Second)
		e.whole("INBOX")
		for _, r := range e.rows("INBOX") {
			if r.Partial != (r.UID == 4) || r.Stage != mailbox.Raw {
				t.Errorf("mail %d: partial is %v in stage %s", r.UID, r.Partial, r.Stage)
			}
		}
	})
}
