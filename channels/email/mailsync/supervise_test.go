package mailsync_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/desk"
)

// failing calls of a server, by name.
func (s *server) fail(call string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if call == "" {
		s.fault = nil
		return
	}
	s.fault = func(c string) error {
		if c == call {
			return err
		}
		return nil
	}
}

func (s *server) dialled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dials
}

// went reports whether the account was in a state, and when first.
func (e *env) went(state desk.MailState) (time.Time, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.statuses {
		if s.State == state {
			return s.Since, true
		}
	}
	return time.Time{}, false
}

func TestASilentServerIsNoticedWithinAMinute(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 5)...)
		e.start()
		pass(40 * time.Second)
		died := time.Now()
		for _, call := range []string{"noop"} {
			e.server.fail(call, errHang)
		}
		pass(time.Minute)
		at, ok := e.went(desk.MailTrouble)
		if !ok || at.Sub(died) > time.Minute {
			t.Fatalf("noticed: %v, after %v", ok, at.Sub(died))
		}
		if s := e.engine.Status(); died.Sub(s.Fresh) > 30*time.Second {
			t.Errorf("it was last seen well %v before it died", died.Sub(s.Fresh))
		}
		e.server.fail("", nil)
		e.server.deliver("INBOX", mailNo(5))
		pass(2 * time.Minute)
		e.whole("INBOX")
		if s := e.engine.Status(); s.State != desk.MailIdle {
			t.Errorf("the status is %+v", s)
		}
	})
}

func TestEveryCallMayHang(t *testing.T) {
	for _, call := range []string{"select", "uids", "sizes", "raw", "idle", "noop"} {
		t.Run(call, func(t *testing.T) {
			in(t, func(t *testing.T, e *env) {
				e.server.deliver("INBOX", mails(0, 5)...)
				e.server.fail(call, errHang)
				e.start()
				pass(20 * time.Minute)
				e.server.fail("", nil)
				e.server.deliver("INBOX", mailNo(5))
				pass(20 * time.Minute)
				e.whole("INBOX")
				if n := len(e.problems()); n != 0 {
					t.Errorf("%d mails are in quarantine", n)
				}
			})
		})
	}
}

func TestARefusedPasswordIsTriedOnce(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		var mu sync.Mutex
		secret := "old"
		e.o.Secret = func(context.Context) (string, error) {
			mu.Lock()
			defer mu.Unlock()
			return secret, nil
		}
		e.server.fail("dial", trouble(imap.AuthRefused))
		e.start()
		pass(time.Hour)
		if n := e.server.dialled(); n != 1 {
			t.Errorf("it was tried %d times", n)
		}
		if s := e.engine.Status(); s.State != desk.MailRefused || s.Words == "" {
			t.Errorf("the status is %+v", s)
		}
		e.engine.Poke()
		pass(time.Minute)
		if n := e.server.dialled(); n != 2 {
			t.Errorf("after the poke it was tried %d times", n)
		}
		mu.Lock()
		secret = "new"
		mu.Unlock()
		e.server.fail("", nil)
		pass(2 * time.Minute)
		if s := e.engine.Status(); s.State != desk.MailIdle {
			t.Errorf("with the new secret the status is %+v", s)
		}
	})
}

func TestAThrottlingServerIsLeftAlone(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.fail("select", trouble(imap.Throttled))
		e.start()
		pass(3*time.Minute + 59*time.Second)
		if n := e.server.dialled(); n != 1 {
			t.Errorf("it was tried %d times within four minutes", n)
		}
		pass(3 * time.Hour)
		if n := e.server.dialled(); n < 4 || n > 12 {
			t.Errorf("it was tried %d times within three hours", n)
		}
	})
}

func TestPausesGrowWhileTheServerIsGone(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.fail("dial", trouble(imap.Network))
		e.start()
		pass(time.Minute)
		soon := e.server.dialled()
		pass(time.Hour)
		late := e.server.dialled() - soon
		if soon < 4 || soon > 9 || late < 9 || late > 20 {
			t.Errorf("it was tried %d times in the first minute and %d times in the hour after", soon, late)
		}
		s := e.engine.Status()
		if s.State != desk.MailTrouble || s.Next.Before(time.Now()) || time.Until(s.Next) > 6*time.Minute {
			t.Errorf("the status is %+v", s)
		}
		e.server.fail("", nil)
		e.engine.Poke()
		pass(time.Second)
		if s := e.engine.Status(); s.State != desk.MailIdle {
			t.Errorf("after the poke the status is %+v", s)
		}
	})
}

func TestWithoutIdleTheServerIsAsked(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.caps.Idle = false
		e.start()
		pass(time.Second)
		if s := e.engine.Status(); s.State != desk.MailPolling {
			t.Errorf("the status is %+v", s)
		}
		e.server.deliver("INBOX", mailNo(0))
		pass(time.Minute)
		e.whole("INBOX")
	})
}

func TestIdleThatSaysNothingDelaysAMinuteAtMost(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.start()
		pass(time.Second)
		for n, want := range []desk.MailState{desk.MailIdle, desk.MailPolling} {
			e.server.mu.Lock() // without telling those who wait
			e.server.boxes["INBOX"].add(mailNo(n), time.Now())
			e.server.mu.Unlock()
			pass(time.Minute)
			e.whole("INBOX")
			if s := e.engine.Status(); s.State != want {
				t.Errorf("after %d mails without a word the status is %+v", n+1, s)
			}
		}
		e.server.deliver("INBOX", mailNo(2))
		pass(time.Second)
		if s := e.engine.Status(); s.State != desk.MailIdle {
			t.Errorf("after a word the status is %+v", s)
		}
	})
}

func TestAServerThatNamesTooFewLosesNothing(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 20)...)
		e.start()
		pass(time.Second)
		e.server.do("INBOX", func(b *mailboxOf) { b.hidden = 15 })
		e.engine.Poke()
		pass(time.Minute)
		e.whole("INBOX")
		if s := e.engine.Status(); s.State != desk.MailTrouble || s.Words == "" {
			t.Errorf("the status is %+v", s)
		}
		e.server.do("INBOX", func(b *mailboxOf) { b.hidden = 0 })
		pass(time.Minute)
		if s := e.engine.Status(); s.State != desk.MailIdle {
			t.Errorf("the status is %+v", s)
		}
	})
}
